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
    """A place at the table that it comes to next, and where the rows left standing lead from there."""

    __slots__ = ("derived", "following", "last", "look_up", "mask", "names", "pairs", "partly", "place", "table")

    def __init__(self, place: Place, table: Table, last: int) -> None:
        self.place, self.table, self.last = place, table, last
        self.following: dict[int, Place] = {}
        self.partly: dict[Any, Place] = {}
        empty = place.merged.produced - place.merged.outputs.keys()
        self.mask = table.compiled.full
        for column in table.compiled.columns:
            self.mask &= column.dash if column.name in empty else self.mask
        self.pairs = [(name, passes) for name, passes in table.passes.items() if name not in empty]
        self.names = frozenset(name for name, _ in self.pairs)
        self.look_up: Callable[[Facts], int] = look_up_all(self.pairs)
        self.derived = table.derived

    def next(self, facts: Facts, values: dict[str, Any]) -> Place:
        """The place after this table; adds what is derived to `values`. Raises what GIVE_UP lists if care is needed."""
        for derived in self.derived:
            if derived.name not in facts:  # worked out again at each table: it may be about what the last one gave
                derived.add_to(values)
        if self.names <= values.keys():
            mask = self.look_up(values) & self.mask
            return self.following.get(mask) or self._follow(mask)
        return self._next_partly(values)

    def _next_partly(self, values: dict[str, Any]) -> Place:
        mask, unknown = self.mask, []
        produced = self.place.merged.produced
        present: frozenset[str] = frozenset()
        for name, passes in self.pairs:
            if name in values:
                mask &= passes[values[name]]
                continue
            unknown.append(name)
            read = self.table.read[name]
            if not produced.isdisjoint(read) or name in produced:
                raise NotPlain  # whether the chain left it empty is for the careful way to say
            present |= read & values.keys()
        key = (mask, tuple(unknown), present)
        return self.partly.get(key) or self._follow_partly(key, values)

    def _follow(self, mask: int) -> Place:
        found = self._place(mask, self.table.compiled.answer(mask))
        if len(self.following) < KEPT:
            self.following[mask] = found
        return found

    def _follow_partly(self, key: tuple[int, tuple[str, ...], frozenset[str]], values: Facts) -> Place:
        mask, names, _ = key
        table = self.table
        columns = [column for column in table.compiled.columns if column.name in names]
        if not mask:
            raise NotPlain
        answer = only_answer(table.compiled, mask, columns)
        if answer is not None:
            found = self._place(mask, answer)
        else:
            lacking = open_facts(table.book, table.compiled, mask, columns, values)
            found = self.place.ended(NOT_DECIDABLE if lacking else NO_RULE, lacking)
        if len(self.partly) < KEPT:
            self.partly[key] = found
        return found

    def _place(self, mask: int, answer: Answer) -> Place:
        table, place = self.table, self.place
        if not mask and answer.outputs is not None:
            raise NotPlain  # perhaps a value outside its range
        if answer.clash:
            return place.ended(TWO_RULES)
        if answer.outputs is None:
            return place.ended(NO_RULE)
        floors = floors_under(table.book, table.compiled, table.day, table.currency)
        if floors.floors and floors.could_lift(answer.outputs):
            raise NotPlain
        merged = merge(place.merged, table.compiled.table, answer, table.book.settings.precedence)
        return Place(place.results, place.depth + 1, merged, self.last)
