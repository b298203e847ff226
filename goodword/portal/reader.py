"""Who reads, in which language: chosen in the address, else asked of the browser, else the book's first."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from goodword import engine
from goodword.lib import clock
from goodword.lib.errors import NotFound
from goodword.policies.queries import current_book


@dataclass(frozen=True)
class Reader:
    """A reader of the public pages. `chosen` is the language her address asks for, so that links keep it."""

    book: engine.Book
    language: str
    chosen: str = ""

    @property
    def query(self) -> str:
        """What an address needs to keep the language she chose."""
        return f"?language={self.chosen}" if self.chosen else ""

    @property
    def today(self) -> Any:
        """The day it is where the company is."""
        return clock.today(self.book.time_zone)


Page = Callable[..., HttpResponse]


def for_the_reader(page: Page) -> Page:
    """Give a page its reader, and show it in her language and in the company's time; nothing is cached."""

    @wraps(page)
    def in_her_language(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        book = current_book()
        chosen = _chosen(request, book)
        reader = Reader(book, chosen or understood(request, book), chosen)
        with translation.override(reader.language), timezone.override(ZoneInfo(book.time_zone)):
            response = _shown(page, request, reader, args, kwargs)
        response.headers["Content-Language"] = reader.language
        response.headers["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return in_her_language


def show(request: HttpRequest, reader: Reader, template: str, *, status: int = 200, **values: Any) -> HttpResponse:
    """Render a page of this door for its reader."""
    values |= {"reader": reader, "book": reader.book}
    return render(request, f"portal/{template}.html", values, status=status)


def _shown(page: Page, request: HttpRequest, reader: Reader, args: Any, kwargs: Any) -> HttpResponse:
    try:
        return page(request, reader, *args, **kwargs)
    except NotFound:
        return show(request, reader, "not_found", status=404)


def _chosen(request: HttpRequest, book: engine.Book) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in book.languages else ""


def understood(request: HttpRequest, book: engine.Book) -> str:
    """The first of the browser's languages that the book speaks; else the book's first."""
    for accepted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if accepted.split("-")[0] in book.languages:
            return accepted.split("-")[0]
    return str(book.languages[0])
