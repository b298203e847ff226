"""From kept bytes to a message: each mail exactly once, whatever moment a process dies.

A mail is filed in one transaction, which also sets its row to `filed`; before it, nothing is visible, after it,
nothing is left to do. What cannot be read or filed is set aside with its reason, listed, and can be run again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F, Q

from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.channels.filing import Prepared, file_mail, prepare
from goodword.channels.inboxes import as_it_is_now, one_reading
from goodword.channels.models import RawMail
from goodword.channels.parsing import parse
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.blobs import read_blob
from goodword.lib.errors import NotFound, Refused
from goodword.lib.one_piece import in_one_piece
from goodword.policies.queries import one_look

log = structlog.get_logger("goodword.channels")

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 5
_FIRST_WAIT = timedelta(seconds=2)


def claim_due(limit: int = 20) -> list[int]:
    """The ids of mails to take in now, leased to the caller. A lease that ran out belongs to a dead process."""
    now = clock.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    with transaction.atomic():
        rows = RawMail.objects.select_for_update(skip_locked=True).filter(free, state=RawMail.STORED, due_at__lte=now)
        pks = list(rows.order_by("due_at", "id").values_list("pk", flat=True)[:limit])
        if pks:
            RawMail.objects.filter(pk__in=pks).update(lease_until=now + LEASE, attempts=F("attempts") + 1)
    return pks


def forget_leases() -> int:
    """Let everything leased be taken again at once: at the start of a process that is alone with its database."""
    return RawMail.objects.filter(state=RawMail.STORED).exclude(lease_until=None).update(lease_until=None)


def take_in_claimed(pks: Sequence[int]) -> None:
    """Take in what was claimed, each mail in a transaction of its own; the inboxes and the book are asked for once."""
    with one_look(), one_reading():
        for raw in RawMail.objects.filter(pk__in=pks).order_by("due_at", "id"):
            if raw.state == RawMail.STORED:
                _take_in(raw, anyway=False)


def take_in(raw_mail_id: int, *, anyway: bool = False) -> RawMail:
    """Read one kept mail and file it; quiet if that is done already. `anyway` files what would be ignored.

    A mail that cannot be filed now is tried again later; after five times, or if it cannot be read, it is unreadable.
    """
    raw = RawMail.objects.get(pk=raw_mail_id)
    if raw.state != RawMail.STORED:
        return raw
    with one_look():  # one book for the whole mail, asked for once
        return _take_in(raw, anyway=anyway)


def run_again(raw_mail_id: int, *, by: Agent | None, anyway: bool = False) -> RawMail:
    """Take a set-aside mail in once more; with `anyway` an ignored one becomes a message, too.

    Raises Refused for a mail that is filed already or still waits.
    """
    with transaction.atomic():
        raw = RawMail.objects.select_for_update().get(pk=raw_mail_id)
        if raw.state not in {RawMail.UNREADABLE, RawMail.IGNORED}:
            raise Refused("This mail is filed already, or waits to be.")
        raw.state, raw.problem, raw.attempts, raw.lease_until = RawMail.STORED, "", 0, None
        raw.due_at = clock.now()
        raw.save()
        record("mail.run_again", f"mail:{raw.pk}", by=actor_of(by))
    return take_in(raw.pk, anyway=anyway)


def _take_in(raw: RawMail, *, anyway: bool) -> RawMail:
    try:
        content = read_blob(raw.blob)
        prepared = prepare(raw, content, parse(content))
    except NotFound as error:
        return _set_aside(raw, RawMail.UNREADABLE, str(error))
    except DatabaseError as error:
        return _try_again_later(raw, error)
    except Exception as error:  # a reader of other people's mail meets what nobody has thought of
        return _set_aside(raw, RawMail.UNREADABLE, _named(error))
    try:
        return _filed(raw, prepared, anyway=anyway)
    except Exception as error:  # one mail must not stop the others: it waits, and is shown
        return _try_again_later(raw, error)


def _filed(raw: RawMail, prepared: Prepared, *, anyway: bool) -> RawMail:
    for is_last in (False, True):
        try:
            with in_one_piece(), as_it_is_now(prepared.inbox) as inbox:
                return file_mail(_locked(raw), replace(prepared, inbox=inbox), anyway=anyway)
        except DatabaseError:
            # Two processes welcomed the same new customer at the same moment: now she is known.
            if is_last:
                raise
    raise AssertionError("Filing ends with a mail or an error.")


def _locked(raw: RawMail) -> RawMail:
    return RawMail.objects.select_for_update().get(pk=raw.pk)


def _try_again_later(raw: RawMail, error: Exception) -> RawMail:
    log.warning("mail.not_filed", mail=raw.pk, error=type(error).__name__, attempts=raw.attempts)
    if raw.attempts >= MOST_ATTEMPTS and not isinstance(error, DatabaseError):
        return _set_aside(raw, RawMail.UNREADABLE, _named(error))
    wait = _FIRST_WAIT * 2 ** min(raw.attempts, 8)
    return _update(raw, due_at=clock.now() + wait, lease_until=None, problem=_named(error))


def _set_aside(raw: RawMail, state: str, problem: str) -> RawMail:
    log.warning("mail.set_aside", mail=raw.pk, state=state)
    with transaction.atomic():
        record("mail.set_aside", f"mail:{raw.pk}", by="system", state=state)
        return _update(raw, state=state, problem=problem[:2000], lease_until=None)


def _update(raw: RawMail, **fields: Any) -> RawMail:
    # Only while it is still ours to change: another process may have filed it meanwhile.
    RawMail.objects.filter(pk=raw.pk, state=RawMail.STORED).update(**fields)
    raw.refresh_from_db()
    return raw


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
