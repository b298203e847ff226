"""The book as a spreadsheet and back: nothing changes that nobody changed, and what is wrong is named by its cell."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from goodword import cli, engine
from goodword.engine.sheets import SheetError, book_from_sheets, write_sheets
from tests.engine.example import example_book, small_book, table

STARTER = Path(__file__).parents[3] / "goodword" / "packs" / "shop"


@pytest.fixture(params=["example", "starter"])
def book(request: pytest.FixtureRequest) -> engine.Book:
    """A small book and a whole one."""
    return example_book() if request.param == "example" else engine.read_book(STARTER)


def edited(book: engine.Book, change: Callable[[Any], None]) -> bytes:
    """The workbook after somebody's hand."""
    workbook = load_workbook(BytesIO(write_sheets(book)))
    change(workbook)
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def sheet_of(workbook: Any, anchor: str) -> Any:
    """The sheet of a clause's table."""
    return next(sheet for sheet in workbook.worksheets if sheet["A1"].value == anchor)


def test_a_workbook_read_back_unchanged_is_the_same_book(book: engine.Book) -> None:
    again, changes = book_from_sheets(write_sheets(book), book)
    assert (again.hash, again.files, changes) == (book.hash, book.files, [])


def test_saved_anew_by_a_spreadsheet_it_is_still_the_same_book(book: engine.Book) -> None:
    again, changes = book_from_sheets(edited(book, lambda workbook: None), book)
    assert (again.files, changes) == (book.files, [])


def test_every_rule_and_every_value_stands_in_it(book: engine.Book) -> None:
    workbook = load_workbook(BytesIO(write_sheets(book)))
    written = {
        (sheet["A1"].value, str(row[0].value))
        for sheet in workbook.worksheets
        if "#" in str(sheet["A1"].value)
        for row in sheet.iter_rows(min_row=5)
        if row[0].value
    }
    rules = {
        (clause.anchor + (f" {number}" if number > 1 else ""), row.id)
        for policy in book.policies.values()
        for clause in policy.clauses.values()
        for number, text in enumerate(next(iter(clause.texts.values())).tables, start=1)
        for row in text.rows
    }
    assert written == rules
    values = sum(
        len(dated.value) if isinstance(dated.value, dict) else 1
        for one in book.parameters.values()
        for dated in one.values
    )
    assert len(list(workbook["Parameters"].iter_rows(min_row=2))) == values


def test_a_changed_cell_changes_its_rule_and_no_other_line() -> None:
    book = engine.read_book(STARTER)

    def change(workbook: Any) -> None:
        sheet = sheet_of(workbook, "returns#seals")
        assert sheet["D5"].value == "<= return_window"
        sheet["D5"].value = "<= 60"

    again, changes = book_from_sheets(edited(book, change), book)
    assert [change.what for change in changes] == ["returns#seals"]
    was, now = book.files["returns.md"].split("\n"), again.files["returns.md"].split("\n")
    differing = [line for line, other in zip(now, was, strict=True) if line != other]
    assert len(differing) == 3  # the table's own lines: its columns are aligned anew
    rows = {row.ref.id: row.test_texts for row in again.table("returns", "outcome").rows}
    assert rows["returns#seals:1"]["days_since_delivery"] == "<= 60"


def test_rules_can_be_added_and_taken_away() -> None:
    book = small_book(
        "days: {type: days}", "outcome: {type: choice, values: [allow, refuse]}",
        table("U | days | => | outcome", "1 | <= 30 | | allow", "2 | > 30 | | refuse"),
    )  # fmt: skip

    def change(workbook: Any) -> None:
        sheet = sheet_of(workbook, "p#c")
        sheet.delete_rows(6)
        for place, text in enumerate(("2", "(30..40]", None, "allow")):
            sheet.cell(6, place + 1).value = text
        for place, text in enumerate(("3", "> 40", None, "refuse")):
            sheet.cell(7, place + 1).value = text

    again, _ = book_from_sheets(edited(book, change), book)
    said = [engine.decide(again, "p", {"days": days}, date(2026, 6, 1)).outcome for days in (30, 40, 41)]
    assert said == ["allow", "allow", "refuse"]


def test_numbers_and_dates_a_spreadsheet_made_of_texts_are_taken_as_written() -> None:
    book = small_book(
        "days: {type: days}, on: {type: date}", "outcome: {type: choice, values: [allow, refuse]}",
        table("U | days | on | => | outcome", "1 | 30 | 2026-12-24 | | allow", "2 | 31 | - | | refuse"),
    )  # fmt: skip

    def change(workbook: Any) -> None:
        sheet = sheet_of(workbook, "p#c")
        sheet["A5"].value, sheet["B5"].value, sheet["C5"].value = 1, 29.0, date(2026, 12, 25)

    again, changes = book_from_sheets(edited(book, change), book)
    assert len(changes) == 1
    assert "| 1 | 29   | 2026-12-25 |" in again.files["p.md"]


