"""The workbook: one sheet for each table, one for the parameters, one that says how to use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from goodword.engine.book import Book
from goodword.engine.sheets.layout import (
    ANCHOR_ROW,
    HEADING_ROW,
    LABEL_ROW,
    PARAMETER_COLUMNS,
    PARAMETERS,
    Place,
    sheet_title,
    tables_of,
)
from goodword.engine.table_text import ARROW
from goodword.engine.values import to_plain

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ABOUT = (
    "One sheet for each table of the book, and one for its parameters.",
    "Change cells, add or take away rules below the heading; leave the first cell and the headings as they are.",
    "Cells are written as in the book: <= 30, not(yes), (30..365], \"general\"; - where anything goes.",
    "Formulas are not read. Bring it back with: goodword import-sheets THIS.xlsx BOOK",
)  # fmt: skip


def write_sheets(book: Book, language: str | None = None) -> bytes:
    """The workbook as bytes; names of facts are shown in `language`, the book's first if left out."""
    from openpyxl import Workbook

    words = language or book.languages[0]
    workbook = Workbook()
    about = workbook.active
    assert about is not None
    about.title = "About"
    about.column_dimensions["A"].width = 110
    for row, line in enumerate((f"{book.name}, version {book.hash[:12]}", "", *ABOUT), start=1):
        _write(about, (row, 1), line, bold=row == 1)
    taken = {"about", PARAMETERS.lower()}
    _parameters(workbook.create_sheet(PARAMETERS), book, words)
    for place in tables_of(book):
        _table(workbook.create_sheet(sheet_title(place.key, taken)), place, book, words)
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _parameters(sheet: Worksheet, book: Book, language: str) -> None:
    for column, name in enumerate(PARAMETER_COLUMNS, start=1):
        _write(sheet, (1, column), name, bold=True)
    row = 2
    for parameter in book.parameters.values():
        for dated in parameter.values:
            amounts = dated.value if isinstance(dated.value, Mapping) else {"": dated.value}
            for currency, amount in amounts.items():
                cells = (parameter.code, parameter.label(language), to_plain(dated.since) or "")
                for column, text in enumerate((*cells, written(amount), currency, dated.source), start=1):
                    _write(sheet, (row, column), str(text))
                row += 1
    _finish(sheet, "A2", (28, 44, 14, 14, 10, 60))


def written(value: Any) -> str:
    """A parameter's value as the book writes it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(to_plain(value))


def _table(sheet: Worksheet, place: Place, book: Book, language: str) -> None:
    code, _, clause = place.anchor.partition("#")
    table, policy = place.table, book.policy(code)
    _write(sheet, (ANCHOR_ROW, 1), place.key, bold=True)
    _write(sheet, (ANCHOR_ROW, 2), f"{policy.title(language)}: {policy.clauses[clause].heading(language)}", bold=True)
    heading = (table.hit, *table.inputs, ARROW, *table.outputs)
    for column, name in enumerate(heading, start=1):
        _write(sheet, (LABEL_ROW, column), _label(name, book, language))
        _write(sheet, (HEADING_ROW, column), name, bold=True)
    for number, row in enumerate(table.rows, start=HEADING_ROW + 1):
        for column, text in enumerate((row.id, *row.inputs, "", *row.outputs), start=1):
            _write(sheet, (number, column), text)
    texts = [(row.id, *row.inputs, "", *row.outputs) for row in table.rows]
    widths = [max(len(cell) for cell in cells) for cells in zip(heading, *texts, strict=True)]
    _finish(sheet, f"B{HEADING_ROW + 1}", [min(max(width + 3, 8), 48) for width in widths])


def _label(name: str, book: Book, language: str) -> str:
    subject = book.facts.get(name) or book.outputs.get(name)
    return subject.label(language) if subject else ""


def _write(sheet: Worksheet, place: tuple[int, int], text: str, *, bold: bool = False) -> None:
    """One cell of text; a spreadsheet would take `=>` for a formula unless it is told otherwise."""
    from openpyxl.styles import Alignment, Font

    cell = sheet.cell(*place)
    cell.value = text or None
    if text:
        cell.data_type = "s"
    cell.number_format = "@"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=place[0] > 1)


def _finish(sheet: Worksheet, frozen: str, widths: Sequence[float]) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = frozen
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
