"""Protected facts may steer routing and wording, never what a customer gets."""

from __future__ import annotations

from collections.abc import Mapping

from goodword.engine.book import Book
from goodword.engine.findings import Notes
from goodword.engine.policy import Clause
from goodword.engine.tables import DecisionTable
from goodword.engine.vocabulary import SAFE_PURPOSES, reads

SAFE_OUTPUTS = frozenset({"department", "queue", "skill", "language", "say", "greeting", "inbox"})


def check_protected(book: Book, notes: Notes) -> None:
    """Notes every table in which a protected fact (or what comes of one) decides more than it may."""
    tainted: dict[str, set[str]] = {}
    tables = [table for policy in book.policies.values() for table in policy.decisions.values()]
    for _ in tables:  # an output may carry a protected fact on through as many tables as there are
        for table in tables:
            facts = {fact for name in table.columns for fact in _protected(book, name, tainted)}
            for output in table.outputs if facts else ():
                tainted.setdefault(output, set()).update(facts)
    for table in tables:
        for name in table.columns:
            for fact in _protected(book, name, tainted):
                _check_use(book, table, name, fact, notes)


def _protected(book: Book, name: str, tainted: Mapping[str, set[str]]) -> list[str]:
    """The protected facts that a column is about, is derived from, or has got from an earlier table's output."""
    sources = [name, *sorted(reads(name, book.vocabulary))]
    own = [code for code in sources if code in book.facts and book.facts[code].protected]
    carried = sorted({fact for code in sources for fact in tainted.get(code, ())})
    return list(dict.fromkeys([*own, *carried]))


def _check_use(book: Book, table: DecisionTable, column: str, fact: str, notes: Notes) -> None:
    allowed = book.facts[fact].may_use
    decides = [name for name in table.outputs if not _is_safe(book, name)]
    for clause in _clauses(book, table, column):
        permitted = bool(allowed or set(clause.may_use) & set(SAFE_PURPOSES))
        through = f" (through `{column}`)" if column != fact else ""
        if not permitted:
            notes.error(
                "protected",
                clause.file,
                clause.line,
                f"`{table.code}` uses the protected fact `{fact}`{through}",
                f"only with `may_use` and a reason in facts.yaml, and only for {' or '.join(SAFE_PURPOSES)}",
            )
        elif decides and clause.because and clause.audience == "public":
            message = (
                f"`{table.code}` lets the protected fact `{fact}` decide {', '.join(decides)}; the book publishes why"
            )
            notes.warning("protected", clause.file, clause.line, message)
        elif decides:
            notes.error(
                "protected",
                clause.file,
                clause.line,
                f"`{table.code}` lets the protected fact `{fact}`{through} decide {', '.join(decides)}",
                "it may steer routing and wording, never what a customer gets",
            )


def _is_safe(book: Book, output: str) -> bool:
    return output in SAFE_OUTPUTS or book.outputs[output].purpose in SAFE_PURPOSES


def _clauses(book: Book, table: DecisionTable, column: str) -> list[Clause]:
    clauses = book.policies[table.policy].clauses
    return [clauses[code] for code in dict.fromkeys(row.ref.clause for row in table.rows if column in row.tests)]
