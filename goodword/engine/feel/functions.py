"""The built-in functions. To add one: write it here, give it a line in FUNCTIONS and an example in docs/policy-book.md.

Every function receives known values only: an unknown argument makes the result unknown before it is called.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from goodword.engine.values import coerce, tidy

ANY, NUMBER, TEXT, LIST, YES_NO = "any", "number", "text", "list", "yes/no"


@dataclass(frozen=True, slots=True)
class Function:
    """A function: what it computes, the families of its arguments (the last repeats if `many`), and its result."""

    compute: Callable[..., Any]
    arguments: tuple[str, ...]
    result: str  # a kind, or "first": the kind of the first argument
    many: bool = False
    optional: int = 0


def _items(arguments: Sequence[Any]) -> Sequence[Any]:
    """min(a, b) and min([a, b]) mean the same."""
    return arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list | tuple) else arguments


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def days_between(start: date, end: date) -> int:
    """Whole days from `start` to `end`; negative when `end` is earlier.

    >>> days_between(date(2026, 12, 1), date(2026, 12, 31))
    30
    """
    return (_day(end) - _day(start)).days


def months_between(start: date, end: date) -> int:
    """Whole months from `start` to `end`.

    >>> months_between(date(2026, 1, 31), date(2026, 2, 28)), months_between(date(2026, 1, 15), date(2027, 1, 15))
    (0, 12)
    """
    first, last = _day(start), _day(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        return months - 1
    return months + 1 if months < 0 and last.day > first.day else months


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _round(number: int | Decimal, digits: int = 0) -> int | Decimal:
    return tidy(Decimal(number).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


def _sum(*arguments: Any) -> Any:
    return tidy(sum(_items(arguments)))


def _mean(*arguments: Any) -> Any:
    items = _items(arguments)
    return tidy(Decimal(sum(items)) / len(items))


def _contains(items: Sequence[Any], item: Any) -> bool:
    return item in items


def _distinct(items: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(item for place, item in enumerate(items) if item not in items[:place])


def _before(text: str, mark: str) -> str:
    return text.partition(mark)[0] if mark in text else ""


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

FUNCTIONS: dict[str, Function] = {
    "days_between": Function(days_between, ("date", "date"), "days"),
    "months_between": Function(months_between, ("date", "date"), "months"),
    "add_days": Function(lambda day, count: day + timedelta(days=count), ("date", NUMBER), "first"),
    "add_months": Function(add_months, ("date", NUMBER), "first"),
    "day_of_week": Function(lambda day: _WEEKDAYS[day.weekday()], ("date",), TEXT),
    "year": Function(lambda day: day.year, ("date",), NUMBER),
    "month": Function(lambda day: day.month, ("date",), NUMBER),
    "day": Function(lambda day: day.day, ("date",), NUMBER),
    "date": Function(lambda raw: coerce("date", raw), (ANY,), "date"),
    "date_and_time": Function(lambda raw: coerce("datetime", raw), (ANY,), "datetime"),
    "duration": Function(lambda raw: coerce("duration", raw), (TEXT,), "duration"),
    "hours": Function(lambda span: tidy(Decimal(span // timedelta(seconds=1)) / 3600), ("duration",), NUMBER),
    "minutes": Function(lambda span: tidy(Decimal(span // timedelta(seconds=1)) / 60), ("duration",), NUMBER),
    "min": Function(lambda *items: min(_items(items)), (ANY,), "first", many=True),
    "max": Function(lambda *items: max(_items(items)), (ANY,), "first", many=True),
    "sum": Function(_sum, (ANY,), "first", many=True),
    "mean": Function(_mean, (ANY,), "first", many=True),
    "count": Function(lambda items: len(items), (LIST,), NUMBER),
    "abs": Function(abs, (ANY,), "first"),
    "floor": Function(math.floor, (NUMBER,), "first"),
    "ceiling": Function(math.ceil, (NUMBER,), "first"),
    "round": Function(_round, (NUMBER, NUMBER), "first", optional=1),
    "modulo": Function(lambda number, by: number - by * math.floor(Decimal(number) / by), (NUMBER, NUMBER), "first"),
    "list_contains": Function(_contains, (LIST, ANY), YES_NO),
    "distinct_values": Function(_distinct, (LIST,), LIST),
    "string_length": Function(len, (TEXT,), NUMBER),
    "contains": Function(lambda text, part: part in text, (TEXT, TEXT), YES_NO),
    "starts_with": Function(str.startswith, (TEXT, TEXT), YES_NO),
    "ends_with": Function(str.endswith, (TEXT, TEXT), YES_NO),
    "upper_case": Function(str.upper, (TEXT,), TEXT),
    "lower_case": Function(str.lower, (TEXT,), TEXT),
    "substring_before": Function(_before, (TEXT, TEXT), TEXT),
    "substring_after": Function(lambda text, mark: text.partition(mark)[2], (TEXT, TEXT), TEXT),
    "not": Function(lambda value: not value, (YES_NO,), YES_NO),
}
