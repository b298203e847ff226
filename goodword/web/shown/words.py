"""Codes of the book as an agent reads them: values, amounts, roles, departments, days."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goodword import engine
from goodword.engine import Book
from goodword.engine.words import format_money
from goodword.lib import clock
from goodword.policies.queries import current_book

# Nearer than this, a weekday, a day and a month name one day only.
_ABOUT_A_YEAR = timedelta(days=300)
OUTCOME_ICONS = {"allow": "allow", "approve": "approve", "refuse": "refuse"}


def reading_language() -> str:
    """The language this page is shown in."""
    return (get_language() or "en").split("-")[0]


def value_words(book: Book, name: str, value: Any) -> str:
    """A fact's or output's value in the reader's language."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    try:
        return str(engine.format_value(book, name, value, reading_language()))
    except (KeyError, ValueError, TypeError, AttributeError):
        return str(value)


def money(cents: int | None, currency: str) -> str:
    """An amount in the currency's smallest unit, as the reader writes it; empty for none."""
    if cents is None:
        return ""
    return format_money(engine.Money(cents, currency or current_book().currency), reading_language())


def percent_words(number: str) -> str:
    """A number with the sign of a hundredth where the reader's language has it: "20 %", "%20"."""
    return f"%{number}" if reading_language() == "tr" else f"{number} %"


def role_words(book: Book, role: str) -> str:
    """A role in the book's words."""
    return _labelled(book, "role", role)


def department_words(book: Book, department: str) -> str:
    """A department in the book's words."""
    return _labelled(book, "department", department)


def action_words(book: Book, kind: str) -> str:
    """An action in the book's words."""
    return _labelled(book, "action", kind)


def outcome_words(book: Book, outcome: str) -> str:
    """An outcome in the book's words."""
    output = book.outputs.get("outcome")
    return output.value_label(outcome, reading_language()) if output else outcome


def day_words(day: date | None) -> str:
    """A day with its month in words, in the reader's language."""
    return format_skeleton("MMMMd", day, locale=_locale()) if day else ""


def full_day_words(day: date | None) -> str:
    """A day with month and year."""
    return format_skeleton("yMMMd", day, locale=_locale()) if day else ""


def moment_words(at: datetime) -> str:
    """A moment in the company's own time, with its weekday, and with its year if it is long ago."""
    zone = ZoneInfo(current_book().time_zone)
    local, now = at.astimezone(zone), clock.now().astimezone(zone)
    skeleton = "MMMEd" if abs(local - now) < _ABOUT_A_YEAR else "yMMMEd"
    return f"{format_skeleton(skeleton, local, locale=_locale())} {format_time(local, 'short', locale=_locale())}"


def hour_words(at: datetime) -> str:
    """An hour of the day, in whatever zone it is in."""
    return str(format_time(at.replace(tzinfo=None), "short", locale=_locale()))


def reason_words(kept: str) -> str:
    """Why a mail went astray: our own sentences, kept in English, in the reader's language; a server's as they are."""
    return _(kept) if kept else ""


def _locale() -> str:
    # English as most of the world writes it: the day before the month.
    return "en_GB" if reading_language() == "en" else reading_language()


def _labelled(book: Book, what: str, code: str) -> str:
    # What was stored under an older book may be unknown to this one; then its code says enough.
    try:
        return book.label(what, code, reading_language())
    except engine.NotFound:
        return code.replace("-", " ").capitalize()
