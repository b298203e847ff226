"""What the book wants shown at a place: on the receipt, before purchase, at scheduling (a clause's `disclose:`)."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from goodword.engine.book import Book
from goodword.engine.feel.evaluate import compile_tests
from goodword.engine.policy import Clause
from goodword.engine.publish import clause_markdown
from goodword.engine.render.markdown import tree
from goodword.engine.tables import Row

RECEIPT_WIDTH = 42  # characters on a line of an 80 mm receipt in the usual font


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One clause as plain text, with the version it was read in, so that what was told can be proved later."""

    anchor: str
    heading: str
    text: str
    book_hash: str

    def to_json(self) -> dict[str, str]:
        """As plain values."""
        return {"clause": self.anchor, "heading": self.heading, "text": self.text, "book": self.book_hash}


def disclosures(book: Book, place: str, language: str, day: date) -> list[Disclosure]:
    """Every public clause the book wants shown at `place`, in the order of the handbook, as of a day."""
    policies = sorted(book.policies.values(), key=lambda policy: (policy.order, policy.code))
    clauses = [clause for policy in policies if policy.audience == "public" for clause in policy.clauses.values()]
    return [_told(clause, book, language, day) for clause in clauses if _is_shown(clause, place)]


def product_notices(
    book: Book, facts: Mapping[str, Any], language: str, day: date, place: str = "before-purchase"
) -> list[Disclosure]:
    """What is shown beside one product: the clauses whose rules can hold for it, and those that hold for all.

    `facts` are what the shop knows of the product ({"category": "hygiene", "sealed": True}); an unknown fact rules
    nothing out.
    """
    return [
        _told(clause, book, language, day)
        for policy in sorted(book.policies.values(), key=lambda policy: (policy.order, policy.code))
        if policy.audience == "public"
        for clause in policy.clauses.values()
        if _is_shown(clause, place) and _concerns(clause, book, facts, day)
    ]


def receipt_lines(book: Book, language: str, day: date, width: int = RECEIPT_WIDTH) -> list[str]:
    """The clauses for the receipt as lines of at most `width` characters; an empty line between two clauses."""
    lines: list[str] = []
    for told in disclosures(book, "receipt", language, day):
        if lines:
            lines.append("")
        lines += textwrap.wrap(told.heading, width)
        for paragraph in told.text.split("\n"):
            lines += textwrap.wrap(paragraph, width) if paragraph else []
    return lines


def _is_shown(clause: Clause, place: str) -> bool:
    return place in clause.disclose and clause.audience == "public" and clause.status == "published"


def _told(clause: Clause, book: Book, language: str, day: date) -> Disclosure:
    text = plain_text(clause_markdown(clause, language, day))
    return Disclosure(clause.anchor, clause.heading(language), text, book.hash)


def _concerns(clause: Clause, book: Book, facts: Mapping[str, Any], day: date) -> bool:
    """Whether any rule of the clause can hold for such a product; a clause without rules concerns all."""
    rows = [row for table in clause.of.decisions.values() for row in table.rows if row.ref.clause == clause.id]
    scope = book.scope(day, book.currency)

    def can_hold(row: Row) -> bool:
        known = [(tests, facts[name]) for name, tests in row.tests.items() if name in facts]
        return all(compile_tests(tests, scope)(value, facts) is not False for tests, value in known)

    return not rows or any(map(can_hold, rows))


def plain_text(markdown: str) -> str:
    """Prose without any markup: one line a paragraph, list items with a dash.

    >>> plain_text("You may *send back* [faulty](#faulty) goods:\\n\\n- lamps\\n- beds")
    'You may send back faulty goods:\\n- lamps\\n- beds'
    """
    return "\n".join(_lines(tree(markdown).children, ""))


def _lines(nodes: list[SyntaxTreeNode], mark: str) -> list[str]:
    lines: list[str] = []
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list"):
            for place, item in enumerate(node.children, start=int(node.attrs.get("start", 1))):
                lines += _lines(item.children, f"{place}. " if node.type == "ordered_list" else "- ")
        elif node.type == "inline":
            lines.append(mark + _words(node))
            mark = " " * len(mark)
        elif node.children:
            lines += _lines(node.children, mark)
        elif node.content:
            lines.append(mark + node.content.rstrip())
    return lines


def _words(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return "".join(map(_words, node.children)) or (node.content if not node.children else "")
