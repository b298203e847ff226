"""Walking over every combination of values of some columns, exactly, without listing them.

Two situations with the same set of rows still standing have the same future, so each (column, set) is walked once.
"""

from __future__ import annotations

from collections.abc import Sequence

from goodword.engine.columns import Column
from goodword.engine.compiled import CompiledTable


class OverBudget(Exception):
    """The walk would take more steps than allowed."""


class Budget:
    """Steps that may still be taken."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Takes steps off. Raises OverBudget when none are left."""
        self.left -= steps
        if self.left < 0:
            raise OverBudget


def distinct_masks(column: Column) -> list[int]:
    """The different sets of rows that the values of a column pass."""
    return list(dict.fromkeys(cell.mask for cell in column.cells))


def reachable(mask: int, columns: Sequence[Column], budget: Budget) -> set[int]:
    """Every set of rows that can hold in the end, from `mask`, whatever the values of `columns` are."""
    states = {mask}
    for column in columns:
        masks = distinct_masks(column)
        budget.spend(len(states) * len(masks))
        states = {state & passed for state in states for passed in masks}
    return states


def can_matter(compiled: CompiledTable, mask: int, column: Column, others: Sequence[Column], budget: Budget) -> bool:
    """Whether two situations that differ only in `column` can get different answers, `others` being unknown too."""
    states = {frozenset(mask & passed for passed in distinct_masks(column))}
    for other in others:
        masks = distinct_masks(other)
        budget.spend(sum(len(state) for state in states) * len(masks))
        following = {frozenset(held & passed for held in state) for state in states for passed in masks}
        states = {state for state in following if len(state) > 1}
    return any(len({compiled.answer(held).key() for held in state}) > 1 for state in states)


def left_open(compiled: CompiledTable, mask: int, column: Column, others: Sequence[Column], budget: Budget) -> float:
    """How many different answers remain on average once `column` is known: the fewer, the better to ask."""
    remaining: dict[int, int] = {}
    total = 0
    for cell in column.cells:
        held = mask & cell.mask
        if held not in remaining:
            remaining[held] = len({compiled.answer(end).key() for end in reachable(held, others, budget)})
        total += remaining[held]
    return total / max(len(column.cells), 1)
