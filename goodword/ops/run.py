"""The parts of a running desk: all in one process (`run`), or each in its own (`web`, `worker`, `mail`)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from django.conf import settings

from goodword.channels.intake import forget_leases
from goodword.channels.outbox_sink import start_sink
from goodword.channels.sending import give_up_lapsed
from goodword.lib.blobs import clean_up
from goodword.ops.database import on_sqlite
from goodword.ops.mail_fetcher import fetch_until
from goodword.ops.mail_receiver import receive_until
from goodword.ops.stopping import SECONDS_TO_STOP, stop_now
from goodword.ops.worker import send_until, work_until
from goodword.policies.watch import watch_folder

log = structlog.get_logger("goodword.run")

Part = Callable[[threading.Event], None]


def parts_of_this_desk(book_folder: Path | None) -> dict[str, Part]:
    """What runs beside the pages: mail in and out, worker, and in a demo the watcher of its book folder."""
    parts: dict[str, Part] = {
        "mail": receive_until, "fetcher": fetch_until, "worker": work_until, "sender": send_until,
    }  # fmt: skip
    if book_folder:
        parts["book"] = lambda stop: watch_folder(book_folder, stop)
    return parts


def take_over_after_a_crash() -> None:
    """Old half-written files go. On SQLite, where the locked folder makes us the only process, what was being filed is
    taken up at once, and what was being sent is shown as not known to have gone."""
    clean_up()
    if on_sqlite():
        forget_leases()
        give_up_lapsed(everything=True)


@contextmanager
def running(parts: dict[str, Part], stop: threading.Event) -> Iterator[list[str]]:
    """Run each part in a thread until the block ends or `stop` is set; a part that dies stops all, loudly.

    Yields a list that the name of every part that died is added to.
    """
    died: list[str] = []
    threads = [
        threading.Thread(target=_run_part, args=[name, part, stop, died], name=name, daemon=True)
        for name, part in parts.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield died
    finally:
        stop.set()
        for thread in threads:
            thread.join(SECONDS_TO_STOP)


@contextmanager
def outbox_of_the_demo() -> Iterator[None]:
    """In a demo without an outgoing server of its own, send into a sink on a free port, shown as the outbox page."""
    if not settings.DEMO or settings.SMTP_OUT:
        yield
        return
    sink = start_sink()
    settings.SMTP_OUT = f"smtp://127.0.0.1:{sink.port}"
    try:
        yield
    finally:
        sink.stop()


def _run_part(name: str, part: Part, stop: threading.Event, died: list[str]) -> None:
    try:
        part(stop)
    # Whatever it is, a refused configuration too: half a desk that looks whole is worse than none.
    except (Exception, SystemExit) as error:
        died.append(name)
        log.error("part.died", part=name, error=type(error).__name__, exc_info=True)
        stop_now()
    finally:
        stop.set()
