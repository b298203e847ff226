"""Watching a book folder: saved text is in force within two seconds, a mistake leaves the last good version."""

import logging
import threading
from pathlib import Path

from django.db import close_old_connections
from watchfiles import watch

from goodword.engine import Finding
from goodword.lib.errors import NotFound
from goodword.policies.actions import publish_folder, report_problem
from goodword.policies.errors import BookInvalid
from goodword.policies.folder import read_folder, write_folder
from goodword.policies.models import Publication
from goodword.policies.queries import current_publication, open_problem

_log = logging.getLogger(__name__)
_GATHER_MS, _LOOK_EVERY_MS = 300, 500
# An editor may be in the middle of a save: look once more before calling it a mistake.
_SECOND_LOOK_SECONDS = 0.25
_OLDER = "this was changed here while a newer version was published elsewhere; the newer one stays in force"
_SAVE_AGAIN = "export the version in force and put your change into it, or save this file again to publish the folder"


def watch_folder(path: Path | str, stop_event: threading.Event) -> None:
    """Publish the folder now and at every save until `stop_event` is set; runs in a thread of its own.

    What is published elsewhere (in the browser) is written back to the folder, unless the folder holds a mistake
    that somebody is about to mend. Which version the folder last held is noted beside it, so that a folder that a
    crash has left behind never wins over a newer publication.
    """
    folder = Path(path)
    in_force = _take_over(folder, stop_event, at_start=True)
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


def _take_over(folder: Path, stop_event: threading.Event, *, at_start: bool = False) -> int:
    try:
        close_old_connections()
        behind = _version_left_behind(folder) if at_start else None
        return _catch_up(folder, behind) if behind else _publish_or_report(folder, stop_event)
    except Exception:
        # The desk runs on whatever happens here; the next save tries again.
        _log.exception("The book folder could not be taken over.")
        return 0


def _publish_or_report(folder: Path, stop_event: threading.Event) -> int:
    for last_look in (False, True):
        try:
            return _noted(folder, publish_folder(folder).pk)
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
            _noted(folder, newest)
        return newest
    except Exception:
        _log.exception("The book in force could not be written back to its folder.")
        return in_force


def _version_left_behind(folder: Path) -> Publication | None:
    """The version that the folder last held, if a newer one has been published since; else None."""
    note = _note_of(folder)
    held = note.read_text(encoding="ascii").strip() if note.exists() else ""
    known = Publication.objects.filter(pk=int(held)).first() if held.isdecimal() else None
    return known if known and known.pk < _newest() else None


def _catch_up(folder: Path, held: Publication) -> int:
    """Write the newest version to a folder that was left behind, wholly or in the middle of the writing.

    A folder that somebody has changed meanwhile stays as it is and is shown as a problem: saving it once more
    publishes it, knowingly.
    """
    newest, files = current_publication(), read_folder(folder)
    names = sorted({*files, *held.files, *newest.files})
    own = [name for name in names if files.get(name) not in (held.files.get(name), newest.files.get(name))]
    if own:
        report_problem([Finding("error", "older-folder", own[0], 1, _OLDER, _SAVE_AGAIN)])
        return newest.pk
    write_folder(newest.files, folder)
    return _noted(folder, newest.pk)


def _noted(folder: Path, in_force: int) -> int:
    note = _note_of(folder)
    if not note.exists() or note.read_text(encoding="ascii") != str(in_force):
        note.write_text(str(in_force), encoding="ascii")
    return in_force


def _note_of(folder: Path) -> Path:
    # Beside the folder and not in it: writing it must not look like a save.
    return folder.with_name(f".{folder.name}.in-force")


def _newest() -> int:
    try:
        return current_publication().pk
    except NotFound:
        return 0
