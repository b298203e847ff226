"""A floor beats all: an answer that gives less than the law demands is lifted to it, or a question is asked first.

A book that `check` has passed never needs this; whether that is so is proved once for each table and span of days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from goodword.engine.asking import asked_for
from goodword.engine.compiled import Answer, CompiledTable
from goodword.engine.floors import Floor
from goodword.engine.joint import never_below
from goodword.engine.sweep import Budget
from goodword.engine.values import UNKNOWN

if TYPE_CHECKING:
    from goodword.engine.book import Book

STEPS = 200_000
EXPLAINING = ("reason", "alternative")  # what the book said for its own answer would be wrong for the law's


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors under one table on one day that the book is not proved to keep."""

    floors: tuple[tuple[Floor, CompiledTable], ...]
    precedence: tuple[str, ...]

    def could_lift(self, outputs: Mapping[str, Any]) -> bool:
        """Whether some demand, in some situation, is more than these outputs give."""
        return any(
            floor.fallen_short(outputs, demand, self.precedence)
            for floor, compiled in self.floors
            for demand in compiled.outputs
        )


def floors_under(book: Book, compiled: CompiledTable, day: date, currency: str) -> Floors:
    """The floors under a table that the book is not proved to keep on a day."""
    table = compiled.table
    own = [floor for floor in book.floors if (floor.policy, floor.decision) == (table.policy, table.name)]
    if not own:
        return NONE
    key = (table.code, book.epoch(day), currency, tuple(floor.holds_on(day) for floor in own))
    found: Floors | None = book.unproved_floors.get(key)
    if found is None:
        unproved = [
            (floor, floor.compiled(book, day, currency))
            for floor in own
            if floor.holds_on(day) and not never_below(book, floor, compiled, day, currency, Budget(STEPS))
        ]
        found = book.unproved_floors[key] = Floors(tuple(unproved), book.settings.precedence)
    return found


NONE = Floors((), ())


def lift(answer: Answer, known: Mapping[str, Any], floors: Floors) -> Answer:
    """The answer, with all that the floors demand in this situation."""
    outputs = dict(answer.outputs or {})
    refs = []
    for floor, law in floors.floors:
        for ref, demand in floor.demands(law, _rows(law, known, certain=True)):
            short = floor.fallen_short(outputs, demand, floors.precedence)
            if short:
                refs.append(ref)
                outputs = {name: value for name, value in outputs.items() if name not in EXPLAINING}
                outputs.update({name: demand[name] for name in short})
                outputs.update({name: demand[name] for name in EXPLAINING if name in demand})
    if not refs:
        return answer
    return replace(answer, outputs=outputs, fired=tuple(refs), overridden=(*answer.fired, *answer.overridden))


def facts_for_floors(book: Book, answer: Answer, known: Mapping[str, Any], floors: Floors) -> tuple[str, ...]:
    """The unknown facts on which it depends whether a floor demands more than the answer gives."""
    asked: dict[str, None] = {}
    for floor, law in floors.floors:
        rows = _rows(law, known, certain=False)
        for place, row in enumerate(floor.table.rows):
            if rows >> place & 1 and floor.fallen_short(answer.outputs or {}, law.outputs[place], floors.precedence):
                for name in row.tests:
                    asked.update(dict.fromkeys(asked_for(book, law, name, _derived(law, known))))
    return tuple(asked)


def _derived(law: CompiledTable, known: Mapping[str, Any]) -> dict[str, Any]:
    from goodword.engine.deciding import derive  # deciding lifts, and lifting derives as deciding does

    return derive(law, known, [])


def _rows(law: CompiledTable, known: Mapping[str, Any], *, certain: bool) -> int:
    """The rules of a floor that hold (`certain`), or that may hold once more is known."""
    values = _derived(law, known)
    mask = law.full
    for column in law.columns:
        value = values.get(column.name, UNKNOWN)
        if value is not UNKNOWN and value is not None:
            mask &= column.look_up(value)
        elif certain:
            mask &= column.dash
    return mask
