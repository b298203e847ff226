"""The book in force as files that people take away: handbook and policies on paper, spreadsheet, DMN, JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext as _

from goodword import engine
from goodword.engine import render
from goodword.lib.errors import NotFound
from goodword.policies.queries import book_by_hash, current_book, shelf

Audience = Literal["public", "staff"]
KEPT = 32  # printed files in memory; the largest, a staff handbook, has about 600 kB


@dataclass(frozen=True)
class Printed:
    """A file to hand out: its name, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


def handbook_pdf(language: str, day: date, audience: Audience = "public") -> Printed:
    """The whole book in force, as a printed handbook. Raises NotFound for a language the book is not written in."""
    book = current_book()
    return _kept(_handbook, book.hash, "", (language, day, audience))


def policy_pdf(code: str, language: str, day: date, audience: Audience = "public") -> Printed:
    """One policy as a leaflet, in the version that governs that day. Raises NotFound for what she may not see."""
    try:
        book = shelf().book_on(code, day)
        return _kept(_leaflet, book.hash, code, (language, day, audience))
    except engine.NotFound as error:
        raise NotFound(str(error)) from None


def file_of_the_book(name: str, language: str, day: date) -> Printed:
    """One of the files staff may take away, by its name in FILES. Raises NotFound for another name."""
    if name not in FILES:
        raise NotFound(_("The book is not handed out as %(name)s.") % {"name": name})
    return _kept(FILES[name], current_book().hash, name, (language, day, "staff"))


@lru_cache(maxsize=KEPT)
def _kept(make: Callable[..., Printed], book_hash: str, what: str, when: tuple[str, date, Audience]) -> Printed:
    """A file made once: a version never changes, so its hash, the day and the language say all."""
    return make(book_by_hash(book_hash), what, when)


def _handbook(book: engine.Book, _what: str, when: tuple[str, date, Audience]) -> Printed:
    language, _day, audience = when
    name = f"{'staff-handbook' if audience == 'staff' else 'handbook'}.{language}.pdf"
    return Printed(name, "application/pdf", render.handbook_pdf(render.handbook(book, *when)))


def _leaflet(book: engine.Book, code: str, when: tuple[str, date, Audience]) -> Printed:
    printed = render.handbook_pdf(render.single_policy(book, code, *when))
    return Printed(f"{code}.{when[0]}.pdf", "application/pdf", printed)


def _page(book: engine.Book, _name: str, when: tuple[str, date, Audience]) -> Printed:
    page = render.handbook_html(render.handbook(book, *when))
    return Printed(f"staff-handbook.{when[0]}.html", "text/html; charset=utf-8", page.encode())


def _sheets(book: engine.Book, name: str, when: tuple[str, date, Audience]) -> Printed:
    from goodword.engine.sheets import write_sheets

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Printed(name, media_type, write_sheets(book, when[0]))


def _model(book: engine.Book, name: str, when: tuple[str, date, Audience]) -> Printed:
    from goodword.engine.dmn.writing import write_dmn

    return Printed(name, "application/xml", write_dmn(book, when[1]).xml)


def _data(book: engine.Book, name: str, _when: tuple[str, date, Audience]) -> Printed:
    content = json.dumps(render.book_json(book), ensure_ascii=False, indent=2)
    return Printed(name, "application/json", content.encode())


def _receipt(book: engine.Book, _name: str, when: tuple[str, date, Audience]) -> Printed:
    language, day, _audience = when
    lines = "\n".join(render.receipt_lines(book, language, day)) + "\n"
    return Printed(f"receipt.{language}.txt", "text/plain; charset=utf-8", lines.encode())


FILES: dict[str, Callable[..., Printed]] = {
    "handbook.pdf": _handbook,
    "handbook.html": _page,
    "receipt.txt": _receipt,
    "book.xlsx": _sheets,
    "book.dmn": _model,
    "book.json": _data,
}
