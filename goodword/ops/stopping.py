"""Stopping in time: SIGINT and SIGTERM set one event, and nobody waits longer than a few seconds for it."""

import os
import signal
import threading

from goodword.journal.wake import wake_readers
from goodword.ops.database import quiet_exit

SECONDS_TO_STOP = 3.0
# Whatever sits in a blocking call then is left to the operating system; rows are the truth and nothing is lost.
_SECONDS_UNTIL_LEFT = 2.7


def stop_on_signals() -> threading.Event:
    """An event that SIGINT and SIGTERM set. Call it in the main thread."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_leave_in_time, args=[stop], name="stop-in-time", daemon=True).start()
    return stop


def stop_now() -> None:
    """Stop this process as a signal would: uvicorn listens to nothing else."""
    os.kill(os.getpid(), signal.SIGTERM)


def _leave_in_time(stop: threading.Event) -> None:
    stop.wait()
    # Event streams and the worker wait for news: let them look up and see that it is over.
    wake_readers()
    threading.Event().wait(_SECONDS_UNTIL_LEFT)
    quiet_exit(0)
