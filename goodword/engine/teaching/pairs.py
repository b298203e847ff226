"""Pairs of situations one step apart that a table answers differently: what is worth asking about a policy."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from goodword.engine.book import Book
from goodword.engine.columns import ELSE, Cell, Column, is_whole
from goodword.engine.compiled import Answer, CompiledTable
from goodword.engine.joint import dependent_columns

MOST_STATES = 4_000  # ways to fill the other columns that are kept for each boundary; more would only repeat it


@dataclass(frozen=True, slots=True)
class Pair:
    """Two situations that differ in one fact. `facts` are those of the first, `step` the second's value of `fact`."""

    fact: str
    facts: Mapping[str, Any]
    step: Any
    answers: tuple[Answer, Answer]
    score: int


def find_pairs(
    book: Book, compiled: CompiledTable, day: date, pick: random.Random, emphasis: Mapping[str, int]
) -> list[Pair]:
    """Every boundary of a table with a witness, the tricky ones first; equal ones in an order that `pick` draws.

    Tricky is what stands near an exception, what changed last, and what `emphasis` (rule or clause -> weight) says,
    such as how often people depart from it.
    """
    columns = dependent_columns(book, compiled)
    found: list[Pair] = []
    for place, column in enumerate(columns):
        others = [other for number, other in enumerate(columns) if number != place]
        for mask, cells in _states(others, compiled.full, pick).items():
            for here, there in _steps(column):
                pair = _pair(compiled, (column, here, there), mask, list(zip(others, cells, strict=True)))
                if pair:
                    found.append(_scored(pair, book, compiled, day, emphasis))
    return _tricky_first(found, pick)


def _states(columns: Sequence[Column], full: int, pick: random.Random) -> dict[int, tuple[Cell, ...]]:
    """Each set of rows that some filling of the columns leaves, with one such filling; drawn when there are many."""
    states: dict[int, tuple[Cell, ...]] = {full: ()}
    for column in columns:
        following: dict[int, tuple[Cell, ...]] = {}
        cells = [cell for cell in column.cells if cell.sample is not ELSE]
        for mask, chosen in states.items():
            for cell in pick.sample(cells, len(cells)):
                following.setdefault(mask & cell.mask, (*chosen, cell))
        if len(following) > MOST_STATES:
            following = dict(pick.sample(sorted(following.items(), key=lambda item: item[0]), MOST_STATES))
        states = following
    return states


def _steps(column: Column) -> Iterator[tuple[Cell, Cell]]:
    """Neighbouring cells of an ordered column, each two values of a choice."""
    if is_ordered(column):
        yield from pairwise(column.cells)
        return
    known = [cell for cell in column.cells if cell.sample is not ELSE]
    for place, here in enumerate(known):
        for there in known[place + 1 :]:
            yield here, there


def is_ordered(column: Column) -> bool:
    """Whether its values have neighbours."""
    return not (column.subject.kind in ("yes/no", "text") or column.subject.values)


def _pair(
    compiled: CompiledTable, step: tuple[Column, Cell, Cell], mask: int, others: list[tuple[Column, Cell]]
) -> Pair | None:
    column, here, there = step
    answers = compiled.answer(mask & here.mask), compiled.answer(mask & there.mask)
    if any(answer.outputs is None for answer in answers) or answers[0].key() == answers[1].key():
        return None
    kept = _needed(compiled, here.mask, there.mask, others)
    facts = {other.name: cell.sample for other, cell in kept}
    edges = _edge(column, here, upper=True), _edge(column, there, upper=False)
    if None in edges or any(value is None for value in facts.values()):
        return None
    return Pair(column.name, {column.name: edges[0], **facts}, edges[1], answers, 0)


def _needed(
    compiled: CompiledTable, here: int, there: int, others: list[tuple[Column, Cell]]
) -> list[tuple[Column, Cell]]:
    """Only what the two answers rest on: a fact whose every value leaves the same rules is left out."""
    open_masks: list[int] = [compiled.full]
    kept: list[tuple[Column, Cell]] = []
    fixed = compiled.full
    for _, cell in others:
        fixed &= cell.mask
    wanted = [compiled.answer(fixed & mask).rows for mask in (here, there)]
    for place, (column, cell) in enumerate(others):
        rest = compiled.full
        for _, later in others[place + 1 :]:
            rest &= later.mask
        for _, earlier in kept:
            rest &= earlier.mask
        tried = {mask & each.mask for mask in open_masks for each in column.cells}
        same = all(
            compiled.answer(rest & mask & end).rows == want
            for mask in tried
            for end, want in zip((here, there), wanted, strict=True)
        )
        if same and len(tried) <= MOST_STATES:
            open_masks = sorted(tried)
        else:
            kept.append((column, cell))
    return kept


def _edge(column: Column, cell: Cell, *, upper: bool) -> Any:
    """The value of a cell that lies next to its neighbour; inside a range without end its sample."""
    if cell.single or not is_ordered(column):
        return cell.sample
    end = cell.high if upper else cell.low
    if end is None or not is_whole(column.subject):
        return cell.sample
    step: Any = timedelta(days=1) if isinstance(end, date) else 1
    return end - step if upper else end + step


def _scored(pair: Pair, book: Book, compiled: CompiledTable, day: date, emphasis: Mapping[str, int]) -> Pair:
    refs = [ref for answer in pair.answers for ref in (*answer.fired, *answer.overridden)]
    score = 4 * any(answer.overridden for answer in pair.answers)
    score += 2 * any(_changed_lately(book, compiled, place, day) for answer in pair.answers for place in answer.rows)
    score += max((emphasis.get(ref.id, 0) + emphasis.get(ref.anchor, 0) for ref in refs), default=0)
    return Pair(pair.fact, pair.facts, pair.step, pair.answers, score)


def _changed_lately(book: Book, compiled: CompiledTable, place: int, day: date) -> bool:
    """Whether a rule reads a parameter that changed within the year before the day."""
    row = compiled.table.rows[place]
    words = " ".join([*row.test_texts.values(), *row.output_texts.values()])
    return any(
        code in words and any(dated.since and day - timedelta(days=365) <= dated.since <= day for dated in one.values)
        for code, one in book.parameters.items()
    )


def _tricky_first(found: Sequence[Pair], pick: random.Random) -> list[Pair]:
    """By score; among equals every rule has its turn before any has a second one."""
    drawn = pick.sample(list(found), len(found))
    seen: dict[tuple[str, ...], int] = {}
    ranked: list[tuple[int, int, int, Pair]] = []
    for pair in drawn:
        rules = tuple(ref.id for answer in pair.answers for ref in answer.fired)
        seen[rules] = seen.get(rules, 0) + 1
        ranked.append((seen[rules], -pair.score, len(ranked), pair))
    return [pair for *_, pair in sorted(ranked, key=lambda item: item[:3])]
