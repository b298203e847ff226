"""Cases of a CSV file put into a SQLite database of their own, gone when the replay ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from goodword.engine.errors import FactError
from goodword.engine.replay import Options, only_policy
from goodword.engine.replay.cases import Case, CaseFile, is_json, open_cases
from goodword.engine.replay.needed import inputs_from_outputs, refuse_missing
from goodword.engine.replay.results import BadLine
from goodword.engine.replay.sql.databases import Database, Sqlite
from goodword.engine.replay.tally import MOST_BAD

if TYPE_CHECKING:
    from goodword.engine.book import Book

MANY = 5_000  # cases written at once


def loaded(path: str, books: Sequence[Book], options: Options) -> tuple[Database, tuple[BadLine, ...]]:
    """A temporary SQLite database with the cases as the table `cases`, and the lines that could not be read.

    Room on disk grows with the file, in memory it does not. Raises FactError as reading in process does.
    """
    source = open_cases(path, books)
    if is_json(source.path):
        raise FactError("JSON lines are replayed in process; --sql reads CSV files and databases")
    policy = options.policy or only_policy(books[-1])
    if not policy:
        raise FactError(f"{path}: which policy are these cases about? Name it (--policy), like returns")
    source.inputs = inputs_from_outputs(books, policy)
    source.then = tuple(name for name in source.then or () if name not in source.inputs)
    refuse_missing(source, books, policy, options)
    names = [name for name in source.columns if name in source.inputs or any(name in book.facts for book in books)]
    connection = sqlite3.connect("")  # a file of its own that SQLite throws away
    database = Sqlite(connection)
    columns = ", ".join(map(database.dialect.identifier, ("id", "currency", *names)))
    connection.execute(f"CREATE TABLE cases ({columns})")
    bad: list[BadLine] = []
    rows = _rows(source, names, bad, policy, options)
    marks = ", ".join("?" * (len(names) + 2))
    while some := list(islice(rows, MANY)):
        connection.executemany(f"INSERT INTO cases VALUES ({marks})", some)
    connection.commit()
    return database, tuple(bad)


def _rows(
    source: CaseFile, names: Sequence[str], bad: list[BadLine], policy: str, options: Options
) -> Iterator[list[Any]]:
    for number, case in enumerate(source, start=1):
        if isinstance(case, BadLine):
            bad.append(case if len(bad) < MOST_BAD else BadLine(case.line, ""))
        elif case.policy in ("", policy):
            yield _row(case, names)
        if options.progress and number % MANY == 0:
            options.progress(number)


def _row(case: Case, names: Sequence[str]) -> list[Any]:
    facts = {name: value for known in case.facts for name, value in known.items()}
    return [case.key, case.currency or None, *(_stored(facts.get(name)) for name in names)]


def _stored(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
