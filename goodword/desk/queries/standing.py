"""Whom a conversation waits for, read off what happened in it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from goodword.desk.models import Action, Approval, Conversation, Decision, DecisionCorrection, Message
from goodword.policies.queries import time_zone

US, CUSTOMER, APPROVAL, DEPARTMENT, NOBODY = "us", "customer", "approval", "department", "nobody"


def waits_for(conversation: Conversation) -> str:
    """nobody (closed), approval, us (she wrote last, or our answer did not leave), department, or the customer."""
    if conversation.state == Conversation.CLOSED:
        return NOBODY
    if Approval.objects.filter(decision__matter__conversation=conversation, state=Approval.WAITING).exists():
        return APPROVAL
    if not is_answered(conversation) or has_correction_to_tell(conversation):
        return US
    return DEPARTMENT if open_actions_of(conversation).exists() else CUSTOMER


def is_answered(conversation: Conversation) -> bool:
    """Whether the last word that a person said to another is ours, and is not known to have failed."""
    said = conversation.messages.exclude(direction=Message.NOTE).filter(automatic=False)
    last = said.order_by("-at", "-id").first()
    return last is not None and last.direction == Message.OUT and last.delivery != "failed"


def has_correction_to_tell(conversation: Conversation) -> bool:
    """Whether an answer of ours was found to be wrong and she has not been told what is right."""
    begun = DecisionCorrection.objects.filter(
        decision__matter__conversation=conversation, state=DecisionCorrection.BEGUN
    )
    made = DecisionCorrection.objects.filter(
        decision__matter__conversation=conversation, state=DecisionCorrection.MADE,
        new__state=Decision.FINAL, new__message=None,
    )  # fmt: skip
    return any(rows.exclude(decision__message=None).exists() for rows in (begun, made))


def next_action_due_at(conversation: Conversation) -> datetime | None:
    """The end of the day (in the book's zone) on which the next open action is due."""
    day = open_actions_of(conversation).exclude(due_on=None).order_by("due_on").values_list("due_on", flat=True).first()
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone())).astimezone(UTC)


def open_actions_of(conversation: Conversation) -> QuerySet[Action]:
    """What is still to be done because of decisions in this conversation."""
    return Action.objects.filter(matter__conversation=conversation, state=Action.OPEN)
