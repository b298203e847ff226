"""What stands in a file of products, orders or deliveries, read cell by cell: every mistake is named by its column."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

Reader = Callable[[str], Any]
_LARGEST_CENTS = 2**63 - 1
_BLANKS = re.compile(r"[\s\u00a0\u202f']")
_AMOUNT = re.compile(
    r"\d{1,15}|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,15}[.,]\d{1,4}", re.ASCII
)


@dataclass(frozen=True)
class Problem:
    """One mistake in the file. `line` counts from 1, in a CSV file the heading being line 1."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{where}: {self.message}"


@dataclass(frozen=True)
class Column:
    """How one column is read. An empty cell says nothing, unless the column is needed."""

    read: Reader
    needed: bool = False


def read_row(
    cells: Mapping[str, str], columns: Mapping[str, Column], line: int
) -> tuple[dict[str, Any], list[Problem]]:
    """The values of a row by `columns`, None where nothing is said, and every mistake in it.

    A column ending in `.*` (like `name.*`) takes any language.
    """
    row: dict[str, Any] = {name: None for name in columns if not name.endswith(".*")}
    problems: list[Problem] = []
    for name, cell in cells.items():
        column = column_for(name, columns)
        if column is None:
            problems.append(Problem(line, name[:60], f"there is no such column; known are {', '.join(columns)}"))
        elif cell.strip():
            try:
                row[name] = column.read(cell)
            except ValueError as error:
                problems.append(Problem(line, name, str(error)))
    blamed = {problem.column for problem in problems}
    problems += [
        Problem(line, name, "this must not be empty")
        for name, column in columns.items()
        if column.needed and name not in blamed and not any(row.get(given) is not None for given in _given(name, row))
    ]
    return row, problems


def column_for(name: str, columns: Mapping[str, Column]) -> Column | None:
    """How a column with this heading is read; None if there is none."""
    return next((column for known, column in columns.items() if fits(known, name)), None)


def fits(known: str, given: str) -> bool:
    """Whether a heading is the column `known`."""
    return given == known or (known.endswith(".*") and given.startswith(known[:-1]) and len(given) > len(known) - 1)


def words(longest: int) -> Reader:
    """A reader of text without needless blanks, of so many letters."""

    def read(cell: str) -> str:
        found = " ".join(cell.split())
        if len(found) > longest:
            raise ValueError(f"this is longer than {longest} letters")
        if not found.isprintable():
            raise ValueError("this holds a sign that cannot be shown; mend the file's encoding")
        return found

    return read


def yes_no(cell: str) -> bool:
    """yes or no (also true/false, ja/nej, 1/0). Raises ValueError."""
    known = {"yes": True, "true": True, "ja": True, "1": True, "no": False, "false": False, "nej": False, "0": False}
    if cell.strip().lower() not in known:
        raise ValueError(f"{_quoted(cell)} is neither yes nor no")
    return known[cell.strip().lower()]


def day(cell: str) -> date:
    """A day like 2026-12-24. Raises ValueError: 03/04/2026 is another day in another country."""
    try:
        if len(cell.strip()) != len("2026-12-24"):
            raise ValueError
        return date.fromisoformat(cell.strip())
    except ValueError:
        raise ValueError(f"{_quoted(cell)} is not a day like 2026-12-24") from None


def moment(zone: str) -> Reader:
    """A reader of moments like 2026-12-24T10:00, which are in `zone` unless they carry one of their own."""

    def read(cell: str) -> datetime:
        try:
            found = datetime.fromisoformat(cell.strip())
            return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError(f"{_quoted(cell)} is not a moment like 2026-12-24T10:00") from None

    return read


def count(cell: str) -> int:
    """A whole number from 1 to a million. Raises ValueError."""
    found = cell.strip()
    if not (found.isascii() and found.isdecimal()) or len(found) > 7 or not 1 <= int(found) <= 1_000_000:
        raise ValueError(f"{_quoted(cell)} is not a whole number from 1 to 1,000,000")
    return int(found)


def whole_cents(cell: str) -> int:
    """An amount in the currency's smallest unit. Raises ValueError."""
    found = cell.strip()
    if not (found.isascii() and found.isdecimal()) or len(found) > 19 or int(found) > _LARGEST_CENTS:
        raise ValueError(f"{_quoted(cell)} is not an amount in whole cents, like 49900")
    return int(found)


def one_of(known: tuple[str, ...] | list[str]) -> Reader:
    """A reader of one of the codes in `known`; where none are known, of any code."""

    def read(cell: str) -> str:
        if known and cell.strip() not in known:
            raise ValueError(f"{_quoted(cell)} is not one of {', '.join(known)}")
        return str(words(40)(cell))

    return read


def code(length: int) -> Reader:
    """A reader of codes of so many capital letters, like the country DK or the currency DKK."""

    def read(cell: str) -> str:
        found = cell.strip().upper()
        if len(found) != length or not found.isascii() or not found.isalpha():
            raise ValueError(f"{_quoted(cell)} is not a code of {length} letters")
        return found

    return read


def cents(amount: str, currency: str) -> int:
    """An amount like 499.00, 499,00, 1.234,50 or 1,234.50 in the currency's smallest unit. Raises ValueError; never
    rounds, and never guesses: 1.234 kroner may be one or a thousand."""
    digits = _BLANKS.sub("", amount)
    if not _AMOUNT.fullmatch(digits):
        raise ValueError(f"{_quoted(amount)} is not an amount like 499.00")
    signs = [sign for sign in digits if sign in ".,"]
    if len(set(signs)) == 2:
        whole, _sign, part = digits.rpartition(signs[-1])
        digits = f"{whole.replace(signs[0], '')}.{part}"
    elif len(signs) > 1:
        digits = digits.replace(signs[0], "")
    smallest = Decimal(digits.replace(",", ".")).scaleb(get_currency_precision(currency))
    if smallest != smallest.to_integral_value() or smallest > _LARGEST_CENTS:
        raise ValueError(f"{_quoted(amount)} is not an amount in {currency}; write it like 1234.50")
    return int(smallest)


def _given(name: str, row: Mapping[str, Any]) -> list[str]:
    return [given for given in row if fits(name, given)]


def _quoted(cell: str) -> str:
    return repr(cell.strip()[:40])
