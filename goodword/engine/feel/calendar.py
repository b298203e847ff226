"""Months, times of day and moments, as expressions know them besides days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from goodword.engine.values import coerce, shown

_MONTHS = re.compile(r"(-?)P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?$")


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A duration in whole months, which has no fixed number of days."""

    months: int

    def __add__(self, other: YearsMonths) -> YearsMonths:
        return YearsMonths(self.months + other.months)

    def __sub__(self, other: YearsMonths) -> YearsMonths:
        return YearsMonths(self.months - other.months)

    def __neg__(self) -> YearsMonths:
        return YearsMonths(-self.months)

    def __abs__(self) -> YearsMonths:
        return YearsMonths(abs(self.months))

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        parts = f"{years}Y" * bool(years) + f"{months}M" * bool(months or not years)
        return f"{'-' * (self.months < 0)}P{parts}"


def read_duration(text: Any) -> timedelta | YearsMonths:
    """A duration of days and time (P2DT4H), or of years and months (P1Y6M). Raises ValueError.

    >>> str(read_duration("P1Y6M")), read_duration("P2D")
    ('P1Y6M', datetime.timedelta(days=2))
    """
    match = _MONTHS.match(text) if isinstance(text, str) else None
    if match and (match[2] or match[3]):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months)
    try:
        span: timedelta = coerce("duration", text)
    except OverflowError:
        raise ValueError(f"{text} is longer than any calendar") from None
    return span


def read_time(raw: Any) -> time:
    """A time of day: "17:30", "17:30:00", with or without its zone. Raises ValueError."""
    if isinstance(raw, datetime):
        return raw.timetz()
    try:
        return time.fromisoformat(raw)
    except (TypeError, ValueError):
        raise ValueError(f"should be a time like 17:30:00, not {shown(raw)}") from None


def read_moment(raw: Any, clock: Any = None) -> datetime:
    """A moment from text, or from a date and a time. Without a zone it is a local one. Raises ValueError.

    >>> read_moment("2026-12-24T17:30:00@Europe/Copenhagen").utcoffset()
    datetime.timedelta(seconds=3600)
    """
    if clock is not None:
        if not isinstance(raw, date) or not isinstance(clock, time):
            raise ValueError("is made of a date and a time")
        return datetime.combine(raw.date() if isinstance(raw, datetime) else raw, clock)
    if isinstance(raw, datetime):
        return raw
    text, _, zone = raw.partition("@") if isinstance(raw, str) else ("", "", "")
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=ZoneInfo(zone)) if zone else moment
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise ValueError(f"should be a moment like 2026-12-24T10:00:00Z, not {shown(raw)}") from None


def day_of(moment: date | datetime) -> date:
    """The day of a date or moment."""
    return moment.date() if isinstance(moment, datetime) else moment


def days_between(start: date, end: date) -> int:
    """Whole days from `start` to `end`; negative when `end` is earlier.

    >>> days_between(date(2026, 12, 1), date(2026, 12, 31))
    30
    """
    return (day_of(end) - day_of(start)).days


def months_between(start: date, end: date) -> int:
    """Whole months from `start` to `end`.

    >>> months_between(date(2026, 1, 31), date(2026, 2, 28)), months_between(date(2026, 1, 15), date(2027, 1, 15))
    (0, 12)
    """
    first, last = day_of(start), day_of(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        return months - 1
    return months + 1 if months < 0 and last.day > first.day else months


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month. A moment keeps its clock.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return day.replace(year=year, month=month + 1, day=min(day.day, (following - timedelta(days=1)).day))
