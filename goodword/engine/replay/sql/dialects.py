"""How each database writes what a decision needs: names, values, days, whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Dialect:
    """One database's way of writing. The functions take and give pieces of SQL."""

    name: str
    quote: str
    divide: Callable[[str, int], str]  # a multiple of a whole number by that number
    days_between: Callable[[str, str], str]
    add_days: Callable[[str, str], str]
    day: Callable[[str], str]  # a stored day, as something that days compare with
    day_literal: str  # how a day is written, {} being 2026-12-24
    keep: str  # how a subquery is said to be worked out once: AS MATERIALIZED, or nothing

    def identifier(self, name: str) -> str:
        """A column's or table's name, quoted: nothing in it can end it."""
        if "\0" in name or not name:
            raise ValueError("a column needs a name without a zero byte")
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"

    def table(self, name: str) -> str:
        """A table's name, perhaps with its schema."""
        return ".".join(self.identifier(part) for part in name.split("."))

    def literal(self, value: Any) -> str:
        """A value of a fact or output. Text is quoted so that nothing in it can end it."""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, Decimal):
            return format(value, "f")
        if isinstance(value, date):
            return self.day_literal.format(value.isoformat())
        return self._text(str(value))

    def _text(self, text: str) -> str:
        if "\0" in text:
            raise ValueError("a text with a zero byte cannot be written in SQL")
        if self.name == "spark":  # Spark reads backslashes in quotes as escapes
            text = text.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{text}'"
        return "'" + text.replace("'", "''") + "'"


SQLITE = Dialect(
    "sqlite",
    '"',
    lambda number, by: f"({number}) / {by}",
    lambda start, end: f"CAST(julianday({end}) - julianday({start}) AS INTEGER)",
    lambda day, count: f"date({day}, ({count}) || ' days')",
    lambda column: column,
    "'{}'",
    "AS MATERIALIZED",
)
POSTGRESQL = Dialect(
    "postgresql",
    '"',
    lambda number, by: f"({number}) / {by}",
    lambda start, end: f"({end} - {start})",
    lambda day, count: f"({day} + CAST({count} AS INTEGER))",
    lambda column: f"CAST({column} AS DATE)",
    "DATE '{}'",
    "AS MATERIALIZED",
)
DUCKDB = Dialect(
    "duckdb",
    '"',
    lambda number, by: f"({number}) // {by}",
    lambda start, end: f"date_diff('day', {start}, {end})",
    lambda day, count: f"({day} + CAST({count} AS INTEGER))",
    lambda column: f"CAST({column} AS DATE)",
    "DATE '{}'",
    "AS MATERIALIZED",
)
SPARK = Dialect(
    "spark",
    "`",
    lambda number, by: f"(({number}) div {by})",
    lambda start, end: f"datediff({end}, {start})",
    lambda day, count: f"date_add({day}, CAST({count} AS INT))",
    lambda column: f"CAST({column} AS DATE)",
    "DATE '{}'",
    "AS",
)
DIALECTS = {dialect.name: dialect for dialect in (SQLITE, POSTGRESQL, DUCKDB, SPARK)}
