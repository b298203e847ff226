"""Past cases, one at a time, from CSV or JSON lines. A line that cannot be read is told by number; the rest goes on."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from goodword.engine.errors import EngineError, FactError, near
from goodword.engine.replay.results import BadLine
from goodword.engine.replay.values import Reader, facts_from_stored, plain_amounts

if TYPE_CHECKING:
    from goodword.engine.book import Book

ABOUT = ("currency", "person", "role", "policy")  # columns that speak of the case and are no facts
KEYS = ("id", "case", "case_id", "number")
MARKS = (",", ";", "\t")


@dataclass(slots=True)
class Case:
    """A past case. `facts` holds them as each of the replayed books knows them, `then` the outputs decided then."""

    place: int
    key: str
    policy: str
    facts: Sequence[Mapping[str, Any]]
    then: Mapping[str, Any] | None = None
    currency: str = ""
    days: Mapping[str, date] | None = None
    role: str | None = None
    person: str = ""


@dataclass(slots=True)
class Source:
    """A file of cases. `then` are the outputs it records (None: whatever each case has), `ignored` columns not used.

    `inputs` are outputs of other decisions that are facts here.
    """

    path: Path
    books: Sequence[Book]
    columns: tuple[str, ...] = ()
    then: tuple[str, ...] | None = None
    ignored: tuple[str, ...] = ()
    inputs: frozenset[str] = frozenset()
    read: Callable[[], int] = field(default=lambda: 0)

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.path.stat().st_size


class CaseFile(Source):
    """Cases in a file; iterating gives a Case or a BadLine for each line. `read()` says how many bytes were read."""

    def lines(self) -> Iterator[tuple[int, list[str]] | BadLine]:
        """The lines of a CSV file with their numbers, cut into cells."""
        with self.path.open("rb") as file:
            self.read = file.tell
            yield from csv_lines(file, self)

    def __iter__(self) -> Iterator[Case | BadLine]:
        with self.path.open("rb") as file:
            self.read = file.tell
            yield from _json_cases(file, self) if is_json(self.path) else _csv_cases(file, self)


def is_json(path: Path) -> bool:
    """Whether a file holds JSON lines, by its name."""
    return path.suffix.lower() in (".jsonl", ".ndjson")


def open_cases(path: str | Path, books: Sequence[Book]) -> CaseFile:
    """The cases of a file (CSV with a heading, or JSON lines), to be read by the vocabulary of each book.

    Raises FactError if it cannot be opened or has no heading that these books understand.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            first = file.readline().decode("utf-8-sig", errors="replace").rstrip("\r\n")
    except OSError as error:
        raise FactError(f"cannot read {path}: {error.strerror}") from None
    if is_json(path):
        return CaseFile(path, books)
    columns = tuple(_cells(first, mark_of(first)))
    _refuse_heading(path, columns)
    outputs = {name for book in books for name in book.outputs}
    facts = {name for book in books for name in book.facts}
    known = {*outputs, *facts, *ABOUT, *KEYS}
    if not facts & set(columns):
        raise FactError(
            f"{path}:1: no column is named like a fact of the book ({near(columns[0], sorted(facts))}); the first line "
            "has to name the columns"
        )
    ignored = tuple(name for name in columns if name not in known)
    return CaseFile(path, books, columns, tuple(name for name in columns if name in outputs - facts), ignored)


def _refuse_heading(path: Path, columns: Sequence[str]) -> None:
    if not any(columns):
        raise FactError(f"{path}:1: the file is empty: the first line has to name the columns")
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise FactError(f"{path}:1: the column `{twice[0]}` is there twice")


def mark_of(heading: str) -> str:
    """What parts the columns: comma, semicolon or tab, whichever the heading has most of."""
    return max(MARKS, key=heading.count)


def _cells(line: str, mark: str) -> list[str]:
    if '"' not in line:
        return line.split(mark)
    rows = list(csv.reader([line], delimiter=mark, strict=True))
    return rows[0] if rows else []


def csv_lines(file: BinaryIO, source: CaseFile) -> Iterator[tuple[int, list[str]] | BadLine]:
    """The lines below the heading with their numbers, cut into cells. A case is one line, so that one lost quotation
    mark spoils one line."""
    mark = mark_of(file.readline().decode("utf-8-sig", errors="replace"))
    width = len(source.columns)
    for number, raw in enumerate(file, start=2):
        try:
            line = raw.decode().rstrip("\r\n")
            if not line:
                continue
            cells = line.split(mark) if '"' not in line else _cells(line, mark)
        except UnicodeDecodeError:
            yield BadLine(number, "this is not UTF-8 text")
        except csv.Error as error:
            yield BadLine(number, f"quotes do not match ({error}); a case is one line")
        else:
            yield (number, cells) if len(cells) == width else _uneven(number, cells, width)


def _uneven(number: int, cells: Sequence[str], width: int) -> BadLine:
    return BadLine(number, f"{len(cells)} cells where the heading has {width}")


