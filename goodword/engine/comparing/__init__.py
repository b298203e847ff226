"""Two versions of a book side by side: which situations come out differently, how many, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from goodword.engine.comparing.counting import SAME, Counted, count
from goodword.engine.comparing.result import Change, Compared, Comparison, ParameterChange, Presence
from goodword.engine.comparing.sides import Ending, Side
from goodword.engine.comparing.space import Space, build_space
from goodword.engine.comparing.vocabulary import (
    changed_facts,
    changed_outputs,
    changed_parameters,
    reworded_clauses,
)
from goodword.engine.deciding import chain_of
from goodword.engine.errors import EngineError, NotFound, near
from goodword.engine.lifting import floors_under
from goodword.engine.sweep import Budget, OverBudget

if TYPE_CHECKING:
    from goodword.engine.book import Book

STEPS = 3_000_000
SHOWN = 20
Chain = Sequence[tuple[str, str]]


def compare(
    before: Book, after: Book, policy: str | None = None, day: date | None = None, *, steps: int = STEPS
) -> Comparison:
    """Compares two versions of a book, or one policy of them, with the parameters of a day (today if left out).

    Every table is compared alone, and every policy with a chain (`then:`) also through it. A table that would take
    more than `steps` steps is reported as not counted. Raises NotFound for a policy that neither book has.
    """
    day = day or datetime.now(ZoneInfo(before.time_zone)).date()
    codes = _policies(before, after, policy)
    tables: list[Compared] = []
    only_before: list[str] = []
    only_after: list[str] = []
    reworded: list[str] = []
    for code in codes:
        one, other = _decisions(before, code), _decisions(after, code)
        only_before += [f"{code}/{name}" for name in one if name not in other]
        only_after += [f"{code}/{name}" for name in other if name not in one]
        for name in [name for name in one if name in other]:
            tables.append(_table(before, after, code, name, day, steps))
            reworded += _reworded_rows(before, after, code, name, day)
        chain = _chained(before, after, code, day, steps)
        tables += [chain] if chain else []
    return Comparison(
        day,
        (before.rules_hash, after.rules_hash),
        tuple(tables),
        changed_parameters(before, after, day),
        changed_facts(before, after),
        changed_outputs(before, after),
        Presence(tuple(only_before), tuple(only_after)),
        (*reworded, *reworded_clauses(before, after, codes)),
    )


def _policies(before: Book, after: Book, policy: str | None) -> list[str]:
    codes = list(dict.fromkeys([*after.policies, *before.policies]))
    if policy is None:
        return codes
    if policy not in codes:
        raise NotFound(f"neither book has a policy `{policy}`: {near(policy, codes)}")
    return [policy]


def _decisions(book: Book, code: str) -> list[str]:
    return list(book.policies[code].decisions) if code in book.policies else []


def _table(before: Book, after: Book, code: str, name: str, day: date, steps: int) -> Compared:
    return _compared(f"{code}/{name}", before, after, [(code, name)], [(code, name)], day, steps)


def _chained(before: Book, after: Book, code: str, day: date, steps: int) -> Compared | None:
    """The policy through its whole chain, if one of the books chains it."""
    if not _decisions(before, code) or not _decisions(after, code):
        return None
    one, other = chain_of(before, code), chain_of(after, code)
    if len(one) == 1 and len(other) == 1:
        return None
    name = " > ".join(f"{policy}/{decision}" for policy, decision in other)
    return _compared(name, before, after, one, other, day, steps, through_chain=True)


def _compared(
    name: str,
    before: Book,
    after: Book,
    one: Chain,
    other: Chain,
    day: date,
    steps: int,
    *,
    through_chain: bool = False,
) -> Compared:
    try:
        sides = _sides(before, after, one, other, day)
        space = build_space(sides)
    except EngineError as error:
        return Compared(name, through_chain, 0, None, notes=(f"not compared: {error}",))
    for side in sides:
        space.notes += [note for note in _lifted(side, day) if note not in space.notes]
    groups: dict[tuple[Ending, Ending], int] = {}

    def group_of(mask: int, known: Mapping[str, Any]) -> int:
        first, second = (side.ending(mask, known) for side in sides)
        return SAME if first == second else groups.setdefault((first, second), len(groups) + 1)

    try:
        counted = count(space, group_of, Budget(steps))
    except OverBudget:
        note = f"not counted within the budget of {steps:,} steps"
        return Compared(name, through_chain, space.size, None, (), space.endless, (*space.notes, note))
    changes = sorted(_changes(groups, counted), key=lambda change: -change.situations)
    changed = sum(change.situations for change in changes)
    return Compared(name, through_chain, space.size, changed, tuple(changes), space.endless, tuple(space.notes))


def _lifted(side: Side, day: date) -> Iterator[str]:
    """A word on answers below a floor of the law: deciding lifts them, here they are as the table gives them."""
    for link in side.links:
        floors = floors_under(side.book, link.compiled, day, side.book.currency)
        if floors.floors and any(floors.could_lift(outputs) for outputs in link.compiled.outputs):
            page = floors.floors[0][0].page.file
            yield f"some answers of {link.compiled.table.code} are below {page}; the law lifts them when it is decided"


def _sides(before: Book, after: Book, one: Chain, other: Chain, day: date) -> tuple[Side, Side]:
    currency = after.currency if after.currency == before.currency else before.currency
    first = Side(before, one, day, currency, 0)
    return first, Side(after, other, day, currency, first.end)


def _changes(groups: Mapping[tuple[Ending, Ending], int], counted: Counted) -> Iterator[Change]:
    for (before, after), group in groups.items():
        old, new = dict(before.outputs), dict(after.outputs)
        differs = tuple(sorted(name for name in {*old, *new} if old.get(name) != new.get(name)))
        regions, everything = counted.regions(group, SHOWN)
        yield Change(before, after, differs, counted.counts[group], tuple(regions), everything)


def _reworded_rows(before: Book, after: Book, code: str, name: str, day: date) -> Iterator[str]:
    """The rules that are written differently and mean the same on this day."""
    old = {row.ref.id: place for place, row in enumerate(before.table(code, name).rows)}
    pairs = [
        (old[row.ref.id], place)
        for place, row in enumerate(after.table(code, name).rows)
        if row.ref.id in old and _text(before, code, name, old[row.ref.id]) != _text(after, code, name, place)
    ]
    if not pairs:
        return
    try:
        sides = _sides(before, after, [(code, name)], [(code, name)], day)
        space = build_space(sides)
    except EngineError:
        return
    first, second = (side.links[0].compiled for side in sides)
    for one, other in pairs:
        if first.outputs[one] == second.outputs[other] and _same_situations(space, one, other + sides[1].start):
            yield second.table.rows[other].ref.id


def _text(book: Book, code: str, name: str, place: int) -> tuple[dict[str, str], dict[str, str]]:
    row = book.table(code, name).rows[place]
    return dict(row.test_texts), dict(row.output_texts)


def _same_situations(space: Space, one: int, other: int) -> bool:
    return all(
        (each.mask >> one & 1) == (each.mask >> other & 1) for variable in space.variables for each in variable.classes
    )


__all__ = ["Change", "Compared", "Comparison", "Ending", "ParameterChange", "Presence", "compare"]
