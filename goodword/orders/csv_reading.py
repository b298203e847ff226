"""CSV files of products, orders and deliveries, read cell by cell: every mistake is named by line and column."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

Reader = Callable[[str], Any]


@dataclass(frozen=True)
class Problem:
    """One mistake in the file. `line` counts from 1, the heading being line 1."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{where}: {self.message}"


@dataclass(frozen=True)
class Column:
    """How one column is read. An empty cell gives `default`, unless the column is needed."""

    read: Reader
    needed: bool = False
    default: Any = None


@dataclass
class Sheet:
    """The rows that could be read, each with its line, and every problem found."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def blame(self, line: int, column: str, message: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem(line, column, message))


def read_heading(text: str) -> tuple[list[str], str]:
    """The names of the columns and the separator; spreadsheets of comma countries separate by semicolon."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    return [name.strip() for name in next(csv.reader([first], delimiter=separator), [])], separator


def read_sheet(text: str, columns: Mapping[str, Column]) -> Sheet:
    """Read all rows by `columns`; a column ending in `.*` (like `name.*`) takes any language."""
    heading, separator = read_heading(text)
    sheet = Sheet()
    _check_heading(heading, columns, sheet)
    if sheet.problems:
        return sheet
    for line, cells in _lines(text, separator):
        if len(cells) != len(heading):
            sheet.blame(line, "", f"there are {len(cells)} cells, but the heading has {len(heading)}")
            continue
        row = _row(dict(zip(heading, cells, strict=True)), columns, sheet, line)
        if row is not None:
            sheet.rows.append((line, row))
    return sheet


def words(cell: str) -> str:
    """The text without needless blanks."""
    return " ".join(cell.split())


def yes_no(cell: str) -> bool:
    """yes or no (also true/false, 1/0). Raises ValueError."""
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if cell.strip().lower() not in known:
        raise ValueError(f"{cell!r} is neither yes nor no")
    return known[cell.strip().lower()]


def day(cell: str) -> date:
    """A day like 2026-12-24. Raises ValueError."""
    try:
        return date.fromisoformat(cell.strip())
    except ValueError:
        raise ValueError(f"{cell!r} is not a day like 2026-12-24") from None


def moment(zone: str) -> Reader:
    """A reader of moments like 2026-12-24T10:00, which are in `zone` unless they carry one of their own."""

    def read(cell: str) -> datetime:
        try:
            found = datetime.fromisoformat(cell.strip())
        except ValueError:
            raise ValueError(f"{cell!r} is not a moment like 2026-12-24T10:00") from None
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)

    return read


def count(cell: str) -> int:
    """A whole number from 1. Raises ValueError."""
    if not cell.strip().isdecimal() or int(cell) < 1:
        raise ValueError(f"{cell!r} is not a whole number from 1")
    return int(cell)


def one_of(known: tuple[str, ...] | list[str]) -> Reader:
    """A reader of one of the codes in `known`; where none are known, of any code."""

    def read(cell: str) -> str:
        if known and cell.strip() not in known:
            raise ValueError(f"{cell!r} is not one of {', '.join(known)}")
        return cell.strip()

    return read


def code(length: int) -> Reader:
    """A reader of codes of so many capital letters, like the country DK or the currency DKK."""

    def read(cell: str) -> str:
        found = cell.strip().upper()
        if len(found) != length or not found.isascii() or not found.isalpha():
            raise ValueError(f"{cell!r} is not a code of {length} letters")
        return found

    return read


def cents(amount: str, currency: str) -> int:
    """An amount like 499.00 or 499,00 in the currency's smallest unit. Raises ValueError; never rounds."""
    try:
        number = Decimal(amount.strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"{amount!r} is not an amount like 499.00") from None
    smallest = number.scaleb(get_currency_precision(currency)) if number.is_finite() else number
    if not number.is_finite() or number < 0 or smallest != smallest.to_integral_value():
        raise ValueError(f"{amount!r} is not an amount in {currency}")
    return int(smallest)


def _check_heading(heading: list[str], columns: Mapping[str, Column], sheet: Sheet) -> None:
    for name in heading:
        if heading.count(name) > 1:
            sheet.blame(1, name, "this column stands here twice")
        if _column_for(name, columns) is None:
            sheet.blame(1, name, f"there is no such column; known are {', '.join(columns)}")
    for name, column in columns.items():
        if column.needed and not any(_fits(name, given) for given in heading):
            sheet.blame(1, name, "this column is missing")


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator)
    next(reader, None)
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _row(cells: Mapping[str, str], columns: Mapping[str, Column], sheet: Sheet, line: int) -> dict[str, Any] | None:
    row: dict[str, Any] = {name: column.default for name, column in columns.items() if not name.endswith(".*")}
    mistakes = len(sheet.problems)
    for name, cell in cells.items():
        column = _column_for(name, columns)
        if column is None or (not cell.strip() and not column.needed):
            continue
        try:
            if not cell.strip():
                raise ValueError("this cell must not be empty")
            row[name] = column.read(cell)
        except ValueError as error:
            sheet.blame(line, name, str(error))
    return row if len(sheet.problems) == mistakes else None


def _column_for(name: str, columns: Mapping[str, Column]) -> Column | None:
    return next((column for known, column in columns.items() if _fits(known, name)), None)


def _fits(known: str, given: str) -> bool:
    return given == known or (known.endswith(".*") and given.startswith(known[:-1]) and len(given) >= len(known))
