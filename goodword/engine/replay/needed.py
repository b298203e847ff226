"""What a file of cases has to hold for a policy to be replayed on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goodword.engine.deciding import DAY_SOURCES, ROLE_SOURCE, chain_of
from goodword.engine.errors import FactError, near
from goodword.engine.vocabulary import reads

if TYPE_CHECKING:
    from goodword.engine.book import Book
    from goodword.engine.replay import Options
    from goodword.engine.replay.cases import CaseFile


def refuse_missing(cases: CaseFile, books: Sequence[Book], policy: str, options: Options) -> list[str]:
    """The columns that a file lacks. Raises FactError about the first one, unless missing columns are allowed."""
    missing: dict[str, str] = {}
    for book in books:
        for name, place in lacking(book, policy, set(cases.columns), options).items():
            missing.setdefault(name, place)
    if missing and not options.allow_missing:
        name, place = next(iter(missing.items()))
        others = f" (missing, too: {', '.join(list(missing)[1:])})" if len(missing) > 1 else ""
        raise FactError(
            f"{cases.path}:1: there is no column `{name}`, which {place}{others}: {near(name, cases.columns)} Add the "
            "column, its cells may be empty; or say --allow-missing: then it is unknown in every case"
        )
    return list(missing)


def lacking(book: Book, policy: str, columns: set[str], options: Options) -> dict[str, str]:
    """The facts that the tables of a policy read and that these columns do not give, each with who reads it.

    Where each case falls on its own days, the fact that tells the governing day is one of them.
    """
    code, _, decision = policy.partition("/")
    given: set[str] = set()
    sources = ("today", ROLE_SOURCE) if options.role else ("today",)
    told = {fact.code for fact in book.circumstances if fact.source in sources}
    found: dict[str, str] = {}
    for link in chain_of(book, code, decision):
        table = book.table(*link)
        governed_by = book.policy(link[0]).governed_by
        days = [fact.code for fact in book.circumstances if fact.source == DAY_SOURCES[governed_by]]
        if days and options.on is None and governed_by != "today" and not set(days) & columns:
            found.setdefault(days[0], f"tells the day that governs {link[0]} (or move all to one day: --on DATE)")
        for name in table.columns:
            row = next((row for row in table.rows if name in row.tests), None)
            place = f"{table.code} tests ({row.ref.file}:{row.ref.line})" if row else f"{table.code} names"
            for fact in _not_given(book, name, columns | given | told):
                found.setdefault(fact, place)
        given |= set(table.outputs)
    return found


def _not_given(book: Book, name: str, known: set[str]) -> list[str]:
    """What else would have to be known for a fact to be known: itself, or the rest of what it is derived from."""
    fact = book.facts.get(name)
    if name in known:
        return []
    if fact is None or fact.formula is None:
        return [name]
    inputs = book.inputs_of(fact)
    missing = [code for needed in inputs for code in _not_given(book, needed, known)]
    return [name] if missing and len(missing) == len(inputs) else list(dict.fromkeys(missing))


def inputs_from_outputs(books: Sequence[Book], policy: str) -> frozenset[str]:
    """The outputs of other decisions that a policy's chain reads and does not give itself."""
    found: set[str] = set()
    for book in books:
        code, _, decision = policy.partition("/")
        given: set[str] = set()
        for link in chain_of(book, code, decision):
            table = book.table(*link)
            names = {name for column in table.columns for name in {column, *reads(column, book.vocabulary)}}
            found |= (names & set(book.outputs)) - given
            given |= set(table.outputs)
        found -= given
    return frozenset(found)
