"""Decisions, approvals and actions in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.actions.approvals import may_answer
from goodword.desk.models import Action, Approval, Decision
from goodword.engine import Book
from goodword.lib import clock
from goodword.policies.queries import current_book
from goodword.web.shown.words import (
    OUTCOME_ICONS,
    action_words,
    day_words,
    department_words,
    moment_words,
    money,
    outcome_words,
    role_words,
    value_words,
)


@dataclass(frozen=True)
class ShownApproval:
    """A request for somebody's word. `may`: the reader has the authority; `own`: it is her request."""

    pk: int
    state: str
    role: str
    reason: str
    asked_by: str
    answered_by: str
    word: str
    may: bool
    own: bool


@dataclass(frozen=True)
class ShownDecision:
    """What was decided on a matter."""

    pk: int
    state: str
    outcome_words: str
    icon: str
    css: str
    amount: str
    state_icon: str
    state_words: str
    departure: bool
    by: str
    when: str
    reason: str
    because: str
    reasons: list[str]
    authority: str
    approval: ShownApproval | None
    alternative: str
    unanswered: bool


@dataclass(frozen=True)
class ShownAction:
    """Something to be done."""

    pk: int
    state: str
    label: str
    amount: str
    department: str
    owner: str
    due: str
    done_on: str
    late: bool


def shown_decision(decision: Decision, agent: Agent) -> ShownDecision:
    """A decision as `agent` reads it."""
    book = current_book()
    approval = decision.approvals.select_related("asked_by", "answered_by").last()
    return ShownDecision(
        pk=decision.pk,
        state=decision.state,
        outcome_words=outcome_words(book, decision.outcome),
        icon=OUTCOME_ICONS.get(decision.outcome, "check"),
        css=decision.outcome if decision.outcome in OUTCOME_ICONS else "ask",
        amount=_amount(decision),
        because=value_words(book, "reason", decision.outputs.get("reason")) if decision.outputs.get("reason") else "",
        state_icon="allow" if decision.state == Decision.FINAL else "approve",
        state_words=_state_words(decision.state),
        departure=decision.kind == Decision.DEPARTURE,
        by=decision.by.name if decision.by else _("The desk"),
        when=moment_words(decision.made_at),
        reason=decision.reason,
        reasons=reasons_of(decision.explanation),
        authority=role_words(book, decision.authority),
        approval=shown_approval(approval, agent, book) if approval else None,
        alternative=_alternative(decision, book),
        unanswered=decision.state == Decision.FINAL and decision.message_id is None,
    )


def shown_approval(approval: Approval, agent: Agent, book: Book) -> ShownApproval:
    """A request as `agent` reads it; the asker never answers herself."""
    return ShownApproval(
        pk=approval.pk,
        state=approval.state,
        role=role_words(book, approval.role),
        reason=approval.reason,
        asked_by=approval.asked_by.name,
        answered_by=approval.answered_by.name if approval.answered_by else "",
        word=approval.word,
        may=may_answer(approval, agent),
        own=approval.asked_by_id == agent.pk,
    )


def shown_action(action: Action) -> ShownAction:
    """An action in the book's words."""
    book = current_book()
    late = bool(action.state == Action.OPEN and action.due_on and action.due_on < clock.today(book.time_zone))
    return ShownAction(
        pk=action.pk,
        state=action.state,
        label=action_words(book, action.kind),
        amount=money(action.amount_cents, action.currency),
        department=department_words(book, action.department),
        owner=action.owner.name if action.owner else "",
        due=day_words(action.due_on),
        done_on=day_words(timezone.localtime(action.done_at).date()) if action.done_at else "",
        late=late,
    )


def reasons_of(explanation: Mapping[str, Any]) -> list[str]:
    """The sentences kept with a decision for the agent."""
    kept = explanation.get("agent", explanation)
    return [str(each) for each in kept.get("reasons", [])] if isinstance(kept, Mapping) else []


def _amount(decision: Decision) -> str:
    """The money it gives: of its actions, or before there are any, of the plan that was shown."""
    given = decision.actions.exclude(amount_cents=None).first()
    if given:
        return money(given.amount_cents, given.currency)
    planned = next((each for each in decision.advice.get("actions", []) if each.get("amount_cents")), None)
    return money(planned["amount_cents"], planned["currency"]) if planned else ""


def _alternative(decision: Decision, book: Book) -> str:
    """What the customer can still take instead, where taking it starts an action; else empty."""
    code = str(decision.outputs.get("alternative") or "")
    open_to_her = decision.state == Decision.FINAL and code in book.actions
    taken = open_to_her and decision.actions.filter(kind=code).exists()
    return action_words(book, code) if open_to_her and not taken else ""


def _state_words(state: str) -> str:
    return {
        Decision.PROPOSED: _("Proposed"),
        Decision.AWAITING: _("Waiting for approval"),
        Decision.FINAL: _("Decided"),
        Decision.DECLINED: _("Declined"),
        Decision.CORRECTED: _("Corrected"),
    }[state]
