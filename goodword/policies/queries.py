"""The book in force, the books of other days, and what they say."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from goodword import engine
from goodword.lib.errors import Invalid, NotFound
from goodword.policies.models import BookProblem, Draft, Publication

Days = Mapping[str, date] | date
_held: ContextVar["Shelf | None"] = ContextVar("held_shelf", default=None)


def current_publication() -> Publication:
    """The version in force: the newest. Raises NotFound on a desk whose book was never published."""
    newest = Publication.objects.order_by("-id").first()
    if newest is None:
        raise NotFound(_("No policy book has been published here yet. Publish one with `goodword publish FOLDER`."))
    return newest


def current_book() -> engine.Book:
    """The book in force, parsed once per process and version."""
    held = _held.get()
    if held:
        return _book(held.hashes[0])
    newest = Publication.objects.order_by("-id").values_list("hash", flat=True).first()
    return _book(newest or current_publication().hash)


@contextmanager
def one_look() -> Iterator[None]:
    """Read the same versions throughout the block: an answer never mixes two books, and asks for them only once."""
    if _held.get() or not (found := shelf()).hashes:
        yield
        return
    token = _held.set(found)
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def new_look() -> Iterator[None]:
    """As `one_look`, but look again even within another: for whoever has just heard that something was published."""
    token = _held.set(None)
    try:
        with one_look():
            yield
    finally:
        _held.reset(token)


def has_book() -> bool:
    """Whether a book has ever been published here."""
    return Publication.objects.exists()


def book_by_hash(book_hash: str) -> engine.Book:
    """The book with this hash, as a stored decision names it. Raises NotFound."""
    return _book(book_hash)


def history() -> QuerySet[Publication]:
    """Every published version without its text, the newest first."""
    return Publication.objects.defer("files").select_related("published_by").order_by("-id")


def open_problem() -> BookProblem | None:
    """What keeps the changed book folder from being published, if anything does."""
    return BookProblem.objects.filter(mended_at=None).order_by("-id").first()


def current_draft() -> Draft | None:
    """The draft a manager is writing, if there is one."""
    return Draft.objects.select_related("based_on", "by").order_by("-id").first()


def time_zone() -> str:
    """The book's time zone, in which a date fact is a day; UTC as long as there is no book."""
    return str(current_book().time_zone) if has_book() else "UTC"


def source_values(source: str) -> list[str]:
    """The codes that the book's fact from `source` (like "line.category") may have; empty if no fact reads it."""
    facts = current_book().facts.values() if has_book() else ()
    return [code for fact in facts if fact.source == source for code in fact.values]


def shelf() -> "Shelf":
    """All published versions, to be asked for the one that governs a policy on a day."""
    return _held.get() or Shelf(tuple(Publication.objects.order_by("-id").values_list("hash", flat=True)))


def advise(policy: str, facts: Mapping[str, Any], days: Days) -> engine.Decision:
    """What the book says of these facts on these governing days.

    Raises NotFound for a policy that is not in the book, Invalid for a fact it does not know.
    """
    try:
        return engine.decide(shelf(), policy, dict(facts), days)
    except engine.NotFound as error:
        raise NotFound(f"{error}.") from error
    except engine.FactError as error:
        raise Invalid(f"{error}.", field="facts") from error


@dataclass(frozen=True)
class Shelf:
    """The published versions by hash, the newest first; each is parsed only when a policy is read in it."""

    hashes: tuple[str, ...]

    def book_on(self, policy: str, day: date) -> engine.Book:
        """The newest version whose `policy` is valid from `day` or earlier; before all of them, the oldest with it.

        Raises NotFound if no version has the policy.
        """
        oldest = ""
        for book_hash in self.hashes:
            valid_from = _valid_from(book_hash).get(policy)
            if valid_from is not None and valid_from <= day:
                return _book(book_hash)
            oldest = book_hash if valid_from is not None else oldest
        if not oldest:
            raise NotFound(_("No published book has a policy “%(policy)s”.") % {"policy": policy})
        return _book(oldest)


def readable(files: Mapping[str, str]) -> dict[str, str]:
    """The files as the engine reads them: without the byte order mark that some editors put in front."""
    return {name: text.removeprefix("\ufeff") for name, text in files.items()}


def parsed(files: Mapping[str, str]) -> engine.Book:
    """The files as a book. Raises engine.BookError if it cannot be run."""
    return _parsed(tuple(sorted(files.items())))


def findings_in(files: Mapping[str, str], today: date) -> list[engine.Finding]:
    """Everything wrong with the files as a book; `today` decides what is overdue for review."""
    return list(_findings(tuple(sorted(files.items())), today))


@lru_cache(maxsize=4)
def _parsed(files: tuple[tuple[str, str], ...]) -> engine.Book:
    return engine.parse_book(readable(dict(files)))


@lru_cache(maxsize=4)
def _findings(files: tuple[tuple[str, str], ...], today: date) -> tuple[engine.Finding, ...]:
    # A draft is checked at every keystroke's pause, and again when it is published: mostly the same text.
    return tuple(engine.check(readable(dict(files)), today=today))


@lru_cache(maxsize=64)
def _book(book_hash: str) -> engine.Book:
    return parsed(_files_of(book_hash))


def _files_of(book_hash: str) -> Mapping[str, str]:
    files: Mapping[str, str] | None = (
        Publication.objects.filter(hash=book_hash).order_by("-id").values_list("files", flat=True).first()
    )
    if files is None:
        raise NotFound(_("No published book has the hash %(hash)s.") % {"hash": book_hash[:12]})
    return files


_FRONT_MATTER = re.compile(r"\A\ufeff?---\r?\n(.*?)^---\s*$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"^policy:\s*[\"']?([\w-]+)", re.MULTILINE)
_VALID_FROM = re.compile(r"^valid_from:\s*[\"']?(\d{4}-\d{2}-\d{2})", re.MULTILINE)


@lru_cache(maxsize=4096)
def _valid_from(book_hash: str) -> Mapping[str, date]:
    # Read off the front matter: parsing every version of years to find the one of a day would take minutes.
    fronts = (_FRONT_MATTER.match(text) for name, text in _files_of(book_hash).items() if name.endswith(".md"))
    pairs = ((_CODE.search(front[1]), _VALID_FROM.search(front[1])) for front in fronts if front)
    return {code[1]: date.fromisoformat(day[1]) for code, day in pairs if code and day}
