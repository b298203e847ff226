"""The spans of days, and the currencies, in which a table says one thing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from goodword.engine.parameters import Parameter
from goodword.engine.tables import DecisionTable

if TYPE_CHECKING:
    from goodword.engine.book import Book


def first_day(book: Book, table: DecisionTable) -> date:
    """The day from which a table's policy holds."""
    return book.policies[table.policy].valid_from or date(2000, 1, 1)


def versions(book: Book, table: DecisionTable, since: date | None = None) -> Iterator[tuple[date, str]]:
    """A day in every span in which the table's parameters differ, and the currencies all of them know.

    `since` is another day on which something changes.
    """
    used = list(_used_parameters(book, table))
    first = first_day(book, table)
    changes = sorted(
        {dated.since for parameter in used for dated in parameter.values if dated.since} | ({since} if since else set())
    )
    days = [first, *(day for day in changes if day > first)]
    known = [set(dated.value) for parameter in used if parameter.kind == "money" for dated in parameter.values]
    shared = set.intersection(*known) if known else {book.currency}
    for currency in sorted(shared) or [book.currency]:
        for day in days:
            yield day, currency


def _used_parameters(book: Book, table: DecisionTable) -> Iterator[Parameter]:
    for name in sorted(table.names_used()):
        if name in book.parameters:
            yield book.parameters[name]
