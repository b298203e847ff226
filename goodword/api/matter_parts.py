"""A matter in JSON: its facts and where each comes from, the policy's advice, decisions and actions."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from goodword.accounts.models import Agent
from goodword.desk.models import Action, Approval, Decision, Matter
from goodword.desk.queries.advice import advice_for
from goodword.desk.queries.facts import facts_of
from goodword.engine.values import to_plain


class FactOut(Schema):
    """Something known of a matter, and how we know it."""

    fact: str
    value: Any
    provenance: str = Field(description="record, stated, verified, derived or message.")
    source: str = Field(description="What it came from, in words.")


class ApprovalOut(Schema):
    """Somebody with the authority was asked."""

    role: str
    state: str
    reason: str
    asked_by: str
    asked_at: datetime
    answered_by: str | None
    answered_at: datetime | None
    word: str


class DecisionOut(Schema):
    """What was decided, and by which word of the book. Amounts are in the currency's smallest unit."""

    id: int
    state: str = Field(description="proposed, awaiting, final, declined or corrected.")
    kind: str = Field(description="followed, or departure: against the policy, with a reason.")
    made_at: datetime
    by: str | None
    policy: str
    outcome: str
    outputs: dict[str, Any]
    authority: str
    reason: str
    book_hash: str
    approvals: list[ApprovalOut]


class ActionOut(Schema):
    """Something to be done because of a decision."""

    id: int
    kind: str
    department: str
    state: str = Field(description="open, done or cancelled.")
    due_on: date | None
    amount_cents: int | None
    currency: str
    done_at: datetime | None


class LineOut(Schema):
    """The order line a matter is about."""

    sku: str
    name: str
    quantity: int
    price_cents: int


class MatterOut(Schema):
    """One thing the customer wants."""

    id: int
    policy: str = Field(description="A policy of the book; empty where none applies.")
    guessed: bool = Field(description="Nobody has confirmed the situation yet.")
    state: str = Field(description="open, decided, done or withdrawn.")
    order: str | None
    line: LineOut | None
    facts: list[FactOut]
    advice: dict[str, Any] | None = Field(
        description="What the book says now: status, outcome, question, reason, clause, words, authority, boundary. "
        "Null once the matter is decided or withdrawn."
    )
    decisions: list[DecisionOut]
    actions: list[ActionOut]


def matter_out(matter: Matter, agent: Agent) -> MatterOut:
    """The matter as `agent` sees it; advice only while it is open, since afterwards the decision speaks."""
    is_open = matter.state == Matter.OPEN
    return MatterOut(
        id=matter.pk,
        policy=matter.policy,
        guessed=matter.guessed,
        state=matter.state,
        order=matter.purchase.number if matter.purchase else None,
        line=_line(matter),
        facts=[fact_out(known) for known in facts_of(matter).values()],
        advice=to_plain(advice_for(matter, agent).to_json()) if is_open else None,
        decisions=[decision_out(decision) for decision in matter.decisions.all()],
        actions=[_action(action) for action in matter.actions.all()],
    )


def _line(matter: Matter) -> LineOut | None:
    line = matter.line
    if line is None:
        return None
    name = line.product.name(matter.conversation.language)
    return LineOut(sku=line.product.sku, name=name, quantity=line.quantity, price_cents=line.price_cents)


def fact_out(known: Any) -> FactOut:
    """A fact as the API tells it."""
    return FactOut(
        fact=known.fact, value=to_plain(known.value), provenance=known.provenance, source=str(known.source_text)
    )


def decision_out(decision: Decision) -> DecisionOut:
    """A decision with its approvals."""
    same = (
        "state", "kind", "made_at", "policy", "outcome", "outputs", "authority", "reason", "book_hash",
    )  # fmt: skip
    return DecisionOut(
        id=decision.pk,
        by=decision.by.name if decision.by else None,
        approvals=[_approval(approval) for approval in decision.approvals.all()],
        **{name: getattr(decision, name) for name in same},
    )


def _approval(approval: Approval) -> ApprovalOut:
    return ApprovalOut(
        role=approval.role,
        state=approval.state,
        reason=approval.reason,
        asked_by=approval.asked_by.name,
        asked_at=approval.asked_at,
        answered_by=approval.answered_by.name if approval.answered_by else None,
        answered_at=approval.answered_at,
        word=approval.word,
    )


def _action(action: Action) -> ActionOut:
    same = ("kind", "department", "state", "due_on", "amount_cents", "currency", "done_at")
    return ActionOut(id=action.pk, **{name: getattr(action, name) for name in same})
