"""A policy document as text: front matter, clauses, tables, words for the customer, each with its line.

Markdown's blocks are found by markdown-it-py; tables are then read from their source lines, because Markdown drops
and pads cells in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from goodword.engine.fields import yaml_map
from goodword.engine.findings import Notes
from goodword.engine.table_text import TableText, is_decision_table, read_table, split_cells
from goodword.engine.yaml_text import Map

_CLAUSE = re.compile(r"<!--\s*#([A-Za-z0-9][\w-]*)\s*,?(.*?)-->\s*$", re.DOTALL)
_SAY = re.compile(r"<!--\s*say:\s*([A-Za-z0-9][\w-]*)\s*-->\s*$")
PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Say:
    """Words for the customer, in one language."""

    name: str
    text: str
    line: int


@dataclass(slots=True)
class Section:
    """A heading and what stands under it, up to the next heading. `id` is empty until its comment is found."""

    level: int
    title: str
    line: int
    file: str
    id: str = ""
    keys: Map = field(default_factory=Map)
    tables: list[TableText] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    prose: list[tuple[int, str]] = field(default_factory=list)

    @property
    def markdown(self) -> str:
        """The prose: no heading, no comments, no decision tables, no say blocks."""
        return re.sub(r"\n{3,}", "\n\n", "\n".join(text for _, text in self.prose)).strip()


@dataclass(slots=True)
class Document:
    """One file: its front matter, what stands before the first clause, the clauses, the say blocks."""

    file: str
    front: Map
    intro: Section
    sections: list[Section] = field(default_factory=list)
    says: dict[str, Say] = field(default_factory=dict)


@cache
def _blocks() -> MarkdownIt:
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.core.ruler.enableOnly(["normalize", "block"])
    return markdown


def read_document(text: str, file: str, notes: Notes) -> Document:
    """The document in `text`; what is wrong is noted with file and line."""
    lines = text.replace("\r\n", "\n").split("\n")
    front, start = _front_matter(lines, file, notes)
    document = Document(file, front, Section(1, "", start + 1, file))
    reader = _Reader(document, lines, start, notes)
    reader.read(_blocks().parse("\n".join(lines[start:])))
    return document


def _front_matter(lines: list[str], file: str, notes: Notes) -> tuple[Map, int]:
    """The front matter and the index of the first line after it."""
    if not lines or lines[0].strip() != "---":
        notes.error("front", file, 1, "a policy begins with its front matter between two lines of ---")
        return Map(1), 0
    for place, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return yaml_map("\n".join(lines[1:place]), file, notes, first_line=2), place + 1
    notes.error("front", file, 1, "the front matter does not end: a second line of --- is missing")
    return Map(1), len(lines)


class _Reader:
    """Walks over the top blocks of one document and hands each to the section it stands in."""

    def __init__(self, document: Document, lines: list[str], start: int, notes: Notes) -> None:
        self.document, self.lines, self.start, self.notes = document, lines, start, notes
        self.section = document.intro
        self.after_heading = False  # only the comment directly under a heading names the clause
        self.say: tuple[str, int] | None = None

    def read(self, tokens: list[Token]) -> None:
        for place, token in enumerate(tokens):
            if token.level == 0 and token.map and token.nesting >= 0:
                first, last = token.map[0] + self.start, token.map[1] + self.start
                if self.say and token.type != "blockquote_open":
                    self._lonely_say()
                self._block(token, tokens[place + 1] if place + 1 < len(tokens) else token, first, last)
        if self.say:
            self._lonely_say()

    def _block(self, token: Token, following: Token, first: int, last: int) -> None:
        under_heading, self.after_heading = self.after_heading, False
        if token.type == "heading_open":
            self._heading(token, following.content, first)
        elif token.type == "html_block":
            self._comment("\n".join(self.lines[first:last]), first, under_heading)
        elif token.type == "blockquote_open" and self.say:
            self._words(first, last)
        elif token.type == "table_open" and is_decision_table(self.lines[first]):
            table = read_table(self._filled(first, last), self.document.file, first + 1, self.notes)
            if table:
                self.section.tables.append(table)
        else:
            self._prose(token, first, last)

    def _filled(self, first: int, last: int) -> list[str]:
        return [line for line in self.lines[first:last] if line.strip()]

    def _heading(self, token: Token, title: str, first: int) -> None:
        level = int(token.tag[1])
        self.after_heading = True
        if level == 1 and not self.document.sections and not self.document.intro.title:
            self.document.intro.title, self.document.intro.line = title, first + 1
            return
        self.section = Section(level, title, first + 1, self.document.file)
        self.document.sections.append(self.section)

    def _comment(self, text: str, first: int, under_heading: bool) -> None:
        if say := _SAY.match(text.strip()):
            self.say = (say[1], first + 1)
        elif clause := _CLAUSE.match(text.strip()):
            self._clause(clause, first, under_heading)
        elif "say:" in text:
            self._error("say", first, "a say block is announced by `<!-- say: its-name -->` on a line of its own")
        elif not text.strip().startswith("<!--"):
            self._error("html", first, "HTML is not used in a policy", "use Markdown; comments are fine")

    def _clause(self, clause: re.Match[str], first: int, under_heading: bool) -> None:
        if not under_heading:
            self._error("clause", first, f"`#{clause[1]}` must stand directly under its heading")
            return
        self.section.id = clause[1]
        if keys := clause[2].strip():  # most clauses have none, and reading YAML takes its time
            self.section.keys = yaml_map("{" + keys + "}", self.document.file, self.notes, first + 1)
        else:
            self.section.keys = Map(first + 1)

    def _words(self, first: int, last: int) -> None:
        assert self.say
        name, line = self.say
        self.say = None
        text = "\n".join(re.sub(r"^\s*> ?", "", row) for row in self.lines[first:last]).strip()
        if name in self.document.says:
            self._error("say", line - 1, f"there is already a say block `{name}` in this file")
        self.document.says[name] = Say(name, text, line)

    def _lonely_say(self) -> None:
        assert self.say
        name, line = self.say
        self.say = None
        self._error("say", line - 1, f"after `say: {name}` its words should follow, each line beginning with >")

    def _prose(self, token: Token, first: int, last: int) -> None:
        rows = list(enumerate(self.lines[first:last], start=first + 1))
        if self.section.prose:
            self.section.prose.append((first, ""))
        self.section.prose += rows
        if token.type == "ordered_list_open":
            self.section.steps += _steps([text for _, text in rows])
        if token.type == "paragraph_open":
            self._check_broken_table(rows)

    def _check_broken_table(self, rows: list[tuple[int, str]]) -> None:
        for line, text in rows:
            if text.lstrip().startswith("|") and is_decision_table(text):
                below = split_cells(next((other for number, other in rows if number == line + 1), ""))
                self._error(
                    "table.heading",
                    line - 1,
                    f"this looks like a table, but the line under its heading has {len(below)} cells, the heading "
                    f"{len(split_cells(text))}",
                    "the second line is |---|---| with one cell per column",
                )
                return

    def _error(self, code: str, index: int, message: str, hint: str = "") -> None:
        self.notes.error(code, self.document.file, index + 1, message, hint)


_STEP = re.compile(r"[0-9]{1,9}[.)]\s+(.*)")


def _steps(lines: list[str]) -> list[str]:
    """The top items of an ordered list, each as one line of Markdown."""
    steps: list[str] = []
    for line in lines:
        if match := _STEP.match(line):
            steps.append(match[1].strip())
        elif steps and line.strip():
            steps[-1] += " " + line.strip()
    return steps
