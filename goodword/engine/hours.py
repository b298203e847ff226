"""Working time: how much of it lies between two moments, and when so much of it will have passed.

Moments go in and come out in UTC. A minute is working time when the clock on the wall, in the book's time zone, shows a
time inside one of that day's blocks and the day is no holiday. So an hour that the clocks skip does not count, and an
hour that they repeat counts twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from goodword.engine.errors import NotFound

if TYPE_CHECKING:
    from goodword.engine.book import Book

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)
FURTHEST = timedelta(days=3660)
_BLOCK = re.compile(r"([0-2]\d):([0-5]\d)\s*-\s*([0-2]\d):([0-5]\d)$")

Block = tuple[int, int]  # minutes from midnight, on the clock on the wall
Week = tuple[tuple[Block, ...], ...]  # Monday first
Span = tuple[datetime, datetime]
ALWAYS: Week = (((0, 24 * 60),),) * 7


@dataclass(frozen=True)
class WorkingHours:
    """When somebody is at work: blocks for each weekday, a time zone, a country's holidays and days of one's own."""

    week: Week
    zone: str = "UTC"
    country: str = ""
    extra: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def from_book(cls, book: Book, channel: str = "default") -> WorkingHours:
        """The hours of a channel, or the book's default ones; a book without hours works round the clock."""
        raw = book.hours.get(channel) or book.hours.get("default")
        holidays = book.settings.holidays
        extra = frozenset(day for item in holidays.get("extra") or () if isinstance(day := item.get("on"), date))
        return cls(read_week(raw) if raw else ALWAYS, book.time_zone, str(holidays.get("country") or ""), extra)

    def is_holiday(self, day: date) -> bool:
        """Whether nobody works on a day although the week says so."""
        return day in self.extra or (bool(self.country) and day in _public_holidays(self.country, day.year))

    def is_working_day(self, day: date) -> bool:
        """Whether there is any working time on a day."""
        return bool(self.week[day.weekday()]) and not self.is_holiday(day)

    def spans_of(self, day: date) -> tuple[Span, ...]:
        """The working time of one day on the wall, in UTC, in order."""
        return _spans_of(self, day)


def read_week(raw: Mapping[str, Any]) -> Week:
    """The blocks of a week as `book.yaml` writes them. Raises ValueError with what is wrong.

    >>> read_week({"mon": ["09:00-12:00", "13:00-17:00"], "tue": []})[0]
    ((540, 720), (780, 1020))
    """
    unknown = [day for day in raw if day not in WEEKDAYS]
    if unknown:
        raise ValueError(f"`{unknown[0]}` is no day; days are {', '.join(WEEKDAYS)}")
    return tuple(_read_blocks(day, raw.get(day) or []) for day in WEEKDAYS)


def _read_blocks(day: str, raw: Any) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for text in raw if isinstance(raw, list) else [raw]:
        match = _BLOCK.match(str(text))
        start, end = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
        if not 0 <= start < end <= 24 * 60:
            raise ValueError(f'{day}: "{text}" is no block of time, like "09:00-12:00"')
        if blocks and start < blocks[-1][1]:
            raise ValueError(f'{day}: "{text}" begins before the block in front of it ends')
        blocks.append((start, end))
    return tuple(blocks)


def working_spans(start: datetime, end: datetime, hours: WorkingHours) -> list[Span]:
    """Each span of working time between two moments, in UTC: what explains a deadline."""
    first, last = _in_utc(start), _in_utc(end)
    zone = ZoneInfo(hours.zone)
    day, final = first.astimezone(zone).date(), last.astimezone(zone).date()
    found = []
    while day <= final:
        for opens, closes in hours.spans_of(day):
            begin, stop = max(opens, first), min(closes, last)
            if begin < stop:
                found.append((begin, stop))
        day += timedelta(days=1)
    return found


