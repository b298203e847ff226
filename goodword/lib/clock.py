"""The one clock. Rules never read it: actions and doors do, and pass the moment on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where a column needs a moment and the source of an imported history has none. No page shows it as a time."""

_stopped: ContextVar[datetime | None] = ContextVar("stopped_clock", default=None)


def now() -> datetime:
    """The present instant in UTC, or the one at which a test has stopped the clock."""
    return _stopped.get() or datetime.now(UTC)


def today(time_zone: str) -> date:
    """The calendar day now in `time_zone` (an IANA name): a date fact is a day in the book's zone."""
    return now().astimezone(ZoneInfo(time_zone)).date()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Stop the clock at an aware `moment` inside the block; used by the demo's history and by tests."""
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)
