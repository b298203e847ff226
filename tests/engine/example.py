"""The book that docs/policy-book-example.md shows, whole and with mistakes made on purpose."""

import re
from datetime import date
from pathlib import Path

from goodword import engine

DOCS = Path(__file__).parents[2] / "docs"
SPECIFICATION, EXAMPLE, REFERENCE = (
    (DOCS / f"{name}.md").read_text(encoding="utf-8")
    for name in ("policy-book", "policy-book-example", "policy-book-reference")
)
PAGE = "\n".join((SPECIFICATION, EXAMPLE, REFERENCE))
TODAY = date(2026, 12, 1)
DANISH = """---
policy: returns
title: Returnering
summary: Send tilbage, hvad der ikke passer.
recognise: [retur, "sende tilbage"]
---
"""


def example_files() -> dict[str, str]:
    """The files the page shows; the translation is made on the spot, since the page need not show it."""
    files: dict[str, str] = dict(re.findall(r"```\w+ (\S+)\n(.*?)\n```", EXAMPLE, re.DOTALL))
    body = re.sub(r"^\|.*\n", "", files["returns.md"].split("---\n", 2)[2], flags=re.MULTILINE)
    return {**files, "returns.da.md": DANISH + body}


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """The example with one passage of one file replaced everywhere it stands."""
    files = example_files()
    assert old in files[file], f"{file} does not hold {old!r}"
    return {**files, file: files[file].replace(old, new)}


def example_book() -> engine.Book:
    """The example, read."""
    return engine.parse_book(example_files())


def small_book(facts: str, outputs: str, tables: str, parameters: str = "", front: str = "") -> engine.Book:
    """A book of one policy `p`: bare facts and outputs in YAML, clauses in Markdown."""
    return engine.parse_book(small_files(facts, outputs, tables, parameters, front))


def small_files(facts: str, outputs: str, tables: str, parameters: str = "", front: str = "") -> dict[str, str]:
    """The files of such a book."""
    return {
        "book.yaml": "name: Small\nroles: [agent, lead, manager]\ncurrency: EUR\n",
        "facts.yaml": f"facts: {{{facts}}}\noutputs: {{{outputs}}}\n",
        "parameters.yaml": parameters,
        "p.md": f"---\ntitle: P\nvalid_from: 2026-01-01\n{front}---\n{tables}",
    }


def table(heading: str, *rows: str, clause: str = "c", keys: str = "") -> str:
    """A clause with one table; `heading` and rows without the outer bars."""
    lines = [f"| {heading} |", "|---" * (heading.count("|") + 1) + "|", *(f"| {row} |" for row in rows)]
    return f"## {clause}\n<!-- #{clause} {keys} -->\n\n" + "\n".join(lines) + "\n\n"
