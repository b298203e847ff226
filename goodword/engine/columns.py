"""One column of a compiled table: its values cut into cells within which no rule can tell two values apart.

Each cell knows the rows it passes, as bits of an int. Deciding looks a value up; proving walks over the cells.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from goodword.engine.errors import FactError
from goodword.engine.feel import Scope, compile_expression
from goodword.engine.feel.evaluate import compile_tests
from goodword.engine.feel.syntax import Compare, Interval, ListOf, Node, Tests
from goodword.engine.tables import DecisionTable, Subject
from goodword.engine.values import CHOICES, WHOLE, seconds_of, shown
from goodword.engine.vocabulary import Fact


@dataclass(frozen=True, slots=True)
class Cell:
    """A set of values no rule distinguishes: one `value`, or everything between `low` and `high` (both excluded).

    `sample` is a value inside; `mask` has a bit for every row that passes.
    """

    sample: Any
    mask: int
    single: bool
    low: Any = None
    high: Any = None


class Column:
    """A column of a compiled table. `look_up` gives the rows that a value passes; 0 outside the fact's range."""

    __slots__ = ("cells", "dash", "name", "subject")

    def __init__(self, name: str, subject: Subject, cells: Sequence[Cell], dash: int) -> None:
        self.name, self.subject, self.cells, self.dash = name, subject, tuple(cells), dash

    def look_up(self, value: Any) -> int:
        """The rows whose cell in this column the value passes."""
        raise NotImplementedError

    def place(self, value: Any) -> int:
        """The index in `cells` of the cell that holds the value, -1 if none does."""
        raise NotImplementedError


class ChoiceColumn(Column):
    """Few values, known beforehand."""

    __slots__ = ("masks", "otherwise")

    def __init__(self, name: str, subject: Subject, cells: Sequence[Cell], dash: int) -> None:
        super().__init__(name, subject, cells, dash)
        self.masks = {cell.sample: cell.mask for cell in cells if cell.sample is not ELSE}
        self.otherwise: int | None = next((cell.mask for cell in cells if cell.sample is ELSE), None)

    def look_up(self, value: Any) -> int:
        mask = self.masks.get(value, self.otherwise)
        if mask is None:
            known = ", ".join(map(str, self.masks))
            raise FactError(f"fact `{self.name}`: {shown(value)} is none of its values: {known}")
        return mask

    def place(self, value: Any) -> int:
        wanted = value if value in self.masks else ELSE
        return next((place for place, cell in enumerate(self.cells) if cell.sample == wanted), -1)


class OrderedColumn(Column):
    """Numbers, money, dates, durations: `points` are where rules change their mind.

    `masks[2i]` holds just below points[i], `masks[2i+1]` at it; the last one above all points.
    """

    __slots__ = ("masks", "points", "whole")

    def __init__(self, name: str, subject: Subject, points: list[Any], gaps: list[Cell | None], dash: int) -> None:
        super().__init__(name, subject, [cell for cell in gaps if cell], dash)
        self.points = points
        self.masks = [cell.mask if cell else 0 for cell in gaps]
        self.whole = is_whole(subject)

    def look_up(self, value: Any) -> int:
        points = self.points
        try:
            place = bisect_left(points, value)
            at = place < len(points) and points[place] == value
        except TypeError:
            raise FactError(f"fact `{self.name}`: {shown(value)} is not a {self.subject.kind}") from None
        return self.masks[2 * place + 1 if at else 2 * place]

    def place(self, value: Any) -> int:
        for place, cell in enumerate(self.cells):
            inside = (cell.low is None or cell.low < value) and (cell.high is None or value < cell.high)
            if (cell.single and cell.sample == value) or (not cell.single and inside):
                return place
        return -1


def is_whole(subject: Subject) -> bool:
    """Whether there is nothing between two neighbouring values: days, cents, dates."""
    return subject.kind in WHOLE or subject.kind == "date" or bool(getattr(subject, "whole", False))


class _Else:
    """Any text that no rule names."""

    def __repr__(self) -> str:
        return "anything else"


ELSE = _Else()


