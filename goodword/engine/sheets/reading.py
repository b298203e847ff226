"""From the workbook back to the book's text: only what was changed is written anew, the rest stays as it stands."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from goodword.engine.book import Book, parse_book
from goodword.engine.errors import EngineError
from goodword.engine.parameters import FILE as PARAMETER_FILE
from goodword.engine.parameters import Parameter
from goodword.engine.sheets.layout import (
    ANCHOR_ROW,
    HEADING_ROW,
    PARAMETER_COLUMNS,
    PARAMETERS,
    Place,
    tables_of,
)
from goodword.engine.sheets.writing import written
from goodword.engine.table_text import ARROW
from goodword.engine.values import to_plain

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
Rows = list[list[str]]


class SheetError(EngineError):
    """A workbook that cannot be read; `problems` names sheet, cell and what to do for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the workbook says otherwise than the book: a table or a parameter, and its sheet."""

    sheet: str
    what: str


def book_from_sheets(data: bytes, book: Book) -> tuple[Book, list[Change]]:
    """The book with the workbook's tables and parameters, and what changed.

    Raises SheetError with every cell that cannot be read, BookError where the changed book cannot be run (its
    findings name file and line).
    """
    workbook = _open(data)
    problems: list[str] = []
    places = {place.key: place for place in tables_of(book)}
    found: list[tuple[Place, str, Rows]] = []
    parameters: Rows | None = None
    for sheet in workbook.worksheets:
        rows = _texts(sheet, problems)
        if sheet.title == PARAMETERS:
            parameters = rows
        elif rows and "#" in _cell(rows, ANCHOR_ROW, 0):
            found += _table(sheet.title, rows, places, problems)
    lines = {name: text.split("\n") for name, text in book.files.items()}
    changes = _parameters(parameters, book, lines, problems) if parameters else []
    if problems:
        raise SheetError(problems)
    changes += _splice_all(found, lines)
    files = {name: "\n".join(text) for name, text in lines.items()}
    return (parse_book(files) if changes else book), changes


def _open(data: bytes) -> Any:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if len(data) > MAX_BYTES or size > MAX_UNPACKED:
            raise SheetError([f"the workbook is larger than {MAX_BYTES // 1_000_000} MB"])
        return load_workbook(BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise SheetError([f"this is no .xlsx workbook ({error}); save it as Excel workbook (.xlsx)"]) from None


def _texts(sheet: Worksheet, problems: list[str]) -> Rows:
    """The cells as text, empty rows at the end left out; every formula is a problem."""
    rows: Rows = []
    for cells in sheet.iter_rows():
        texts = []
        for cell in cells:
            if cell.data_type == "f":
                where = f"sheet {sheet.title}, cell {cell.coordinate}"
                problems.append(f"{where}: a formula; copy it and paste it as a value")
            texts.append(_text(cell.value))
        rows.append(texts)
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _text(value: Any) -> str:
    """A cell as the book writes it, whatever the spreadsheet made of it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _cell(rows: Rows, row: int, column: int) -> str:
    """A cell by the row's number (from 1) and the column's place; empty outside."""
    cells = rows[row - 1] if row <= len(rows) else []
    return cells[column] if column < len(cells) else ""


def _table(
    title: str, rows: Rows, places: Mapping[str, Place], problems: list[str]
) -> Iterator[tuple[Place, str, Rows]]:
    key = _cell(rows, ANCHOR_ROW, 0)
    place = places.get(key)
    if place is None:
        problems.append(f"sheet {title}, cell A{ANCHOR_ROW}: the book has no table `{key}`")
        return
    heading = rows[HEADING_ROW - 1] if len(rows) >= HEADING_ROW else []
    while heading and not heading[-1]:
        heading = heading[:-1]
    if ARROW not in heading:
        problems.append(f"sheet {title}, row {HEADING_ROW}: the heading has no `{ARROW}` between inputs and outputs")
        return
    body = [(cells + [""] * len(heading))[: len(heading)] for cells in rows[HEADING_ROW:] if any(cells)]
    for number, cells in enumerate(rows[HEADING_ROW:], start=HEADING_ROW + 1):
        if any(cells[len(heading) :]):
            problems.append(f"sheet {title}, row {number}: cells to the right of the last heading")
    yield place, title, [heading, *body]


