"""The clauses of a policy as staff read them: prose, rules in words, and the words for letters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goodword.engine import Book, Clause, NotFound, Policy
from goodword.engine.publish import prose_html
from goodword.web.shown.words import action_words, department_words, reading_language, role_words, value_words

_TOKEN = re.compile(r'"([^"]*)"|(<=|>=|<|>|!=)\s*|\b(yes|no|true|false)\b|([A-Za-z_]\w*)(?=\b)')
_SIGNS = {
    "<=": gettext_lazy("at most "),
    ">=": gettext_lazy("at least "),
    "<": gettext_lazy("below "),
    ">": gettext_lazy("above "),
    "!=": gettext_lazy("not "),
}


@dataclass(frozen=True)
class ShownRule:
    """One row of a table: what must hold, and what then follows, each as label and words."""

    row: str
    conditions: list[tuple[str, str]]
    results: list[tuple[str, str]]


@dataclass(frozen=True)
class ShownSay:
    """Words for a letter."""

    name: str
    text: str


@dataclass(frozen=True)
class ShownClause:
    """A clause with everything that stands in it."""

    id: str
    level: int
    heading: str
    prose: SafeString
    rules: list[ShownRule]
    says: list[ShownSay]
    is_draft: bool
    for_staff: bool


def shown_intro(book: Book, policy: Policy, language: str, day: date) -> SafeString:
    """What stands before the first clause. The engine lets no markup of the author's own through."""
    return mark_safe(prose_html(book, policy.intro(language), language, day))


def shown_clauses(book: Book, policy: Policy, language: str, day: date) -> list[ShownClause]:
    """Every clause with the parameters of `day`."""
    return [_shown_clause(book, policy, clause, language, day) for clause in policy.clauses.values()]


def clause_words(book: Book, anchor: str, day: date) -> SafeString:
    """The prose of the clause `policy#clause` in the reader's language, with the parameters of `day`; "" if unknown."""
    policy, _sign, code = anchor.partition("#")
    clause = book.policies[policy].clauses.get(code) if policy in book.policies else None
    return mark_safe(clause.html(reading_language(), day)) if clause else SafeString("")


def _shown_clause(book: Book, policy: Policy, clause: Clause, language: str, day: date) -> ShownClause:
    table = policy.decisions.get(clause.decides)
    rows = [row for row in table.rows if row.ref.clause == clause.id] if table else []
    return ShownClause(
        id=clause.id,
        level=min(max(clause.level, 2), 6),
        heading=clause.heading(language),
        prose=mark_safe(clause.html(language, day)),
        rules=[_shown_rule(book, row, day) for row in rows],
        says=_says_of(policy, clause, language),
        is_draft=clause.status == "draft",
        for_staff=clause.audience == "staff",
    )


def _shown_rule(book: Book, row: Any, day: date) -> ShownRule:
    return ShownRule(
        row.ref.row,
        [(_label(book, name), _cell(book, name, text, day)) for name, text in row.test_texts.items()
         if name in row.tests],
        [(_label(book, name), _cell(book, name, text, day)) for name, text in row.output_texts.items()
         if text not in ("", "null")],
    )  # fmt: skip


def _cell(book: Book, column: str, text: str, day: date) -> str:
    """A cell in words: `<= return_window` as "at most 30 (Days to change your mind)"."""

    def word(found: re.Match[str]) -> str:
        literal, sign, truth, name = found.groups()
        if literal is not None:
            return _literal(book, column, literal)
        if sign:
            return str(_SIGNS[sign])
        if truth:
            return _("yes") if truth in {"yes", "true"} else _("no")
        return _name(book, name, day)

    return _TOKEN.sub(word, text).replace("[", "").replace("]", "")


def _literal(book: Book, column: str, code: str) -> str:
    output = book.outputs.get(column)
    element = output.element if output else ""
    if element in {"action", "role", "department"}:
        return {"action": action_words, "role": role_words, "department": department_words}[element](book, code)
    return value_words(book, column, code)


def _name(book: Book, name: str, day: date) -> str:
    if name not in book.parameters:
        return {"and": _("and"), "or": _("or"), "not": _("not")}.get(name, name)
    try:
        value = value_words(book, name, book.parameter(name, day))
    except NotFound:
        return name
    return f"{value} ({_label(book, name)})"


def _label(book: Book, code: str) -> str:
    things: tuple[Mapping[str, Any], ...] = (book.facts, book.outputs, book.parameters)
    thing = next((group[code] for group in things if code in group), None)
    return str(thing.label(reading_language())) if thing else code


def _says_of(policy: Policy, clause: Clause, language: str) -> list[ShownSay]:
    """The say blocks whose lines lie between this clause's heading and the next."""
    text = policy.text(language)
    here = clause.section(language).line
    starts = sorted(section.line for section in text.sections.values() if section.line > here)
    end = starts[0] if starts else 1 << 30
    return [ShownSay(name, say.text) for name, say in text.says.items() if here < say.line < end]
