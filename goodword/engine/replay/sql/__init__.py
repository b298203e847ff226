"""Replaying inside the database where the cases lie: one SQL CASE for each version, and only sums come back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from goodword.engine.errors import FactError, NotFound
from goodword.engine.replay import Options, only_policy
from goodword.engine.replay.cases import KEYS
from goodword.engine.replay.needed import inputs_from_outputs, lacking
from goodword.engine.replay.results import BadLine, ChangedCase, Replayed, Result, Sum
from goodword.engine.replay.sql.databases import Database, Duckdb, Postgresql, Spark, Sqlite, connect
from goodword.engine.replay.sql.formulas import NotInSql
from goodword.engine.replay.sql.statement import Case, Compiler, unreadable
from goodword.engine.replay.tally import MOST_BAD
from goodword.engine.replay.version import When
from goodword.engine.vocabulary import reads

if TYPE_CHECKING:
    from goodword.engine.book import Book

FEW_VALUES = 12  # of a fact, that changed cases are told apart by


@dataclass(frozen=True, slots=True)
class Statement:
    """Two versions over one table. `each` selects every case with the numbers of its two results and their amounts."""

    each: str
    before: Case
    after: Case
    names: tuple[str, ...]
    key: str
    few: tuple[str, ...]
    bad: str
    currency: str


def statement(database: Database, table: str, books: Sequence[Book], options: Options) -> Statement:
    """The SQL for a replay. Raises NotInSql for what SQL cannot say, FactError for a column that the table lacks."""
    book, dialect = books[-1], database.dialect
    policy = options.policy or only_policy(book)
    if not policy:
        raise NotFound("which policy are these cases about? Name it (--policy), like returns")
    names = database.columns(table)
    _refuse_missing(table, names, books, policy, options)
    today = options.today or datetime.now(ZoneInfo(book.time_zone)).date()
    used = _used(books, policy, names)
    never_empty, currencies = _looked_at(database, table, used, "currency" in names and "currency" not in book.facts)
    compiler = Compiler(dialect, frozenset(used), When(today, options.on), options.role, never_empty, currencies)
    before, after = compiler.case(books[0], policy), compiler.case(book, policy)
    return _statement(database, table, names, books, compiler, (before, after))


def _refuse_missing(table: str, columns: Sequence[str], books: Sequence[Book], policy: str, options: Options) -> None:
    for book in books:
        missing = lacking(book, policy, set(columns), options)
        if missing and not options.allow_missing:
            name, place = next(iter(missing.items()))
            raise FactError(
                f"the table `{table}` has no column `{name}`, which {place}. Add it, or say --allow-missing: then it "
                "is unknown in every case"
            )


def _used(books: Sequence[Book], policy: str, columns: Sequence[str]) -> list[str]:
    """The columns that some version reads."""
    inputs = inputs_from_outputs(books, policy)
    return [name for name in columns if name in inputs or any(name in book.facts for book in books)]


def _looked_at(
    database: Database, table: str, used: Sequence[str], with_currency: bool
) -> tuple[frozenset[str], list[str]]:
    """The columns without an empty cell, and the currencies there are: one look at the table makes the SQL shorter."""
    dialect = database.dialect
    counts = ", ".join(f"COUNT({dialect.identifier(name)})" for name in used) or "0"
    (row,) = database.rows(f"SELECT COUNT(*), {counts} FROM {dialect.table(table)}")
    never_empty = frozenset(name for name, number in zip(used, row[1:], strict=False) if number == row[0])
    if not with_currency:
        return never_empty, []
    column = dialect.identifier("currency")
    found = database.rows(f"SELECT DISTINCT {column} FROM {dialect.table(table)} WHERE {column} IS NOT NULL")
    return never_empty, sorted(str(each[0]) for each in found)


def _statement(
    database: Database, table: str, columns: Sequence[str], books: Sequence[Book], compiler: Compiler,
    cases: tuple[Case, Case],
) -> Statement:  # fmt: skip
    dialect, (before, after) = database.dialect, cases
    names = tuple(dict.fromkeys([*before.amounts, *after.amounts]))
    key = next((name for name in KEYS if name in columns and name not in books[-1].facts), "")
    few = tuple(
        name for name in compiler.columns
        if name in books[-1].facts and _has_few(books[-1], name)
    )  # fmt: skip
    currency = f"COALESCE(c.{dialect.identifier('currency')}, {dialect.literal(books[-1].currency)})"
    if not compiler.currencies:
        currency = dialect.literal(books[-1].currency)
    bad = unreadable(books, sorted(compiler.columns), dialect)
    kept = sorted({*few, *([key] if key else []), *_amount_columns(books, compiler, names)})
    selected = [f"c.{dialect.identifier(name)}" for name in kept]
    selected += [f"{currency} AS goodword_currency", f"({before.text}) AS goodword_a", f"({after.text}) AS goodword_b"]
    where = f" WHERE ({bad}) IS NOT TRUE" if bad else ""
    each = f"SELECT {', '.join(selected)} FROM {dialect.table(table)} AS c{where}"
    return Statement(each, before, after, names, key, few, bad, currency)


def _has_few(book: Book, name: str) -> bool:
    fact = book.facts[name]
    return fact.kind == "yes/no" or 0 < len(fact.values) <= FEW_VALUES


def _amount_columns(books: Sequence[Book], compiler: Compiler, names: Sequence[str]) -> set[str]:
    """The columns that the amounts are worked out from."""
    read = {code for book in books for name in names for code in {name, *reads(name, book.vocabulary)}}
    return {code for code in read if code in compiler.columns}


def replay_sql(
    database: Database, table: str, books: Sequence[Book], options: Options | None = None,
    *, unread: Sequence[BadLine] = (),
) -> Replayed:  # fmt: skip
    """Replays the cases of a table by two versions (or one beside itself) inside its database. Writes nothing.

    Columns are named as facts; an empty cell (NULL) is unknown. `unread` are lines that could not be put into it.
    Raises NotInSql for what has to be replayed in process.
    """
    options = options or Options()
    began = time.perf_counter()
    made = statement(database, table, books, options)
    dialect = database.dialect
    judged = f"WITH judged {dialect.keep} ({made.each})"
    grouped = "GROUP BY goodword_currency, goodword_a, goodword_b"
    added = _Added(made)
    for row in database.rows(f"{judged} SELECT {', '.join(_sums(made))} FROM judged AS c {grouped}"):
        added.add(row)
    bad = 0
    if made.bad:
        ((bad,),) = database.rows(f"SELECT COUNT(*) FROM {dialect.table(table)} AS c WHERE {made.bad}")
    changes = tuple(_changes(database, made, options)) if added.changed and options.shown else ()
    touched = _touched(database, made) if added.changed and made.few else {}
    notes = ("replayed inside the database; which facts are lacking is told by a replay in process",)
    return Replayed(
        added.cases, int(bad) + len(unread), dict(added.matrix.most_common()), added.changed, added.sums, changes,
        touched, {}, added.amounts_unknown, None, tuple(unread[:MOST_BAD]), notes, time.perf_counter() - began,
    )  # fmt: skip


def _sums(made: Statement) -> Iterator[str]:
    yield from ("goodword_currency", "goodword_a", "goodword_b", "COUNT(*)")
    for case, number in ((made.before, "goodword_a"), (made.after, "goodword_b")):
        for name in made.names:
            amount = case.amounts.get(name, "0").replace("{}", number)
            yield f"SUM({amount})"
            yield f"COUNT({amount})"


class _Added:
    """The sums of all groups."""

    def __init__(self, made: Statement) -> None:
        self.made, self.cases, self.changed, self.amounts_unknown = made, 0, 0, 0
        self.matrix: Counter[tuple[str, str]] = Counter()
        self._sums: dict[str, list[int]] = {}

    def add(self, row: Sequence[Any]) -> None:
        """Adds the sums of the cases with one pair of results."""
        currency, a, b, number, *amounts = row
        results = self.made.after.numbers.results
        before, after = results[int(a)], results[int(b)]
        self.cases += number
        self.matrix[before.label, after.label] += number
        self.changed += number if before is not after else 0
        sums = self._sums.setdefault(str(currency), [0] * (2 * len(self.made.names)))
        lacking = 0
        for place, (total, known) in enumerate(zip(amounts[::2], amounts[1::2], strict=True)):
            sums[place] += int(total or 0)
            result = before if place < len(self.made.names) else after
            lacking = max(lacking, number - known if result.decided else 0)
        self.amounts_unknown += lacking

    @property
    def sums(self) -> tuple[Sum, ...]:
        """The amounts by currency."""
        names = self.made.names
        return tuple(
            Sum(currency, name, found[place], found[len(names) + place])
            for currency, found in sorted(self._sums.items()) for place, name in enumerate(names)
        )  # fmt: skip


def _changes(database: Database, made: Statement, options: Options) -> Iterator[ChangedCase]:
    dialect = database.dialect
    key = dialect.identifier(made.key) if made.key else "NULL"
    query = f"SELECT {key}, goodword_a, goodword_b FROM ({made.each}) AS j WHERE goodword_a <> goodword_b"
    ordered = f"{query} ORDER BY {key}" if made.key else query
    results = made.after.numbers.results
    for place, (case, a, b) in enumerate(database.rows(f"{ordered} LIMIT {int(options.shown)}"), start=1):
        before, after = results[int(a)], results[int(b)]
        yield ChangedCase(place, str(case or place), options.policy, before, after, _differs(before, after))


def _differs(before: Result, after: Result) -> tuple[str, ...]:
    names = sorted({*before.outputs, *after.outputs})
    return tuple(name for name in names if before.outputs.get(name) != after.outputs.get(name)) or ("outcome",)


def _touched(database: Database, made: Statement) -> dict[str, dict[str, int]]:
    """Changed cases by the values of facts with few of them."""
    listed = ", ".join(database.dialect.identifier(name) for name in made.few)
    query = f"SELECT {listed}, COUNT(*) FROM ({made.each}) AS j WHERE goodword_a <> goodword_b GROUP BY {listed}"
    found: dict[str, Counter[str]] = {}
    for *values, number in database.rows(query):
        for name, value in zip(made.few, values, strict=True):
            if value is not None:
                word = ("yes" if value else "no") if isinstance(value, bool | int) else str(value)
                found.setdefault(name, Counter())[word] += number
    return {name: dict(counts.most_common()) for name, counts in found.items()}


__all__ = [
    "Duckdb",
    "NotInSql",
    "Postgresql",
    "Spark",
    "Sqlite",
    "Statement",
    "connect",
    "replay_sql",
    "statement",
]  # fmt: skip
