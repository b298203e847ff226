"""The public's side of the book: which policies and clauses it shows, in whose words, as of which day."""

import re
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from goodword import engine
from goodword.lib.errors import NotFound
from goodword.policies.queries import Shelf, shelf
from goodword.portal.reader import Reader

VERSION_LETTERS = 8
_LINK = re.compile(r'href="(?P<code>[\w-]+)(?:\.[\w.]+)?(?P<anchor>#[\w-]+)?"')


@dataclass(frozen=True)
class Chapter:
    """One policy as a reader sees it on a day, from the book version in force then."""

    policy: engine.Policy
    book: engine.Book
    day: date
    language: str
    query: str = ""

    @property
    def code(self) -> str:
        """How its address names it."""
        return str(self.policy.code)

    @property
    def title(self) -> str:
        """Its title in her language."""
        return str(self.policy.title(self.language))

    @property
    def summary(self) -> str:
        """One sentence on what it promises."""
        return str(self.policy.summary(self.language))

    @property
    def version(self) -> str:
        """The book version by the first letters of its hash: enough to name it in a letter."""
        return str(self.book.hash)[:VERSION_LETTERS]

    @property
    def begins_later(self) -> bool:
        """It is announced, and holds from a later day on."""
        return bool(self.policy.valid_from and self.policy.valid_from > self.day)

    @property
    def clauses(self) -> list[tuple[str, str]]:
        """Id and heading of each clause that the public sees."""
        public = [clause for clause in self.policy.clauses.values() if is_public(clause)]
        return [(clause.id, clause.heading(self.language)) for clause in public]

    @property
    def html(self) -> str:
        """Its prose with the day's parameters filled in; never a table, a draft or what is for staff."""
        return _with_addresses(str(self.policy.html(self.language, self.day)), self)


def chapters_for(reader: Reader) -> list[Chapter]:
    """Every public policy in force today, in the order of the handbook."""
    books = shelf()
    found = [_chapter(reader, books, code, reader.today) for code in reader.book.policies]
    public = [chapter for chapter in found if chapter]
    return sorted(public, key=lambda chapter: (chapter.policy.order, chapter.code))


def chapter_for(reader: Reader, code: str, day: date | None) -> Chapter:
    """One policy, today's if `day` is None.

    Raises NotFound for one that is not for the public, and for one withdrawn since unless a day is asked for.
    """
    chapter = _chapter(reader, shelf(), code, day or reader.today)
    if chapter is None or (day is None and code not in reader.book.policies):
        raise NotFound(_("There is no public policy “%(policy)s”.") % {"policy": code})
    return chapter


@dataclass(frozen=True)
class Notice:
    """A clause that is to be shown where it applies, such as the privacy notice at the contact form."""

    policy: str
    heading: str
    html: str
    book_hash: str

    @property
    def version(self) -> str:
        """The version as a letter would name it."""
        return self.book_hash[:VERSION_LETTERS]


def notice_for(chapters: list[Chapter], place: str) -> Notice | None:
    """The first clause that the book wants disclosed at `place` (its `disclose:` key)."""
    for chapter in chapters:
        for clause in chapter.policy.clauses.values():
            if place in clause.disclose and is_public(clause):
                html = _with_addresses(clause.html(chapter.language, chapter.day), chapter)
                return Notice(chapter.code, clause.heading(chapter.language), html, str(chapter.book.hash))
    return None


def is_public(part: engine.Policy | engine.Clause) -> bool:
    """Published, and not for staff only."""
    return part.audience == "public" and part.status == "published"


def _with_addresses(html: str, chapter: Chapter) -> str:
    """Links between the book's documents (`account.md`, `refunds#when`) as addresses of this door."""

    def address(link: re.Match[str]) -> str:
        code, anchor = link["code"], link["anchor"] or ""
        if code not in chapter.book.policies:
            return link[0]
        return f'href="{reverse("portal:policy", args=[code])}{chapter.query}{anchor}"'

    return _LINK.sub(address, html)


def _chapter(reader: Reader, books: Shelf, code: str, day: date) -> Chapter | None:
    book = books.book_on(code, day)
    policy = book.policies[code]
    return Chapter(policy, book, day, reader.language, reader.query) if is_public(policy) else None
