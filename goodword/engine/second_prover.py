"""Proof by z3, where the exact sweep would take more steps than allowed. Needs the extra `[prove]`.

Each column is a number: which of its cells the situation lies in. A rule is a condition on those numbers.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from goodword.engine.columns import Cell, Column
from goodword.engine.compiled import CompiledTable
from goodword.engine.regions import Region, sweep
from goodword.engine.sweep import Budget, OverBudget
from goodword.engine.verdicts import Verdicts

SECONDS = 6.0
WIDENING = 20_000  # steps for saying a situation in fewer words


@dataclass(frozen=True, slots=True)
class Proof:
    """What z3 found: a situation without a rule, one with two, and the rules that never decide.

    `None` for `dead` means that there was no time to look.
    """

    gap: Region | None = None
    clash: tuple[int, Region] | None = None  # the rows that hold, and where
    dead: list[int] | None = field(default_factory=list)


def installed() -> bool:
    """Whether z3 is there."""
    return importlib.util.find_spec("z3") is not None


def prove(
    compiled: CompiledTable, columns: Sequence[Column], seconds: float = SECONDS, *, dead: bool = True
) -> Proof | None:
    """What z3 says of a table; None if it is not installed or has not finished in time."""
    try:
        z3 = importlib.import_module("z3")
    except ImportError:
        return None
    asked = _Question(z3, compiled, columns, seconds)
    try:
        gap = asked.gap()
        clash = asked.clash()
        return Proof(gap, clash, asked.dead() if dead and gap is None and clash is None else None)
    except TimeoutError:
        return None


class _Question:
    """One table as conditions for z3."""

    def __init__(self, z3: Any, compiled: CompiledTable, columns: Sequence[Column], seconds: float) -> None:
        self.z3, self.compiled, self.columns = z3, compiled, columns
        self.until = time.monotonic() + seconds
        self.solver = z3.Solver()
        self.verdicts = Verdicts(compiled)
        self.cells = [_different(column) for column in columns]
        self.numbers = [z3.Int(f"c{place}") for place in range(len(columns))]
        for number, cells in zip(self.numbers, self.cells, strict=True):
            self.solver.add(number >= 0, number < len(cells))
        self.rows = [self._row(row) for row in range(len(compiled.table.rows))]
        beaten: dict[int, list[int]] = {}
        for place, row in enumerate(compiled.table.rows):
            for other in row.beats:
                beaten.setdefault(other, []).append(place)
        self.winners = [
            z3.And(row, *(z3.Not(self.rows[other]) for other in beaten[place])) if place in beaten else row
            for place, row in enumerate(self.rows)
        ]

    def gap(self) -> Region | None:
        """A situation without an answer: no rule holds, or of collected ones none that says an outcome."""
        holding = self.rows
        if self.compiled.table.hit == "C":
            outcome = self.compiled.table.outputs.get("outcome")
            if outcome is None or outcome.kind == "list":
                return None
            holding = [self.winners[place] for place, said in enumerate(self.compiled.outputs) if said.get("outcome")]
        cells = self._find(self.z3.Not(self.z3.Or(*holding)))
        return None if cells is None else self._widened(cells)

    def clash(self) -> tuple[int, Region] | None:
        """A situation in which the rules that hold do not agree."""
        groups = self._answers()
        if len(groups) < 2:
            return None
        said = [self.z3.Or(*(self.winners[row] for row in rows)) for rows in groups]
        cells = self._find(self.z3.AtLeast(*said, 2))
        if cells is None:
            return None
        mask = self.compiled.full
        for cell in cells:
            mask &= cell.mask
        return mask, self._widened(cells)

    def dead(self) -> list[int] | None:
        """The rules that decide nowhere; None if there was no time for all of them, or they are collected."""
        if self.compiled.table.hit == "C":
            return None
        try:
            return [place for place, winner in enumerate(self.winners) if self._find(winner) is None]
        except TimeoutError:
            return None

    def _answers(self) -> list[list[int]]:
        """The rows by what nobody may say twice: each row of U, equal answers of A; nothing elsewhere."""
        table = self.compiled.table
        if table.hit == "U":
            return [[place] for place in range(len(table.rows))]
        if table.hit != "A":
            return []
        judged = [name for name, output in table.outputs.items() if not output.annotation]
        groups: dict[tuple[Any, ...], list[int]] = {}
        for place, outputs in enumerate(self.compiled.outputs):
            groups.setdefault(tuple(outputs.get(name) for name in judged), []).append(place)
        return list(groups.values())

    def _row(self, row: int) -> Any:
        parts = []
        for number, cells in zip(self.numbers, self.cells, strict=True):
            passing = [place for place, cell in enumerate(cells) if cell.mask >> row & 1]
            if len(passing) < len(cells):
                parts.append(self.z3.Or(*(self._between(number, run) for run in _runs(passing))))
        return self.z3.And(*parts)

    def _between(self, number: Any, run: tuple[int, int]) -> Any:
        first, last = run
        return number == first if first == last else self.z3.And(number >= first, number <= last)

    def _find(self, condition: Any) -> list[Cell] | None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.solver.set("timeout", int(left * 1000) + 1)
        self.solver.push()
        try:
            self.solver.add(condition)
            answer = self.solver.check()
            if answer == self.z3.unknown:
                raise TimeoutError
            if answer == self.z3.unsat:
                return None
            model = self.solver.model()
            numbers = [model.eval(number, model_completion=True).as_long() for number in self.numbers]
            return [cells[number] for number, cells in zip(numbers, self.cells, strict=True)]
        finally:
            self.solver.pop()

    def _widened(self, cells: Sequence[Cell]) -> Region:
        """The situation without the columns that do not matter for what happens there."""
        chosen = [[cell] for cell in cells]
        wanted = self._kinds(chosen)
        budget = Budget(WIDENING)
        for place, column in enumerate(self.columns):
            wider = [*chosen[:place], list(column.cells), *chosen[place + 1 :]]
            try:
                if self._kinds(wider, budget) == wanted:
                    chosen = wider
            except OverBudget:
                break
        return {
            column.name: held
            for column, held in zip(self.columns, chosen, strict=True)
            if len(held) < len(column.cells)
        }

    def _kinds(self, chosen: Sequence[Sequence[Cell]], budget: Budget | None = None) -> set[str]:
        """What can happen in a region: an answer, a clash, a gap."""
        columns = [
            Column(column.name, column.subject, held, column.dash)
            for column, held in zip(self.columns, chosen, strict=True)
        ]
        ends = sweep(self.compiled, budget or Budget(WIDENING), columns).ends
        clash, gap = self.verdicts.is_clash, self.verdicts.is_gap
        return {"clash" if clash(end) else "gap" if gap(end) else "answer" for end in ends}


def _different(column: Column) -> list[Cell]:
    """One cell for each set of rows: more than that no rule can tell apart."""
    found: dict[int, Cell] = {}
    for cell in column.cells:
        found.setdefault(cell.mask, cell)
    return list(found.values())


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers in order as spans without holes."""
    runs = []
    for _, group in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        members = [place for _, place in group]
        runs.append((members[0], members[-1]))
    return runs
