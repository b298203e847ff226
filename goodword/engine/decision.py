"""What `decide` returns: a frozen record from which the same decision can be computed again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from goodword.engine.boundary import Boundary
from goodword.engine.facts import facts_from_json
from goodword.engine.tables import RuleRef
from goodword.engine.values import to_plain

if TYPE_CHECKING:
    from goodword.engine.book import Book
    from goodword.engine.decider import Decider
    from goodword.engine.merging import Merged

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
    _boundary: Boundary | Callable[[], Boundary | None] | None = field(default=None, repr=False, compare=False)
    _later: Any = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def later(cls, merged: Merged, facts: dict[str, Any], by: Decider) -> Decision:
        """A decision whose record is put together when first looked at."""
        self = _new(cls)
        self.policy, self.status, self._later = by.policy, DECIDED, (merged, facts, by)
        self.fired, self.overridden, self.tables = merged.fired, merged.overridden, by.tables
        return self

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Called only for what `later` has left out."""
            if name not in _FIELDS:
                raise AttributeError(name)
            merged, facts, by = self._later
            if name == "outputs":
                self.outputs = dict(merged.outputs)
            else:
                whole = by.careful(facts)
                for each in _FIELDS - {"policy", "status", "_later"}:
                    setattr(self, each, getattr(whole, each))
            return getattr(self, name)

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
            "tables": [to_plain(asdict(use)) for use in self.tables],
            "days": to_plain(self.days),
            "currency": self.currency,
            "role": self.role,
            "hash": self.hash,
            "boundary": self.boundary.to_json() if self.boundary else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str, book: Book | None = None) -> Decision:
        """The decision that `to_json` wrote. Without a book, dates among facts and outputs stay ISO text."""
        plain: Mapping[str, Any] = json.loads(data) if isinstance(data, str) else data
        boundary = plain.get("boundary")
        outputs, facts = ({name: _tuples(value) for name, value in plain[key].items()} for key in ("outputs", "facts"))
        return cls(
            policy=plain["policy"],
            status=plain["status"],
            outputs=facts_from_json(book, outputs) if book else outputs,
            question=plain.get("question"),
            open=tuple(plain.get("open", ())),
            fired=tuple(RuleRef(**ref) for ref in plain["fired"]),
            overridden=tuple(RuleRef(**ref) for ref in plain["overridden"]),
            facts=facts_from_json(book, facts) if book else facts,
            tables=tuple(TableUse(**{**use, "day": date.fromisoformat(use["day"])}) for use in plain["tables"]),
            days={name: date.fromisoformat(day) for name, day in plain.get("days", {}).items()},
            currency=plain.get("currency", ""),
            role=plain.get("role"),
            _boundary=Boundary.from_json(boundary) if boundary else None,
        )


_new = object.__new__
_FIELDS = frozenset(slot.name for slot in fields(Decision))


def _tuples(value: Any) -> Any:
    """JSON's lists as the tuples they were."""
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
