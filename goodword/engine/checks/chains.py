"""Chains: what one table gives is what the next one needs, also where a rule leaves an output empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from goodword.engine.book import Book, chain_link
from goodword.engine.checks.proof import STEPS
from goodword.engine.columns import Cell, Column
from goodword.engine.compiled import CompiledTable
from goodword.engine.errors import EngineError
from goodword.engine.findings import Notes
from goodword.engine.policy import Policy
from goodword.engine.regions import regions, sweep, where
from goodword.engine.sweep import Budget, OverBudget
from goodword.engine.tables import DecisionTable
from goodword.engine.verdicts import Verdicts
from goodword.engine.vocabulary import reads


def check_chains(book: Book, sound: set[str], notes: Notes) -> None:
    """Notes tables of a chain that read an output nobody gives, or have no rule for one that was left empty."""
    for policy in book.policies.values():
        links = _links(policy)
        if policy.code in sound and {code for code, _ in links} <= sound:
            tables = [book.table(*link) for link in links]
            for place, table in enumerate(tables):
                if _check_needs(book, policy, tables[:place], table, notes):
                    for before in tables[:place]:
                        others = {name for other in tables[:place] if other is not before for name in other.outputs}
                        _check_empty(book, before, table, others, notes)


def _links(policy: Policy) -> list[tuple[str, str]]:
    first = policy.primary
    return [(policy.code, first), *(chain_link(policy.code, link) for link in policy.then)] if first else []


def _needs(book: Book, column: str) -> set[str]:
    """The outputs that a column is about, or is derived from."""
    return {column, *reads(column, book.vocabulary)} & set(book.outputs)


def _check_needs(
    book: Book, policy: Policy, before: Sequence[DecisionTable], table: DecisionTable, notes: Notes
) -> bool:
    given = {name for earlier in before for name in earlier.outputs}
    readers = {name: column for column in table.columns for name in sorted(_needs(book, column) - given)}
    for name, column in sorted(readers.items()):
        line = policy.front.line_of("then") if before else table.line
        fact = book.facts.get(column)
        by = f" (for `{column}`, {fact.file}:{fact.line})" if fact else ""
        message = f"`{table.code}` reads the output `{name}`{by}, "
        message += f"which no table before it in the chain of `{policy.code}` gives"
        notes.error("chain", policy.file, line, message, "put the table that gives it before this one in `then:`")
    return not readers


def _check_empty(book: Book, before: DecisionTable, table: DecisionTable, others: set[str], notes: Notes) -> None:
    """Proves `table` again for every rule of `before` that leaves empty what it reads."""
    day = book.policies[before.policy].valid_from or date(2000, 1, 1)
    try:
        giving = book.compiled(before.policy, before.name, day, book.currency)
        reading = book.compiled(table.policy, table.name, day, book.currency)
    except EngineError:
        return  # told already where the table itself was proved
    for row, empty, outputs in _empty_rows(book, giving, reading, others):
        columns = [_fixed(book, column, empty, outputs) for column in reading.columns]
        try:
            done = sweep(reading, Budget(STEPS), columns)
        except OverBudget:
            return
        bad = frozenset(filter(Verdicts(reading).is_gap, done.ends))
        for region, _ in regions(done, bad, 1):
            message = (
                f"after rule {before.rows[row].ref.id}, which leaves {' and '.join(f'`{n}`' for n in sorted(empty))} "
            )
            message += f"empty, `{table.code}` has no rule {where(region, reading.columns)}"
            ref = before.rows[row].ref
            notes.error(
                "chain.gap", ref.file, ref.line, message, f"fill it here, or add a row with `-` in {table.file}"
            )


def _empty_rows(
    book: Book, giving: CompiledTable, reading: CompiledTable, others: set[str]
) -> Iterator[tuple[int, set[str], Mapping[str, Any]]]:
    """Rules that leave empty an output which the next table reads and no other table gives."""
    read = {name for column in reading.columns for name in _needs(book, column.name)} - others
    if giving.table.hit == "C":
        return
    for row, outputs in enumerate(giving.outputs):
        empty = {name for name in giving.table.outputs if name in read and name not in outputs}
        if empty:
            yield row, empty, outputs


def _fixed(book: Book, column: Column, empty: set[str], outputs: Mapping[str, Any]) -> Column:
    """The column as that rule leaves it: empty passes only `-`, an output it gives has one value."""
    if _needs(book, column.name) & empty:
        return Column(column.name, column.subject, [Cell(None, column.dash, True)], column.dash)
    if column.name in outputs:
        value = outputs[column.name]
        return Column(column.name, column.subject, [Cell(value, column.look_up(value), True)], column.dash)
    return column
