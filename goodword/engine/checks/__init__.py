"""`check`: everything wrong with a book, with file and line and what to do. It never raises for bad content."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from goodword.engine.book import SHARED_FILES, Book, assemble, read_files
from goodword.engine.cases import read_cases
from goodword.engine.checks.cases import check_cases
from goodword.engine.checks.chains import check_chains
from goodword.engine.checks.duties import check_duties
from goodword.engine.checks.floors import check_floors
from goodword.engine.checks.promises import check_promises
from goodword.engine.checks.proof import check_tables
from goodword.engine.checks.prose import check_prose
from goodword.engine.checks.protected import check_protected
from goodword.engine.checks.standards import check_standards
from goodword.engine.checks.translations import check_translations
from goodword.engine.errors import BookError
from goodword.engine.findings import Finding, Notes


def check(book: str | Path | Mapping[str, str], today: date | None = None) -> list[Finding]:
    """Every finding about a book (a folder, or texts by file name), sorted by file and line.

    `today` decides whether a review is overdue; the machine's date if it is not given.
    """
    notes = Notes()
    try:
        files = book if isinstance(book, Mapping) else read_files(book)
    except BookError as error:
        return error.findings
    read = assemble(files, notes)
    broken = {finding.file for finding in notes.errors}
    if any(finding.code in ("yaml", "file") and finding.file in SHARED_FILES for finding in notes.errors):
        return notes.sorted()
    cases = read_cases(read, notes)
    check_translations(read, notes)
    check_prose(read, notes)
    check_promises(read, notes)
    check_duties(read, cases, today or datetime.now(UTC).date(), notes)
    if not broken & SHARED_FILES:
        sound = {policy.code for policy in read.policies.values() if policy.file not in broken}
        check_tables(read, sound, notes)
        check_chains(read, sound, notes)
        check_floors(read, sound, notes)
        check_standards(read, sound, notes)
        check_protected(read, notes)
        check_cases(read, [case for case in cases if _reach(read, case.policy) <= sound], notes)
    return notes.sorted()


def _reach(book: Book, policy: str) -> set[str]:
    """The policies that take part in deciding by a policy."""
    code, _, decision = policy.partition("/")
    links = () if decision else book.policies[code].then
    return {code, *(link.partition("/")[0] for link in links if "/" in link)}