class CaseMaker:
    """Makes a case of the cells of a line."""

    def __init__(self, source: CaseFile) -> None:
        columns, books = source.columns, source.books
        readers = [Reader(book, columns, outputs=source.inputs, others=books) for book in books]
        same = len(readers) > 1 and all(reader.same_as(readers[0]) for reader in readers[1:])
        self.readers, self.copies = (readers[:1], len(books)) if same else (readers, 1)
        self.then = Reader(books[-1], columns, outputs=source.then, facts=False) if source.then else None
        places = {name: place for place, name in enumerate(columns)}
        self.key_at = next((places[name] for name in KEYS if name in places and name not in books[0].facts), None)
        self.about = {name: places[name] for name in ABOUT if name in places and name not in books[0].facts}

    def make(self, number: int, cells: Sequence[str]) -> Case:
        """The case. Raises FactError for a value that a fact cannot have."""
        facts = [reader.read(cells) for reader in self.readers] * self.copies
        case = Case(number, cells[self.key_at] if self.key_at is not None else str(number), "", facts)
        if self.then:
            case.then = self.then.read(cells)
        for name, place in self.about.items():
            setattr(case, name, cells[place])
        return case


def _csv_cases(file: BinaryIO, source: CaseFile) -> Iterator[Case | BadLine]:
    maker = CaseMaker(source)
    for line in csv_lines(file, source):
        if isinstance(line, BadLine):
            yield line
            continue
        try:
            yield maker.make(*line)
        except (EngineError, ValueError) as error:
            yield BadLine(line[0], str(error))


def _json_cases(file: BinaryIO, source: CaseFile) -> Iterator[Case | BadLine]:
    for number, raw in enumerate(file, start=1):
        if not raw.strip():
            continue
        try:
            data = json.loads(raw, parse_float=Decimal)
            if not isinstance(data, dict):
                raise FactError('a case is an object, like {"facts": {"opened": true}}')
            yield stored_case(number, data, source.books)
        except RecursionError:
            yield BadLine(number, "nested too deeply")
        except (EngineError, ValueError) as error:
            yield BadLine(number, f"not JSON: {error}" if isinstance(error, json.JSONDecodeError) else str(error))


def stored_case(place: int, data: Mapping[str, Any], books: Sequence[Book], *, strict: bool = True) -> Case:
    """A case as JSON: {"facts": …, and as far as known "record", "outputs", "days", "currency", "role", "policy",
    "person", "id"}, as `Decision.to_json` writes it; or only its facts. Raises FactError for what cannot be read.

    Of a record (fields by a fact's `source`) each book takes what it reads: so a new fact can be worked out. `strict`
    refuses a value that none of the books knows; else it counts as unknown, as in a decision of long ago.
    """
    if not isinstance(data.get("facts"), Mapping):
        data = _parted(data, books)
    record, outputs = data.get("record") or {}, data.get("outputs")
    if not isinstance(record, Mapping) or not isinstance(outputs, Mapping | None):
        raise FactError("`record` and `outputs` are `name: value` pairs")
    currency = str(data.get("currency") or "")
    facts, refused = [], []
    for book in books:
        raw, unread = facts_from_stored(book, data["facts"], record)
        plain, currency = plain_amounts(raw, currency)
        facts.append(plain)
        refused.append(unread)
    for code in refused[0] if strict else ():
        if all(code in unread or code not in book.facts for unread, book in zip(refused, books, strict=True)):
            raise refused[0][code]
    key = next((str(data[name]) for name in KEYS if name in data), str(place))
    then = None if outputs is None else {name: _tuples(value) for name, value in outputs.items()}
    case = Case(place, key, str(data.get("policy") or ""), facts, then, currency, _days(data.get("days")))
    case.role, case.person = data.get("role") or None, str(data.get("person") or "")
    return case


def _parted(data: Mapping[str, Any], books: Sequence[Book]) -> dict[str, Any]:
    """A flat case, like a line of CSV, as one with its facts and outputs apart."""
    about = {name: data[name] for name in (*KEYS, *ABOUT) if name in data}
    outputs = {name: value for name, value in data.items() if any(name in book.outputs for book in books)}
    facts = {name: value for name, value in data.items() if name not in about and name not in outputs}
    return {**about, "facts": facts, "outputs": outputs or None}


def _days(raw: Any) -> dict[str, date] | None:
    if not raw:
        return None
    if not isinstance(raw, Mapping):
        raise FactError('`days` are like {"purchase": "2026-12-01"}')
    try:
        return {str(name): date.fromisoformat(day) for name, day in raw.items() if day}
    except (TypeError, ValueError):
        raise FactError(f"`days`: {raw} are no dates like 2026-12-01") from None


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


__all__ = ["ABOUT", "Case", "CaseFile", "CaseMaker", "open_cases", "stored_case"]
