"""What a comparison of two books found: frozen values that print as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from goodword.engine.comparing.sides import Ending
from goodword.engine.values import to_plain


@dataclass(frozen=True, slots=True)
class Change:
    """Situations in which the books differ in one and the same way: how many, where, and from what to what.

    `differs` names the outputs that differ; `all_regions` says whether `regions` are all of them.
    """

    before: Ending
    after: Ending
    differs: tuple[str, ...]
    situations: int
    regions: tuple[str, ...]
    all_regions: bool

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "from": {"outcome": self.before.outcome, **_only(self.before, self.differs)},
            "to": {"outcome": self.after.outcome, **_only(self.after, self.differs)},
            "differs": list(self.differs),
            "situations": self.situations,
            "regions": list(self.regions),
            "all_regions": self.all_regions,
        }


def _only(ending: Ending, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: to_plain(value) for name, value in ending.outputs if name in names}


@dataclass(frozen=True, slots=True)
class Compared:
    """One table, or a whole chain (`through_chain`), of both books. `changed` is None if it could not be counted.

    Where facts have values without end (`endless`), each kind of value counts as one.
    """

    code: str
    through_chain: bool
    situations: int
    changed: int | None
    changes: tuple[Change, ...] = ()
    endless: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def outcomes(self) -> dict[tuple[str, str], int]:
        """How many changed situations go from which outcome to which."""
        found: dict[tuple[str, str], int] = {}
        for change in self.changes:
            pair = (change.before.outcome, change.after.outcome)
            found[pair] = found.get(pair, 0) + change.situations
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "code": self.code,
            "through_chain": self.through_chain,
            "situations": self.situations,
            "changed": self.changed,
            "outcomes": [
                {"from": before, "to": after, "situations": number} for (before, after), number in self.outcomes.items()
            ],
            "changes": [change.as_json() for change in self.changes],
            "kinds_of_values_counted": list(self.endless),
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A parameter whose values differ. `values` are (from which day, before, after); None where there is none."""

    code: str
    values: tuple[tuple[date | None, Any, Any], ...]
    on_day: tuple[Any, Any]

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        rows = [
            {"from": to_plain(since), "before": to_plain(before), "after": to_plain(after)}
            for since, before, after in self.values
        ]
        return {
            "code": self.code,
            "before": to_plain(self.on_day[0]),
            "after": to_plain(self.on_day[1]),
            "values": rows,
        }


@dataclass(frozen=True, slots=True)
class Presence:
    """Things by name: those only the first book has, only the second has, and those that both have but differ."""

    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()
    changed: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.only_before or self.only_after or self.changed)

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "only_before": list(self.only_before),
            "only_after": list(self.only_after),
            "changed": dict(self.changed),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a book as they stand on a day. `words_only` are rules and clauses that say the same otherwise."""

    day: date
    hashes: tuple[str, str]
    tables: tuple[Compared, ...]
    parameters: tuple[ParameterChange, ...]
    facts: Presence
    outputs: Presence
    decisions: Presence
    words_only: tuple[str, ...]

    @property
    def changed(self) -> int | None:
        """The number of changed situations, tables apart from chains; None if some could not be counted."""
        counted = [compared.changed for compared in self.tables if not compared.through_chain]
        return None if None in counted else sum(number for number in counted if number is not None)

    @property
    def changes_nothing(self) -> bool:
        """Whether every situation is decided alike in both, and neither has a table that the other lacks."""
        return not (self.decisions.only_before or self.decisions.only_after) and all(
            compared.changed == 0 for compared in self.tables
        )

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "day": self.day.isoformat(),
            "before": self.hashes[0],
            "after": self.hashes[1],
            "changed": self.changed,
            "changes_nothing": self.changes_nothing,
            "tables": [compared.as_json() for compared in self.tables],
            "parameters": [parameter.as_json() for parameter in self.parameters],
            "facts": self.facts.as_json(),
            "outputs": self.outputs.as_json(),
            "decisions": self.decisions.as_json(),
            "words_only": list(self.words_only),
        }


__all__ = ["Change", "Compared", "Comparison", "ParameterChange", "Presence"]
