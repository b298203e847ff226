"""The worker outlives whatever a row can do to it."""

import threading

import pytest

from goodword.journal.wake import wake_readers
from goodword.ops import worker
from goodword.ops.pulse import last_beat
from goodword.ops.run import running
from goodword.ops.worker import take_turn, work_until
from tests.ops.process import wait_until


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the jobs did, in order; the pulse goes nowhere, as these threads have no database."""
    monkeypatch.setattr(worker, "beat", lambda *_, **__: None)
    return []


def test_a_job_that_fails_stops_neither_the_others_nor_the_next_turn(turns: list[str]) -> None:
    def fails() -> int:
        turns.append("fails")
        raise RuntimeError("hello@holm.example wrote something odd")

    def works() -> int:
        turns.append("works")
        return 1

    assert [take_turn((fails, works)), take_turn((fails, works))] == ["fails: RuntimeError"] * 2
    assert turns == ["fails", "works", "fails", "works"]


def test_an_error_is_logged_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    def quotes_a_customer() -> int:
        raise ValueError("hello@holm.example")

    take_turn((quotes_a_customer,))
    captured = capsys.readouterr()
    assert "holm.example" not in captured.out + captured.err


def test_the_worker_is_woken_by_news_and_ends_when_told(turns: list[str]) -> None:
    stop = threading.Event()

    def works() -> int:
        turns.append("turn")
        return 0

    thread = threading.Thread(target=work_until, args=[stop], kwargs={"jobs": (works,)})
    thread.start()
    wait_until(lambda: turns, seconds=5)
    seen = len(turns)
    wake_readers()
    wait_until(lambda: len(turns) > seen, seconds=5)
    stop.set()
    wake_readers()
    thread.join(10)
    assert not thread.is_alive()


def test_a_hanging_server_holds_up_neither_intake_nor_promises(
    turns: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, hangs, answers = threading.Event(), threading.Event(), threading.Event()

    def hanging(limit: int) -> int:
        hangs.set()
        answers.wait(30)
        return limit

    def works() -> int:
        turns.append("turn")
        return 0

    monkeypatch.setattr(worker, "send_due", hanging)
    parts = {"sender": worker.send_until, "worker": lambda stop: work_until(stop, jobs=(works,))}
    with running(parts, stop):
        assert hangs.wait(10)
        seen = len(turns)
        wake_readers()
        wait_until(lambda: len(turns) > seen, seconds=10)
        answers.set()
        stop.set()
        wake_readers()


def test_the_worker_sends_nothing_itself() -> None:
    jobs = {job.__name__ for job in worker.JOBS}
    assert jobs >= {"take_in_due", "tick", "import_due"}
    assert not any("send" in name or "deliver" in name for name in jobs)


@pytest.mark.django_db
def test_a_beat_tells_when_and_what_went_wrong() -> None:
    from goodword.ops.pulse import beat

    assert last_beat("nobody") is None
    beat("worker", problem="send_due: OSError")
    pulse = last_beat("worker")
    assert pulse is not None
    assert pulse.problem == "send_due: OSError"