def working_minutes_between(start: datetime, end: datetime, hours: WorkingHours) -> int:
    """Whole minutes of working time from `start` to `end`; negative when `end` is earlier.

    >>> nine_to_five = WorkingHours((((540, 1020),),) * 5 + ((), ()), "Europe/Copenhagen")
    >>> friday, monday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    >>> working_minutes_between(friday, monday, nine_to_five)
    120
    """
    if _in_utc(end) < _in_utc(start):
        return -working_minutes_between(end, start, hours)
    return sum((stop - begin for begin, stop in working_spans(start, end, hours)), timedelta()) // MINUTE


def add_working_minutes(start: datetime, minutes: int, hours: WorkingHours) -> datetime:
    """The first moment, in UTC, at which so many working minutes have passed since `start`.

    Raises NotFound where the hours leave no such moment within ten years.

    >>> nine_to_five = WorkingHours((((540, 1020),),) * 5 + ((), ()), "Europe/Copenhagen")
    >>> add_working_minutes(datetime(2026, 11, 20, 15, 30, tzinfo=UTC), 60, nine_to_five).isoformat()
    '2026-11-23T08:30:00+00:00'
    """
    if minutes < 0:
        raise ValueError("working minutes are counted forward")
    moment, left = _in_utc(start), minutes * MINUTE
    if not left:
        return moment
    for opens, closes in _following(moment, hours):
        begin = max(opens, moment)
        if closes - begin >= left:
            return begin + left
        left -= max(closes - begin, timedelta())
    raise NotFound("the working hours leave no such moment within ten years")


def _following(moment: datetime, hours: WorkingHours) -> Iterator[Span]:
    day = moment.astimezone(ZoneInfo(hours.zone)).date()
    final = day + FURTHEST
    while day <= final:
        for span in hours.spans_of(day):
            if span[1] > moment:
                yield span
        day += timedelta(days=1)


def next_working_day(day: date, hours: WorkingHours, count: int = 1) -> date:
    """The `count`-th day after `day` on which there is working time. Raises NotFound as above."""
    found = day
    for _ in range(int(FURTHEST.days)):
        if count <= 0:
            return found
        found += timedelta(days=1)
        count -= hours.is_working_day(found)
    raise NotFound("the working hours leave no such day within ten years")


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


@lru_cache(maxsize=5_000)
def _spans_of(hours: WorkingHours, day: date) -> tuple[Span, ...]:
    blocks = hours.week[day.weekday()]
    if not blocks or hours.is_holiday(day):
        return ()
    spans = []
    for start, end, offset in _stretches(day, ZoneInfo(hours.zone)):
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - offset
        for opens, closes in blocks:
            begin, stop = max(start, midnight + opens * MINUTE), min(end, midnight + closes * MINUTE)
            if begin < stop:
                spans.append((begin, stop))
    return tuple(sorted(spans))


def _stretches(day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime, timedelta]]:
    """The parts of a day on the wall between changes of the clock, in UTC, each with its offset."""
    around = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    edges = [around + timedelta(hours=hour) for hour in range(56)]
    stretches: list[tuple[datetime, datetime, timedelta]] = []
    for start, end in pairwise(edges):
        change = _change(start, end, zone)
        for begin, stop in ((start, change), (change, end)) if change else ((start, end),):
            offset = _offset(begin, zone)
            if stretches and stretches[-1][2] == offset:
                stretches[-1] = (stretches[-1][0], stop, offset)
            else:
                stretches.append((begin, stop, offset))
    return stretches


def _change(start: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    """The minute between two moments at which the clocks are changed, if they are."""
    if _offset(start, zone) == _offset(end - MINUTE, zone):
        return None
    low, high = 0, (end - start) // MINUTE
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(start + middle * MINUTE, zone) == _offset(start, zone) else (low, middle)
    return start + high * MINUTE


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


@lru_cache(maxsize=400)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # heavy, and needed only where a book names a country

    return frozenset(holidays.country_holidays(country, years=year))
