"""From kept bytes to a message: each mail exactly once, whatever moment a process dies.

A mail is filed in one transaction, which also sets its row to `filed`; before it, nothing is visible, after it,
nothing is left to do. Mails that wait together are filed by handfuls, so that they share one wait for the disk; if
anything goes wrong with one, the handful is undone and each is filed alone. What cannot be read or filed is set aside
with its reason, listed, and can be run again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.channels.filing import Prepared, file_mail, prepare
from goodword.channels.inboxes import as_they_are_now, one_reading
from goodword.channels.models import RawMail
from goodword.channels.parsing import parse
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.blobs import read_blob
from goodword.lib.errors import NotFound, Refused
from goodword.lib.one_piece import in_one_piece
from goodword.policies.queries import one_look

log = structlog.get_logger("goodword.channels")
_Read = tuple[RawMail, Prepared]

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 5
_FIRST_WAIT = timedelta(seconds=2)
AT_ONCE = 10
"""Mails filed in one transaction: more save little, and on SQLite everybody else who writes waits for them."""


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
    """Take in what was claimed, by handfuls and in order; the inboxes and the book are asked for once."""
    with one_look(), one_reading():
        waiting = list(RawMail.objects.filter(pk__in=pks, state=RawMail.STORED).order_by("due_at", "id"))
        while waiting:
            handful, waiting = _next_handful(waiting)
            _file_handful(handful)


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
            raise Refused(_("This mail is filed already, or waits to be."))
        raw.state, raw.problem, raw.attempts, raw.lease_until = RawMail.STORED, "", 0, None
        raw.due_at = clock.now()
        raw.save()
        record("mail.run_again", f"mail:{raw.pk}", by=actor_of(by))
    return take_in(raw.pk, anyway=anyway)


def _next_handful(waiting: list[RawMail]) -> tuple[list[_Read], list[RawMail]]:
    """The next mails, read, and what waits then. It ends before a second letter of somebody who is not known yet: how
    that is read (in which language) rests on the first."""
    handful: list[_Read] = []
    strangers = set[str]()
    for place, raw in enumerate(waiting):
        prepared = _prepared(raw) if len(handful) < AT_ONCE else None
        if len(handful) == AT_ONCE or (prepared and prepared.said.from_address in strangers):
            return handful, waiting[place:]
        if prepared is None:
            continue
        handful.append((raw, prepared))
        if prepared.known is None:
            strangers.add(prepared.said.from_address)
    return handful, []


def _file_handful(handful: list[_Read]) -> None:
    if len(handful) > 1:
        try:
            _file_together(handful)
            return
        except Exception as error:  # one of them is the cause: the others must not suffer for it
            log.warning("mail.handful_undone", mails=len(handful), error=type(error).__name__)
    for raw, prepared in handful:
        _file_alone(raw, prepared, anyway=False)


def _take_in(raw: RawMail, *, anyway: bool) -> RawMail:
    prepared = _prepared(raw)
    return _file_alone(raw, prepared, anyway=anyway) if prepared else raw


def _prepared(raw: RawMail) -> Prepared | None:
    """The mail read; None if that failed: then it is set aside or waits, and says why."""
    try:
        content = read_blob(raw.blob)
        return prepare(raw, content, parse(content))
    except NotFound as error:
        _set_aside(raw, RawMail.UNREADABLE, str(error))
    except DatabaseError as error:
        _try_again_later(raw, error)
    except Exception as error:  # a reader of other people's mail meets what nobody has thought of
        _set_aside(raw, RawMail.UNREADABLE, _named(error))
    return None


def _file_alone(raw: RawMail, prepared: Prepared, *, anyway: bool) -> RawMail:
    try:
        return _filed(raw, prepared, anyway=anyway)
    except Exception as error:  # one mail must not stop the others: it waits, and is shown
        return _try_again_later(raw, error)


def _filed(raw: RawMail, prepared: Prepared, *, anyway: bool) -> RawMail:
    for is_last in (False, True):
        try:
            return _file_together([(raw, prepared)], anyway=anyway)[0]
        except DatabaseError:
            # Two processes welcomed the same new customer at the same moment: now she is known.
            if is_last:
                raise
    raise AssertionError("Filing ends with a mail or an error.")


def _file_together(handful: list[_Read], *, anyway: bool = False) -> list[RawMail]:
    with in_one_piece(), as_they_are_now(prepared.inbox for _raw, prepared in handful) as inboxes:
        pks = [raw.pk for raw, _prepared in handful]
        locked = {raw.pk: raw for raw in RawMail.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
        return [
            file_mail(
                locked[raw.pk],
                replace(prepared, inbox=inboxes[prepared.inbox.pk]),
                anyway=anyway,
                just_read=len(handful) > 1,
            )
            for raw, prepared in handful
        ]


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
