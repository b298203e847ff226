"""Random tables with a second, independent reading of each cell: what hypothesis compares the engine with."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from hypothesis import strategies as st

from goodword import engine
from tests.engine.example import small_book, table

FIRST = date(2026, 1, 1)
FACTS = (
    "kind: {type: choice, values: [a, b, c]}, open: {type: yes/no}, "
    "days: {type: days, range: [0, 9]}, rate: {type: number, range: [0, 4]}, "
    "on: {type: date, range: [2026-01-01, 2026-01-06]}"
)
OUTPUTS = "outcome: {type: choice, values: [refuse, approve, allow]}"
PARAMETERS = "limit: {type: days, values: [{value: 4}, {from: 2026-06-01, value: 6}]}\n"
LIMIT = {FIRST: 4, date(2026, 6, 1): 6}
DOMAINS: Mapping[str, list[Any]] = {
    "kind": ["a", "b", "c"],
    "open": [True, False],
    "days": list(range(10)),
    "rate": [number / 2 for number in range(9)],
    "on": [FIRST + timedelta(days=number) for number in range(6)],
}
Passes = Callable[[Any, int], bool]


STRICTNESS = ["refuse", "approve", "allow"]


@dataclass(frozen=True)
class RandomRow:
    """One rule: its number, its cells as text and as functions, its outcome."""

    id: str
    cells: Mapping[str, tuple[str, Passes]]
    outcome: str

    def holds(self, facts: Mapping[str, Any], limit: int) -> bool:
        return all(passes(facts[name], limit) for name, (_, passes) in self.cells.items())


@dataclass(frozen=True)
class RandomTable:
    """A table as rows, and what a plain reader makes of it."""

    hit: str
    columns: tuple[str, ...]
    rows: tuple[RandomRow, ...]

    def book(self) -> engine.Book:
        lines = [
            " | ".join([row.id, *(row.cells[name][0] for name in self.columns), "", row.outcome]) for row in self.rows
        ]
        heading = " | ".join([self.hit, *self.columns, "=>", "outcome"])
        return small_book(FACTS, OUTPUTS, table(heading, *lines), PARAMETERS)

    def situations(self) -> Iterator[dict[str, Any]]:
        for values in product(*(DOMAINS[name] for name in self.columns)):
            yield dict(zip(self.columns, values, strict=True))

    def winners(self, facts: Mapping[str, Any], limit: int) -> list[RandomRow]:
        """The rules that hold and that no rule numbered under them beats; of those collected the strictest."""
        holding = [row for row in self.rows if row.holds(facts, limit)]
        unbeaten = [row for row in holding if not any(other.id.startswith(f"{row.id}.") for other in holding)]
        strictest = min((row.outcome for row in unbeaten), key=STRICTNESS.index, default=None)
        return [row for row in unbeaten if self.hit != "C" or row.outcome == strictest]

    def answer(self, facts: Mapping[str, Any], limit: int) -> Any:
        """An outcome, None for a gap, or "clash"."""
        outcomes = [row.outcome for row in self.winners(facts, limit)]
        if not outcomes:
            return None
        if self.hit in ("P", "C"):
            return min(outcomes, key=STRICTNESS.index)
        agreed = len(outcomes) == 1 if self.hit == "U" else len(set(outcomes)) == 1
        return outcomes[0] if agreed else "clash"


def _anything(value: Any, limit: int) -> bool:
    return True


def _numbers(highest: int) -> st.SearchStrategy[tuple[str, Passes]]:
    number = st.integers(0, highest)
    return st.one_of(
        st.just(("-", _anything)),
        number.map(lambda n: (f"<= {n}", lambda value, limit: value <= n)),
        number.map(lambda n: (f"> {n}", lambda value, limit: value > n)),
        number.map(lambda n: (str(n), lambda value, limit: value == n)),
        number.map(lambda n: (f"not({n})", lambda value, limit: value != n)),
        st.tuples(number, number).map(lambda ends: _interval(min(ends), max(ends))),
        st.tuples(number, number).map(
            lambda pair: _two_parts(min(pair), max(pair)),
        ),
        st.just(("<= limit", lambda value, limit: value <= limit)),
        st.just(("> limit - 1", lambda value, limit: value > limit - 1)),
    )  # fmt: skip


def _interval(low: int, high: int) -> tuple[str, Passes]:
    return f"({low}..{high}]", lambda value, limit: low < value <= high


def _two_parts(low: int, high: int) -> tuple[str, Passes]:
    return f"< {low}, [{high}..8)", lambda value, limit: value < low or high <= value < 8


def _date_cell(offset: int) -> tuple[str, Passes]:
    day = FIRST + timedelta(days=offset)
    return f">= {day}", lambda value, limit: value >= day


CELLS: Mapping[str, st.SearchStrategy[tuple[str, Passes]]] = {
    "kind": st.sampled_from(
        [
            ("-", _anything),
            ('"a"', lambda value, limit: value == "a"),
            ("a, b", lambda value, limit: value in "ab"),
            ('not("c")', lambda value, limit: value != "c"),
        ]
    ),
    "open": st.sampled_from(
        [("-", _anything), ("yes", lambda value, limit: value is True), ("no", lambda value, limit: value is False)]
    ),
    "days": _numbers(9),
    "rate": _numbers(4),
    "on": st.one_of(st.just(("-", _anything)), st.integers(0, 5).map(_date_cell)),
}


@st.composite
def tables(draw: st.DrawFn, hits: tuple[str, ...] = ("U", "A", "P", "C"), most_columns: int = 3) -> RandomTable:
    """Up to six rows over up to three columns, some of them exceptions."""
    columns = tuple(draw(st.lists(st.sampled_from(sorted(DOMAINS)), min_size=1, max_size=most_columns, unique=True)))
    rows: list[RandomRow] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        parents = [row.id for row in rows]
        parent = draw(st.sampled_from(parents)) if parents and draw(st.integers(0, 3)) == 0 else ""
        cells = {name: draw(CELLS[name]) for name in columns}
        outcome = draw(st.sampled_from(["refuse", "approve", "allow"]))
        rows.append(RandomRow(f"{parent}.{number}" if parent else str(number), cells, outcome))
    return RandomTable(draw(st.sampled_from(hits)), columns, tuple(rows))
