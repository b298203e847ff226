"""A decision table as it stands in Markdown: cells as text, with their lines. Meaning comes later (`tables`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from goodword.engine.findings import Notes

ARROW = "=>"
HIT_POLICIES = ("U", "A", "P", "C", "F")
_ROW_ID = re.compile(r"[0-9]+(\.[0-9]+)*$")
_UNESCAPED_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class RowText:
    """One rule: its number (`1.1` is an exception to `1`), a text per input and output column, and its line."""

    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class TableText:
    """A decision table's hit policy, the names of its columns, and its rows."""

    hit: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[RowText, ...]
    file: str
    line: int


def split_cells(line: str) -> list[str]:
    r"""The cells of one line of a table; `\|` is a bar inside a cell.

    >>> split_cells(r'| 1 | "a\|b" | - |')
    ['1', '"a|b"', '-']
    """
    text = line.strip()
    text = text[1:] if text.startswith("|") else text
    text = text[:-1] if text.endswith("|") and not text.endswith("\\|") else text
    return [cell.strip().replace("\\|", "|") for cell in _UNESCAPED_BAR.split(text)]


def is_decision_table(heading: str) -> bool:
    """Whether the first line of a table has the `=>` column that makes it a decision table."""
    return ARROW in split_cells(heading)


def read_table(lines: Sequence[str], file: str, line: int, notes: Notes) -> TableText | None:
    """The table whose heading is `lines[0]`, on line `line` of its file; what is wrong with it is noted."""
    heading = split_cells(lines[0])
    arrow = heading.index(ARROW)
    hit = heading[0] or "U"
    if hit not in HIT_POLICIES:
        notes.error("table.hit", file, line, f"the table's first cell is `{hit}`, no hit policy", "U, A, P or C")
        hit = "U"
    if arrow < 1 or heading.count(ARROW) > 1:
        notes.error("table.heading", file, line, "a table has one `=>` column, between its inputs and its outputs")
        return None
    inputs, outputs = tuple(heading[1:arrow]), tuple(heading[arrow + 1 :])
    _check_heading(inputs, outputs, file, line, notes)
    rows = [_row(text, heading, arrow, (file, line + 2 + place), notes) for place, text in enumerate(lines[2:])]
    kept = [row for row in rows if row]
    _check_ids(kept, file, notes)
    return TableText(hit, inputs, outputs, tuple(kept), file, line)


def _check_heading(inputs: tuple[str, ...], outputs: tuple[str, ...], file: str, line: int, notes: Notes) -> None:
    if not outputs:
        notes.error("table.heading", file, line, "the table has no output column after `=>`")
    for names in (inputs, outputs):  # an input may bear the name of an output: what an earlier table said
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            notes.error("table.heading", file, line, f"two columns are called `{name}`")
    if "" in inputs + outputs:
        notes.error("table.heading", file, line, "a column has no name")


def _row(text: str, heading: list[str], arrow: int, place: tuple[str, int], notes: Notes) -> RowText | None:
    cells = split_cells(text)
    if len(cells) != len(heading):
        notes.error(
            "table.cells",
            *place,
            f"this row has {len(cells)} cells, its heading has {len(heading)}",
            "write `-` where anything goes, and `\\|` for a bar inside a cell",
        )
        return None
    if cells[arrow]:
        notes.error("table.arrow", *place, f"the cell under `=>` should be empty, not `{cells[arrow]}`")
    if not _ROW_ID.match(cells[0]):
        notes.error("table.row", *place, f"a row begins with its number, not `{cells[0]}`", "like 1, 2 or 2.1")
        return None
    for name, cell in zip(heading[1:arrow], cells[1:arrow], strict=True):
        if not cell:
            notes.error("table.empty", *place, f"the cell under `{name}` is empty", "write `-` where anything goes")
            return None
    return RowText(cells[0], tuple(cells[1:arrow]), tuple(cells[arrow + 1 :]), place[1])


def _check_ids(rows: list[RowText], file: str, notes: Notes) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            notes.error("table.row", file, row.line, f"there is already a row {row.id} in this table")
        seen.add(row.id)
    for row in rows:
        parent = row.id.rpartition(".")[0]
        if parent and parent not in seen:
            message = f"row {row.id} would be an exception to row {parent}, which is not in this table"
            notes.error("table.row", file, row.line, message)
