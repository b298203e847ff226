"""The situations that two books are compared over: every fact that either of them tests, cut where either cuts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from goodword.engine.columns import ELSE, Cell, ChoiceColumn, Column, OrderedColumn, ordered_column
from goodword.engine.comparing.sides import Link, Side
from goodword.engine.errors import EngineError
from goodword.engine.feel import compile_expression
from goodword.engine.joint import derivation, values_of
from goodword.engine.merging import Merged
from goodword.engine.regions import size_of
from goodword.engine.values import UNKNOWN
from goodword.engine.vocabulary import Fact, Output

Rows = Callable[[Any], int]
FAR = 10**15  # where a number without end is looked at last


@dataclass(frozen=True, slots=True)
class Class:
    """Values of a fact that no rule of either book tells apart, though they need not lie side by side."""

    mask: int
    sample: Any
    size: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact with its classes. `waited`: a later table needs its value; `endless`: some kind of value counts as one."""

    column: Column
    classes: tuple[Class, ...]
    waited: bool
    endless: bool

    @property
    def size(self) -> int:
        """How many values it has; of a fact without end or with fractions, how many kinds of values."""
        return sum(each.size for each in self.classes)


@dataclass(slots=True)
class _Asked:
    """What the two books ask of one fact."""

    subjects: list[Fact | Output] = field(default_factory=list)
    plain: list[tuple[Side, Link, Column]] = field(default_factory=list)
    late: list[tuple[Side, Link, Column]] = field(default_factory=list)


@dataclass(slots=True)
class Space:
    """All situations; `notes` say where facts that hang together were looked at as if they did not."""

    variables: list[Variable]
    full: int
    notes: list[str]

    @property
    def size(self) -> int:
        """How many situations there are."""
        total = 1
        for variable in self.variables:
            total *= variable.size
        return total

    @property
    def endless(self) -> tuple[str, ...]:
        """The facts of which kinds of values are counted, since their values have no end."""
        return tuple(variable.column.name for variable in self.variables if variable.endless)


def build_space(sides: Sequence[Side]) -> Space:
    """The situations of two chains. Raises EngineError where a fact is of another kind in each book."""
    notes: list[str] = []
    asked: dict[str, _Asked] = {}
    for side in sides:
        for link, column in side.columns:
            root = side.root(column.name)
            _ask(asked, side, root).plain.append((side, link, column))
        for link in side.links:
            for column in link.late:
                _ask_late(asked, side, link, column, notes)
    full = (1 << max(side.end for side in sides)) - 1
    variables = [_variable(name, each, full) for name, each in asked.items()]
    return Space(variables, full, notes)


def _ask(asked: dict[str, _Asked], side: Side, name: str) -> _Asked:
    found = asked.setdefault(name, _Asked())
    subject = side.book.facts.get(name) or side.book.outputs[name]
    if subject not in found.subjects:
        found.subjects.append(subject)
    return found


def _ask_late(asked: dict[str, _Asked], side: Side, link: Link, column: Column, notes: list[str]) -> None:
    name = side.waits_for(column)
    if name == "":
        return
    if name is None:
        note = f"`{column.name}` was looked at as if it did not depend on other facts and earlier answers"
        if note not in notes:
            notes.append(note)
        name = column.name
    _ask(asked, side, name).late.append((side, link, column))


def _variable(name: str, asked: _Asked, full: int) -> Variable:
    subject = _common_subject(name, asked.subjects)
    rows = [_rows_of(name, side, link, column, full) for side, link, column in asked.plain]

    def mask(sample: Any) -> int:
        found = full
        for each in rows:
            found &= each(sample)
        return found

    derived = any(column.name != name for _, _, column in asked.plain)
    values = values_of(subject) if derived and isinstance(subject, Fact) else None
    if values is not None:
        column = Column(name, subject, _runs(subject, values, [(mask(value), value) for value in values], asked), full)
    else:
        column = _cut(name, subject, asked, mask, full)
    return _classified(column, asked)


def _common_subject(name: str, subjects: Sequence[Fact | Output]) -> Fact | Output:
    """The fact as both books know it: the values that both have."""
    first, *others = subjects
    for other in others:
        if other.kind != first.kind:
            raise EngineError(
                f"`{name}` is a {first.kind} in one book and a {other.kind} in the other: their rules about it cannot "
                "be compared. Give the new fact a name of its own"
            )
        values = {value: words for value, words in first.values.items() if value in other.values}
        first = replace(first, values=values)
        if isinstance(first, Fact) and isinstance(other, Fact):
            low = max((end for end in (first.low, other.low) if end is not None), default=None)
            high = min((end for end in (first.high, other.high) if end is not None), default=None)
            first = replace(first, low=low, high=high, whole=first.whole and other.whole)
    return first


