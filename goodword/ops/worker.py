"""The worker takes in what arrived and keeps the promises' clocks; the sender beside it, on a thread of its own, hands
mails to a server that may hang. Rows are the truth; waking only makes it quick."""

import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from traceback import extract_tb

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from goodword.channels.tasks import send_due, take_in_due
from goodword.journal.wake import wait_for_event
from goodword.ops.pulse import beat
from goodword.orders.tasks import import_due
from goodword.promises.tasks import tick
from goodword.search.tasks import index_due

log = structlog.get_logger("goodword.worker")

Job = Callable[[], int]
JOBS: tuple[Job, ...] = (take_in_due, tick, import_due, index_due)
# Few at a turn, so that a slow server lets it give a sign of life in between.
_MAILS_AT_A_TURN = 25
# A job that fails at every turn would fill the log: the same error is told once in so many seconds.
_SECONDS_BETWEEN_COMPLAINTS = 60.0
_complained_at: dict[tuple[str, str], float] = {}


def send_some() -> int:
    """Send what is due, a few mails; how many were tried."""
    return send_due(_MAILS_AT_A_TURN)


def send_until(stop: threading.Event) -> None:
    """The sender: like the worker, and apart from it, so that a hanging server holds up nothing but what is sent."""
    work_until(stop, jobs=(send_some,), part="sender")


def work_until(stop: threading.Event, *, jobs: tuple[Job, ...] = JOBS, part: str = "worker") -> None:
    """Run every job, again and again, until `stop` is set. Woken by the journal; looks once a second anyway.

    `part` is the name under which health hears of it.
    """
    seen = 0
    while not stop.is_set():
        problem = take_turn(jobs)
        _beat_quietly(part, problem)
        seen = wait_for_event(seen, seconds=1.0)
    connection.close()


def take_turn(jobs: tuple[Job, ...] = JOBS) -> str:
    """Run each job once. An error ends neither the turn nor the worker; returns its name, or "" if all went well."""
    problem = ""
    for job in jobs:
        try:
            job()
        except Exception as error:  # the worker must outlive whatever one row can do to it
            problem = f"{job.__name__}: {type(error).__name__}"
            _complain(job.__name__, error)
            _begin_afresh()
    return problem


def _beat_quietly(part: str, problem: str) -> None:
    try:
        beat(part, problem=problem)
    except Exception as error:  # the database is away: the turn said so already
        _complain("beat", error)
        _begin_afresh()


def _begin_afresh() -> None:
    """Let go of the connection, which may be broken; the next job opens another. Asking it first would fail, too."""
    with suppress(DatabaseError):
        connection.close()


def _complain(job: str, error: Exception) -> None:
    key = (job, type(error).__name__)
    if monotonic() - _complained_at.get(key, -_SECONDS_BETWEEN_COMPLAINTS) >= _SECONDS_BETWEEN_COMPLAINTS:
        _complained_at[key] = monotonic()
        # Only where it happened: an error's text may quote a customer.
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]
        log.error("worker.failed", job=job, error=type(error).__name__, where=where[-4:])
