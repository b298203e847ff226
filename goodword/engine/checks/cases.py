"""Cases that do not hold."""

from __future__ import annotations

from collections.abc import Sequence

from goodword.engine.book import Book
from goodword.engine.cases import Case, check_case
from goodword.engine.findings import Notes


def check_cases(book: Book, cases: Sequence[Case], notes: Notes) -> None:
    """Decides every case and notes those that come out otherwise than they say."""
    for case in cases:
        wrong = check_case(book, case)
        if wrong:
            notes.error("case", case.file, case.line, f"“{case.says}”: {wrong}", "mend the case or the rule")
