"""Several tables looked at together, and columns that depend on one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from goodword.engine.columns import Cell, Column, is_whole
from goodword.engine.compiled import CompiledTable
from goodword.engine.errors import EngineError
from goodword.engine.feel import compile_expression, names_in
from goodword.engine.floors import Floor
from goodword.engine.regions import Region, regions, sweep
from goodword.engine.sweep import Budget, OverBudget
from goodword.engine.tables import DecisionTable, RuleRef
from goodword.engine.values import UNKNOWN
from goodword.engine.vocabulary import Fact

if TYPE_CHECKING:
    from goodword.engine.book import Book

MOST_VALUES = 8_000  # of one fact, looked at one by one to see what is derived from it


@dataclass(frozen=True, slots=True)
class Short:
    """A situation in which the book gives less than a floor demands."""

    rule: RuleRef
    floor: Floor
    demanded_by: RuleRef
    demand: Mapping[str, Any]
    given: Mapping[str, Any]
    names: tuple[str, ...]
    region: Region
    columns: Sequence[Column]


def never_below(book: Book, floor: Floor, compiled: CompiledTable, day: date, currency: str, budget: Budget) -> bool:
    """Whether it is proved that a table gives at least what a floor demands, in every situation of a day."""
    try:
        return next(fallen_short(book, floor, compiled, day, currency, budget), None) is None
    except (OverBudget, EngineError):
        return False


def fallen_short(
    book: Book, floor: Floor, compiled: CompiledTable, day: date, currency: str, budget: Budget
) -> Iterator[Short]:
    """The situations in which a table gives less than a floor, one for each pair of rules. Raises OverBudget."""
    law = floor.compiled(book, day, currency)
    count = len(compiled.table.rows)
    both = book.compile_table(_together(compiled.table, floor.table), day, currency)
    done = sweep(both, budget, dependent_columns(book, both))
    own = (1 << count) - 1
    found: dict[int, tuple[RuleRef, RuleRef, Mapping[str, Any], Mapping[str, Any], tuple[str, ...]]] = {}
    pairs: set[tuple[str, str]] = set()
    for end in sorted(done.ends):
        answer = compiled.answer(end & own)
        if answer.outputs is None:
            continue  # a gap or a clash, told as such
        for ref, demand in floor.demands(law, end >> count):
            names = tuple(floor.fallen_short(answer.outputs, demand, book.settings.precedence))
            rule = answer.fired[0] if answer.fired else ref
            if names and (rule.id, ref.id) not in pairs:
                pairs.add((rule.id, ref.id))
                found[end] = (rule, ref, demand, answer.outputs, names)
    for end, (rule, ref, demand, given, names) in found.items():
        region, _ = next(regions(done, frozenset({end}), 1))
        yield Short(rule, floor, ref, demand, given, names, region, done.columns)


def _together(table: DecisionTable, law: DecisionTable) -> DecisionTable:
    """One table with the rows of both."""
    shift = len(table.rows)
    rows = [replace(row, beats=tuple(place + shift for place in row.beats)) for row in law.rows]
    return DecisionTable(
        table.policy,
        table.name,
        table.hit,
        {**table.columns, **law.columns},
        {**table.outputs, **law.outputs},
        [*table.rows, *rows],
        table.file,
        table.line,
    )


def dependent_columns(book: Book, compiled: CompiledTable) -> Sequence[Column]:
    """The columns of a table, those derived from one and the same fact made into one, so that they cannot disagree.

    Only facts with few enough values are looked at; other columns stay as if independent.
    """
    groups: dict[str, list[Column]] = {}
    for column in compiled.columns:
        groups.setdefault(root_of(book, column.name), []).append(column)
    columns: list[Column] = []
    for root, members in groups.items():
        values = values_of(book.facts[root]) if len(members) > 1 else None
        if values is None:
            columns += members
        else:
            columns.append(_joined(book, compiled, root, members, values))
    return columns


def root_of(book: Book, name: str) -> str:
    """The one fact from which alone a column is derived, through however many steps; else the column itself."""
    for _ in book.facts:
        inputs = book.inputs_of(book.facts[name]) if name in book.facts else ()
        if len(inputs) != 1 or inputs[0] not in book.facts or values_of(book.facts[inputs[0]]) is None:
            return name
        name = inputs[0]
    return name


def values_of(fact: Fact) -> Sequence[Any] | None:
    """Every value of a fact in order, if they are few enough to look at."""
    if fact.kind == "yes/no":
        return (True, False)
    if fact.values:
        return tuple(fact.values)
    if not is_whole(fact) or fact.low is None or fact.high is None:
        return None
    span = (fact.high - fact.low).days if isinstance(fact.low, date) else fact.high - fact.low
    if span > MOST_VALUES:
        return None
    step: Any = timedelta(days=1) if isinstance(fact.low, date) else 1
    return [fact.low + step * number for number in range(int(span) + 1)]


def _joined(book: Book, compiled: CompiledTable, root: str, members: Sequence[Column], values: Sequence[Any]) -> Column:
    """One column of the root's values; neighbours that no rule tells apart share a cell."""
    masks = []
    for known in _derived(book, compiled, root, tuple(column.name for column in members), values):
        mask = compiled.full
        for column in members:
            mask &= column.look_up(known[column.name]) if column.name in known else column.dash
        masks.append(mask)
    dash = compiled.full
    for column in members:
        dash &= column.dash
    return Column(root, book.facts[root], _cells(book.facts[root], values, masks), dash)


def _derived(
    book: Book, compiled: CompiledTable, root: str, names: tuple[str, ...], values: Sequence[Any]
) -> list[dict[str, Any]]:
    """For each value of a fact what is derived from it; worked out once for each value of the parameters read."""
    order = derivation(book, root, names)
    read = {name.name for fact in order if fact.formula for name in names_in(fact.formula)}
    constants = tuple((name, compiled.scope.constants[name]) for name in sorted(read & set(compiled.scope.constants)))
    key = (root, tuple(fact.code for fact in order), constants)
    if key not in book.derivations:
        steps = [(fact, compile_expression(fact.formula, compiled.scope)) for fact in order if fact.formula]
        found = []
        for value in values:
            known = {root: value}
            for fact, compute in steps:
                derived = compute(known)
                if derived is not UNKNOWN and derived is not None:
                    known[fact.code] = fact.settle(derived)
            found.append(known)
        book.derivations[key] = found
    return book.derivations[key]


def _cells(fact: Fact, values: Sequence[Any], masks: Sequence[int]) -> list[Cell]:
    if fact.kind == "yes/no" or fact.values:
        return [Cell(value, mask, True) for value, mask in zip(values, masks, strict=True)]
    cells = []
    step: Any = timedelta(days=1) if isinstance(values[0], date) else 1
    for mask, run in groupby(zip(values, masks, strict=True), key=lambda pair: pair[1]):
        members = [value for value, _ in run]
        first, last = members[0], members[-1]
        single = first == last
        cells.append(Cell(first, mask, single, None if single else first - step, None if single else last + step))
    return cells


def derivation(book: Book, root: str, names: Sequence[str]) -> list[Fact]:
    """The derived facts between a root and some names, each after the one it reads."""
    found: dict[str, Fact] = {}
    for name in names:
        way = []
        while name != root:
            way.append(book.facts[name])
            name = book.inputs_of(book.facts[name])[0]
        found.update({fact.code: fact for fact in reversed(way)})
    return list(found.values())
