"""Working time against a count of every single minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import engine
from goodword.engine.hours import (
    ALWAYS,
    WorkingHours,
    add_working_minutes,
    next_working_day,
    read_week,
    working_minutes_between,
    working_spans,
)
from tests.engine.example import example_book

MINUTE = timedelta(minutes=1)
ZONES = ("Europe/Copenhagen", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia")
# Around both changes of the clock in Copenhagen, New Year, and the day that Apia left out.
STARTS = (
    datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC),
    datetime(2026, 12, 30, 20, tzinfo=UTC), datetime(2011, 12, 29, 6, tzinfo=UTC), datetime(2026, 4, 4, 10, tzinfo=UTC),
)  # fmt: skip


@st.composite
def weeks(draw: st.DrawFn) -> WorkingHours:
    """Up to three blocks a day, anywhere in the day; in some zone; with some days off."""
    week = []
    for _ in range(7):
        edges = sorted(draw(st.sets(st.integers(0, 24 * 60), max_size=6)))
        week.append(tuple(zip(edges[::2], edges[1::2], strict=False)))
    off = draw(st.sets(st.dates(date(2026, 3, 28), date(2026, 3, 30)), max_size=1))
    return WorkingHours(tuple(week), draw(st.sampled_from(ZONES)), draw(st.sampled_from(["", "DK"])), frozenset(off))


def is_working(moment: datetime, hours: WorkingHours) -> bool:
    wall = moment.astimezone(ZoneInfo(hours.zone))
    minute = wall.hour * 60 + wall.minute
    blocks = hours.week[wall.weekday()]
    return not hours.is_holiday(wall.date()) and any(start <= minute < end for start, end in blocks)


@settings(deadline=None, max_examples=120)
@given(weeks(), st.sampled_from(STARTS), st.integers(0, 1500), st.integers(0, 2500))
def test_working_time_is_what_a_count_of_every_minute_finds(
    hours: WorkingHours, around: datetime, offset: int, length: int
) -> None:
    start = around + offset * MINUTE
    counted = sum(is_working(start + number * MINUTE, hours) for number in range(length))
    assert working_minutes_between(start, start + length * MINUTE, hours) == counted


@settings(deadline=None, max_examples=120)
@given(weeks(), st.sampled_from(STARTS), st.integers(0, 1500), st.integers(1, 600))
def test_adding_working_time_ends_at_the_first_moment_at_which_it_has_passed(
    hours: WorkingHours, around: datetime, offset: int, minutes: int
) -> None:
    start = around + offset * MINUTE
    try:
        end = add_working_minutes(start, minutes, hours)
    except engine.NotFound:
        assert all(not blocks for blocks in hours.week)
        return
    assert working_minutes_between(start, end, hours) == minutes
    assert working_minutes_between(start, end - MINUTE, hours) == minutes - 1


def test_counting_backwards_is_negative() -> None:
    hours = WorkingHours(ALWAYS)
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert working_minutes_between(start + timedelta(hours=2), start, hours) == -120


def test_no_minutes_end_where_they_begin() -> None:
    hours = WorkingHours(((),) * 7)
    start = datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert add_working_minutes(start, 0, hours) == start


def test_minutes_are_counted_forward_only() -> None:
    with pytest.raises(ValueError, match="counted forward"):
        add_working_minutes(datetime(2026, 11, 21, 9, tzinfo=UTC), -1, WorkingHours(ALWAYS))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        working_minutes_between(datetime(2026, 11, 21), datetime(2026, 11, 22), WorkingHours(ALWAYS))


def test_hours_that_never_come_are_told() -> None:
    with pytest.raises(engine.NotFound, match="within ten years"):
        add_working_minutes(datetime(2026, 11, 21, 9, tzinfo=UTC), 1, WorkingHours(((),) * 7))


def test_a_book_gives_hours_by_channel_with_its_holidays() -> None:
    book = example_book()
    phone, mail = WorkingHours.from_book(book, "phone"), WorkingHours.from_book(book, "email")
    monday = date(2026, 12, 21)
    assert [(span[0].hour, span[1].hour) for span in phone.spans_of(monday)] == [(9, 14)]
    assert [(span[0].hour, span[1].hour) for span in mail.spans_of(monday)] == [(8, 11), (12, 16)]
    assert mail.is_holiday(date(2026, 12, 24))
    assert mail.is_holiday(date(2026, 12, 25))
    assert not mail.is_working_day(date(2026, 12, 23))


def test_a_book_without_hours_works_always() -> None:
    book = engine.parse_book({"book.yaml": "name: X", "facts.yaml": ""})
    assert WorkingHours.from_book(book).week == ALWAYS


def test_each_span_that_was_counted_can_be_shown() -> None:
    hours = WorkingHours(read_week({"mon": ["09:00-12:00", "13:00-17:00"]}), "UTC")
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    spans = working_spans(monday + timedelta(hours=10), monday + timedelta(hours=14), hours)
    assert [(start.hour, end.hour) for start, end in spans] == [(10, 12), (13, 14)]


def test_the_next_working_days_leave_out_weekends_and_holidays() -> None:
    weekdays = WorkingHours((((540, 1020),),) * 5 + ((), ()), "Europe/Copenhagen", "DK")
    assert next_working_day(date(2026, 12, 23), weekdays) == date(2026, 12, 24)
    assert next_working_day(date(2026, 12, 23), weekdays, 2) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("week", "message"),
    [
        ({"monday": ["09:00-12:00"]}, "`monday` is no day"),
        ({"mon": ["9-12"]}, 'mon: "9-12" is no block of time'),
        ({"mon": ["09:00-12:00", "11:00-13:00"]}, "begins before the block in front of it ends"),
    ],
)
def test_hours_that_make_no_sense_are_told(week: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_week(week)