def _rows_of(name: str, side: Side, link: Link, column: Column, full: int) -> Rows:
    """The rows (of all tables) that a value of the fact `name` passes as far as one column is concerned."""
    others = full & ~(link.compiled.full << link.shift)
    if column.name == name:
        return lambda value: others | column.look_up(value) << link.shift
    steps = [
        (fact, compile_expression(fact.formula, link.compiled.scope))
        for fact in derivation(side.book, name, (column.name,))
        if fact.formula
    ]

    def rows(value: Any) -> int:
        known = {name: value}
        for fact, compute in steps:
            found = compute(known)
            if found is not UNKNOWN and found is not None:
                known[fact.code] = fact.settle(found)
        held = column.look_up(known[column.name]) if column.name in known else column.dash
        return others | held << link.shift

    return rows


def _runs(subject: Fact | Output, values: Sequence[Any], masks: Sequence[tuple[int, Any]], asked: _Asked) -> list[Cell]:
    """Neighbouring values that no rule tells apart as one cell."""
    if subject.kind == "yes/no" or subject.values:
        return [Cell(value, mask, True) for mask, value in masks]
    step: Any = timedelta(days=1) if isinstance(values[0], date) else 1
    cells = []
    for _, run in groupby(masks, key=lambda pair: (pair[0], _later(pair[1], asked))):
        members = list(run)
        (mask, first), (_, last) = members[0], members[-1]
        single = first == last
        cells.append(Cell(first, mask, single, None if single else first - step, None if single else last + step))
    return cells


def _cut(name: str, subject: Fact | Output, asked: _Asked, mask: Rows, full: int) -> Column:
    columns = [column for _, _, column in asked.plain]
    if subject.kind == "yes/no":
        return ChoiceColumn(name, subject, [Cell(value, mask(value), True) for value in (True, False)], full)
    if subject.values:
        return ChoiceColumn(name, subject, [Cell(value, mask(value), True) for value in subject.values], full)
    if subject.kind == "text":
        words = dict.fromkeys(word for column in columns if isinstance(column, ChoiceColumn) for word in column.masks)
        return ChoiceColumn(name, subject, [Cell(word, mask(word), True) for word in (*words, ELSE)], full)
    points = {point for column in columns if isinstance(column, OrderedColumn) for point in column.points}
    for side, link, column in asked.late:
        points |= turns(subject, side, link, column)
    return ordered_column(name, subject, sorted(points), mask, full)


def turns(subject: Fact | Output, side: Side, link: Link, column: Column) -> set[Any]:
    """The values of a whole number at which a late column changes its mind, whatever earlier tables gave."""
    if subject.code == column.name:
        return set(column.points) if isinstance(column, OrderedColumn) else set()
    low, high = (subject.low, subject.high) if isinstance(subject, Fact) else (None, None)
    low, high = -FAR if low is None else low, FAR if high is None else high
    found: set[Any] = set()
    for given in side.combinations(column):

        def place(value: int, given: Mapping[str, Any] = given) -> int:
            return _late_place(side, link, column, subject.code, value, given)

        found |= _steps(place, int(low), int(high))
    return found


def _steps(place: Callable[[int], int], low: int, high: int) -> set[int]:
    """The first value after each change of a function that goes one way only."""
    if place(low) == place(high):
        return set()
    if high - low == 1:
        return {high}
    middle = (low + high) // 2
    return _steps(place, low, middle) | _steps(place, middle, high)


def _late_place(side: Side, link: Link, column: Column, name: str, value: Any, given: Mapping[str, Any]) -> int:
    return side.late_rows(link, column, {name: value}, Merged(given, frozenset(given)))


def _later(value: Any, asked: _Asked) -> tuple[int, ...]:
    """What the late columns will make of a value, for everything that earlier tables may give."""
    found = []
    for side, link, column in asked.late:
        name = side.waits_for(column) or column.name
        found += [_late_place(side, link, column, name, value, given) for given in side.combinations(column)]
    return tuple(found)


def _classified(column: Column, asked: _Asked) -> Variable:
    grouped: dict[Any, list[Cell]] = {}
    for cell in column.cells:
        grouped.setdefault((cell.mask, _later(cell.sample, asked)), []).append(cell)
    endless = False
    classes = []
    for (mask, _), cells in grouped.items():
        sizes = [size_of(cell, column) for cell in cells]
        endless = endless or any(size == float("inf") for size in sizes)
        size = sum(1 if each == float("inf") else int(each) for each in sizes)
        classes.append(Class(mask, cells[0].sample, size, tuple(cells)))
    return Variable(column, tuple(classes), bool(asked.late), endless)


__all__ = ["Class", "Space", "Variable", "build_space"]
