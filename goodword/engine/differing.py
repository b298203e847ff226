"""What would have to be different for a better answer: the fewest facts that change it, and how far each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from goodword.engine.columns import ELSE, Cell, Column, OrderedColumn
from goodword.engine.compiled import CompiledTable

MOST_FACTS = 2  # nobody follows a sentence in which three things would have to be otherwise
MOST_CELLS = 400  # of two columns together; larger tables are told by one fact alone


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What one fact would have to be: one of `values`, or from `low` to `high` (None: no end), both included if whole.

    `whole` says that there is nothing between two neighbouring values, so that the ends belong to it.
    """

    fact: str
    values: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """Facts that together would have changed the outcome, all others as they are."""

    outcome: str
    changes: tuple[Otherwise, ...]


def differences(
    compiled: CompiledTable, values: Mapping[str, Any], outcome: str, may_tell: Callable[[str], bool]
) -> list[Difference]:
    """For each outcome that is better by the book's precedence the fewest facts that would have brought it.

    Only facts that `may_tell` allows are spoken of. A column without a value counts as it is: unknown.
    """
    better = _better(compiled, outcome)
    columns = [column for column in compiled.columns if column.name in values and may_tell(column.name)]
    found: list[Difference] = []
    for count in range(1, MOST_FACTS + 1):
        for group in combinations(columns, count):
            found += _by_changing(compiled, values, group, better)
        better = better - {difference.outcome for difference in found}
    return found


def _better(compiled: CompiledTable, outcome: str) -> set[str]:
    """The outcomes of the table that are less strict than this one."""
    order = compiled.precedence
    if outcome not in order:
        return set()
    given = {outputs.get("outcome") for outputs in compiled.outputs}
    return {one for one in order[order.index(outcome) + 1 :] if one in given}


def _by_changing(
    compiled: CompiledTable, values: Mapping[str, Any], group: Sequence[Column], better: set[str]
) -> Iterator[Difference]:
    """What changing exactly the columns of `group` brings."""
    rest = compiled.full
    for column in compiled.columns:
        if column not in group:
            rest &= column.look_up(values[column.name]) if column.name in values else column.dash
    choices = [_others(column, values[column.name]) for column in group]
    size = 1
    for cells in choices:
        size *= len(cells)
    if size > MOST_CELLS:
        return
    reached: dict[str, dict[tuple[int, ...], tuple[Cell, ...]]] = {}
    for places in _products([len(cells) for cells in choices]):
        chosen = tuple(cells[place] for cells, place in zip(choices, places, strict=True))
        mask = rest
        for cell in chosen:
            mask &= cell.mask
        outputs = compiled.answer(mask).outputs
        given = outputs.get("outcome") if outputs else None
        if isinstance(given, str) and given in better:
            reached.setdefault(given, {})[places] = chosen
    for given, ways in reached.items():
        yield Difference(given, _told(group, choices, ways, values))


def _others(column: Column, value: Any) -> list[Cell]:
    """The cells of a column that do not hold its value, the nearest first where it has an order."""
    here = column.place(value)
    cells = [(abs(place - here), cell) for place, cell in enumerate(column.cells) if place != here]
    known = [(far, cell) for far, cell in cells if cell.sample is not ELSE]
    if isinstance(column, OrderedColumn):
        known.sort(key=lambda pair: pair[0])
    return [cell for _, cell in known]


def _products(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if not sizes:
        yield ()
        return
    for place in range(sizes[0]):
        for others in _products(sizes[1:]):
            yield (place, *others)


def _told(
    group: Sequence[Column],
    choices: Sequence[Sequence[Cell]],
    ways: Mapping[tuple[int, ...], tuple[Cell, ...]],
    values: Mapping[str, Any],
) -> tuple[Otherwise, ...]:
    """The nearest way, each column widened to all its values that lead there with the others as they are in it."""
    nearest = min(ways, key=lambda places: (sum(places), places))
    told = []
    for number, column in enumerate(group):
        held = [
            cell
            for place, cell in enumerate(choices[number])
            if (*nearest[:number], place, *nearest[number + 1 :]) in ways
        ]
        told.append(_widened(column, ways[nearest][number], held, values[column.name]))
    return tuple(told)


def _widened(column: Column, nearest: Cell, held: Sequence[Cell], value: Any) -> Otherwise:
    if not isinstance(column, OrderedColumn):
        return Otherwise(column.name, tuple(cell.sample for cell in held))
    order = [cell for cell in column.cells if cell in held]
    start = order.index(nearest)
    first = last = start
    places = {id(cell): place for place, cell in enumerate(column.cells)}
    while first > 0 and places[id(order[first - 1])] == places[id(order[first])] - 1:
        first -= 1
    while last + 1 < len(order) and places[id(order[last + 1])] == places[id(order[last])] + 1:
        last += 1
    return Otherwise(
        column.name, (), _end(column, order[first], lower=True), _end(column, order[last], lower=False), column.whole
    )


def _end(column: OrderedColumn, cell: Cell, *, lower: bool) -> Any:
    """Where a run of cells ends: its first or last value; for fractions the limit itself; None if it has no end."""
    if cell.single:
        return cell.sample
    edge = cell.low if lower else cell.high
    if edge is None or not column.whole:
        return edge
    step: Any = timedelta(days=1) if isinstance(edge, date) else 1
    return edge + step if lower else edge - step
