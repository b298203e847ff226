"""`goodword render`: the book as files that people read: handbook, leaflets, receipt lines, notices."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from goodword.engine.book import Book, read_book
from goodword.engine.cli import EPILOG, day_argument, print_json
from goodword.engine.errors import EngineError
from goodword.engine.render.contents import Audience

WORDS = "Make the book into files: a handbook to print, pages for the web, lines for the receipt."
File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made."""

    book: Book
    day: date
    languages: tuple[str, ...]
    audience: Audience
    policy: str | None


def add(commands: Any) -> None:
    """Adds the command's parser."""
    command = commands.add_parser("render", help=WORDS, description=WORDS, epilog=EPILOG)
    command.add_argument("book", help="the folder that holds book.yaml")
    command.add_argument("folder", help="where the files go; it is made if it is not there")
    command.add_argument(
        "--to", required=True, choices=sorted(FORMATS), help="what to make; text: receipt lines and notices"
    )
    command.add_argument(
        "--language", action="append", help="a language, like da; may be given again; all of the book's if left out"
    )
    command.add_argument(
        "--for", dest="audience", choices=("public", "staff"), default="public", help="who reads it; public if left out"
    )
    command.add_argument("--policy", help="one policy alone, as a leaflet, like returns")
    command.add_argument(
        "--on", type=day_argument, metavar="DATE", help="as of this day, like 2026-12-24; today if left out"
    )
    command.add_argument("--json", action="store_true", help="print the names of the files as JSON, for programs")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Makes the files and says which."""
    book = read_book(options.book)
    day = options.on or datetime.now(ZoneInfo(book.time_zone)).date()
    languages = tuple(options.language or book.languages)
    wanted = Wanted(book, day, languages, options.audience, options.policy)
    written = []
    for name, content in FORMATS[options.to](wanted):
        written.append(_write(Path(options.folder), name, content))
        if not options.json:
            print(written[-1])
    if options.json:
        print_json({"files": [str(path) for path in written]})
    return 0


def _write(folder: Path, name: str, content: bytes) -> Path:
    """Writes a file whole or not at all."""
    path, unfinished = folder / name, folder / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        raise EngineError(f"cannot write {path}: {error.strerror}; name a folder you may write to") from None
    return path


def _html(wanted: Wanted) -> Iterator[File]:
    from goodword.engine.render import handbook_html

    for name, printed in _printed(wanted):
        yield f"{name}.html", handbook_html(printed).encode()


def _pdf(wanted: Wanted) -> Iterator[File]:
    from goodword.engine.render import handbook_pdf

    for name, printed in _printed(wanted):
        yield f"{name}.pdf", handbook_pdf(printed)


def _printed(wanted: Wanted) -> Iterator[tuple[str, Any]]:
    from goodword.engine.render import handbook, single_policy

    for language in wanted.languages:
        what = wanted.policy or ("staff-handbook" if wanted.audience == "staff" else "handbook")
        when = (language, wanted.day, wanted.audience)
        yield (
            f"{what}.{language}",
            single_policy(wanted.book, wanted.policy, *when) if wanted.policy else handbook(wanted.book, *when),
        )


def _text(wanted: Wanted) -> Iterator[File]:
    """One file for every place the book names: `receipt.da.txt`, `before-purchase.da.txt`."""
    from goodword.engine.render import disclosures, receipt_lines

    book = wanted.book
    places = {
        place for policy in book.policies.values() for clause in policy.clauses.values() for place in clause.disclose
    }
    for language in wanted.languages:
        for place in sorted(places):
            if place == "receipt":
                lines = receipt_lines(book, language, wanted.day)
            else:
                told = disclosures(book, place, language, wanted.day)
                lines = [line for one in told for line in (one.heading, one.text, "")]
            yield f"{place}.{language}.txt", ("\n".join(lines).rstrip() + "\n").encode()


def _json(wanted: Wanted) -> Iterator[File]:
    """The book in all its languages, and the schema it follows."""
    import json

    from goodword.engine.render.data import book_json, schema

    for name, content in (("book.json", book_json(wanted.book)), ("book.schema.json", schema())):
        yield name, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _dmn(wanted: Wanted) -> Iterator[File]:
    """The decision tables for other tools, and what DMN cannot say."""
    from goodword.engine.dmn.writing import write_dmn

    written = write_dmn(wanted.book, wanted.day, wanted.policy)
    yield f"{wanted.policy or 'book'}.dmn", written.xml
    said = "".join(f"- {line}\n" for line in written.left_out)
    yield f"{wanted.policy or 'book'}.dmn.txt", f"What this model does not say:\n{said}".encode()


def _xlsx(wanted: Wanted) -> Iterator[File]:
    """The tables and numbers to be changed in a spreadsheet; `goodword import-sheets` brings them back."""
    from goodword.engine.sheets import write_sheets

    for language in wanted.languages[:1]:
        yield "book.xlsx", write_sheets(wanted.book, language)


FORMATS: dict[str, Callable[[Wanted], Iterator[File]]] = {
    "dmn": _dmn,
    "html": _html,
    "json": _json,
    "pdf": _pdf,
    "text": _text,
    "xlsx": _xlsx,
}
