"""What operators do with values: only what has one meaning, never what the language below would make of it.

Yes is not 1, a text cannot be multiplied, and a date is no text: such pairs raise TypeError instead of answering.
Null means "known to be nothing": it can be compared with `=` and `!=`, and takes part in nothing else.
"""

from __future__ import annotations

import operator as op
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from goodword.engine.feel.calendar import YearsMonths, add_months
from goodword.engine.values import tidy

NUMBER, TEXT, DATE, MOMENT, DURATION, MONTHS = "number", "text", "date", "datetime", "duration", "months"
_ORDERED = frozenset({NUMBER, TEXT, DATE, MOMENT, DURATION, MONTHS, "time"})
_FAMILIES: tuple[tuple[Any, str], ...] = (
    (bool, "yes/no"),
    (int | Decimal, NUMBER),
    (str, TEXT),
    (datetime, MOMENT),
    (date, DATE),
    (time, "time"),
    (timedelta, DURATION),
    (YearsMonths, MONTHS),
    (Mapping, "record"),
    (list | tuple, "list"),
)
_EXACT = {int: NUMBER, Decimal: NUMBER, str: TEXT, date: DATE, bool: "yes/no", tuple: "list", dict: "record"}


def family_of(value: Any) -> str:
    """The family of a value at hand: two values go together only within one.

    >>> family_of(True), family_of(3), family_of(None)
    ('yes/no', 'number', 'null')
    """
    return _EXACT.get(type(value)) or next((family for kind, family in _FAMILIES if isinstance(value, kind)), "null")


def same(left: Any, right: Any) -> bool:
    """Whether two values are the same; values of different families never are, yes is not 1.

    >>> same(1, True), same((1, 2), [1, 2])
    (False, True)
    """
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return family_of(left) == family_of(right) and bool(left == right)


def equal(left: Any, right: Any) -> bool:
    """`=` in an expression. Raises TypeError where the answer could only surprise: `"1" = 1`."""
    if left is None or right is None:
        return left is right
    if family_of(left) != family_of(right):
        raise TypeError
    return same(left, right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compared(left: Any, right: Any) -> bool:
        if family_of(left) != family_of(right) or family_of(left) not in _ORDERED:
            raise TypeError
        return compare(left, right)

    return compared


def _add(left: Any, right: Any) -> Any:
    match family_of(left), family_of(right):
        case ("number", "number") | ("text", "text") | ("duration", "duration") | ("months", "months"):
            return left + right
        case ("date", "number") if isinstance(right, int):
            return left + timedelta(days=right)
        case ("date" | "datetime", "duration"):
            return left + right
        case ("date" | "datetime", "months"):
            return add_months(left, right.months)
        case ("duration" | "months", "date" | "datetime"):
            return _add(right, left)
        case ("time", "duration"):
            return (datetime.combine(date(2000, 1, 1), left) + right).timetz()
    raise TypeError


def _subtract(left: Any, right: Any) -> Any:
    match family_of(left), family_of(right):
        case (
            ("number", "number") | ("duration", "duration") | ("months", "months") | ("date", "date")
            | ("datetime", "datetime")
        ):  # fmt: skip
            return left - right
        case ("time", "time"):
            day = date(2000, 1, 1)
            return datetime.combine(day, left) - datetime.combine(day, right)
        case ("date" | "datetime" | "time", "number" | "duration" | "months"):
            return _add(left, negative(right))
    raise TypeError


def _multiply(left: Any, right: Any) -> Any:
    match family_of(left), family_of(right):
        case ("number", "number"):
            return tidy(left * right)
        case ("duration" | "months", "number"):
            return _scaled(left, Decimal(right))
        case ("number", "duration" | "months"):
            return _scaled(right, Decimal(left))
    raise TypeError


def _divide(left: Any, right: Any) -> Any:
    match family_of(left), family_of(right):
        case ("number", "number"):
            return tidy(Decimal(left) / Decimal(right))
        case ("duration", "duration"):
            return tidy(Decimal(left // timedelta(microseconds=1)) / Decimal(right // timedelta(microseconds=1)))
        case ("duration" | "months", "number"):
            return _scaled(left, 1 / Decimal(right))
    raise TypeError


def _scaled(span: timedelta | YearsMonths, factor: Decimal) -> timedelta | YearsMonths:
    if isinstance(span, YearsMonths):
        return YearsMonths(int(span.months * factor))
    return timedelta(microseconds=int(span // timedelta(microseconds=1) * factor))


def _power(left: Any, right: Any) -> Any:
    if (family_of(left), family_of(right)) != (NUMBER, NUMBER):
        raise TypeError
    if abs(right) > 999:
        raise ValueError("a power beyond 999")
    return tidy(Decimal(left) ** Decimal(right))


def negative(value: Any) -> Any:
    """A number or a span of time with its sign turned. Raises TypeError for anything else."""
    if family_of(value) not in (NUMBER, DURATION, MONTHS):
        raise TypeError
    return -value


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: tidy(added) if isinstance(added := _add(left, right), Decimal) else added,
    "-": lambda left, right: tidy(rest) if isinstance(rest := _subtract(left, right), Decimal) else rest,
    "*": _multiply,
    "/": _divide,
    "**": _power,
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": _ordered(op.lt),
    "<=": _ordered(op.le),
    ">": _ordered(op.gt),
    ">=": _ordered(op.ge),
}
