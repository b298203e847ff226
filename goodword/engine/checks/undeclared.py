"""Promises that nobody has declared: times that bind the company, in public prose and in what rules give.

A time that no rule tests limits nobody but the company: `We answer within {{reply_promise}} hours` is a promise, `You
may send it back within {{return_window}} days` is not, since a rule tests the window.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from goodword.engine.book import Book
from goodword.engine.document import PLACEHOLDER
from goodword.engine.feel import names_in
from goodword.engine.feel.syntax import Literal, Node
from goodword.engine.findings import Notes
from goodword.engine.parameters import Parameter
from goodword.engine.policy import Clause, Policy
from goodword.engine.tables import Row
from goodword.engine.values import TIMES

HINT = (
    "write promise: {to: everyone, measure: %s, remedy: policy#clause} into the clause's comment; "
    "where it is none, promise: no beside it in parameters.yaml"
)
# How a clause says in words that it promises. Nouns are left out: "your promise", "our guarantee is described there".
_SAYS_SO = re.compile(
    r"\b(we (?:hereby )?(?:promise|guarantee)|(?:det )?(?:lover|garanterer) vi|vi (?:lover|garanterer)"
    r"|kami (?:berjanji|menjanjikan|menjamin)|söz veriyoruz|garanti ediyoruz)\b",
    re.IGNORECASE,
)


def check_undeclared(book: Book, notes: Notes) -> None:
    """Notes each time the company binds itself by that no clause has declared as a promise, where it is first said."""
    declared = set(_declared(book))
    tested = _tested(book)
    told: dict[str, tuple[Clause, int]] = {}
    for policy in book.policies.values():
        for clause in policy.clauses.values():
            for code, line in (*_in_prose(book, clause, tested), *_in_rules(book, policy, clause, notes)):
                if code not in declared and book.parameters[code].is_promise:
                    told.setdefault(code, (clause, line))
            _check_words(book, clause, notes)
    for code, (clause, line) in told.items():
        message = f"clause `{clause.id}` promises a time, `{code}`, "
        message += "and no clause says whom that covers and what she gets if it is missed"
        notes.warning("promise", clause.file, line, message, HINT % code)


def measures(said: Mapping[str, object]) -> list[str]:
    """The parameters that a promise is measured by: one name, or a list."""
    measure = said.get("measure")
    return [str(name) for name in measure] if isinstance(measure, list) else [str(measure)] if measure else []


def _declared(book: Book) -> Iterator[str]:
    for policy in book.policies.values():
        for clause in policy.clauses.values():
            said = clause.section(book.languages[0]).keys.get("promise")
            if isinstance(said, Mapping):
                yield from measures(said)


def _tested(book: Book) -> set[str]:
    """The parameters that rules test, directly or in what is derived."""
    rows = [row for policy in book.policies.values() for table in policy.decisions.values() for row in table.rows]
    nodes: list[Node] = [node for row in rows for node in row.tests.values()]
    nodes += [fact.formula for fact in book.facts.values() if fact.formula]
    return {name.name for node in nodes for name in names_in(node)}


def _in_prose(book: Book, clause: Clause, tested: set[str]) -> Iterator[tuple[str, int]]:
    if clause.audience != "public":
        return
    for line, row in clause.section(book.languages[0]).prose:
        for name in PLACEHOLDER.findall(row):
            if name in book.parameters and book.parameters[name].kind in TIMES and name not in tested:
                yield name, line


def _in_rules(book: Book, policy: Policy, clause: Clause, notes: Notes) -> Iterator[tuple[str, int]]:
    """The parameters that the clause's rules give out as times; a bare number there cannot be measured by any."""
    for table in policy.decisions.values():
        for row in (row for row in table.rows if row.ref.clause == clause.id):
            for name, node in row.outputs.items():
                if table.outputs[name].kind in TIMES and not table.outputs[name].annotation:
                    if isinstance(node, Literal) and node.value != 0:  # nothing is nothing, in any unit
                        _note_bare(row, name, notes)
                    for inner in names_in(node):
                        if isinstance(book.parameters.get(inner.name), Parameter):
                            yield inner.name, row.ref.line


def _note_bare(row: Row, name: str, notes: Notes) -> None:
    message = (
        f"rule {row.ref.id} gives `{name}` as a bare number: nobody can say later what the promise was measured by"
    )
    notes.warning("promise", row.ref.file, row.ref.line, message, "name it in parameters.yaml")


def _check_words(book: Book, clause: Clause, notes: Notes) -> None:
    section = clause.section(book.languages[0])
    if clause.audience != "public" or "promise" in section.keys:
        return
    times: Sequence[str] = PLACEHOLDER.findall(section.markdown)
    for line, row in section.prose:
        if (said := _SAYS_SO.search(row)) and not any(name in book.parameters for name in times):
            message = (
                f"clause `{clause.id}` says “{said[0]}”, and nothing says whom it covers, its measure and its remedy"
            )
            notes.warning("promise", clause.file, line, message, HINT % "a_parameter")
            return
