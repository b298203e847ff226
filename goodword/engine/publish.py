"""A policy as HTML: for the public the prose, for staff the tables and the words for letters too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from goodword.engine.errors import NotFound
from goodword.engine.words import fill

if TYPE_CHECKING:
    from goodword.engine.book import Book
    from goodword.engine.policy import Clause, Policy
    from goodword.engine.tables import DecisionTable, Row

_LINK = re.compile(r"\]\((?!\w+://)([\w-]+)(?:\.[\w.]+)?#([\w-]+)\)")


@cache
def _renderer() -> MarkdownIt:
    """Markdown without HTML of its own: what an author writes cannot become markup."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")


def policy_html(policy: Policy, language: str, day: date, *, anchors: bool = True, audience: str = "public") -> str:
    """The policy's introduction and clauses; parameters as of `day`. The public sees no staff clauses or drafts."""
    book = _book(policy)
    parts = [prose_html(book, policy.intro(language), language, day)]
    for clause in policy.clauses.values():
        if audience == "staff" or (clause.audience == "public" and clause.status == "published"):
            parts.append(_clause_part(clause, book, (language, day), anchors=anchors, audience=audience))
    return "\n".join(part for part in parts if part)


def clause_html(clause: Clause, language: str, day: date) -> str:
    """The clause's prose, without its heading; parameters as of `day`."""
    return prose_html(_book(clause.of), clause.markdown(language), language, day)


def clause_markdown(clause: Clause, language: str, day: date) -> str:
    """The clause's prose as Markdown; parameters as of `day`."""
    return _filled(_book(clause.of), clause.markdown(language), language, day)


def prose_html(book: Book, markdown: str, language: str, day: date) -> str:
    """Markdown with its placeholders filled, as HTML. A link to `refunds.md#when` becomes `refunds#when`."""
    linked = _LINK.sub(r"](\1#\2)", markdown)
    return str(_renderer().render(_filled(book, linked, language, day))).strip()


def _filled(book: Book, markdown: str, language: str, day: date) -> str:
    try:
        return fill(markdown, book, language, {}, day)
    except NotFound:
        return markdown  # a day before the first value: better the name of a parameter than no page


def _book(policy: Policy) -> Book:
    if policy.book is None:
        raise NotFound(f"the policy `{policy.code}` does not belong to a book")
    return policy.book


def _clause_part(clause: Clause, book: Book, when: tuple[str, date], *, anchors: bool, audience: str) -> str:
    language, day = when
    anchor = f' id="{escape(clause.id)}"' if anchors else ""
    level = min(max(clause.level, 2), 6)
    parts = [
        f"<section{anchor}>",
        f"<h{level}>{escape(clause.heading(language))}</h{level}>",
        clause.html(language, day),
    ]
    if audience == "staff":
        table = clause.of.decisions.get(clause.decides)
        rows = [row for row in table.rows if row.ref.clause == clause.id] if table else []
        if table and rows:
            parts.append(_table_html(table, rows, book, language))
        parts += [_say_html(name, clause, language) for name in says_in(clause, language)]
    return "\n".join([*(part for part in parts if part), "</section>"])


def _table_html(table: DecisionTable, rows: list[Row], book: Book, language: str) -> str:
    """The rules of one clause as a table with labels for headings; `-` where anything goes."""
    inputs = [name for name in table.columns if any(name in row.tests for row in rows)]
    outputs = [name for name in table.outputs if any(name in row.outputs for row in rows)]
    labels: Mapping[str, str] = {
        **{name: table.columns[name].label(language) for name in inputs},
        **{name: table.outputs[name].label(language) for name in outputs},
    }
    head = "".join(
        f'<th scope="col">{escape(text)}</th>' for text in ["", *(labels[name] for name in [*inputs, *outputs])]
    )
    body = []
    for row in rows:
        cells = [row.test_texts.get(name, "–") for name in inputs]
        cells += [row.output_texts.get(name, "") for name in outputs]
        tds = "".join(
            f"<td><code>{escape(cell)}</code></td>" if cell not in ("", "–") else f"<td>{cell}</td>" for cell in cells
        )
        body.append(f'<tr><th scope="row">{escape(row.ref.row)}</th>{tds}</tr>')
    return f'<table class="rules"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'


def says_in(clause: Clause, language: str) -> list[str]:
    """The say blocks that stand in a clause: those whose lines lie between its heading and the next."""
    text = clause.of.text(language)
    starts = sorted(section.line for section in text.sections.values())
    here = clause.section(language).line
    end = next((line for line in starts if line > here), 1 << 30)
    return [name for name, say in text.says.items() if here < say.line < end]


def _say_html(name: str, clause: Clause, language: str) -> str:
    words = _renderer().render(clause.of.text(language).says[name].text).strip()
    caption = f"<figcaption>{escape(name)}</figcaption>"
    return f'<figure class="say" data-say="{escape(name)}">{caption}<blockquote>{words}</blockquote></figure>'
