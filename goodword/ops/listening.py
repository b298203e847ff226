"""PostgreSQL only: what other processes write wakes this one at once. Polling catches whatever is missed here."""

import threading

import structlog
from django.conf import settings
from django.db import connection

from goodword.journal.wake import wake_readers

log = structlog.get_logger("goodword.listening")

_SECONDS_BEFORE_ANOTHER_TRY = 2.0


def listen_until(stop: threading.Event) -> None:
    """Hold one connection, outside the pool, that waits for NOTIFY; comes back by itself when it breaks."""
    import psycopg  # an extra: only PostgreSQL needs it

    while not stop.is_set():
        try:
            with psycopg.connect(_address(), autocommit=True) as listening:
                listening.execute("LISTEN goodword")
                while not stop.is_set():
                    for _ in listening.notifies(timeout=1.0):
                        wake_readers()
        except psycopg.OperationalError as error:
            log.warning("listening.broken", error=type(error).__name__)
            stop.wait(_SECONDS_BEFORE_ANOTHER_TRY)


def start_listening(stop: threading.Event) -> None:
    """Listen in a thread of its own until `stop` is set; does nothing on SQLite."""
    if connection.vendor == "postgresql":
        threading.Thread(target=listen_until, args=[stop], name="listening", daemon=True).start()


def _address() -> str:
    from psycopg.conninfo import make_conninfo

    database = settings.DATABASES["default"]
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return make_conninfo("", **{key: str(database[name]) for key, name in names.items() if database.get(name)})
