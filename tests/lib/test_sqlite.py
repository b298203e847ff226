"""The embedded database under many threads: no lock error, nothing lost, the lock always handed on."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from goodword.accounts.models import Skill
from goodword.lib.sqlite.base import write_lock

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the lock belongs to the embedded database"),
]
THREADS, ROUNDS = 16, 25


def test_sixteen_threads_write_singly_and_in_blocks_without_a_lock_error() -> None:
    def work(number: int) -> None:
        for turn in range(ROUNDS):
            Skill.objects.create(code=f"single-{number}-{turn}")
            with transaction.atomic():
                Skill.objects.create(code=f"first-{number}-{turn}")
                list(Skill.objects.values_list("code", flat=True)[:3])
                Skill.objects.create(code=f"second-{number}-{turn}")

    assert errors_of(work) == []
    assert Skill.objects.count() == THREADS * ROUNDS * 3


def test_a_counter_that_all_threads_raise_in_blocks_loses_no_step() -> None:
    Skill.objects.create(pk=1, code="0")

    def work(number: int) -> None:
        for _ in range(ROUNDS):
            with transaction.atomic():
                counter = Skill.objects.get(pk=1)
                counter.code = str(int(counter.code) + 1)
                counter.save()

    assert errors_of(work) == []
    assert Skill.objects.get(pk=1).code == str(THREADS * ROUNDS)


def test_a_block_that_fails_lets_go_of_the_lock_and_stores_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_writing("never")
    assert not write_lock._held
    assert not Skill.objects.exists()


def test_a_savepoint_inside_a_block_needs_no_second_lock() -> None:
    with transaction.atomic():
        Skill.objects.create(code="outer")
        with pytest.raises(ZeroDivisionError):
            fail_after_writing("inner")
    assert list(Skill.objects.values_list("code", flat=True)) == ["outer"]
    assert not write_lock._held


def test_a_connection_closed_in_the_middle_of_a_block_lets_go_of_the_lock() -> None:
    def work(number: int) -> None:
        if number == 0:
            connection.set_autocommit(False)
            Skill.objects.create(code="abandoned")
            connection.close()
        else:
            Skill.objects.create(code=f"kept-{number}")

    assert errors_of(work) == []
    assert Skill.objects.count() == THREADS - 1


def test_readers_are_not_kept_waiting_by_a_writer() -> None:
    seen: list[int] = []
    with transaction.atomic():
        Skill.objects.create(code="not yet")
        reader = threading.Thread(target=lambda: (seen.append(Skill.objects.count()), connection.close()))
        reader.start()
        reader.join(timeout=5)
    assert seen == [0]


def test_the_database_writes_ahead_and_syncs_fully() -> None:
    with connection.cursor() as cursor:
        found = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert found == ["wal", 2]


@transaction.atomic
def fail_after_writing(code: str) -> None:
    """A block that writes and then fails."""
    Skill.objects.create(code=code)
    raise ZeroDivisionError


def errors_of(work: Callable[[int], None]) -> list[str]:
    """Run `work(number)` in all threads at once and return what went wrong."""
    errors: list[str] = []
    gate = threading.Barrier(THREADS)

    def run(number: int) -> None:
        try:
            gate.wait()
            work(number)
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors
