"""The journal's clock under transactions that overlap: `seq` skips nothing, ids do."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from goodword.journal.actions import record
from goodword.journal.models import Event
from goodword.journal.queries import events_after, number_events, timeline

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EVENTS_EACH = 8, 20


def naive_events_after(last_id: int) -> list[Event]:
    """What must not be done: trust that ids are committed in their order."""
    return list(Event.objects.filter(id__gt=last_id).order_by("id"))


def test_a_reader_that_trusts_ids_skips_an_event_of_an_overlapping_transaction() -> None:
    slow_has_its_id, fast_is_done = threading.Event(), threading.Event()
    # SQLite has one writer at a time, so two transactions never overlap there: an id is taken beforehand instead.
    overlapping = overlap_on_postgresql if connection.vendor == "postgresql" else overlap_by_reserved_id
    naive_seen, seq_seen = follow(overlapping(slow_has_its_id, fast_is_done))
    assert naive_seen == ["fast"]  # "slow" was committed with a lower id than the reader had passed: lost for ever
    assert seq_seen == ["fast", "slow"]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only there do write transactions really overlap")
def test_a_reader_that_follows_seq_sees_every_event_of_many_overlapping_writers_once() -> None:
    threads = [threading.Thread(target=in_a_thread(lambda n=n: write_overlapping(n))) for n in range(WRITERS)]
    seen, naive, seq, last_id = [], [], 0, 0
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) or Event.objects.filter(seq=None).exists():
        batch = list(events_after(seq))
        seen += [event.id for event in batch]
        seq = batch[-1].seq or 0 if batch else seq
        naive += [event.id for event in naive_events_after(last_id)]
        last_id = naive[-1] if naive else 0
    seen += [event.id for event in events_after(seq)]
    assert sorted(seen) == sorted(Event.objects.values_list("id", flat=True))
    assert len(seen) == WRITERS * EVENTS_EACH
    assert set(naive) < set(seen)


def test_threads_that_write_and_number_at_once_leave_no_gap() -> None:
    def work(number: int) -> None:
        for _ in range(EVENTS_EACH):
            record("test.happened", f"writer:{number}", by="system")
            number_events()

    threads = [threading.Thread(target=in_a_thread(lambda n=n: work(n))) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    number_events()
    numbers = list(Event.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, WRITERS * EVENTS_EACH + 1))


def test_an_event_of_an_open_transaction_waits_for_its_number() -> None:
    record("test.before", "thing:1", by="system")
    with transaction.atomic():
        record("test.undone", "thing:1", by="system")
        transaction.set_rollback(True)
    record("test.after", "thing:1", by="system")
    assert [event.kind for event in events_after(0)] == ["test.before", "test.after"]
    assert number_events() == 2


def test_events_come_in_pages_that_continue_where_the_last_one_ended() -> None:
    for number in range(5):
        record("test.happened", f"thing:{number}", by="system")
    first = list(events_after(0, limit=3))
    rest = list(events_after(first[-1].seq or 0, limit=3))
    assert [event.about for event in first + rest] == [f"thing:{number}" for number in range(5)]


def test_a_timeline_holds_what_happened_to_one_thing_in_order() -> None:
    for kind, about in (("test.one", "thing:1"), ("test.other", "thing:2"), ("test.two", "thing:1")):
        record(kind, about, by="agent:1")
    assert [event.kind for event in timeline("thing:1")] == ["test.one", "test.two"]


def follow(steps: Iterator[None]) -> tuple[list[str], list[str]]:
    """Read with both readers after every step; return what each has seen."""
    naive_seen: list[str] = []
    seq_seen: list[str] = []
    last_id = seq = 0
    for _ in steps:
        for event in naive_events_after(last_id):
            last_id = event.id
            naive_seen.append(event.about)
        for event in events_after(seq):
            seq = event.seq or 0
            seq_seen.append(event.about)
    return naive_seen, seq_seen


def overlap_on_postgresql(slow_has_its_id: threading.Event, fast_is_done: threading.Event) -> Iterator[None]:
    """A transaction takes its id, another is written and committed in between, then the first one commits."""

    def slow() -> None:
        with transaction.atomic():
            record("test.happened", "slow", by="system")
            slow_has_its_id.set()
            fast_is_done.wait(timeout=10)

    thread = threading.Thread(target=in_a_thread(slow))
    thread.start()
    assert slow_has_its_id.wait(timeout=10)
    record("test.happened", "fast", by="system")
    yield
    fast_is_done.set()
    thread.join()
    yield


def overlap_by_reserved_id(slow_has_its_id: threading.Event, fast_is_done: threading.Event) -> Iterator[None]:
    """The same order of events as two connections leave it behind: the lower id is committed later."""
    reserved = record("test.happened", "reserved", by="system")
    number, at = reserved.pk, reserved.at
    reserved.delete()
    Event.objects.create(id=number + 1, at=at, kind="test.happened", about="fast", actor="system")
    yield
    Event.objects.create(id=number, at=at, kind="test.happened", about="slow", actor="system")
    yield


def write_overlapping(number: int) -> None:
    """Events in transactions that stay open for different times."""
    for turn in range(EVENTS_EACH):
        with transaction.atomic():
            record("test.happened", f"writer:{number}", by="system")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(%s)", [0.001 * ((number * 7 + turn * 3) % 10)])


def in_a_thread(work: Callable[[], None]) -> Callable[[], None]:
    """`work` with its connection closed behind it."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run
