"""Marking a conversation as a complaint, in one click, and unmarking it."""

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.actions.conversations import reopen
from goodword.desk.actions.corrections import locked
from goodword.desk.actions.matters import add_matter, withdraw_matter
from goodword.desk.models import Complaint, Conversation, Matter
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Refused
from goodword.policies.queries import current_book

POLICY = "complaints"


@transaction.atomic
def mark_complaint(conversation: Conversation, reason: str = "", *, by: Agent) -> Complaint:
    """It is a complaint: the book's policy for complaints gets a matter, and its times apply from now. Marking it
    twice changes nothing."""
    conversation = locked(conversation)
    known = complaint_of(conversation)
    if known:
        return known
    if conversation.state == Conversation.CLOSED:
        conversation = reopen(conversation, by=by)
    complaint = Complaint.objects.create(
        conversation=conversation, matter=_matter(conversation, by), reason=reason.strip(), marked_by=by,
        marked_at=clock.now(),
    )  # fmt: skip
    record("complaint.marked", conversation.about, by=by.actor, complaint=complaint.pk)
    return complaint


@transaction.atomic
def unmark_complaint(conversation: Conversation, *, by: Agent) -> Complaint:
    """It is none after all; its matter goes if nothing has been decided on it. Refused if it is not marked."""
    complaint = complaint_of(locked(conversation))
    if complaint is None:
        raise Refused(_("This conversation is not marked as a complaint."))
    complaint.unmarked_at, complaint.unmarked_by = clock.now(), by
    complaint.save(update_fields=["unmarked_at", "unmarked_by"])
    if complaint.matter and complaint.matter.state == Matter.OPEN:
        withdraw_matter(complaint.matter, by=by)
    record("complaint.unmarked", conversation.about, by=by.actor, complaint=complaint.pk)
    return complaint


def complaint_of(conversation: Conversation) -> Complaint | None:
    """The mark that stands, if there is one."""
    standing = conversation.complaints.filter(unmarked_at=None)
    return standing.select_related("marked_by", "matter").first()


def _matter(conversation: Conversation, by: Agent) -> Matter | None:
    """The matter the complaint is: one there is already, or a new one; None if the book has no such policy."""
    if POLICY not in current_book().policies:
        return None
    known = conversation.matters.filter(policy=POLICY).exclude(state=Matter.WITHDRAWN).first()
    return None if known else add_matter(conversation, by=by, policy=POLICY)
