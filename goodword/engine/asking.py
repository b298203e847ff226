"""Which question to ask: only what can still matter, and first what settles most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from goodword.engine.columns import Column
from goodword.engine.compiled import Answer, CompiledTable
from goodword.engine.errors import ExpressionError
from goodword.engine.feel import missing_names
from goodword.engine.sweep import Budget, OverBudget, can_matter, left_open, reachable
from goodword.engine.vocabulary import reads_in_order

if TYPE_CHECKING:
    from goodword.engine.book import Book

STEPS = 200_000


def only_answer(compiled: CompiledTable, mask: int, unknown: list[Column]) -> Answer | None:
    """The answer if the unknown columns cannot change it."""
    try:
        ends = reachable(mask, unknown, Budget(STEPS))
    except OverBudget:
        return None
    answers = {answer.key(): answer for answer in (compiled.answer(end) for end in sorted(ends))}
    return next(iter(answers.values())) if len(answers) == 1 else None


def open_facts(
    book: Book, compiled: CompiledTable, mask: int, unknown: list[Column], known: Mapping[str, Any]
) -> tuple[str, ...]:
    """The facts that can still matter, the one that settles most first: the fewest answers remain once it is known."""
    ranked = []
    for place, column in enumerate(unknown):
        others = [other for other in unknown if other is not column]
        try:
            if can_matter(compiled, mask, column, others, Budget(STEPS)):
                ranked.append((left_open(compiled, mask, column, others, Budget(STEPS)), place, column.name))
        except OverBudget:
            ranked.append((float("inf"), place, column.name))
    found: dict[str, None] = {}
    for _, _, name in sorted(ranked):
        found.update(dict.fromkeys(asked_for(book, compiled, name, known)))
    return tuple(found)


def asked_for(book: Book, compiled: CompiledTable, name: str, known: Mapping[str, Any]) -> list[str]:
    """What to ask for in order to know `name`: itself, or what its derivation lacks and has not ruled out.

    Where all is known and a record lacks a field that is read, the record is asked for again: it was told incompletely.
    """
    if name in known:
        return []
    fact = book.facts.get(name)
    if fact is None or fact.formula is None:
        return [name] if fact or name in book.outputs else []
    try:
        missing = missing_names(fact.formula, known, compiled.scope)
    except ExpressionError:
        return []  # no answer to any question would make it computable
    found = [inner for code in missing for inner in asked_for(book, compiled, code, known)]
    return list(dict.fromkeys(found or _told_incompletely(book, missing, known)))


def _told_incompletely(book: Book, names: list[str], known: Mapping[str, Any]) -> list[str]:
    """The records and lists, given as facts, of which `names` are, or from which they are derived.

    Of several, those that hold what lacks the field: an account is told by the accounts, not by who asked for it.
    """
    found: list[str] = []
    for name in names:
        fact = book.facts.get(name)
        sources = [name] if fact and fact.formula is None else reads_in_order(name, book.vocabulary)
        given = [book.facts[code] for code in sources if code in known and code in book.facts]
        records = [fact.code for fact in given if fact.formula is None and fact.kind in ("record", "list")]
        found += [code for code in records if _holds(known[code], known.get(name))] or records
    return found


def _holds(outer: Any, inner: Any) -> bool:
    """Whether a record holds this very record, or an item of this list."""
    wanted = {id(part) for part in (inner if isinstance(inner, Sequence) else [inner]) if isinstance(part, Mapping)}
    waiting = [outer] if wanted else []
    while waiting:
        part = waiting.pop()
        if id(part) in wanted:
            return True
        if isinstance(part, Mapping):
            waiting.extend(part.values())
        elif isinstance(part, Sequence) and not isinstance(part, str):
            waiting.extend(part)
    return False
