"""Deciding past cases in bulk: as `decider` does, and also where facts are unknown, days differ, or currencies do.

A chain is walked as a tree of places. At each place the rows that the known facts leave standing (a bit mask), with the
columns nothing is known about, lead to the next one; what has been worked out once for such a pair is remembered. The
result is the one `decide_carefully` gives; whatever is not plain is handed to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from goodword.engine.asking import only_answer, open_facts
from goodword.engine.compiled import Answer
from goodword.engine.decider import KEPT, Derived, NotPlain, Passes, look_up_all
from goodword.engine.lifting import floors_under
from goodword.engine.merging import Merged, merge
from goodword.engine.replay.results import NO_RULE, NOT_DECIDABLE, TWO_RULES, Result, Results, label_of
from goodword.engine.replay.whole import quick
from goodword.engine.vocabulary import reads

if TYPE_CHECKING:
    from goodword.engine.book import Book

Facts = Mapping[str, Any]


class Table:
    """One table of the chain, ready for a span of days and a currency; shared by all places that come to it."""

    __slots__ = ("book", "compiled", "currency", "day", "derived", "passes", "read")

    def __init__(self, book: Book, policy: str, decision: str, day: date, currency: str) -> None:
        self.book, self.day, self.currency = book, day, currency
        compiled = self.compiled = book.compiled(policy, decision, day, currency)
        self.passes = {column.name: Passes(column) for column in compiled.columns}
        derived = (Derived(fact, book.inputs_of(fact), compute) for fact, compute in compiled.derived)
        self.derived = [quick(each, compiled.scope) for each in derived]
        self.read = {name: frozenset(reads(name, book.vocabulary)) for name in self.passes}


class Place:
    """What the tables so far gave. `result` is set where the chain ends; else `stands` leads on, by span of days."""

    __slots__ = ("depth", "merged", "result", "results", "stands")

    def __init__(self, results: Results, depth: int, merged: Merged, last: int, result: Result | None = None) -> None:
        self.results, self.depth, self.merged = results, depth, merged
        self.stands: dict[int, Stand] = {}
        self.result = result
        if result is None and depth == last:
            self.result = results.of(label_of(merged.outputs), merged.outputs)

    def ended(self, label: str, lacking: tuple[str, ...] = ()) -> Place:
        """The end of a chain that gives no answer."""
        return Place(self.results, self.depth, self.merged, -1, self.results.of(label, None, lacking))


class Stand:
    """A place at the table that it comes to next."""

    __slots__ = ("derived", "last", "mask", "place", "shapes", "table", "tested")

    def __init__(self, place: Place, table: Table, last: int) -> None:
        self.place, self.table, self.last = place, table, last
        empty = place.merged.produced - place.merged.outputs.keys()
        self.mask = table.compiled.full
        for column in table.compiled.columns:
            self.mask &= column.dash if column.name in empty else self.mask
        self.tested = [name for name in table.passes if name not in empty]
        self.derived = table.derived
        self.shapes: dict[tuple[str, ...], Shape] = {}

    def next(self, facts: Facts, values: dict[str, Any]) -> Place:
        """The place after this table; adds what is derived to `values`. Raises what GIVE_UP lists if care is needed."""
        for derived in self.derived:
            if derived.name not in facts:  # worked out again at each table: it may be about what the last one gave
                derived.add_to(values)
        shape = self.shapes.get(tuple(values)) or self._shape(values)
        mask = shape.look_up(values) & self.mask
        return shape.following.get(mask) or shape.follow(mask, values)

    def _shape(self, values: Facts) -> Shape:
        shape = Shape(self, values)
        if len(self.shapes) < KEPT:
            self.shapes[tuple(values)] = shape
        return shape


class Shape:
    """Which facts are known, and where the rows left standing lead; cases mostly come in few shapes."""

    __slots__ = ("following", "look_up", "stand", "unknown")

    def __init__(self, stand: Stand, values: Facts) -> None:
        self.stand, table = stand, stand.table
        self.following: dict[int, Place] = {}
        known = [(name, table.passes[name]) for name in stand.tested if name in values]
        self.look_up: Callable[[Facts], int] = look_up_all(known)
        self.unknown = [column for column in table.compiled.columns if column.name in stand.tested]
        self.unknown = [column for column in self.unknown if column.name not in values]
        produced = stand.place.merged.produced
        for column in self.unknown:
            if column.name in produced or not produced.isdisjoint(table.read[column.name]):
                raise NotPlain  # whether the chain left it empty is for the careful way to say

    def follow(self, mask: int, values: Facts) -> Place:
        """The place that these rows lead to, remembered."""
        compiled = self.stand.table.compiled
        if not mask:
            raise NotPlain  # perhaps a value outside its range
        answer = only_answer(compiled, mask, self.unknown) if self.unknown else compiled.answer(mask)
        found = self._place(answer) if answer else self._lacking(mask, values)
        if len(self.following) < KEPT:
            self.following[mask] = found
        return found

    def _lacking(self, mask: int, values: Facts) -> Place:
        table = self.stand.table
        lacking = open_facts(table.book, table.compiled, mask, self.unknown, values)
        return self.stand.place.ended(NOT_DECIDABLE if lacking else NO_RULE, lacking)

    def _place(self, answer: Answer) -> Place:
        table, place = self.stand.table, self.stand.place
        if answer.clash:
            return place.ended(TWO_RULES)
        if answer.outputs is None:
            return place.ended(NO_RULE)
        floors = floors_under(table.book, table.compiled, table.day, table.currency)
        if floors.floors and floors.could_lift(answer.outputs):
            raise NotPlain
        merged = merge(place.merged, table.compiled.table, answer, table.book.settings.precedence)
        return Place(place.results, place.depth + 1, merged, self.stand.last)
