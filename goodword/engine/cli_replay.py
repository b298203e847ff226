"""`goodword replay`: past cases decided again, and what would have come out differently."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goodword.engine.book import Book, read_book
from goodword.engine.cli import day_argument
from goodword.engine.cli_compare import trouble
from goodword.engine.errors import EngineError, FactError

if TYPE_CHECKING:
    from goodword.engine.replay import BadLine, ChangedCase, Options, Replayed

WORDS = (
    "Decide past cases again and say who would have got what else: how many change, from what to what, and what it "
    "would have cost. With one book: beside what was decided then. With --against: beside another version."
)
EPILOG = (
    "Cases are a CSV file with a heading of fact names, JSON lines, a SQLite file, Parquet files or the address of a "
    "PostgreSQL database. A line that cannot be read is named and the rest goes on; a case that lacks a fact is "
    "counted as not decidable, never guessed. Exit codes, as of diff: 0 every case comes out alike, 1 some do not, 2 "
    "it could not be done."
)


def add(commands: Any) -> None:
    """Adds the command's parser."""
    command = commands.add_parser("replay", help=WORDS, description=WORDS, epilog=EPILOG)
    command.add_argument("book", help="the folder of the book")
    command.add_argument("--cases", metavar="CASES", help="where the cases are, like cases.csv")
    command.add_argument("--desk", action="store_true", help="take the decisions of this desk (GOODWORD_DATA)")
    command.add_argument("--against", metavar="BOOK_B", help="the folder of a version to try: BOOK before, this after")
    command.add_argument("--policy", default="", help="what the cases are about, like returns, if they do not say so")
    command.add_argument("--on", type=day_argument, metavar="DATE", help="as if all fell on this day; else their own")
    command.add_argument("--role", help="the role of whoever decides, if the cases do not say so")
    command.add_argument("--allow-missing", action="store_true", help="count a column that is not there as unknown")
    command.add_argument("--sql", action="store_true", help="decide inside a database by one SQL CASE; same answers")
    command.add_argument("--table", default="cases", help="the table with the cases, in a database (cases)")
    command.add_argument("--print-sql", action="store_true", help="print the SQL that decides each case, and stop")
    command.add_argument("--show", type=int, default=10, metavar="N", help="how many changed cases to list (10)")
    command.add_argument("--changed", metavar="FILE", help="write every changed case to this CSV file")
    command.add_argument("--json", action="store_true", help="print everything as JSON, for programs")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Replays and prints; 1 if a case comes out differently."""
    try:
        if not options.cases:
            raise FactError("where are the cases? Name a file or a database: --cases cases.csv")
        books = books_of(options)
        return told(_replay(options, books), books, options)
    except EngineError as error:
        return trouble(error, as_json=options.json)


def books_of(options: argparse.Namespace) -> list[Book]:
    """The versions named: one, or before and after."""
    return [read_book(folder) for folder in (options.book, options.against) if folder]


def told(found: Replayed | None, books: list[Book], options: argparse.Namespace) -> int:
    """Prints what was found; the exit code."""
    if found is None:
        return 0
    if options.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        from goodword.engine.cli_replay_output import print_replayed

        print_replayed(found, books[-1], beside="" if options.against else "then")
    return 1 if found.changed else 0


def _replay(options: argparse.Namespace, books: list[Book]) -> Replayed | None:
    from goodword.engine.replay import open_cases, replay
    from goodword.engine.replay.sql.databases import connect

    database = connect(options.cases)
    if database is not None or options.sql or options.print_sql:
        return _in_database(options, books, database)
    cases = open_cases(options.cases, books)
    with asked(options, cases.size, lambda: cases.read()) as made:
        return replay(cases, books, made)


def _in_database(options: argparse.Namespace, books: list[Book], database: Any) -> Replayed | None:
    from goodword.engine.replay.sql import replay_sql, statement
    from goodword.engine.replay.sql.loading import loaded

    if options.changed:
        raise FactError("--changed writes what is replayed in process; leave out --sql")
    if not options.against:
        raise FactError("inside a database two versions are set side by side: name the other one (--against BOOK_B)")
    with asked(options, 0, None) as made:
        bad: Sequence[BadLine] = ()
        if database is None:
            database, bad = loaded(options.cases, books, made)
        if options.print_sql:
            print(statement(database, options.table, books, made).each)
            return None
        return replay_sql(database, options.table, books, made, unread=bad)


@contextmanager
def asked(options: argparse.Namespace, size: int, read: Callable[[], int] | None) -> Iterator[Options]:
    """The options of a replay, with a progress bar where somebody watches and the file of changes if one is named."""
    from goodword.engine.replay import Options

    with _changes_file(options.changed) as each_change, _bar(options, size, read) as progress:
        yield Options(
            options.policy, options.on, None, options.role, max(options.show, 0), options.allow_missing, progress,
            each_change,
        )  # fmt: skip


@contextmanager
def _changes_file(path: str | None) -> Iterator[Callable[[ChangedCase], None] | None]:
    if not path:
        yield None
        return
    try:
        file = Path(path).open("w", encoding="utf-8", newline="")  # noqa: SIM115  # closed below
    except OSError as error:
        raise FactError(f"cannot write {path}: {error.strerror}") from None
    with file:
        writer = csv.writer(file)
        writer.writerow(["line", "case", "policy", "before", "after", "differs"])

        def write(change: ChangedCase) -> None:
            differs = " ".join(change.differs)
            row = [change.place, change.key, change.policy, change.before.label, change.after.label, differs]
            writer.writerow([_harmless(cell) for cell in row])

        yield write


def _harmless(cell: Any) -> Any:
    # A spreadsheet takes a cell that begins like this for a formula; keys come from outside.
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


@contextmanager
def _bar(
    options: argparse.Namespace, size: int, read: Callable[[], int] | None
) -> Iterator[Callable[[int], None] | None]:
    if options.json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    text = TextColumn("{task.description}")
    columns = (SpinnerColumn(), text, BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("0 cases", total=size or None)
        yield lambda done: bar.update(task, completed=read() if read else done, description=f"{done:,} cases")
