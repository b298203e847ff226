"""The fetching of mailboxes as a part of a process: a thread for each, started, changed and ended as managers wish."""

import threading
from dataclasses import dataclass, field

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from goodword.channels.mailboxes.fetching import fetch_on
from goodword.channels.mailboxes.queries import mailboxes_to_fetch
from goodword.ops.pulse import beat

log = structlog.get_logger("goodword.fetcher")

_SECONDS_BETWEEN = 3.0
_SECONDS_TO_END = 2.0


@dataclass
class Fetching:
    """One mailbox's thread. It ends by itself when its mailbox is no longer to be fetched."""

    mailbox: int
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(
            target=fetch_on, args=[self.mailbox, self.stop], name=f"mailbox-{self.mailbox}", daemon=True
        )
        self.thread.start()


def fetch_until(stop: threading.Event) -> None:
    """Keep a thread fetching for each mailbox that is to be fetched, until `stop` is set; then end them all."""
    running: dict[int, Fetching] = {}
    while not stop.is_set():
        try:
            _set_going(running)
            beat("fetcher")
        except DatabaseError as error:  # it comes back; the threads say so themselves
            log.warning("fetcher.no_database", error=type(error).__name__)
        finally:
            connection.close()
        stop.wait(_SECONDS_BETWEEN)
    for each in running.values():
        each.stop.set()
    for each in running.values():
        each.thread.join(_SECONDS_TO_END / max(1, len(running)))


def _set_going(running: dict[int, Fetching]) -> None:
    wanted = set(mailboxes_to_fetch().values_list("pk", flat=True))
    for pk in running.keys() - wanted:
        running.pop(pk).stop.set()
    for pk in wanted:
        if pk not in running or not running[pk].thread.is_alive():
            running[pk] = Fetching(pk)