def _splice_all(found: Sequence[tuple[Place, str, Rows]], lines: dict[str, list[str]]) -> list[Change]:
    """Writes changed tables into the text, the lowest first, so that the lines above keep their numbers."""
    changes = []
    for place, title, rows in sorted(found, key=lambda one: -one[0].table.line):
        table = place.table
        was = [[table.hit, *table.inputs, ARROW, *table.outputs]]
        was += [[row.id, *row.inputs, "", *row.outputs] for row in table.rows]
        if rows == was:
            continue
        text = lines[table.file]
        end = max((row.line for row in table.rows), default=table.line + 1)
        text[table.line - 1 : end] = markdown(rows)
        changes.append(Change(title, place.key))
    return sorted(changes, key=lambda change: change.what)


def markdown(rows: Rows) -> list[str]:
    r"""A table as lines of Markdown, its columns aligned.

    >>> markdown([["U", "opened", "=>", "outcome"], ["1", "yes", "", '"refuse"']])[2]
    '| 1 | yes    |    | "refuse" |'
    """
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join(":" + "-" * (width + 1) for width in widths) + "|")
    return lines


def _parameters(rows: Rows, book: Book, lines: dict[str, list[str]], problems: list[str]) -> list[Change]:
    """Changed values are written into their lines, new dated values below the last one of their parameter."""
    if tuple(rows[0][: len(PARAMETER_COLUMNS)]) != PARAMETER_COLUMNS:
        problems.append(f"sheet {PARAMETERS}, row 1: the headings should be {', '.join(PARAMETER_COLUMNS)}")
        return []
    text = lines.get(PARAMETER_FILE, [])
    changes, added = [], []
    for number, cells in enumerate(rows[1:], start=2):
        code, _name, since, value, currency, source = (cells + [""] * 6)[:6]
        parameter = book.parameters.get(code)
        if not any(cells):
            continue
        if parameter is None:
            problems.append(f"sheet {PARAMETERS}, row {number}: the book has no parameter `{code}`")
            continue
        dated = next((one for one in parameter.values if (to_plain(one.since) or "") == since), None)
        if dated is None:
            added.append((parameter, since, value, source, number))
            continue
        amount = dated.value.get(currency) if isinstance(dated.value, Mapping) and currency else dated.value
        if written(amount) == value:
            continue
        if _write_value(text, dated.line, currency if isinstance(dated.value, Mapping) else "", value):
            changes.append(Change(PARAMETERS, code))
        else:
            problems.append(
                f"sheet {PARAMETERS}, row {number}: change `{code}` in {PARAMETER_FILE}:{dated.line} itself"
            )
    for parameter, since, value, source, number in reversed(added):
        if _add_value(text, parameter, since, value, source):
            changes.append(Change(PARAMETERS, parameter.code))
        else:
            where = f"{PARAMETER_FILE}:{parameter.line}"
            problems.append(f"sheet {PARAMETERS}, row {number}: add the value of {since or 'no day'} in {where} itself")
    return changes


def _write_value(text: list[str], line: int, currency: str, value: str) -> bool:
    """Puts a value into the line of the file that holds the old one; False if it does not stand there plainly."""
    pattern = rf"(\b{re.escape(currency) or 'value'}:\s*)(\"[^\"]*\"|[^,}}\s][^,}}]*)"
    if line < 1 or line > len(text) or not re.search(pattern, text[line - 1]):
        return False
    text[line - 1] = re.sub(pattern, lambda found: found[1] + value, text[line - 1], count=1)
    return True


def _add_value(text: list[str], parameter: Parameter, since: str, value: str, source: str) -> bool:
    last = max(one.line for one in parameter.values)
    indent = re.match(r"(\s*)- \{", text[last - 1]) if 1 <= last <= len(text) else None
    if indent is None or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", since) or not value:
        return False
    said = source.replace("\\", "\\\\").replace('"', '\\"')
    text.insert(last, f'{indent[1]}- {{from: {since}, value: {value}, source: "{said}"}}')
    return True
