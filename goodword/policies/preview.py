"""Replaying past decisions under a draft: who would get what else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from goodword import engine
from goodword.engine.replay.values import facts_from_stored
from goodword.engine.values import to_plain
from goodword.lib import clock
from goodword.policies.models import Draft
from goodword.policies.queries import Shelf, findings_in, parsed, shelf


@dataclass(frozen=True)
class PastCase:
    """A stored decision as far as replaying it needs: its frozen facts, its governing days, what was said then.

    `record` holds the record fields frozen with it, by a fact's `source`: a draft may read more of them.
    """

    decision: int
    policy: str
    facts: Mapping[str, Any]
    days: Mapping[str, date]
    outputs: Mapping[str, Any]
    currency: str = ""
    role: str | None = None
    record: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_trace(
        cls,
        decision: int,
        trace: Mapping[str, Any],
        *,
        known: Mapping[str, Any] | None = None,
        record: Mapping[str, Any] | None = None,
    ) -> "PastCase":
        """The case of a stored `engine.Decision.to_json()`; `known` are facts it was given and did not use."""
        days = {name: date.fromisoformat(day) for name, day in trace.get("days", {}).items()}
        facts = {**(known or {}), **trace["facts"]}
        policy, outputs, currency = trace["policy"], trace["outputs"], trace.get("currency", "")
        return cls(decision, policy, facts, days, outputs, currency, trace.get("role"), record or {})


@dataclass(frozen=True)
class Change:
    """One decision that would come out differently. `after` is empty unless `status` is "decided".

    `status` may also be "ask" (a fact would be missing), "gap" (no rule), or "conflict" (two rules hold).
    """

    decision: int
    policy: str
    status: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    question: str = ""

    @property
    def outputs(self) -> list[str]:
        """The names of the outputs that differ."""
        names = {*self.before, *self.after}
        return sorted(name for name in names if self.before.get(name) != self.after.get(name))


@dataclass
class Preview:
    """What the draft's text is worth, and what it would have meant. With errors nothing is replayed."""

    findings: list[engine.Finding]
    replayed: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def may_publish(self) -> bool:
        """Whether nothing stands in the way of publishing it."""
        return not any(finding.level == "error" for finding in self.findings)


@dataclass(frozen=True)
class _DraftFirst:
    """The draft as if it had always been in force; the published books where it has no such policy."""

    draft: engine.Book
    published: Shelf

    def book_on(self, policy: str, day: date) -> engine.Book:
        return self.draft if policy in self.draft.policies else self.published.book_on(policy, day)


def preview_draft(draft: Draft, past: Iterable[PastCase], *, on: date | None = None) -> Preview:
    """Check the draft and replay `past` under it with the facts frozen then. Changes nothing.

    Every case keeps its own governing days, which also pick the parameters' values; with `on`, all are replayed
    as if they fell on that day: what a change that begins in the future would mean.
    """
    preview = Preview(findings_in(draft.files, clock.now().date()))
    if not preview.may_publish:
        return preview
    books = _DraftFirst(parsed(draft.files), shelf())
    for case in past:
        preview.replayed += 1
        change = _replay(case, books, on)
        if change:
            preview.changes.append(change)
    return preview


def _replay(case: PastCase, books: _DraftFirst, on: date | None) -> Change | None:
    days = on or case.days
    facts = _readable_facts(case, books.draft)
    try:
        decision = engine.decide(books, case.policy, facts, days, role=case.role)
    except engine.NotUnique:
        return Change(case.decision, case.policy, "conflict", case.outputs, {})
    except engine.EngineError:
        return Change(case.decision, case.policy, "gap", case.outputs, {})
    after = to_plain(decision.outputs) if decision.status == "decided" else {}
    if after == dict(case.outputs):
        return None
    return Change(case.decision, case.policy, decision.status, case.outputs, after, decision.question or "")


def _readable_facts(case: PastCase, book: engine.Book) -> dict[str, Any]:
    """The facts as the draft knows them; what it derives otherwise is worked out again, amounts keep their currency."""
    facts, _ = facts_from_stored(book, case.facts, case.record)
    currency = case.currency or book.currency
    return {
        code: engine.Money(value, currency) if isinstance(value, int) and _is_money(code, book) else value
        for code, value in facts.items()
    }


def _is_money(code: str, book: engine.Book) -> bool:
    return code in book.facts and book.facts[code].kind == "money"
