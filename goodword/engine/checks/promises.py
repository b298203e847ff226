"""Promises that lack a part, and prose that says another number than the rule beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from goodword.engine.book import Book
from goodword.engine.checks.amounts import amounts_in, smallest_units
from goodword.engine.checks.undeclared import check_undeclared, measures
from goodword.engine.errors import near
from goodword.engine.feel import names_in
from goodword.engine.findings import Notes
from goodword.engine.parameters import Parameter
from goodword.engine.policy import Clause, Policy

PARTS = {
    "to": "whom it covers",
    "measure": "the parameter (or a list of them) it is measured by",
    "remedy": "the clause that says what the customer gets if it is broken",
}
# What a number may be followed by, in the languages of the books we know; the kinds of parameter it then speaks of.
UNITS: Mapping[str, tuple[str, ...]] = {
    r"(?:working |calendar |hver)?(?:days?|dage?|hari|gün)\b": ("days", "working_days"),
    r"(?:working )?(?:hours?|timer?|jam|saat)\b": ("hours", "working_hours"),
    r"(?:minutes?|minutter|minut|menit|minit|dakika)\b": ("minutes", "working_minutes"),
    r"(?:months?|måneder|måned|bulan|ay)\b": ("months",),
    r"(?:%|per cent\b|percent\b|procent\b|persen\b|peratus\b)": ("percent",),
}
_DIGIT = re.compile(r"\d")
_SAID = [(re.compile(rf"(?<![\w.,])(\d{{1,6}})\s?{unit}", re.IGNORECASE), kinds) for unit, kinds in UNITS.items()]


def check_promises(book: Book, notes: Notes) -> None:
    """Notes promises without whom they cover, a measure or a remedy, and prose that contradicts a parameter."""
    for policy in book.policies.values():
        for clause in policy.clauses.values():
            said = clause.section(book.languages[0]).keys.get("promise")
            if said is not None:
                _check_promise(book, clause, said, notes)
            _check_numbers(book, policy, clause, notes)
    check_undeclared(book, notes)


def _check_promise(book: Book, clause: Clause, said: Any, notes: Notes) -> None:
    given: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
    for part, meaning in PARTS.items():
        if not given.get(part):
            message = f"the promise of clause `{clause.id}` does not say `{part}`: {meaning}"
            hint = "promise: {to: everyone, measure: a_parameter, remedy: policy#clause}"
            notes.error("promise", clause.file, clause.line, message, hint)
    remedy = str(given.get("remedy") or "")
    for measure in measures(given):
        if measure not in book.parameters:
            message = f"the promise of clause `{clause.id}` is measured by `{measure}`, which is no parameter"
            notes.error("promise", clause.file, clause.line, message, near(measure, list(book.parameters)))
    code, _, anchor = remedy.rpartition("#")
    owner = book.policies.get(code or clause.policy)
    if remedy and (owner is None or anchor not in owner.clauses):
        message = f"the remedy `{remedy}` of clause `{clause.id}` is no clause of this book"
        known = [other.anchor for policy in book.policies.values() for other in policy.clauses.values()]
        notes.error("promise", clause.file, clause.line, message, near(remedy, known))


def _check_numbers(book: Book, policy: Policy, clause: Clause, notes: Notes) -> None:
    """A number with a unit, where the clause's own rules read a parameter of that kind with other values only."""
    read = _parameters(book, policy, clause)
    if not read:
        return
    for text in clause.texts.values():
        for line, row in text.prose:
            if not _DIGIT.search(row):
                continue
            _check_amounts(clause, read, text.file, line, row, notes)
            for number, kinds in _said_in(row):
                meant = [parameter for parameter in read if parameter.kind in kinds]
                if meant and all(number not in _values(parameter) for parameter in meant):
                    now = ", ".join(f"`{parameter.code}` is {meant_now(parameter)}" for parameter in meant)
                    message = f"the prose says {number}, and no rule of clause `{clause.id}` does: {now}"
                    hint = f"write {{{{{meant[0].code}}}}}, so that text and rule cannot disagree"
                    notes.warning("contradiction", text.file, line, message, hint)


def _check_amounts(clause: Clause, read: Sequence[Parameter], file: str, line: int, row: str, notes: Notes) -> None:
    """An amount in a currency of the clause's own parameters that none of them has, or ever had."""
    kept = {
        (currency, amount): parameter
        for parameter in read
        if parameter.kind == "money"
        for dated in parameter.values
        for currency, amount in dated.value.items()
    }
    for said in amounts_in(row, {currency for currency, _ in kept}):
        if not any((currency, smallest_units(said.number, currency)) in kept for currency in said.currencies):
            names = ", ".join(f"`{code}`" for code in sorted({parameter.code for parameter in kept.values()}))
            message = f"the prose says {said.text}, and no rule of clause `{clause.id}` does: they read {names}"
            hint = f"write {{{{{next(iter(kept.values())).code}}}}}, so that text and rule cannot disagree"
            notes.warning("contradiction", file, line, message, hint)


def meant_now(parameter: Parameter) -> Any:
    """The latest value of a parameter."""
    return parameter.values[-1].value if parameter.values else "nothing"


def _values(parameter: Parameter) -> set[Any]:
    return {dated.value for dated in parameter.values if not isinstance(dated.value, Mapping)}


def _said_in(row: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    for pattern, kinds in _SAID:
        for found in pattern.finditer(row):
            yield int(found[1]), kinds


def _parameters(book: Book, policy: Policy, clause: Clause) -> list[Parameter]:
    """The parameters that the clause's own rules read."""
    names: set[str] = set()
    for table in policy.decisions.values():
        own = [row for row in table.rows if row.ref.clause == clause.id]
        for row in own:
            for node in (*row.tests.values(), *row.outputs.values()):
                names |= {name.name for name in names_in(node)}
    return [book.parameters[name] for name in sorted(names & set(book.parameters))]
