"""The kinds of value a fact, output or parameter can have, and how text and JSON become such values.

Inside the engine a value is plain Python: bool for yes/no, int for counts and money (in the currency's smallest
unit), Decimal where a fraction is possible, date, datetime, time, timedelta, str, and a tuple for a list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

WHOLE: Final = frozenset(
    {"money", "days", "working_days", "hours", "working_hours", "minutes", "working_minutes", "seconds", "months"}
)
TIMES: Final = WHOLE - {"money"} | {"duration"}
NUMERIC: Final = WHOLE | {"number", "percent"}
CHOICES: Final = frozenset({"choice", "role", "department", "action"})
KINDS: Final = NUMERIC | CHOICES | {"yes/no", "date", "datetime", "time", "duration", "text", "list", "record"}


class _Unknown:
    """The one value of a fact that nobody has given yet."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("unknown is neither true nor false")


UNKNOWN: Final = _Unknown()


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in the smallest unit of its currency (ISO 4217)."""

    cents: int
    currency: str


SHOWN: Final = 60  # characters of a value in a message


def no_verdict(value: Any) -> str:
    """What is wrong with a value that should be yes or no.

    >>> no_verdict(1), no_verdict("no")
    ('yes or no is wanted here, not 1', 'yes or no is wanted here, not "no" (text: a record says true or false)')
    """
    hint = " (text: a record says true or false)" if value in ("yes", "no") else ""
    return f"yes or no is wanted here, not {shown(value)}{hint}"


def shown(value: Any) -> str:
    """A value as messages show it: as a book or JSON would write it, cut where it is long.

    >>> shown("Ada"), shown(True), shown(date(2026, 12, 24)), shown(({"id": "a"},))
    ('"Ada"', 'yes', '2026-12-24', '[{"id": "a"}]')
    """
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | list | tuple | Mapping | Money):
        text = json.dumps(to_plain(value), ensure_ascii=False, default=str)
        return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"
    return str(to_plain(value))


def coerce(kind: str, raw: Any, values: Mapping[str, Any] | None = None) -> Any:
    """`raw` from YAML, JSON or Python as a value of `kind`. Raises ValueError with a sentence that says what is wanted.

    >>> coerce("yes/no", "yes"), coerce("days", 30), coerce("date", "2026-12-24")
    (True, 30, datetime.date(2026, 12, 24))
    """
    if kind in CHOICES:
        return _choice(raw, values)
    reader = _READERS.get(kind)
    if reader:
        return reader(raw)
    return _whole(raw) if kind in WHOLE else _number(raw)


def _choice(raw: Any, values: Mapping[str, Any] | None) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"should be one of its choices in words, not {shown(raw)}")
    if values is not None and raw not in values:
        raise ValueError(f'"{raw}" is not one of {", ".join(values)}')
    return raw


def _yes_no(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in ("yes", "no"):
        return bool(raw == "yes")
    raise ValueError(f"should be yes or no, not {shown(raw)}")


def _number(raw: Any) -> int | Decimal:
    if isinstance(raw, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", raw):
        raw = Decimal(raw)  # JSON carries exact fractions as text
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise ValueError(f"should be a number, not {shown(raw)}")
    return tidy(Decimal(str(raw)) if isinstance(raw, float) else raw)


def _whole(raw: Any) -> int:
    if isinstance(raw, Money):
        return raw.cents
    number = _number(raw)
    if not isinstance(number, int):
        raise ValueError(f"should be a whole number, not {raw}")
    return number


def _date(raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise ValueError(f"should be a date like 2026-12-24, not {shown(raw)}") from None


def _datetime(raw: Any) -> datetime:
    try:
        moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"should be a moment with its zone like 2026-12-24T10:00:00Z, not {shown(raw)}")
    return moment


_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$")


def _time(raw: Any) -> time:
    """A time of day on the clock on the wall, to the second; it has no zone of its own."""
    clock = time.fromisoformat(raw) if isinstance(raw, str) and _CLOCK.match(raw) else raw
    if not isinstance(clock, time) or clock.tzinfo is not None:
        raise ValueError(f"should be a time of day like 17:30, without a zone, not {shown(raw)}")
    return clock.replace(microsecond=0)


def seconds_of(clock: time) -> int:
    """Whole seconds since midnight."""
    return clock.hour * 3600 + clock.minute * 60 + clock.second


_DURATION = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$")


def _duration(raw: Any) -> timedelta:
    if isinstance(raw, timedelta):
        return raw
    match = _DURATION.match(raw) if isinstance(raw, str) else None
    if not match or not any(match.groups()[1:]):
        raise ValueError(f"should be a duration like P2D or PT4H30M, not {shown(raw)}")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -span if match[1] else span


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"should be text, not {shown(raw)}")
    return raw


def _list(raw: Any) -> tuple[Any, ...]:
    if not isinstance(raw, list | tuple):
        raise ValueError(f"should be a list, not {shown(raw)}")
    return tuple(raw)


def _record(raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise ValueError(f"should be a record with named fields, not {shown(raw)}")
    return raw


_READERS: Final[dict[str, Any]] = {
    "yes/no": _yes_no,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "duration": _duration,
    "text": _text,
    "list": _list,
    "record": _record,
}


def tidy(number: int | Decimal) -> int | Decimal:
    """A whole number as int, any other as Decimal without needless zeros."""
    if isinstance(number, int):
        return number
    try:
        whole = number.to_integral_value()
    except InvalidOperation:
        return number
    return int(whole) if number.is_finite() and whole == number else number.normalize()


def round_half_up(number: int | Decimal) -> int:
    """To the nearest whole unit, halves away from zero: how the book rounds money.

    >>> round_half_up(Decimal("2.5")), round_half_up(Decimal("-2.5"))
    (3, -3)
    """
    if type(number) is int:
        return number
    return int(Decimal(number).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_plain(value: Any) -> Any:
    """A value as JSON can carry it: dates and durations as ISO text, decimals as text, tuples as lists."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return iso_duration(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Money):
        return {"amount": value.cents, "currency": value.currency}
    if isinstance(value, Mapping):
        return {key: _plain_part(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    return value


def _plain_part(value: Any) -> Any:
    """What stands inside a record or list: a number stays one, because no type will say later what it was."""
    if isinstance(value, Mapping):
        return {key: _plain_number(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_number(item) for item in value]
    return to_plain(value)


def _plain_number(value: Any) -> Any:
    if isinstance(value, Decimal) and value.is_finite() and Decimal(str(float(value))) == value:
        return float(value)
    return _plain_part(value)


def iso_duration(span: timedelta) -> str:
    """A duration in the form of ISO 8601.

    >>> iso_duration(timedelta(days=1, hours=4, minutes=30))
    'P1DT4H30M'
    """
    sign, seconds = ("-", -span) if span < timedelta(0) else ("", span)
    minutes, rest = divmod(seconds.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if count)
    day = f"{seconds.days}D" if seconds.days or not clock else ""
    return f"{sign}P{day}{'T' + clock if clock else ''}"
