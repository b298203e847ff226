"""Working out a deadline in working time, so that it can explain itself afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from goodword import engine
from goodword.engine.hours import WorkingHours, add_working_minutes, working_spans

_MINUTES_IN: Mapping[str, int] = {"minutes": 1, "working_minutes": 1, "hours": 60, "working_hours": 60}
_LONG = 4 * 60


@dataclass(frozen=True)
class Deadline:
    """A moment in UTC, and how it was counted: the spans of working time, and the whole days that were left out."""

    by_at: datetime
    minutes: int
    counted_until: datetime
    spans: tuple[tuple[datetime, datetime], ...]
    rests: tuple[tuple[date, str, Mapping[str, str]], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values, as a promise keeps them; moments in UTC."""
        return {
            "minutes": self.minutes,
            "counted_until": self.counted_until.isoformat(),
            "by": self.by_at.isoformat(),
            "spans": [{"from": begin.isoformat(), "to": end.isoformat()} for begin, end in self.spans],
            "rests": [{"on": day.isoformat(), "why": why, "name": dict(name)} for day, why, name in self.rests],
        }


def minutes_of(book: engine.Book, name: str, outputs: Mapping[str, Any]) -> int:
    """An output that is a time, in minutes; the vocabulary says in what it is given. Raises ValueError for a day."""
    kind = book.outputs[name].kind
    if kind not in _MINUTES_IN:
        raise ValueError(f"the output `{name}` is in {kind}; a promise is counted in hours or minutes")
    return int(outputs[name] * _MINUTES_IN[kind])


def work_out(book: engine.Book, start: datetime, minutes: int, channel: str) -> Deadline:
    """When so many working minutes of `channel` have passed since `start`."""
    hours = WorkingHours.from_book(book, channel)
    until = add_working_minutes(start, minutes, hours)
    return Deadline(
        until, minutes, until, tuple(working_spans(start, until, hours)), tuple(_rests(book, hours, start, until))
    )


def to_be_told(book: engine.Book, deadline: Deadline, start: datetime, *, aim_at: datetime | None) -> Deadline:
    """The deadline as a customer is told it: never later than what was counted, and with room to spare after the aim.

    The clock of a letter may run at night, but nobody answers then; so it is the last moment before at which somebody
    is here, on a full hour (of a short promise: on five minutes), and reads "by eleven" and not "by 11.37".
    """
    manned = working_spans(start, deadline.counted_until, WorkingHours.from_book(book))
    moment = manned[-1][1] if manned else deadline.counted_until
    wall = moment.astimezone(ZoneInfo(book.time_zone))
    step = 60 if deadline.minutes >= _LONG else 5
    past = timedelta(minutes=wall.minute % step, seconds=wall.second, microseconds=wall.microsecond)
    # Counted in UTC: wall arithmetic would be an hour off in the night when the clocks change.
    told = moment.astimezone(UTC) - past
    return replace(deadline, by_at=told) if told > max(start, aim_at or start) else deadline


def _rests(
    book: engine.Book, hours: WorkingHours, start: datetime, end: datetime
) -> list[tuple[date, str, Mapping[str, str]]]:
    zone = ZoneInfo(book.time_zone)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    found = []
    while day <= last:
        if not hours.is_working_day(day) and _reaches_into(day, end, zone):
            holiday = hours.is_holiday(day)
            found.append((day, "holiday" if holiday else "closed", _names(book, day) if holiday else {}))
        day += timedelta(days=1)
    return found


def _reaches_into(day: date, end: datetime, zone: ZoneInfo) -> bool:
    # Midnight itself belongs to the day that ends with it.
    return end > datetime.combine(day, time(), zone)


def _names(book: engine.Book, day: date) -> Mapping[str, str]:
    own = [item for item in book.settings.holidays.get("extra") or () if item.get("on") == day]
    if own:
        name = own[0].get("name") or {}
        return {str(language): str(text) for language, text in name.items()} if isinstance(name, Mapping) else {}
    return _public_names(str(book.settings.holidays.get("country") or ""), day, book.languages)


def _public_names(country: str, day: date, languages: tuple[str, ...]) -> Mapping[str, str]:
    import holidays  # heavy, and needed only when a promise runs into a holiday

    if country not in holidays.list_supported_countries():
        return {}
    calendars = {code: holidays.country_holidays(country, years=day.year, language=code) for code in languages}
    return {code: str(calendar[day]) for code, calendar in calendars.items() if day in calendar}
