"""Where cases lie: SQLite, PostgreSQL, DuckDB (Parquet files, too) and Spark. Each is imported only when used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from goodword.engine.errors import FactError
from goodword.engine.replay.sql.dialects import DUCKDB, POSTGRESQL, SPARK, SQLITE, Dialect

Row = Sequence[Any]


class Database(Protocol):
    """A connection that questions are put to. Nothing is ever written through it."""

    dialect: Dialect

    def rows(self, query: str) -> Iterable[Row]:
        """The rows that a query gives."""
        ...

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns. Raises FactError if there is no such table."""
        ...


class _Connected:
    """What connections by Python's own interface for databases have in common."""

    dialect: Dialect

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def cursor(self) -> Any:
        """What runs queries."""
        return self.connection.cursor()

    def rows(self, query: str) -> Iterable[Row]:
        """The rows that a query gives."""
        cursor = self.cursor()
        try:
            cursor.execute(query)
        except Exception as error:  # every database has its own kind
            raise _refused(error) from None
        while found := cursor.fetchmany(10_000):
            yield from found

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns. Raises FactError if there is no such table."""
        cursor = self.cursor()
        try:
            cursor.execute(f"SELECT * FROM {self.dialect.table(table)} LIMIT 0")
        except Exception as error:
            raise FactError(f"cannot read the table `{table}`: {str(error).splitlines()[0]}") from None
        return [column[0] for column in cursor.description]


class Sqlite(_Connected):
    """An open SQLite connection. Yes/no facts are 1 and 0, days are text like 2026-12-24."""

    dialect = SQLITE


class Postgresql(_Connected):
    """An open psycopg connection. Yes/no facts are boolean, days are date."""

    dialect = POSTGRESQL


class Duckdb(_Connected):
    """An open DuckDB connection (extra `[duckdb]`)."""

    dialect = DUCKDB

    def cursor(self) -> Any:
        """The connection itself: a cursor of DuckDB's is another connection, which sees no temporary tables."""
        return self.connection


class Spark:
    """A Spark session (extra `[spark]`); the table is one it knows, or a temporary view."""

    dialect = SPARK

    def __init__(self, session: Any) -> None:
        self.session = session

    def rows(self, query: str) -> Iterable[Row]:
        """The rows that a query gives."""
        try:
            return [tuple(row) for row in self.session.sql(query).toLocalIterator()]
        except Exception as error:
            raise _refused(error) from None

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns. Raises FactError if there is no such table."""
        try:
            return list(self.session.table(table).columns)
        except Exception as error:
            raise FactError(f"cannot read the table `{table}`: {str(error).splitlines()[0]}") from None


def _refused(error: Exception) -> FactError:
    told = str(error).strip().splitlines()
    return FactError(
        f"the database cannot answer: {told[0] if told else type(error).__name__}. Are yes/no facts stored as boolean "
        "(in SQLite 1 and 0), days as date (in SQLite text like 2026-12-24), amounts as whole numbers?"
    )


def connect(place: str) -> Database | None:
    """The database that a place names: postgresql://…, a SQLite file (.db, .sqlite), Parquet files, a DuckDB file.

    None for anything else, such as a CSV file. Parquet files are the table `cases`. Nothing is created: a file that is
    not there is a FactError.
    """
    suffix = Path(place).suffix.lower()
    if place.startswith(("postgresql://", "postgres://")):
        return _postgresql(place)
    if suffix in (".db", ".sqlite", ".sqlite3"):
        if not Path(place).is_file():
            raise FactError(f"there is no database {place}")
        return Sqlite(sqlite3.connect(f"{Path(place).absolute().as_uri()}?mode=ro", uri=True))
    if suffix in (".parquet", ".duckdb"):
        return _duckdb(place, suffix)
    return None


def _postgresql(place: str) -> Database:
    try:
        import psycopg
    except ImportError:
        raise FactError("PostgreSQL needs psycopg: pip install 'goodword[postgres]'") from None
    try:
        return Postgresql(psycopg.connect(place, options="-c default_transaction_read_only=on"))
    except psycopg.Error as error:
        raise FactError(f"cannot connect to PostgreSQL: {str(error).splitlines()[0]}") from None


def _duckdb(place: str, suffix: str) -> Database:
    try:
        import duckdb
    except ImportError:
        raise FactError("Parquet files are read by DuckDB: pip install 'goodword[duckdb]'") from None
    try:
        if suffix == ".duckdb":
            return Duckdb(duckdb.connect(place, read_only=True))
        connection = duckdb.connect()
        files = DUCKDB.literal(place)
        connection.execute(f"CREATE VIEW cases AS SELECT * FROM read_parquet({files})")
    except duckdb.Error as error:
        raise FactError(f"cannot read {place}: {str(error).splitlines()[0]}") from None
    return Duckdb(connection)
