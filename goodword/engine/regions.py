"""Parts of the space of situations, in words: `category is "hygiene", days_since_delivery above 30`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from goodword.engine.columns import ELSE, Cell, Column, is_whole
from goodword.engine.compiled import CompiledTable
from goodword.engine.sweep import Budget
from goodword.engine.values import iso_duration

Region = Mapping[str, Sequence[Cell]]  # per column the cells it covers; a column that does not matter is absent


@dataclass(frozen=True, slots=True)
class Sweep:
    """A finished walk over a table: the sets of rows that can hold after each column; the last are the ends."""

    compiled: CompiledTable
    columns: Sequence[Column]
    levels: tuple[frozenset[int], ...]

    @property
    def ends(self) -> frozenset[int]:
        """Every set of rows that holds in some situation."""
        return self.levels[-1]


def sweep(compiled: CompiledTable, budget: Budget, columns: Sequence[Column] | None = None) -> Sweep:
    """Walks over all situations of a table; `columns` may stand in for its own, with fewer cells. Raises OverBudget."""
    columns = compiled.columns if columns is None else columns
    weight = 1 + len(compiled.table.rows) // 256  # wide sets of rows cost more time and room
    states = {compiled.full}
    levels = [frozenset(states)]
    for column in columns:
        masks = list(dict.fromkeys(cell.mask for cell in column.cells))
        budget.spend(len(states) * len(masks) * weight)
        states = {state & passed for state in states for passed in masks}
        levels.append(frozenset(states))
    return Sweep(compiled, columns, tuple(levels))


def regions(done: Sweep, bad: frozenset[int], most: int) -> Iterator[tuple[Region, int]]:
    """Up to `most` regions that end in the sets of rows `bad`, each with that set."""
    columns = done.columns
    leading = [bad]
    for column, states in zip(reversed(columns), reversed(done.levels[:-1]), strict=True):
        masks = list(dict.fromkeys(cell.mask for cell in column.cells))
        leading.append(frozenset(state for state in states if any(state & mask in leading[-1] for mask in masks)))
    leading.reverse()

    def walk(place: int, state: int) -> Iterator[tuple[dict[str, list[Cell]], int]]:
        if place == len(columns):
            if state in bad:  # a table without columns has one state, which need not be among them
                yield {}, state
            return
        following: dict[int, list[Cell]] = {}
        for cell in columns[place].cells:
            if state & cell.mask in leading[place + 1]:
                following.setdefault(state & cell.mask, []).append(cell)
        for held, cells in following.items():
            for region, end in walk(place + 1, held):
                everything = len(cells) == len(columns[place].cells)
                yield region if everything else {columns[place].name: cells, **region}, end

    for count, found in enumerate(walk(0, done.compiled.full)):
        if count >= most:
            return
        yield found


def situations(done: Sweep) -> dict[int, int | float]:
    """How many situations end in each set of rows; infinite where a column has values without end."""
    counts: dict[int, int | float] = {done.compiled.full: 1}
    for column in done.columns:
        sizes: dict[int, int | float] = {}
        for cell in column.cells:
            sizes[cell.mask] = sizes.get(cell.mask, 0) + size_of(cell, column)
        following: dict[int, int | float] = {}
        for state, count in counts.items():
            for mask, size in sizes.items():
                following[state & mask] = following.get(state & mask, 0) + count * size
        counts = following
    return counts


def share(done: Sweep, ends: frozenset[int]) -> str:
    """How many situations end in some sets of rows: `52 of 14,604 situations`."""
    counts = situations(done)
    whole, part = sum(counts.values()), sum(counts.get(end, 0) for end in ends)
    if math.isinf(whole):
        kinds = "kind" if len(ends) == 1 else "kinds"
        return f"{len(ends)} {kinds} of situations of {len(counts)}"
    return f"{part:,} of {whole:,} situations"


def size_of(cell: Cell, column: Column) -> int | float:
    """How many values a cell holds."""
    if cell.single:
        return 1
    if cell.low is None or cell.high is None or not is_whole(column.subject):
        return math.inf
    if isinstance(cell.low, date):
        return int((cell.high - cell.low).days) - 1
    return int(cell.high - cell.low) - 1


def where(region: Region, columns: Sequence[Column]) -> str:
    """A region as the end of a sentence: `where opened is yes, days from 15 to 30`."""
    parts = []
    for column in columns:
        if column.name in region:
            parts.append(f"{column.name} {_cells_in_words(column, region[column.name])}")
    return f"where {', '.join(parts)}" if parts else "in any situation"


def _cells_in_words(column: Column, cells: Sequence[Cell]) -> str:
    if cells[0].low is None and cells[0].high is None and all(cell.single for cell in cells):
        kind = column.subject.kind
        if kind in ("yes/no", "text") or column.subject.values:
            return "is " + " or ".join(_value(cell.sample) for cell in cells)
    runs: list[list[Cell]] = []
    places = {id(cell): place for place, cell in enumerate(column.cells)}
    for cell in cells:
        if runs and places[id(runs[-1][-1])] + 1 == places[id(cell)]:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return " or ".join(_run(run, column) for run in runs)


def _run(run: Sequence[Cell], column: Column) -> str:
    first, last = run[0], run[-1]
    low, low_in = (first.sample, True) if first.single else _inward(first.low, 1, column)
    high, high_in = (last.sample, True) if last.single else _inward(last.high, -1, column)
    if low is not None and low == high:
        return f"is {_value(low)}"
    if low is None and high is None:
        return "is anything"
    if low is None:
        return f"{'up to' if high_in else 'below'} {_value(high)}"
    if high is None:
        return f"{'from' if low_in else 'above'} {_value(low)}"
    if low_in and high_in:
        return f"from {_value(low)} to {_value(high)}"
    return f"{'from' if low_in else 'above'} {_value(low)} {'to' if high_in else 'and below'} {_value(high)}"


def _inward(end: Any, way: int, column: Column) -> tuple[Any, bool]:
    """An excluded end as the included one beside it, where values are whole."""
    if end is None:
        return None, False
    if isinstance(end, date) and not isinstance(end, datetime):
        return end + timedelta(days=way), True
    return (end + way, True) if is_whole(column.subject) and isinstance(end, int) else (end, False)


def _value(value: Any) -> str:
    if value is ELSE:
        return "anything else"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, timedelta):
        return iso_duration(value)
    if isinstance(value, str):
        return f'"{value}"'
    return str(value)
