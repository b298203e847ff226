"""What one version says about one case, and what a whole replay found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from goodword.engine.values import to_plain

NOT_DECIDABLE, NO_RULE, TWO_RULES, UNRECORDED = "not decidable", "no rule", "two rules", "not recorded"


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What a version says; one object for all cases of which it says the same, so that results are compared quickly.

    `label` is the outcome, or why there is none. `lacking` are the facts that a record would need.
    """

    label: str
    outputs: Mapping[str, Any] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether there is an answer."""
        return self.label not in (NOT_DECIDABLE, NO_RULE, TWO_RULES, UNRECORDED)


class Results:
    """Results by what they say: equal ones are the same object."""

    def __init__(self) -> None:
        self._known: dict[Any, Result] = {}

    def of(self, label: str, outputs: Mapping[str, Any] | None = None, lacking: tuple[str, ...] = ()) -> Result:
        """The one result that says this."""
        outputs = outputs or {}
        key = (label, tuple(sorted((name, repr(value)) for name, value in outputs.items())), lacking)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Result(label, dict(outputs), lacking)
        return found


def label_of(outputs: Mapping[str, Any]) -> str:
    """A decision in a word: its outcome, or the first output of a table without one."""
    said = outputs.get("outcome", next(iter(outputs.values()), "decided"))
    return ", ".join(map(str, said)) if isinstance(said, tuple) else str(said)


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount summed up over all decided cases in one currency, in its smallest unit."""

    currency: str
    name: str
    before: int
    after: int

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        difference = self.after - self.before
        return {"currency": self.currency, "name": self.name, "before": self.before, "after": self.after,
                "difference": difference}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """A case that comes out differently. `place` is its line or number, `differs` the outputs that differ."""

    place: int
    key: str
    policy: str
    before: Result
    after: Result
    differs: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        before, after = (
            {"result": one.label, **{name: to_plain(one.outputs.get(name)) for name in self.differs}}
            for one in (self.before, self.after)
        )
        return {"place": self.place, "case": self.key, "policy": self.policy, "before": before, "after": after}


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read as a case."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found. `cases` were read; `bad` lines were not, of which `bad_lines` names the first ones.

    `matrix` counts cases by (result before, result after). `lacking` says how many cases lack which fact in the new
    version. `touched` counts changed cases by the values of facts with few values. `persons` are the different
    customers among changed cases, None where cases name none or there are more than could be counted.
    """

    cases: int
    bad: int
    matrix: Mapping[tuple[str, str], int]
    changed: int
    sums: tuple[Sum, ...]
    changes: tuple[ChangedCase, ...]
    touched: Mapping[str, Mapping[str, int]]
    lacking: Mapping[str, int]
    amounts_unknown: int
    persons: int | None
    bad_lines: tuple[BadLine, ...]
    notes: tuple[str, ...]
    seconds: float

    @property
    def not_decidable(self) -> int:
        """How many cases the new version cannot decide with what was recorded."""
        return sum(number for (_, after), number in self.matrix.items() if after == NOT_DECIDABLE)

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "cases": self.cases,
            "bad_lines": self.bad,
            "first_bad_lines": [{"line": bad.line, "message": bad.message} for bad in self.bad_lines],
            "changed": self.changed,
            "not_decidable": self.not_decidable,
            "matrix": [
                {"before": before, "after": after, "cases": number} for (before, after), number in self.matrix.items()
            ],
            "money": [each.as_json() for each in self.sums],
            "amounts_unknown": self.amounts_unknown,
            "changes": [change.as_json() for change in self.changes],
            "touched": {name: dict(values) for name, values in self.touched.items()},
            "persons": self.persons,
            "lacking": dict(self.lacking),
            "notes": list(self.notes),
        }
