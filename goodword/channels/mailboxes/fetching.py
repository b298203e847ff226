"""Fetching one mailbox for as long as the desk runs: read on, rest until something comes, come back after a failure."""

import threading
from collections.abc import Callable
from time import monotonic

import structlog
from django.db import connection as database
from imap_tools import BaseMailBox
from imap_tools.errors import MailboxFolderSelectError

from goodword.channels.mailboxes.actions import note_looked, note_problem
from goodword.channels.mailboxes.connecting import reading
from goodword.channels.mailboxes.grants import forget_access
from goodword.channels.mailboxes.problems import Problem, explained
from goodword.channels.mailboxes.queries import mailbox_to_fetch
from goodword.channels.mailboxes.reading import read_on
from goodword.channels.models import Mailbox, MailFolder

log = structlog.get_logger("goodword.channels")

_WAITS = (5, 15, 30, 60, 120, 300)
"""Seconds before another try, after each failure in a row; then it stays at the last."""
_SECONDS_BETWEEN_LOOKS = 20.0
# RFC 2177 lets a server hang up after half an hour; health wants a look every ten minutes.
_SECONDS_OF_IDLE = 240.0
_SECONDS_OF_IDLE_WITH_MORE_FOLDERS = 30.0
_AT_ONCE = 0.2


def fetch_once(mailbox: Mailbox) -> int:
    """Read all folders to their end, over one connection; how many mails were fetched. Raises what servers raise."""
    with reading(mailbox) as connection:
        return _look(connection, mailbox)


def fetch_on(mailbox_id: int, stop: threading.Event) -> None:
    """Fetch until `stop` is set, or until the mailbox is paused, changed to SMTP or gone. Never raises."""
    failures = 0
    while not stop.is_set():
        try:
            mailbox = mailbox_to_fetch(mailbox_id)
            if mailbox is None:
                break
            with reading(mailbox) as connection:
                while not stop.is_set() and _is_unchanged(mailbox):
                    _look(connection, mailbox)
                    failures = 0
                    _rest(connection, mailbox, stop)
        except Exception as error:  # whatever a server or the database does, the next try may go well
            stop.wait(_WAITS[min(failures, len(_WAITS) - 1)] if _noted(mailbox_id, error) else _WAITS[0])
            failures += 1
    database.close()


def _look(connection: BaseMailBox, mailbox: Mailbox) -> int:
    """Read each folder on. A folder that is not there is said, and does not hold up the others."""
    fetched, missing = 0, ""
    for folder in MailFolder.objects.filter(mailbox=mailbox).select_related("mailbox__inbox").order_by("id"):
        try:
            fetched += sum(read_on(connection, folder))
        except MailboxFolderSelectError:
            missing = folder.name
        _note_folder(folder, "folder_missing" if missing == folder.name else "")
    if missing:
        note_problem(mailbox, Problem("folder_missing", missing[:300]))
    else:
        note_looked(mailbox)
    return fetched


def _note_folder(folder: MailFolder, problem: str) -> None:
    if folder.problem != problem:
        MailFolder.objects.filter(pk=folder.pk).update(problem=problem)


def _rest(connection: BaseMailBox, mailbox: Mailbox, stop: threading.Event) -> None:
    """Wait until the server says that something came (IDLE, RFC 2177), or where it cannot, a little while."""
    names = list(MailFolder.objects.filter(mailbox=mailbox, problem="").order_by("id").values_list("name", flat=True))
    # No connection to the database is held while nothing happens: a pool has few.
    database.close()
    if not names or not can_idle(connection):
        stop.wait(_SECONDS_BETWEEN_LOOKS)
        return
    connection.folder.set(names[0], readonly=True)
    seconds = _SECONDS_OF_IDLE if len(names) == 1 else _SECONDS_OF_IDLE_WITH_MORE_FOLDERS
    end, changed = monotonic() + seconds, _watching(mailbox)
    with connection.idle as idle:
        while not stop.is_set() and monotonic() < end and not changed():
            began = monotonic()
            said = idle.poll(timeout=1.0)
            if any(b"EXISTS" in line for line in said):
                return
            if not said and monotonic() - began < _AT_ONCE:
                raise ConnectionError("the server hung up while we waited")


def _watching(mailbox: Mailbox) -> Callable[[], bool]:
    """Whether a manager has changed the mailbox meanwhile; asked of the database every few seconds only."""
    asked_at = monotonic()

    def changed() -> bool:
        nonlocal asked_at
        if monotonic() - asked_at < _WAITS[0]:
            return False
        asked_at = monotonic()
        answer = not _is_unchanged(mailbox)
        database.close()
        return answer

    return changed


def can_idle(connection: BaseMailBox) -> bool:
    """Whether the server tells by itself that mail has come. Asked after signing in: before, it may not say."""
    _, told = connection.client.capability()
    return b"IDLE" in b" ".join(part for part in told if isinstance(part, bytes)).upper().split()


def _is_unchanged(mailbox: Mailbox) -> bool:
    return Mailbox.objects.filter(pk=mailbox.pk, changed_at=mailbox.changed_at).exists()


def _noted(mailbox_id: int, error: Exception) -> bool:
    """Put what went wrong where the manager sees it. False: not even that went."""
    problem = explained(error)
    log.warning("mailbox.not_fetched", mailbox=mailbox_id, problem=problem.code, error=type(error).__name__)
    try:
        mailbox = Mailbox.objects.filter(pk=mailbox_id).first()
        if mailbox:
            note_problem(mailbox, problem)
            if problem.code == "login_refused" and mailbox.sign_in != Mailbox.PASSWORD:
                forget_access(mailbox)
    except Exception as another:
        log.warning("mailbox.not_noted", mailbox=mailbox_id, error=type(another).__name__)
        return False
    finally:
        database.close()
    return True
