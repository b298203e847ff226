"""Sending: queued with the conversation's own transaction, retried, and never sent twice without somebody knowing.

`sending` is committed before the first byte leaves. Whoever dies in the middle leaves a row whose lease runs out: it
becomes `unknown`, is shown, and an agent sends it again or marks it as sent. A second copy is worse than a question.
"""

import smtplib
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.channels.composing import compose, set_in_thread, words_of
from goodword.channels.mailboxes.queries import answer_address
from goodword.channels.models import Mailbox, MailServer, OutgoingMail
from goodword.channels.tokens import new_mail_id
from goodword.channels.transport import MaybeSent, NotSent, connected, hand_over
from goodword.desk.models import Message
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.blobs import keep_blob, read_blob
from goodword.lib.errors import GoodwordError, NotFound, Refused

log = structlog.get_logger("goodword.channels")

LEASE = timedelta(minutes=5)
_WITHOUT_SERVER = timedelta(seconds=15)
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
"""How long to wait after each failure that may pass; after the last we give up."""
_DIED = gettext_noop("The desk stopped while this mail was being sent. It may or may not have arrived.")


@transaction.atomic
def queue_mail(message: Message, answered: Message | None = None) -> list[OutgoingMail]:
    """Make the mail of an outgoing message and queue it, one row for each recipient, in the caller's transaction.

    Does nothing while its inbox is in rehearsal, and nothing a second time. `answered`: the one message of the
    conversation before it, where the caller holds it; then only what the mail will say is settled now, and its bytes
    are made when it is sent, because that letter is being filed and others wait.
    """
    conversation = message.conversation
    if not conversation.inbox.sends or (answered is None and message.outgoing.exists()):
        return []
    message.mail_id = new_mail_id(conversation.pk, conversation.inbox.address)
    set_in_thread(message, answered)
    words = words_of(message)
    message.raw = "" if answered else keep_blob(compose(message, words))
    message.delivery = OutgoingMail.QUEUED
    message.save(update_fields=["mail_id", "in_reply_to", "references", "raw", "delivery"])
    now = clock.now()
    recipients = dict.fromkeys([*message.to_addresses, *message.cc_addresses])
    return [
        OutgoingMail.objects.create(
            message=message, recipient=recipient, blob=message.raw, words=words if answered else "", due_at=now
        )
        for recipient in recipients
    ]


@transaction.atomic
def finish(mail: OutgoingMail) -> OutgoingMail:
    """Make the bytes of a queued mail where that was put off; they are kept before the first of them leaves.

    Raises NotFound if it was erased meanwhile.
    """
    if mail.blob:
        return mail
    if not mail.words:
        raise NotFound(_("The words of this mail are not here; they may have been erased."))
    message = mail.message
    message.raw = mail.blob = message.raw or keep_blob(compose(message, mail.words))
    mail.words = ""
    message.save(update_fields=["raw"])
    mail.save(update_fields=["blob", "words"])
    return mail


def claim_queued(mailbox: Mailbox | None = None) -> OutgoingMail | None:
    """Take the next mail that is due and leaves by `mailbox`'s server (None: the desk's): `sending` is committed."""
    now = clock.now()
    with transaction.atomic():
        rows = OutgoingMail.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
            "message__conversation__inbox"
        )
        mail = rows.filter(_due(now), _leaves_by(mailbox)).order_by("due_at", "id").first()
        if mail:
            mail.state, mail.lease_until, mail.attempts = OutgoingMail.SENDING, now + LEASE, mail.attempts + 1
            mail.save(update_fields=["state", "lease_until", "attempts"])
            _show(mail.message)
    return mail


def send_queued(*, limit: int) -> int:
    """Send what is due, up to `limit` mails by each server, over one connection each; how many were tried."""
    return sum(_send_by(mailbox, limit) for mailbox in [None, *_mailboxes_with_mail_due()])


def without_server() -> bool:
    """Whether mail waits that would leave by the desk's server, and the desk has none."""
    waiting = OutgoingMail.objects.filter(_leaves_by(None), state=OutgoingMail.QUEUED)
    return not settings.SMTP_OUT and waiting.exists()


def _mailboxes_with_mail_due() -> list[Mailbox]:
    due = OutgoingMail.objects.filter(_due(clock.now())).values("message__conversation__inbox")
    own = Mailbox.objects.filter(servers__way=MailServer.OUT, inbox__in=due).select_related("inbox")
    return list(own.order_by("id"))


def _send_by(mailbox: Mailbox | None, limit: int) -> int:
    handled = 0
    if mailbox is None and not settings.SMTP_OUT:
        return 0
    if not OutgoingMail.objects.filter(_due(clock.now()), _leaves_by(mailbox)).exists():
        return 0
    try:
        with connected(mailbox) as server:
            while handled < limit and (mail := claim_queued(mailbox)):
                handled += 1
                if not send(mail, server):
                    break  # the connection is gone: the next turn makes a new one
    except NotSent as problem:
        _wait_for_server(mailbox, problem)
    return handled


def send(mail: OutgoingMail, server: smtplib.SMTP) -> bool:
    """Hand one claimed mail over and write down what became of it; whether the connection is still good."""
    try:
        hand_over(server, _return_path(mail), mail.recipient, read_blob(finish(mail).blob))
    except NotSent as problem:
        _not_sent(mail, problem)
        return not isinstance(problem.__cause__, OSError)
    except MaybeSent as problem:
        mark_unknown(mail, str(problem))
        return False
    except GoodwordError as problem:  # its bytes are gone
        _not_sent(mail, NotSent(str(problem), is_final=True))
        return True
    mark_sent(mail)
    return True


