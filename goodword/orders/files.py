"""Files of products, orders and deliveries as a stream of records: CSV, one JSON object a line, or a JSON array."""

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from goodword.lib.errors import Invalid
from goodword.orders.cells import Problem

CSV, LINES, ARRAY = "csv", "ndjson", "json"
_CHUNK = 1024 * 1024
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Raw:
    """One record as it stands in the file: an order of a JSON file has a row for each of its items."""

    line: int
    rows: list[dict[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Shape:
    """How a file is to be read. `heading` is that of a CSV file, or the names of the first record."""

    format: str
    encoding: str
    separator: str
    heading: list[str]


def shape_of(path: Path) -> Shape:
    """How to read this file. Raises Invalid for one that is empty, not text, or not what it seems to be."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as text:
        start = text.read(_CHUNK)
    if not start.strip():
        raise Invalid(_("The file is empty."), field="file")
    first = start.lstrip()[0]
    if first not in "[{":
        separator, heading = _heading(start)
        return Shape(CSV, encoding, separator, heading)
    shape = Shape(ARRAY if first == "[" else LINES, encoding, "", [])
    record = next(records(path, shape), None)
    if record is None:
        raise Invalid(_("The file holds no records."), field="file")
    if not record.rows:
        raise Invalid(f"The first record cannot be read: {record.problems[0].message}.", field="file")
    return Shape(shape.format, encoding, "", list(record.rows[0]))


def records(path: Path, shape: Shape) -> Iterator[Raw]:
    """Every record in order, never more than one in memory (of a JSON array: its text)."""
    with path.open(encoding=shape.encoding, newline="") as text:
        if shape.format == CSV:
            yield from _of_csv(text, shape.separator)
        elif shape.format == LINES:
            yield from _of_lines(text)
        else:
            yield from _of_array(text.read())


def rows_of(given: Any, line: int) -> Raw:
    """A JSON object as rows of cells; `names` and `items` are laid flat."""
    if not isinstance(given, dict):
        return Raw(line, problems=[Problem(line, "", "this is no JSON object")])
    try:
        head = _cells({name: value for name, value in given.items() if name != "items"})
        if "items" not in given:
            return Raw(line, [head])
        items = given["items"]
        if not isinstance(items, list) or not items:
            raise _Wrong("items", "an order has a list of at least one item")
        return Raw(line, [head | _cells(item) for item in items])
    except _Wrong as wrong:
        return Raw(line, problems=[Problem(line, wrong.column, str(wrong))])


class _Wrong(ValueError):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column[:60]


def _encoding(path: Path) -> str:
    """Read the file through once: a wrong byte in line 90,000 is said now, and not after 89,999 lines are stored."""
    with path.open("rb") as file:
        start = file.read(4)
        encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
        decoder, line = codecs.getincrementaldecoder(encoding)(), 1
        file.seek(0)
        while chunk := file.read(_CHUNK):
            line = _decoded(decoder, chunk, line)
        _decoded(decoder, b"", line, final=True)
    return encoding


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, line: int, *, final: bool = False) -> int:
    try:
        text = decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line += error.object[: error.start].count(b"\n")
        why = _(
            "The file is not UTF-8 text: line %(line)s holds a byte (%(byte)s) of another encoding, probably "
            "Windows-1252. Save it as “CSV UTF-8” and import it again."
        )
        at = {"line": line, "byte": f"0x{error.object[error.start]:02X}"}
        raise Invalid(why % at, field="file") from None
    if "\x00" in text:
        line += text[: text.index("\x00")].count("\n")
        why = _("The file is not text: line %(line)s holds a NUL. Export it again as CSV or JSON.")
        raise Invalid(why % {"line": line}, field="file")
    return line + text.count("\n")


def _heading(start: str) -> tuple[str, list[str]]:
    """Spreadsheets of comma countries separate by semicolon, and some programs by tab."""
    first = start.lstrip("\ufeff").split("\n", 1)[0].strip("\r")
    separator = max(_SEPARATORS, key=first.count)
    try:
        names = next(csv.reader([first], delimiter=separator), [])
    except csv.Error as error:
        raise Invalid(f"The heading of the file cannot be read: {error}.", field="file") from None
    return separator, [name.strip() for name in names]


def _of_csv(text: TextIO, separator: str) -> Iterator[Raw]:
    reader = csv.reader(text, delimiter=separator)
    heading = [name.strip().lstrip("\ufeff") for name in next(reader, [])]
    line = reader.line_num + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Raw(line, problems=[Problem(line, "", f"this line cannot be read: {error}")])
            line = reader.line_num + 1
            continue
        if any(cell.strip() for cell in cells):
            yield _row(heading, cells, line)
        line = reader.line_num + 1


def _row(heading: list[str], cells: list[str], line: int) -> Raw:
    if len(cells) != len(heading):
        message = f"there are {len(cells)} cells, but the heading has {len(heading)}"
        return Raw(line, problems=[Problem(line, "", message)])
    return Raw(line, [dict(zip(heading, cells, strict=True))])


def _of_lines(text: TextIO) -> Iterator[Raw]:
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            yield rows_of(json.loads(line), number)
        except (ValueError, RecursionError):
            yield Raw(number, problems=[Problem(number, "", "this line is not JSON")])


def _of_array(text: str) -> Iterator[Raw]:
    """Object by object, so that the whole array is never in memory as objects."""
    decoder, place, line, seen = json.JSONDecoder(), text.index("[") + 1, 1, 0
    while True:
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        line, seen = line + text.count("\n", seen, place), place
        if place >= len(text):
            yield Raw(line, problems=[Problem(line, "", "the list does not end: a ] is missing")])
            return
        if text[place] == "]":
            return
        try:
            given, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            yield Raw(line, problems=[Problem(line, "", "from here on this is not JSON")])
            return
        yield rows_of(given, line)


def _cells(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise _Wrong("items", "an item is a JSON object")
    cells: dict[str, str] = {}
    for name, value in given.items():
        if name == "names" and isinstance(value, Mapping):
            cells |= {f"name.{language}": _cell("names", each) for language, each in value.items()}
        else:
            cells[name] = _cell(name, value)
    return cells


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and abs(value) < 10**20:
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        raise _Wrong(name, 'write an amount as text ("499.00"), or in whole cents as price_cents')
    raise _Wrong(name, "this is neither text, a whole number, yes nor no")
