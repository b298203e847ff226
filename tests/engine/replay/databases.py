"""The databases that tests put cases into."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from goodword.engine.replay.sql import Duckdb, Postgresql, Sqlite
from goodword.engine.replay.sql.databases import Database

PLACES = ("sqlite", "postgresql", "duckdb")
TYPES = {
    "sqlite": {bool: "INTEGER", int: "INTEGER", date: "TEXT", str: "TEXT", Decimal: "NUMERIC"},
    "postgresql": {bool: "BOOLEAN", int: "BIGINT", date: "DATE", str: "TEXT", Decimal: "NUMERIC"},
    "duckdb": {bool: "BOOLEAN", int: "BIGINT", date: "DATE", str: "VARCHAR", Decimal: "DECIMAL(18, 4)"},
}


@contextmanager
def opened(place: str) -> Iterator[Any]:
    """A connection to an empty database of this kind; the test is skipped, with the reason, where there is none."""
    if place == "sqlite":
        connection: Any = sqlite3.connect(":memory:")
    elif place == "duckdb":
        connection = pytest.importorskip("duckdb", reason="the extra [duckdb] is not installed").connect()
    else:
        psycopg = pytest.importorskip("psycopg", reason="the extra [postgres] is not installed")
        try:
            address = os.environ.get("GOODWORD_REPLAY_POSTGRESQL", "postgresql://root@/postgres")
            connection = psycopg.connect(address, prepare_threshold=None)  # the table is made anew with other columns
        except psycopg.OperationalError as error:
            pytest.skip(f"no PostgreSQL is running here: {error}")
    try:
        yield connection
    finally:
        connection.close()


def wrapped(place: str, connection: Any) -> Database:
    """The connection as the engine knows it."""
    return {"sqlite": Sqlite, "postgresql": Postgresql, "duckdb": Duckdb}[place](connection)


def fill(place: str, connection: Any, columns: dict[str, type], rows: Sequence[dict[str, Any]]) -> None:
    """Makes the table `cases` anew, with an `id` that counts from 0; what a row lacks is NULL."""
    cursor = connection if place == "duckdb" else connection.cursor()  # DuckDB's cursors see no temporary tables
    cursor.execute("DROP TABLE IF EXISTS cases")
    declared = ", ".join(f'"{name}" {TYPES[place][kind]}' for name, kind in columns.items())
    cursor.execute(f"CREATE TEMPORARY TABLE cases (id INTEGER, {declared})")
    mark = "%s" if place == "postgresql" else "?"
    marks = ", ".join([mark] * (len(columns) + 1))
    values = [[number, *(_stored(place, row.get(name)) for name in columns)] for number, row in enumerate(rows)]
    if values:
        cursor.executemany(f"INSERT INTO cases VALUES ({marks})", values)


def _stored(place: str, value: Any) -> Any:
    if place == "sqlite" and isinstance(value, date):
        return value.isoformat()
    if place == "sqlite" and isinstance(value, Decimal):
        return float(value)
    return value
