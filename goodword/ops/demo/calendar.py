"""The demo's days: everything is counted back from now, whatever day or hour it is started."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from goodword import engine

# A Friday is shorter than the other days; the difference only spreads the history a little.
_MINUTES_A_DAY = 440


@dataclass(frozen=True)
class DemoCalendar:
    """Moments in the book's time zone and opening hours, as seen from `now` (UTC)."""

    now: datetime
    zone: ZoneInfo
    hours: engine.hours.WorkingHours

    @classmethod
    def of(cls, book: engine.Book, now: datetime) -> "DemoCalendar":
        """The calendar of a book."""
        return cls(now, ZoneInfo(book.time_zone), engine.hours.WorkingHours.from_book(book, "default"))

    def days_ago(self, days: int, hour: int, minute: int = 0) -> datetime:
        """That many days before today, at a local time. Customers write at any day and hour."""
        day = self.now.astimezone(self.zone).date() - timedelta(days=days)
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(self.now.tzinfo)

    def worked(self, start: datetime, *, days: int = 0, minutes: int = 0) -> datetime:
        """When that many working days and minutes of opening hours have gone by since `start`: staff keep them."""
        return engine.hours.add_working_minutes(start, days * _MINUTES_A_DAY + minutes, self.hours)
