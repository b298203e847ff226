"""Replaying quickly: cases that no rule of either version tells apart are decided once.

Each cell of a line stands for the rows it passes in all tables of both versions, as bits of one number; the AND of a
line's cells is the situation it lies in. There are few of those, however many cases there are: each is decided when
first seen, in the way of `version`, and only its amounts are worked out for every case. What does not lend itself to
this (days of each case's own, facts worked out anew, or from several columns) is replayed case by case.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import gcd
from typing import TYPE_CHECKING, Any

from goodword.engine.columns import Column, OrderedColumn, is_whole
from goodword.engine.comparing.sides import Link, Side
from goodword.engine.comparing.space import FAR, turns
from goodword.engine.decider import KEPT, look_up_all
from goodword.engine.feel import Scope, compile_expression
from goodword.engine.lifting import floors_under
from goodword.engine.replay.results import Result
from goodword.engine.replay.values import Cells, again
from goodword.engine.replay.version import Version
from goodword.engine.replay.whole import over
from goodword.engine.values import UNKNOWN

if TYPE_CHECKING:
    from goodword.engine.vocabulary import Fact, Output

ROOM = 16  # bits for the class of an amount that later tables read
Passes = Callable[[Any], int]


class NotIndexed(Exception):
    """These cases have to be replayed one by one."""


@dataclass(slots=True)
class Marks(dict[str, int]):
    """What the cells of one column stand for, as bits; worked out when first seen."""

    cells: Cells
    passes: list[Passes]
    full: int
    known: int  # all bits but the one that says that this column is empty

    def __missing__(self, text: str) -> int:
        value = self.cells[text]
        if value is None:
            mark = self.full
        else:
            mark = self.known
            for each in self.passes:
                mark &= each(value)
        if len(self) < KEPT:
            self[text] = mark
        return mark


@dataclass(frozen=True, slots=True)
class Linear:
    """An amount as `(times * x + plus) / under`, rounded half up, x being the number in a column."""

    place: int
    times: int
    plus: int
    under: int

    def of(self, cells: Sequence[str]) -> int | None:
        """The amount of a line; None where its cell is empty."""
        text = cells[self.place]
        if not text.isdigit():
            text = text.strip()
            if not text:
                return None
        number = int(text) if text.isdigit() else int(Decimal(text))
        if self.under == 1:
            return self.times * number + self.plus
        return (2 * (self.times * number + self.plus) + self.under) // (2 * self.under)


Amounts = tuple["Linear | int | None", ...]  # of each name: how it follows, or what it always is; None: undecided


@dataclass(slots=True)
class Situation:
    """All cases that are decided alike: the two results, how their amounts follow, and the sums so far."""

    before: Result
    after: Result
    amounts: tuple[Amounts, Amounts]
    differs: tuple[str, ...]
    count: int = 0
    lacking: int = 0  # cases in which an amount is not on record
    priced: tuple[Linear, ...] = ()
    sums: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.priced = tuple(dict.fromkeys(each for side in self.amounts for each in side if isinstance(each, Linear)))
        self.sums = [0] * len(self.priced)

    def add(self, cells: Sequence[str]) -> None:
        """Counts a line."""
        self.count += 1
        lacking = 0
        for place, linear in enumerate(self.priced):
            amount = linear.of(cells)
            if amount is None:
                lacking = 1
            else:
                self.sums[place] += amount
        self.lacking += lacking

    def totals(self) -> tuple[list[int], list[int]]:
        """The sums of each name, before and after."""
        found = dict(zip(self.priced, self.sums, strict=True))
        before, after = (
            [found[each] if isinstance(each, Linear) else (each or 0) * self.count for each in side]
            for side in self.amounts
        )
        return before, after


@dataclass(slots=True)
class Index:
    """Situations by the AND of a line's marks."""

    versions: Sequence[Version]
    columns: Sequence[str]
    names: Sequence[str]
    mark: Callable[[Sequence[str]], int]  # the number of a line's situation; raises FactError for an impossible value
    known: dict[int, Situation] = field(default_factory=dict)

    def learn(self, number: int, before: Result, after: Result, differs: tuple[str, ...]) -> Situation:
        """Remembers what a situation comes to. Raises NotIndexed where amounts do not follow in a simple way."""
        amounts = tuple(
            tuple(self._amount(version, result, name) for name in self.names)
            for version, result in zip(self.versions, (before, after), strict=True)
        )
        if len(self.known) >= KEPT * 10:
            raise NotIndexed
        found = self.known[number] = Situation(before, after, (amounts[0], amounts[1]), differs)
        return found

    def _amount(self, version: Version, result: Result, name: str) -> Linear | int | None:
        if not result.decided:
            return None
        if name in version.money_outputs:
            return int(result.outputs.get(name, 0))
        if name not in version.money_facts or not version.follows(name, result):
            return 0
        return _linear(version, result, version.book.facts[name], self.columns)