@transaction.atomic
def mark_sent(mail: OutgoingMail, *, by: Agent | None = None) -> OutgoingMail:
    """The server has it; or an agent says that it arrived."""
    mail.state, mail.sent_at, mail.lease_until, mail.problem = OutgoingMail.SENT, clock.now(), None, ""
    mail.save()
    message = _show(mail.message)
    record("message.sent", message.conversation.about, by=actor_of(by), message=message.pk, automatic=message.automatic)
    return mail


@transaction.atomic
def mark_unknown(mail: OutgoingMail, problem: str = "") -> OutgoingMail:
    """Nobody knows whether it went. Shown until an agent decides."""
    mail.state, mail.lease_until = OutgoingMail.UNKNOWN, None
    mail.problem = problem or _DIED
    mail.save()
    message = _show(mail.message, mail.problem)
    record("message.send_unknown", message.conversation.about, by="system", message=message.pk)
    return mail


@transaction.atomic
def send_again(mail: OutgoingMail, *, by: Agent | None) -> OutgoingMail:
    """Queue a mail that failed or is unknown once more; the same bytes, so a server that has it may notice."""
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if mail.state not in {OutgoingMail.FAILED, OutgoingMail.UNKNOWN}:
        raise Refused(_("This mail has gone, or is on its way."))
    mail.state, mail.due_at, mail.attempts, mail.problem = OutgoingMail.QUEUED, clock.now(), 0, ""
    mail.save()
    message = _show(mail.message)
    record("message.sent_again", message.conversation.about, by=actor_of(by), message=message.pk)
    return mail


def give_up_lapsed(*, everything: bool = False) -> int:
    """Whatever was in the middle when its process died becomes `unknown`; how many.

    `everything`: also what is leased still. Only at the start of a process that is alone with its database.
    """
    rows = OutgoingMail.objects.filter(state=OutgoingMail.SENDING).select_related("message__conversation")
    lapsed = rows if everything else rows.filter(lease_until__lt=clock.now())
    handled = 0
    for mail in lapsed:
        mark_unknown(mail)
        handled += 1
    return handled


def unsettled_for(message: Message) -> QuerySet[OutgoingMail]:
    """The mails of one message that failed or are not known to have gone, one for each recipient."""
    return unsettled().filter(message=message)


def unsettled() -> QuerySet[OutgoingMail]:
    """What an agent should look at: failed, or not known to have gone; the newest first."""
    rows = OutgoingMail.objects.filter(state__in=[OutgoingMail.FAILED, OutgoingMail.UNKNOWN])
    return rows.select_related("message__conversation").order_by("-id")


@transaction.atomic
def _not_sent(mail: OutgoingMail, problem: NotSent) -> None:
    mail.problem, mail.lease_until = str(problem), None
    if problem.is_final or mail.attempts > len(_WAITS):
        mail.state = OutgoingMail.FAILED
    else:
        mail.state, mail.due_at = OutgoingMail.QUEUED, clock.now() + _WAITS[mail.attempts - 1]
    mail.save()
    message = _show(mail.message, mail.problem)
    if mail.state == OutgoingMail.FAILED:
        record("message.send_failed", message.conversation.about, by="system", message=message.pk)


def _show(message: Message, note: str = "") -> Message:
    """Put on the message what became of its mails: the worst of them."""
    states = set(message.outgoing.values_list("state", flat=True))
    worst = next(
        (state for state in ("failed", "unknown", "sending", "queued", "sent") if state in states),
        "",
    )
    message.delivery, message.delivery_note = worst, note[:500]
    message.save(update_fields=["delivery", "delivery_note"])
    return message


def _return_path(mail: OutgoingMail) -> str:
    """Where a bounce goes: with the conversation's token, so that even a report that names nothing is understood."""
    return answer_address(mail.message.conversation)


def _due(now: datetime) -> Q:
    return Q(
        state=OutgoingMail.QUEUED,
        due_at__lte=now,
        message__conversation__inbox__sends=True,
        message__conversation__inbox__mailbox__paused_at=None,
    )


def _leaves_by(mailbox: Mailbox | None) -> Q:
    """Whose mail leaves by this mailbox's server; None: by the desk's, because their mailbox has none of its own."""
    if mailbox is not None:
        return Q(message__conversation__inbox=mailbox.inbox_id)
    own = Mailbox.objects.filter(servers__way=MailServer.OUT).values("inbox")
    return ~Q(message__conversation__inbox__in=own)


def _wait_for_server(mailbox: Mailbox | None, problem: NotSent) -> None:
    """No connection at all: nothing was tried, so nothing counts as an attempt; all that is due waits a little."""
    log.warning("mail.no_server", problem=type(problem.__cause__).__name__, mailbox=mailbox.pk if mailbox else None)
    now = clock.now()
    due = OutgoingMail.objects.filter(_due(now), _leaves_by(mailbox)).values("pk")
    OutgoingMail.objects.filter(pk__in=list(due.values_list("pk", flat=True))).update(
        due_at=now + _WITHOUT_SERVER, problem=str(problem)
    )
