"""The built-in functions. To add one: write it here, give it a line in FUNCTIONS and one in
docs/policy-book-reference.md.

Every function receives known values only: an unknown argument makes the result unknown before it is called.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from goodword.engine.feel.calendar import (
    YearsMonths,
    add_months,
    days_between,
    months_between,
    read_duration,
    read_moment,
    read_time,
)
from goodword.engine.feel.operators import NUMBER as NUMBERS
from goodword.engine.feel.operators import OPERATORS, family_of, same
from goodword.engine.values import coerce, tidy, to_plain

ANY, NUMBER, TEXT, LIST, YES_NO, RECORD = "any", "number", "text", "list", "yes/no", "record"


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


def _round(number: int | Decimal, digits: int = 0) -> int | Decimal:
    return tidy(Decimal(number).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


def _ranked(arguments: Sequence[Any], better: str) -> Any:
    items = _items(arguments)
    if not items:
        raise ValueError("of an empty list there is no least or most")
    best = items[0]
    for item in items[1:]:
        best = item if OPERATORS[better](item, best) else best
    return best


def _sum(*arguments: Any) -> Any:
    items = _items(arguments)
    total = items[0] if items else 0
    if len(items) == 1 and family_of(total) != NUMBERS:
        raise TypeError
    for item in items[1:]:
        total = OPERATORS["+"](total, item)
    if isinstance(total, str):
        raise TypeError
    return total


def _mean(*arguments: Any) -> Any:
    items = _items(arguments)
    if not items:
        raise ValueError("of an empty list there is no mean")
    return OPERATORS["/"](_sum(*arguments), len(items))


def _contains(items: Sequence[Any], item: Any) -> bool:
    return any(same(item, other) for other in items)


def _distinct(items: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(item for place, item in enumerate(items) if not _contains(items[:place], item))


def _flatten(items: Iterable[Any]) -> tuple[Any, ...]:
    """Lists in lists as one list; a list is never deeper than JSON lets it be."""
    flat: list[Any] = []
    for item in items:
        flat += _flatten(item) if isinstance(item, list | tuple) else [item]
    return tuple(flat)


def _concatenate(*lists: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(item for items in lists for item in items)


def _places(items: Sequence[Any], wanted: Any) -> tuple[int, ...]:
    return tuple(place for place, item in enumerate(items, start=1) if same(item, wanted))


def _yes_nos(items: Sequence[Any]) -> Sequence[bool]:
    if not all(isinstance(item, bool) for item in items):
        raise TypeError
    return items


def _get_value(record: Mapping[str, Any], name: str) -> Any:
    """A field of a record by its name, or null: here, and only here, a missing field is known to be missing."""
    if not isinstance(record, Mapping) or not isinstance(name, str):
        raise TypeError
    return record.get(name)


def _get_entries(record: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(record, Mapping):
        raise TypeError
    return tuple({"key": key, "value": value} for key, value in record.items())


def _before(text: str, mark: str) -> str:
    return text.partition(mark)[0] if mark in text else ""


def _substring(text: str, start: int, length: int | None = None) -> str:
    """From 1, or from the end where negative, as in FEEL. Raises ValueError for place 0."""
    if start == 0:
        raise ValueError("the first character is number 1")
    begin = start - 1 if start > 0 else max(len(text) + start, 0)
    return text[begin:] if length is None else text[begin : begin + max(length, 0)]


def _string(value: Any) -> str:
    plain = to_plain(value)
    return {True: "true", False: "false"}[plain] if isinstance(plain, bool) else str(plain)


def _number(text: Any) -> int | Decimal:
    number: int | Decimal = coerce("number", text)
    return number


def _half_up(number: int | Decimal, digits: int = 0) -> int | Decimal:
    if not -20 <= digits <= 20:
        raise ValueError("round() keeps at most 20 digits")
    return _round(number, digits)


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

FUNCTIONS: dict[str, Function] = {
    "days_between": Function(days_between, ("date", "date"), "days"),
    "months_between": Function(months_between, ("date", "date"), "months"),
    "add_days": Function(lambda day, count: OPERATORS["+"](day, timedelta(days=count)), ("date", NUMBER), "first"),
    "add_months": Function(add_months, ("date", NUMBER), "first"),
    "day_of_week": Function(lambda day: _WEEKDAYS[day.weekday()], ("date",), TEXT),
    "year": Function(lambda day: day.year, ("date",), NUMBER),
    "month": Function(lambda day: day.month, ("date",), NUMBER),
    "day": Function(lambda day: day.day, ("date",), NUMBER),
    "date": Function(lambda raw: coerce("date", raw), (ANY,), "date"),
    "date_and_time": Function(read_moment, (ANY, "time"), "datetime", optional=1),
    "time": Function(read_time, (ANY,), "time"),
    "hour": Function(lambda clock: clock.hour, (ANY,), NUMBER),
    "minute": Function(lambda clock: clock.minute, (ANY,), NUMBER),
    "duration": Function(read_duration, (TEXT,), "duration"),
    "years_and_months_duration": Function(
        lambda start, end: YearsMonths(months_between(start, end)), ("date", "date"), "duration"
    ),
    "hours": Function(lambda span: tidy(Decimal(span // timedelta(seconds=1)) / 3600), ("duration",), NUMBER),
    "minutes": Function(lambda span: tidy(Decimal(span // timedelta(seconds=1)) / 60), ("duration",), NUMBER),
    "min": Function(lambda *items: _ranked(items, "<"), (ANY,), "first", many=True),
    "max": Function(lambda *items: _ranked(items, ">"), (ANY,), "first", many=True),
    "sum": Function(_sum, (ANY,), "first", many=True),
    "mean": Function(_mean, (ANY,), "first", many=True),
    "count": Function(lambda items: len(items), (LIST,), NUMBER),
    "abs": Function(abs, (ANY,), "first"),
    "floor": Function(math.floor, (NUMBER,), "first"),
    "ceiling": Function(math.ceil, (NUMBER,), "first"),
    "round": Function(_half_up, (NUMBER, NUMBER), "first", optional=1),
    "modulo": Function(lambda number, by: number - by * math.floor(Decimal(number) / by), (NUMBER, NUMBER), "first"),
    "list_contains": Function(_contains, (LIST, ANY), YES_NO),
    "distinct_values": Function(_distinct, (LIST,), LIST),
    "flatten": Function(_flatten, (LIST,), LIST),
    "concatenate": Function(_concatenate, (LIST,), LIST, many=True),
    "append": Function(lambda items, *more: (*items, *more), (LIST, ANY), LIST, many=True),
    "reverse": Function(lambda items: tuple(items)[::-1], (LIST,), LIST),
    "index_of": Function(_places, (LIST, ANY), LIST),
    "all": Function(lambda items: all(_yes_nos(items)), (LIST,), YES_NO),
    "any": Function(lambda items: any(_yes_nos(items)), (LIST,), YES_NO),
    "get_value": Function(_get_value, (RECORD, TEXT), ANY),
    "get_entries": Function(_get_entries, (RECORD,), LIST),
    "string": Function(_string, (ANY,), TEXT),
    "number": Function(_number, (ANY,), NUMBER),
    "split": Function(lambda text, mark: tuple(text.split(mark)), (TEXT, TEXT), LIST),
    "string_join": Function(lambda items, mark="": mark.join(items), (LIST, TEXT), TEXT, optional=1),
    "substring": Function(_substring, (TEXT, NUMBER, NUMBER), TEXT, optional=1),
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
