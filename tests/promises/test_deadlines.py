"""Deadlines in working time, and why they are when they are."""

from datetime import UTC, datetime

import pytest

from goodword import engine
from goodword.desk.models import Conversation
from goodword.policies.queries import current_book
from goodword.promises.actions import promise_a_reply
from goodword.promises.deadlines import to_be_told, work_out
from goodword.promises.explaining import explain_deadline
from goodword.promises.models import Promise
from tests.world import World


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def promise_at(world: World, moment: str, channel: str = "mail") -> Promise:
    conversation = world.write(world.freja, "Hej", at=utc(moment)).conversation
    promise = promise_a_reply(conversation, at=utc(moment), channel=channel)
    assert promise
    return promise


def test_a_reply_is_promised_by_the_time_the_book_says_on_a_full_hour(world: World) -> None:
    promise = promise_at(world, "2026-11-16T09:20")
    # 24 hours of a clock that runs day and night on weekdays, then down to the full hour: never later than promised.
    assert (promise.by_at, promise.aim_at) == (utc("2026-11-17T09:00"), utc("2026-11-16T13:20"))
    assert (promise.kind, promise.state, promise.clause) == ("reply", Promise.OPEN, "contact#times")
    assert promise.book_hash == world.publication.hash


def test_a_letter_of_friday_evening_is_answered_on_monday(world: World) -> None:
    # 24 hours end on Monday at 17:00 in Copenhagen, when the desk closes.
    assert promise_at(world, "2026-11-20T16:00").by_at == utc("2026-11-23T16:00")


def test_a_letter_of_saturday_counts_from_monday(world: World) -> None:
    # Monday's 24 hours end at midnight, but nobody answers at midnight: it is said to be 17:00 in Copenhagen.
    promise = promise_at(world, "2026-11-21T12:00")
    assert promise.by_at == utc("2026-11-23T16:00")
    assert promise.why["promise"]["counted_until"] == "2026-11-23T23:00:00+00:00"


def test_a_time_before_opening_is_said_to_be_the_evening_before(world: World) -> None:
    assert promise_at(world, "2026-11-17T02:00").by_at == utc("2026-11-17T16:00")


def test_public_holidays_and_the_books_own_are_left_out(world: World) -> None:
    # 24 December is the book's own, 25 and 26 December are public holidays, then comes Sunday.
    assert promise_at(world, "2026-12-23T12:00").by_at == utc("2026-12-28T12:00")


def test_a_rounded_time_keeps_to_the_wall_when_the_clocks_change(world: World) -> None:
    # 25 October 2026, 03:00 summer time becomes 02:00; the round-the-clock hours rest on Sundays anyway.
    start = utc("2026-10-23T13:10")
    deadline = work_out(current_book(), start, 24 * 60, "email")
    assert deadline.by_at == utc("2026-10-26T14:10")
    assert to_be_told(current_book(), deadline, start, aim_at=None).by_at == utc("2026-10-26T14:00")


def test_nobody_is_told_a_time_before_the_one_we_aim_for(world: World) -> None:
    start = utc("2026-11-20T14:50")  # ten minutes before the desk closes for the weekend
    deadline = work_out(current_book(), start, 5 * 60, "email")
    told = to_be_told(current_book(), deadline, start, aim_at=utc("2026-11-20T18:50"))
    assert told.by_at == deadline.counted_until == utc("2026-11-20T19:50")


def test_several_blocks_a_day_are_counted_one_by_one(world: World) -> None:
    deadline = work_out(current_book(), utc("2026-11-16T10:00"), 4 * 60, "default")
    assert deadline.spans == (
        (utc("2026-11-16T10:00"), utc("2026-11-16T11:00")),
        (utc("2026-11-16T11:30"), utc("2026-11-16T14:30")),
    )


def test_a_deadline_explains_each_span_and_each_rest_in_both_languages(world: World) -> None:
    promise = promise_at(world, "2026-12-23T11:40")
    english = explain_deadline(promise, "en")
    assert english.rule == "The policy book promises an answer within 24 h of working time on this channel."
    assert english.steps == (
        "Wednesday 23 December, 12:40 to 00:00: 11 h 20 min",
        "Thursday 24 December: not counted, public holiday (Christmas Eve)",
        "Friday 25 December: not counted, public holiday (Christmas Day)",
        "Saturday 26 December: not counted, public holiday (Second Day of Christmas)",
        "Sunday 27 December: not counted, closed",
        "Monday 28 December, 00:00 to 12:40: 12 h 40 min",
    )
    said = (
        "That makes Monday 28 December 12:40. We said Monday 28 December 12:00, "
        "the last full hour before at which somebody is here."
    )
    assert english.result == said
    assert english.aim == "We aim for Wednesday 23 December 16:40."
    danish = explain_deadline(promise, "da")
    assert danish.steps[0].startswith("onsdag 23. december, 12.40")
    assert "Juleaftensdag" in danish.steps[1]


def test_the_reasons_are_kept_with_the_promise_and_not_worked_out_anew(world: World) -> None:
    promise = promise_at(world, "2026-11-16T09:20")
    before = explain_deadline(promise, "en")
    again = Promise.objects.get(pk=promise.pk)
    assert explain_deadline(again, "en") == before
    minutes = sum(
        (datetime.fromisoformat(span["to"]) - datetime.fromisoformat(span["from"])).total_seconds() / 60
        for span in again.why["promise"]["spans"]
    )
    assert minutes == again.why["promise"]["minutes"] == 24 * 60


def test_each_channel_has_its_own_time(world: World) -> None:
    chat = promise_at(world, "2026-11-16T09:20", channel="chat")
    assert chat.by_at == utc("2026-11-16T10:20")
    assert chat.why["channel"] == "chat"


def test_a_channel_the_book_does_not_know_is_promised_nothing(world: World) -> None:
    conversation: Conversation = world.write(world.freja, "Hej").conversation
    assert promise_a_reply(conversation, at=utc("2026-11-16T09:20"), channel="smoke") is None
    assert not Promise.objects.exists()


@pytest.mark.parametrize("kind", ["working_days", "money"])
def test_a_reply_time_in_another_unit_is_a_clear_error(world: World, kind: str) -> None:
    from goodword.promises.deadlines import minutes_of

    book: engine.Book = current_book()
    name = {"working_days": "answer_days", "money": "refund_percent"}[kind]
    with pytest.raises(ValueError, match="counted in hours or minutes"):
        minutes_of(book, name, {name: 3})
