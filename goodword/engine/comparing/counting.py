"""Counting the situations in which two books differ, exactly, without listing them; and where they lie.

The walk goes fact by fact. Two situations with the same rows still standing in both books have the same future, so each
is walked once; from the ends back, states with the same future are one, which keeps the regions few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from goodword.engine.columns import Cell
from goodword.engine.comparing.space import Space, Variable
from goodword.engine.regions import where
from goodword.engine.sweep import Budget

State = tuple[int, tuple[tuple[str, Any], ...]]  # the rows still standing, and the facts that later tables wait for
Box = dict[str, tuple[Cell, ...]]
SAME = 0
MOST_BOXES = 400


@dataclass(frozen=True, slots=True)
class Counted:
    """The number of situations of each group, and the means to say where a group lies."""

    space: Space
    levels: list[dict[State, list[State]]]
    futures: list[dict[State, int]]
    reach: list[dict[State, frozenset[int]]]
    counts: Mapping[int, int]
    start: State

    def regions(self, group: int, shown: int) -> tuple[list[str], bool]:
        """Up to `shown` regions of a group in words, the widest first, and whether that is all of it."""
        boxes: list[Box] = []
        whole = True
        for box in self._boxes(0, self.start, group):
            if len(boxes) == MOST_BOXES:
                whole = False
                break
            boxes.append(box)
        boxes = sorted(_joined(boxes, self.space.variables), key=lambda box: -self._size(box))
        columns = [variable.column for variable in self.space.variables]
        return [where(box, columns) for box in boxes[:shown]], whole and len(boxes) <= shown

    def _boxes(self, place: int, state: State, group: int) -> Iterator[Box]:
        if place == len(self.levels):
            yield {}
            return
        variable = self.space.variables[place]
        following: dict[int, tuple[State, list[Cell]]] = {}
        for each, child in zip(variable.classes, self.levels[place][state], strict=True):
            if group in self.reach[place + 1][child]:
                future = self.futures[place + 1][child]
                following.setdefault(future, (child, []))[1].extend(each.cells)
        for child, cells in following.values():
            ordered = _in_order(cells, variable)
            for box in self._boxes(place + 1, child, group):
                yield box if len(cells) == len(variable.column.cells) else {variable.column.name: ordered, **box}

    def _size(self, box: Box) -> int:
        total = 1
        for variable in self.space.variables:
            held = {id(cell) for cell in box.get(variable.column.name, variable.column.cells)}
            total *= sum(each.size for each in variable.classes if id(each.cells[0]) in held)
        return total


def count(space: Space, group_of: Callable[[int, Mapping[str, Any]], int], budget: Budget) -> Counted:
    """Counts the situations of each group. `group_of` (rows, facts waited for) is asked once for each end.

    Raises OverBudget when the walk would take more steps than the budget has.
    """
    start: State = (space.full, ())
    levels = _walk(space, start, budget)
    last = {child for children in levels[-1].values() for child in children} if levels else {start}
    groups = {state: group_of(state[0], dict(state[1])) for state in last}
    counts: dict[State, Mapping[int, int]] = {state: {group: 1} for state, group in groups.items()}
    futures, reach = [dict(groups)], [{state: frozenset((group,)) for state, group in groups.items()}]
    numbers: dict[tuple[int, ...], int] = {}
    for variable, level in zip(reversed(space.variables), reversed(levels), strict=True):
        counts = {state: _weighed(variable, children, counts) for state, children in level.items()}
        below = futures[0]
        futures.insert(0, {state: _future(children, below, numbers) for state, children in level.items()})
        beyond = reach[0]
        reach.insert(0, {s: frozenset().union(*(beyond[child] for child in set(c))) for s, c in level.items()})
    return Counted(space, levels, futures, reach, counts[start], start)


def _walk(space: Space, start: State, budget: Budget) -> list[dict[State, list[State]]]:
    states = {start: None}
    levels = []
    weight = 1 + space.full.bit_length() // 256  # wide sets of rows cost more time and room
    for variable in space.variables:
        budget.spend(len(states) * len(variable.classes) * weight)
        level = {state: [_child(state, variable, place) for place in range(len(variable.classes))] for state in states}
        states = dict.fromkeys(child for children in level.values() for child in children)
        levels.append(level)
    return levels


def _child(state: State, variable: Variable, place: int) -> State:
    mask, waited = state
    each = variable.classes[place]
    return mask & each.mask, (*waited, (variable.column.name, each.sample)) if variable.waited else waited


def _weighed(variable: Variable, children: list[State], counts: Mapping[State, Mapping[int, int]]) -> Mapping[int, int]:
    total: Counter[int] = Counter()
    for each, child in zip(variable.classes, children, strict=True):
        for group, number in counts[child].items():
            total[group] += number * each.size
    return total


def _future(children: list[State], below: Mapping[State, int], numbers: dict[tuple[int, ...], int]) -> int:
    """A number for everything that can still come: equal for states that nobody could tell apart from here on."""
    key = tuple(below[child] for child in children)
    if len(set(key)) == 1 and key[0] < 0:
        return key[0]
    return numbers.setdefault(key, -1 - len(numbers))


def _in_order(cells: list[Cell], variable: Variable) -> tuple[Cell, ...]:
    places = {id(cell): place for place, cell in enumerate(variable.column.cells)}
    return tuple(sorted(cells, key=lambda cell: places[id(cell)]))


def _joined(boxes: list[Box], variables: list[Variable]) -> list[Box]:
    """Boxes that differ in one fact only, made one, until no two do."""
    for variable in reversed(variables):
        name = variable.column.name
        merged: dict[Any, tuple[Box, dict[int, Cell]]] = {}
        for box in boxes:
            rest = tuple((other, *map(id, cells)) for other, cells in sorted(box.items()) if other != name)
            cells = merged.setdefault(rest, (box, {}))[1]
            cells.update((id(cell), cell) for cell in box.get(name, variable.column.cells))
        boxes = []
        for box, cells in merged.values():
            kept = {other: held for other, held in box.items() if other != name}
            everything = len(cells) == len(variable.column.cells)
            boxes.append(kept if everything else {**kept, name: _in_order(list(cells.values()), variable)})
    return boxes


__all__ = ["SAME", "Counted", "count"]