def build_column(table: DecisionTable, name: str, scope: Scope) -> Column:
    """The column `name` of a table, with the parameters' values of `scope`."""
    subject = table.columns[name]
    dash = sum(1 << place for place, row in enumerate(table.rows) if name not in row.tests)
    passes = [(bits, compile_tests(test, scope)) for bits, test in _grouped(table, name)]

    def mask(sample: Any) -> int:
        return dash | sum(bit for bit, passing in passes if passing(sample, {}) is True)

    if subject.kind == "yes/no":
        return ChoiceColumn(name, subject, [Cell(value, mask(value), True) for value in (True, False)], dash)
    if subject.kind in CHOICES:
        return ChoiceColumn(name, subject, [Cell(value, mask(value), True) for value in subject.values], dash)
    points = sorted({point for _, test in _grouped(table, name) for point in _points(test, scope)})
    if subject.kind == "text":
        cells = [Cell(point, mask(point), True) for point in points]
        return ChoiceColumn(name, subject, [*cells, Cell(ELSE, mask(ELSE), True)], dash)
    return ordered_column(name, subject, points, mask, dash)


def _grouped(table: DecisionTable, name: str) -> list[tuple[int, Tests]]:
    """The different cells of a column, each with the bits of the rows that hold it: large tables repeat themselves."""
    found: dict[str, tuple[int, Tests]] = {}
    for place, row in enumerate(table.rows):
        if name in row.tests:
            text = row.test_texts[name]
            found[text] = (found.get(text, (0, None))[0] | 1 << place, row.tests[name])
    return list(found.values())


def _points(tests: Tests, scope: Scope) -> list[Any]:
    nodes: list[Node] = []
    for test in tests.tests:
        if isinstance(test, Interval):
            nodes += [test.low, test.high]
        elif isinstance(test, Compare):
            nodes += test.value.items if isinstance(test.value, ListOf) else [test.value]
    return [compile_expression(node, scope)({}) for node in nodes]


def ordered_column(name: str, subject: Subject, points: list[Any], mask: Any, dash: int) -> OrderedColumn:
    """A column of numbers, dates or times that rules cut at `points`; `mask` tells the rows that a sample passes."""
    low, high = (subject.low, subject.high) if isinstance(subject, Fact) else (None, None)
    whole = is_whole(subject)
    points = sorted({*points, *(end for end in (low, high) if end is not None)})
    gaps: list[Cell | None] = []
    for below, point in zip([None, *points], [*points, None], strict=True):
        sample = _between(below, point, whole, subject.kind)
        outside = (low is not None and (below is None or below < low)) or (
            high is not None and (point is None or point > high)
        )
        gaps.append(None if outside or sample is None else Cell(sample, mask(sample), False, below, point))
        if point is not None:
            cut_off = (low is not None and point < low) or (high is not None and point > high)
            fits = not whole or not isinstance(point, Decimal)
            gaps.append(Cell(point, mask(point), True) if fits and not cut_off else None)
    return OrderedColumn(name, subject, points, gaps, dash)


def _between(low: Any, high: Any, whole: bool, kind: str) -> Any:
    """Some value strictly between two points (None: no end), or None if there is none."""
    if kind == "time":
        return _clock_between(low, high)
    step: Any = timedelta(days=1) if kind in ("date", "datetime", "duration") else 1
    if low is None and high is None:
        return {"date": date(2000, 1, 1), "datetime": datetime(2000, 1, 1, tzinfo=UTC), "duration": step}.get(kind, 0)
    if low is None:
        return _floor(high - step) if whole and kind != "date" else high - step
    if high is None:
        return _floor(low) + step if whole and kind != "date" else low + step
    if not whole:
        middle = (Decimal(low) + Decimal(high)) / 2 if not isinstance(low, date | timedelta) else low + (high - low) / 2
        return middle if low < middle < high else None
    following = low + step if kind == "date" else _floor(low) + step
    return following if following < high else None


def _clock_between(low: time | None, high: time | None) -> time | None:
    """Some time of day strictly between two others, of which the day's own ends need not be given."""
    least = 0 if low is None else seconds_of(low) * 1_000_000 + low.microsecond + 1
    most = 86_400 * 1_000_000 if high is None else seconds_of(high) * 1_000_000 + high.microsecond
    if least >= most:
        return None
    seconds, rest = divmod((least + most) // 2, 1_000_000)
    clock = time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    return clock if clock.microsecond == 0 and (low is None or low < clock) else clock.replace(microsecond=rest)


def _floor(number: int | Decimal) -> int:
    return int(number // 1) if isinstance(number, int) or number >= 0 else -int(-number // 1) - (number % 1 != 0)
