"""The Markdown of a book's prose as a tree of tokens, and links between its documents as anchors."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_WITHIN = re.compile(r"(?P<code>[\w-]*?)(?:\.[\w.]+)?(?:#(?P<clause>[\w-]+))?$")


@cache
def markdown() -> MarkdownIt:
    """CommonMark with tables and struck-out text; HTML of an author's own is shown as text, never obeyed."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")


def tree(text: str) -> SyntaxTreeNode:
    """The prose as a tree; comments of the author's are left out."""
    return SyntaxTreeNode(markdown().parse(without_comments(text)))


def without_comments(text: str) -> str:
    """Prose without `<!-- … -->`, which is for whoever edits it."""
    return re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


def anchor_of(href: str, here: str) -> str:
    """The anchor a link within the book names, seen from the policy `here`; "" for an address elsewhere.

    >>> anchor_of("refunds.md#when", "returns"), anchor_of("#faulty", "returns"), anchor_of("https://a.example", "x")
    ('refunds#when', 'returns#faulty', '')
    """
    if re.match(r"\w+:", href) or not (found := _WITHIN.fullmatch(href)):
        return ""
    code = found["code"] or here
    return f"{code}#{found['clause']}" if found["clause"] else code
