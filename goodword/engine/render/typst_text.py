"""Markdown as Typst markup. All text goes in as string literals, so that nothing an author writes can be code."""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it.tree import SyntaxTreeNode

from goodword.engine.render.markdown import anchor_of, tree


def literal(text: str) -> str:
    r"""A Typst string literal.

    >>> literal('say "yes" \\ no')
    '"say \\"yes\\" \\\\ no"'
    """
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n")
    return f'"{safe}"'


def plain(text: str) -> str:
    """Text within markup; the semicolon ends the literal, whatever follows."""
    return f"#{literal(text)};" if text else ""


def prose(markdown: str, policy: str, anchors: frozenset[str]) -> str:
    """A piece of a book's prose. Links to places that are not printed (`anchors`) become plain words."""
    return _Writer(policy, anchors).blocks(tree(markdown).children)


class _Writer:
    """Walks over one piece of prose of one policy."""

    def __init__(self, policy: str, anchors: frozenset[str]) -> None:
        self.policy, self.anchors = policy, anchors

    def blocks(self, nodes: Iterable[SyntaxTreeNode]) -> str:
        return "\n\n".join(filter(None, (self.block(node) for node in nodes)))

    def block(self, node: SyntaxTreeNode) -> str:
        if node.type in ("bullet_list", "ordered_list"):
            return self._list(node)
        if node.type == "table":
            return self._table(node)
        if node.type == "blockquote":
            return f"#quote(block: true)[{self.blocks(node.children)}]"
        if node.type in ("fence", "code_block"):
            return f"#raw({literal(node.content.rstrip())}, block: true)"
        if node.type == "hr":
            return "#line(length: 100%, stroke: 0.4pt + luma(180))"
        if node.type == "heading":
            return f"#strong[{self.inline(node.children)}]"
        if node.type == "paragraph":
            return self.inline(node.children)
        return self.inline([node])

    def _list(self, node: SyntaxTreeNode) -> str:
        items = ", ".join(f"[{self.blocks(item.children)}]" for item in node.children)
        start = int(node.attrs.get("start", 1))
        return f"#enum(start: {start}, {items})" if node.type == "ordered_list" else f"#list({items})"

    def _table(self, node: SyntaxTreeNode) -> str:
        rows = [row.children for part in node.children for row in part.children]
        cells = [[f"[{self.inline(cell.children)}]" for cell in row] for row in rows]
        head = ", ".join(cells[0])
        body = ", ".join(cell for row in cells[1:] for cell in row)
        return f"#table(columns: {len(cells[0])}, table.header({head}), {body})"

    def inline(self, nodes: Iterable[SyntaxTreeNode]) -> str:
        return "".join(self.span(node) for node in nodes)

    def span(self, node: SyntaxTreeNode) -> str:
        inner = self.inline(node.children)
        wrapped = {"strong": "#strong[{}];", "em": "#emph[{}];", "s": "#strike[{}];"}.get(node.type)
        if wrapped:
            return wrapped.format(inner)
        if node.type == "link":
            return self._link(str(node.attrs.get("href", "")), inner)
        if node.type == "code_inline":
            return f"#raw({literal(node.content)});"
        if node.type == "softbreak":
            return " "
        if node.type == "hardbreak":
            return "#linebreak();"
        if node.type == "image":
            return plain(node.content)
        return inner or plain(node.content)

    def _link(self, href: str, inner: str) -> str:
        if anchor := anchor_of(href, self.policy):
            return f"#link(label({literal(anchor)}))[{inner}];" if anchor in self.anchors else inner
        return f"#link({literal(href)})[{inner}];"
