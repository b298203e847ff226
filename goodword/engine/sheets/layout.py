"""Where things stand in the workbook; shared by writing and reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from goodword.engine.book import Book
from goodword.engine.table_text import TableText

ANCHOR_ROW, LABEL_ROW, HEADING_ROW = 1, 3, 4  # the clause, the columns in words, the columns by name; then the rules
PARAMETERS = "Parameters"
PARAMETER_COLUMNS = ("parameter", "name", "from", "value", "currency", "source")
TITLE_LENGTH = 31  # what spreadsheets allow


@dataclass(frozen=True, slots=True)
class Place:
    """One table of the book: its clause, its number among the clause's tables, and its text."""

    anchor: str
    number: int
    table: TableText

    @property
    def key(self) -> str:
        """What the sheet's first cell says: `returns#hygiene`, or `returns#hygiene 2` for a clause's second table."""
        return self.anchor if self.number == 1 else f"{self.anchor} {self.number}"


def tables_of(book: Book) -> Iterator[Place]:
    """Every table as it is written, in the order of the handbook."""
    for policy in sorted(book.policies.values(), key=lambda policy: (policy.order, policy.code)):
        for clause in policy.clauses.values():
            for number, table in enumerate(next(iter(clause.texts.values())).tables, start=1):
                yield Place(clause.anchor, number, table)


def sheet_title(key: str, taken: set[str]) -> str:
    """A title of at most 31 characters that no other sheet has."""
    plain = re.sub(r"[\[\]:*?/\\# ]", ".", key)
    title, count = plain[:TITLE_LENGTH], 1
    while title.lower() in taken:
        count += 1
        title = f"{plain[: TITLE_LENGTH - 1 - len(str(count))]}~{count}"
    taken.add(title.lower())
    return title