def _linear(version: Version, result: Result, fact: Fact, columns: Sequence[str]) -> Linear:
    """How an amount follows from one column, what was granted being known."""
    day = version.when.on or version.when.today
    scope = version.book.scope(day, version.book.currency)
    granted = {name: value for name, value in result.outputs.items() if not isinstance(value, tuple)}
    inputs = [name for name in version.book.inputs_of(fact) if name not in granted]
    if len(inputs) != 1 or fact.formula is None:
        raise NotIndexed
    found = over(fact.formula, Scope({**scope.constants, **granted}, scope.ranks))
    read = version.book.facts.get(inputs[0])
    if found is None or read is None or read.formula is not None or not is_whole(read):
        raise NotIndexed
    if read.low is None or read.low < 0:
        raise NotIndexed
    upper, under = found
    plus, once, often = (upper({read.code: number}) for number in (0, 1, 1_000_003))
    if read.code not in columns or plus < 0 or once < plus or often != plus + 1_000_003 * (once - plus):
        raise NotIndexed
    common = gcd(once - plus, plus, under)
    return Linear(columns.index(read.code), (once - plus) // common, plus // common, under // common)


def build_index(versions: Sequence[Version], columns: Sequence[str], names: Sequence[str]) -> Index:
    """The index of a file's columns for two versions on one day. Raises NotIndexed where it cannot be had."""
    if any(version.when.on is None for version in versions) or len(versions) != 2:
        raise NotIndexed
    for version in versions:
        if again(version.book, set(columns)):
            raise NotIndexed
    sides: list[Side] = []
    for version in versions:
        assert version.when.on is not None
        start = sides[-1].end if sides else 0
        sides.append(Side(version.book, version.chain, version.when.on, version.book.currency, start))
    return _Building(versions, sides, columns, names).index()


class _Building:
    """The marks of each column, gathered from the columns of all tables."""

    def __init__(
        self, versions: Sequence[Version], sides: Sequence[Side], columns: Sequence[str], names: Sequence[str]
    ) -> None:
        self.versions, self.sides, self.columns, self.names = versions, sides, columns, names
        self.bits = max(side.end for side in sides)
        self.passes: dict[str, list[Passes]] = {}
        self.late: dict[str, set[int]] = {}

    def index(self) -> Index:
        for version, side in zip(self.versions, self.sides, strict=True):
            for link, column in side.columns:
                self._plain(side, link, column)
            for link in side.links:
                day, currency = version.when.on, version.book.currency
                if day is None or floors_under(version.book, link.compiled, day, currency).floors:
                    raise NotIndexed
                for column in link.late:
                    self._late(side, link, column)
        relevant = [name for name in self.columns if name in self.passes or name in self.late]
        top = self.bits + ROOM * len(self.late) + len(relevant)
        full = (1 << top) - 1
        marks: list[tuple[int, Marks]] = []
        for place, name in enumerate(relevant):
            passes = [_widened(each, self.bits, full) for each in self.passes.get(name, [])]
            if name in self.late:
                passes.append(self._class(name, full))
            empty = 1 << self.bits + ROOM * len(self.late) + place
            marks.append((self.columns.index(name), Marks(self._cells(name), passes, full, full & ~empty)))
        mark: Any = look_up_all(marks)  # type: ignore[arg-type]  # it only takes things out of what it is given
        return Index(self.versions, self.columns, self.names, mark)

    def _cells(self, name: str) -> Cells:
        named: list[dict[str, Fact | Output]] = [
            {**version.book.outputs, **version.book.facts} for version in self.versions
        ]
        subjects = [each[name] for each in named if name in each]
        if len({(subject.kind, tuple(subject.values)) for subject in subjects}) > 1:
            raise NotIndexed  # a value may be known to one version only
        return Cells(subjects[0])

    def _plain(self, side: Side, link: Link, column: Column) -> None:
        sources = self._sources(side, column.name)
        if not sources:
            return
        if len(sources) > 1 or link.compiled.table.hit == "C":
            raise NotIndexed
        (name,) = sources
        others = ~(link.compiled.full << link.shift)
        compute = _derivation(side, link, column.name, name)

        def passes(value: Any) -> int:
            held = compute(value)
            return others | (column.dash if held is UNKNOWN else column.look_up(held)) << link.shift

        self.passes.setdefault(name, []).append(passes)

    def _sources(self, side: Side, name: str) -> set[str]:
        """The columns of the file that a fact comes from."""
        if name in self.columns:
            return {name}
        fact = side.book.facts.get(name)
        if fact is None or fact.formula is None:
            return set()  # the same in every case: unknown, or told by the call
        found = [self._sources(side, code) for code in side.book.inputs_of(fact)]
        if any(found) and not all(found):
            raise NotIndexed  # known in part
        return set().union(*found)

    def _late(self, side: Side, link: Link, column: Column) -> None:
        name = side.waits_for(column)
        if name == "":
            return
        if name is None or name not in self.columns or column.name in self.columns or link.compiled.table.hit == "C":
            raise NotIndexed
        subject = side.book.facts[name]
        if not isinstance(column, OrderedColumn) or not is_whole(subject) or subject.kind == "date":
            raise NotIndexed
        self.late.setdefault(name, set()).update(turns(subject, side, link, column))

    def _class(self, name: str, full: int) -> Passes:
        points = sorted(self.late[name])
        if len(points) >= 1 << ROOM:
            raise NotIndexed
        shift = self.bits + ROOM * list(self.late).index(name)
        others = full & ~(((1 << ROOM) - 1) << shift)
        facts = [version.book.facts[name] for version in self.versions if name in version.book.facts]
        low = max((fact.low for fact in facts if fact.low is not None), default=-FAR)
        high = min((fact.high for fact in facts if fact.high is not None), default=FAR)

        def passes(value: Any) -> int:
            if not low <= value <= high:
                raise NotIndexed  # the limits were looked for within the range
            return others | bisect_right(points, value) << shift

        return passes


def _widened(passes: Passes, bits: int, full: int) -> Passes:
    above = full >> bits << bits
    below = (1 << bits) - 1
    return lambda value: above | passes(value) & below


def _derivation(side: Side, link: Link, wanted: str, given: str) -> Callable[[Any], Any]:
    """The function from the value in a column to a fact that is derived from it alone."""
    if wanted == given:
        return lambda value: value
    steps: list[tuple[Fact, Callable[[Mapping[str, Any]], Any]]] = [
        (fact, compile_expression(fact.formula, link.compiled.scope))
        for fact, _ in link.compiled.derived
        if fact.formula is not None and fact.code != given
    ]

    def compute(value: Any) -> Any:
        known = {given: value}
        for fact, step in steps:
            found = step(known)
            if found is not UNKNOWN and found is not None:
                known[fact.code] = fact.settle(found)
        return known.get(wanted, UNKNOWN)

    return compute


__all__ = ["Index", "Linear", "NotIndexed", "Situation", "build_index"]

