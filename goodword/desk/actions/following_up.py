"""From a final decision to what must now be done: the actions, in the decision's own transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from goodword import engine
from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.desk.models import Action, Decision, Matter
from goodword.desk.planning import PlannedAction, plan, plan_one
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.policies.queries import current_book


def open_actions(
    decision: Decision, *, by: Agent | None, settled: Mapping[str, int | None] | None = None
) -> list[Action]:
    """Open what a final decision asks for, due by the book's times counted from today. In the caller's transaction.

    `settled`: kinds that an earlier decision on the matter has had done (or that go on), with their amounts. Of those
    only what is still missing of an amount is opened: nobody is paid twice.
    """
    book = current_book()
    planned = plan(book, decision.outputs, facts_used(decision), _today(book), currency=_currency(decision))
    missing = [_missing(action, settled or {}) for action in planned]
    return [_open(decision, action, by) for action in missing if action]


def _missing(action: PlannedAction, settled: Mapping[str, int | None]) -> PlannedAction | None:
    if action.kind not in settled:
        return action
    missing = (action.amount_cents or 0) - (settled[action.kind] or 0)
    return replace(action, amount_cents=missing) if missing > 0 else None


def open_one(decision: Decision, kind: str, *, by: Agent | None) -> Action:
    """Open one more action of a final decision: the alternative that the customer has taken."""
    book = current_book()
    known = {**facts_used(decision), **decision.outputs}
    return _open(decision, plan_one(book, kind, known, _today(book), currency=_currency(decision)), by)


def facts_used(decision: Decision) -> dict[str, Any]:
    """The facts that the decision was made on, with what was derived from them."""
    facts = decision.trace.get("facts") or {}
    return dict(facts)


def _open(decision: Decision, planned: PlannedAction, by: Agent | None) -> Action:
    action = Action.objects.create(
        decision=decision,
        matter=decision.matter,
        kind=planned.kind,
        department=planned.department,
        owner=decision.by or by,
        due_on=planned.due_on,
        amount_cents=planned.amount_cents,
        currency=planned.currency,
        made_at=clock.now(),
    )
    about = decision.matter.conversation.about
    record("action.opened", about, by=actor_of(by), action=action.pk, what=action.kind, department=action.department)
    return action


def _currency(decision: Decision) -> str:
    matter: Matter = decision.matter
    return matter.purchase.currency if matter.purchase else ""


def _today(book: engine.Book) -> date:
    return clock.today(book.time_zone)
