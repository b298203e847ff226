"""What `decide` returns: a frozen record from which the same decision can be computed again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from goodword.engine.boundary import Boundary
from goodword.engine.tables import RuleRef
from goodword.engine.values import to_plain

DECIDED, ASK, GAP = "decided", "ask", "gap"


@dataclass(frozen=True, slots=True)
class TableUse:
    """One table of the chain: which decision, in the book of which day, under which rules."""

    decision: str
    policy: str
    day: date
    rules_hash: str


@dataclass(slots=True)
class Decision:
    """The answer to one situation.

    `status` is "decided", "ask" (`question` is the fact to ask for, `open` all that could still matter) or "gap" (the
    book has no rule for this). `facts` are the facts used, derived ones included; amounts are in the smallest unit of
    `currency`. `boundary` is worked out when first looked at.
    """

    policy: str
    status: str
    outputs: Mapping[str, Any] = field(default_factory=dict)
    question: str | None = None
    open: tuple[str, ...] = ()
    fired: tuple[RuleRef, ...] = ()
    overridden: tuple[RuleRef, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[TableUse, ...] = ()
    days: Mapping[str, date] = field(default_factory=dict)
    currency: str = ""
    role: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    _boundary: Boundary | Callable[[], Boundary | None] | None = field(default=None, repr=False, compare=False)

    @property
    def outcome(self) -> str | None:
        """allow, approve, refuse …; None unless decided."""
        return self.outputs.get("outcome") if self.status == DECIDED else None

    @property
    def authority(self) -> str | None:
        """The role that may grant it, where the book says so."""
        return self.outputs.get("authority")

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that decided, each once: `returns#hygiene`."""
        return tuple(dict.fromkeys(ref.anchor for ref in self.fired))

    @property
    def hash(self) -> str:
        """The rules hash of the book that decided first."""
        return self.tables[0].rules_hash if self.tables else ""

    @property
    def boundary(self) -> Boundary | None:
        """The nearest value of a fact at which the outcome would be another one."""
        if callable(self._boundary):
            self._boundary = self._boundary()
        return self._boundary

    def to_json(self) -> dict[str, Any]:
        """The decision as plain values: enough to store, to show, and to decide again."""
        return {
            "policy": self.policy,
            "status": self.status,
            "outcome": self.outcome,
            "outputs": to_plain(self.outputs),
            "question": self.question,
            "open": list(self.open),
            "authority": self.authority,
            "fired": [asdict(ref) for ref in self.fired],
            "overridden": [asdict(ref) for ref in self.overridden],
            "clauses": list(self.clauses),
            "facts": to_plain(self.facts),
            "given": to_plain(self.given),
            "tables": [to_plain(asdict(use)) for use in self.tables],
            "days": to_plain(self.days),
            "currency": self.currency,
            "role": self.role,
            "hash": self.hash,
            "boundary": self.boundary.to_json() if self.boundary else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str) -> Decision:
        """The decision that `to_json` wrote. Dates in facts and outputs stay ISO text; `facts_from_json` reads them."""
        plain: Mapping[str, Any] = json.loads(data) if isinstance(data, str) else data
        boundary = plain.get("boundary")
        return cls(
            plain["policy"],
            plain["status"],
            dict(plain["outputs"]),
            plain.get("question"),
            tuple(plain.get("open", ())),
            tuple(RuleRef(**ref) for ref in plain["fired"]),
            tuple(RuleRef(**ref) for ref in plain["overridden"]),
            dict(plain["facts"]),
            tuple(TableUse(**{**use, "day": date.fromisoformat(use["day"])}) for use in plain["tables"]),
            {name: date.fromisoformat(day) for name, day in plain.get("days", {}).items()},
            plain.get("currency", ""),
            plain.get("role"),
            dict(plain.get("given", {})),
            Boundary.from_json(boundary) if boundary else None,
        )