def test_a_parameters_value_is_changed_and_a_later_one_added_in_its_file() -> None:
    book = engine.read_book(STARTER)

    def change(workbook: Any) -> None:
        sheet = workbook["Parameters"]
        rows = {(row[0].value, row[2].value or ""): row for row in sheet.iter_rows(min_row=2)}
        rows["return_window", "2025-06-01"][3].value = 45
        sheet.append(["return_window", "", "2027-01-01", "60", "", 'Management, "a year of sleep"'])

    again, changes = book_from_sheets(edited(book, change), book)
    assert {change.what for change in changes} == {"return_window"}
    days = (date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1))
    assert [again.parameter("return_window", day) for day in days] == [14, 45, 60]
    assert again.parameters["return_window"].values[-1].source == 'Management, "a year of sleep"'
    others = {name: one.values for name, one in again.parameters.items() if name != "return_window"}
    plain = {name: [(v.since, v.value) for v in values] for name, values in others.items()}
    assert plain == {name: [(v.since, v.value) for v in book.parameters[name].values] for name in others}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda w: w["p.c"].__setitem__("B5", "=1+1"),
            "sheet p.c, cell B5: a formula; copy it and paste it as a value",
        ),
        (lambda w: w["p.c"].__setitem__("A1", "p#lost"), "sheet p.c, cell A1: the book has no table `p#lost`"),
        (lambda w: w["p.c"].__setitem__("C4", "outcome"), "sheet p.c, row 4: the heading has no `=>`"),
        (lambda w: w["p.c"].__setitem__("G6", "note"), "sheet p.c, row 6: cells to the right of the last heading"),
        (lambda w: w["Parameters"].__setitem__("A1", "what"), "sheet Parameters, row 1: the headings should be"),
        (lambda w: w["Parameters"].append(["window", "", "", "3"]), "row 3: the book has no parameter `window`"),
        (
            lambda w: w["Parameters"].append(["limit", "", "soon", "3"]),
            "row 3: add the value of soon in parameters.yaml",
        ),
    ],
)
def test_what_is_wrong_is_named_by_sheet_and_cell(change: Callable[[Any], None], words: str) -> None:
    book = small_book(
        "days: {type: days}", "outcome: {type: choice, values: [allow, refuse]}",
        table("U | days | => | outcome", "1 | <= limit | | allow", "2 | > limit | | refuse"),
        "limit:\n  type: days\n  values:\n    - {value: 30}\n",
    )  # fmt: skip
    with pytest.raises(SheetError) as caught:
        book_from_sheets(edited(book, change), book)
    assert words in str(caught.value)


def test_a_cell_the_book_cannot_read_names_file_and_line() -> None:
    book = example_book()
    sheet = next(
        sheet for sheet in load_workbook(BytesIO(write_sheets(book))).worksheets if "#" in str(sheet["A1"].value)
    )
    data = edited(book, lambda workbook: workbook[sheet.title].__setitem__("B5", "<< 3"))
    with pytest.raises(engine.BookError, match=r"returns\.md:\d+: error"):
        book_from_sheets(data, book)


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_another_file_is_told(data: bytes) -> None:
    with pytest.raises(SheetError, match=r"this is no \.xlsx workbook"):
        book_from_sheets(data, example_book())


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 210_000_000)
    with pytest.raises(SheetError, match="larger than 20 MB"):
        book_from_sheets(stream.getvalue(), example_book())


def test_the_commands_make_a_workbook_and_bring_it_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = example_book()
    for name, text in book.files.items():
        (tmp_path / "book" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "book" / name).write_text(text, encoding="utf-8")
    assert cli.main(["render", str(tmp_path / "book"), str(tmp_path), "--to", "xlsx"]) == 0
    made = capsys.readouterr().out.strip()
    assert cli.main(["import-sheets", made, str(tmp_path / "book")]) == 0
    assert capsys.readouterr().out == "Changed: nothing.\n"
    workbook = Workbook()
    workbook.save(tmp_path / "other.xlsx")
    assert cli.main(["import-sheets", str(tmp_path / "other.xlsx"), str(tmp_path / "book")]) == 0
    assert cli.main(["import-sheets", str(tmp_path / "none.xlsx"), str(tmp_path / "book")]) == 1
    assert "cannot read" in capsys.readouterr().err
