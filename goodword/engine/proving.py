"""Proof of one table, to be looked at: how many situations get which answer, and where there is none, or two."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from goodword.engine.compiled import Answer
from goodword.engine.joint import dependent_columns
from goodword.engine.regions import regions, situations, sweep, where
from goodword.engine.sweep import Budget

if TYPE_CHECKING:
    from goodword.engine.book import Book

STEPS = 3_000_000
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """What a sweep over every situation of a table found on a day.

    `situations` counts them all (infinite if some fact has no end), `counts` those of each outcome; `gaps`, `clashes`
    and `answers` (by outcome) are regions in words, some of many.
    """

    table: str
    day: date
    situations: int | float
    counts: dict[str, int | float] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every situation has exactly one answer."""
        return not self.gaps and not self.clashes


def prove(book: Book, policy: str, day: date, *, currency: str = "") -> Proof:
    """Proves the table of a policy (or of `policy/decision`) on a day. Raises NotFound, and OverBudget if too large."""
    code, _, decision = policy.partition("/")
    name = decision or book.policy(code).primary or ""
    compiled = book.compiled(code, name, day, currency or book.currency)
    done = sweep(compiled, Budget(STEPS), dependent_columns(book, compiled))
    counts = situations(done)
    kinds: dict[str, set[int]] = {}
    for end in done.ends:
        kinds.setdefault(_kind(compiled.answer(end)), set()).add(end)

    def told(ends: set[int]) -> list[str]:
        return [where(region, done.columns) for region, _ in regions(done, frozenset(ends), SHOWN)] if ends else []

    answered = {kind: ends for kind, ends in kinds.items() if kind not in ("gap", "clash")}
    return Proof(
        f"{code}/{name}",
        day,
        sum(counts.values()),
        {kind: sum(counts.get(end, 0) for end in ends) for kind, ends in sorted(kinds.items())},
        told(kinds.get("gap", set())),
        told(kinds.get("clash", set())),
        {kind: told(ends) for kind, ends in sorted(answered.items())},
    )


def _kind(answer: Answer) -> str:
    if answer.clash:
        return "clash"
    if answer.outputs is None:
        return "gap"
    said: Any = answer.outputs.get("outcome", next(iter(answer.outputs.values()), None))
    return str(said)


__all__ = ["Proof", "prove"]
