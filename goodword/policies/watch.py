"""Watching a book folder: saved text is in force within two seconds, a mistake leaves the last good version."""

import logging
import threading
from pathlib import Path

from django.db import close_old_connections
from watchfiles import watch

from goodword.lib.errors import NotFound
from goodword.policies.actions import publish_folder, report_problem
from goodword.policies.errors import BookInvalid
from goodword.policies.folder import write_folder
from goodword.policies.queries import current_publication, open_problem

_log = logging.getLogger(__name__)
_GATHER_MS, _LOOK_EVERY_MS = 300, 500
# An editor may be in the middle of a save: look once more before calling it a mistake.
_SECOND_LOOK_SECONDS = 0.25


def watch_folder(path: Path | str, stop_event: threading.Event) -> None:
    """Publish the folder now and at every save until `stop_event` is set; runs in a thread of its own.

    What is published elsewhere (in the browser) is written back to the folder, unless the folder holds a mistake
    that somebody is about to mend.
    """
    folder = Path(path)
    in_force = _take_over(folder, stop_event)
    changes = watch(
        folder,
        stop_event=stop_event,
        debounce=_GATHER_MS,
        step=50,
        rust_timeout=_LOOK_EVERY_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
    )
    for changed in changes:
        in_force = _take_over(folder, stop_event) if changed else _write_back(folder, in_force)


def _take_over(folder: Path, stop_event: threading.Event) -> int:
    try:
        close_old_connections()
        return _publish_or_report(folder, stop_event)
    except Exception:
        # The desk runs on whatever happens here; the next save tries again.
        _log.exception("The book folder could not be taken over.")
        return 0


def _publish_or_report(folder: Path, stop_event: threading.Event) -> int:
    for last_look in (False, True):
        try:
            return publish_folder(folder).pk
        except BookInvalid as error:
            if last_look:
                report_problem(error.findings)
        stop_event.wait(_SECOND_LOOK_SECONDS)
    return _newest()


def _write_back(folder: Path, in_force: int) -> int:
    try:
        close_old_connections()
        newest = _newest()
        if newest != in_force and newest and open_problem() is None:
            write_folder(current_publication().files, folder)
        return newest
    except Exception:
        _log.exception("The book in force could not be written back to its folder.")
        return in_force


def _newest() -> int:
    try:
        return current_publication().pk
    except NotFound:
        return 0
