"""The mail receiver: a mail is on disk and in its row before its sender hears 250. Nothing is parsed here.

The event loop only speaks SMTP. One thread writes: it takes all mails that wait at that moment, keeps their bytes
with one wait on the disk, and stores their rows in one transaction, so that many senders share what is slow.
"""

import asyncio
import queue
import socket
import threading
from collections.abc import Awaitable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, transaction

from goodword.channels.decoding import storable
from goodword.channels.inboxes import is_refused, mailboxes_taking
from goodword.channels.models import Mailbox, RawMail
from goodword.channels.transport import own_hostname
from goodword.journal.wake import wake_readers
from goodword.lib import clock
from goodword.lib.blobs import keep_blobs

log = structlog.get_logger("goodword.channels")

MOST_AT_ONCE = 100
MOST_BYTES_AT_ONCE = 64 * 1024 * 1024
MOST_RECIPIENTS = 100
_SECONDS_REMEMBERED, _MOST_REMEMBERED = 10.0, 10_000
KEPT = "250 2.0.0 Kept"
NOT_NOW = "451 4.3.0 We cannot keep your mail at this moment. Please send it again later"
TOO_MANY = "452 4.5.3 Too many recipients"
NOBODY = "550 5.1.1 There is no mailbox with this address here"


@dataclass
class Arrived:
    """A mail that waits to be kept, and what its sender will be answered."""

    content: bytes
    envelope_from: str
    envelope_to: list[str]
    at: datetime
    answer: "Future[str]" = field(default_factory=Future)


class Keeper:
    """The thread that keeps mails. Its connection to the database is its own."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Arrived | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="mail-keeper", daemon=True)
        self._thread.start()

    def keep(self, mail: Arrived) -> "Future[str]":
        """Have `mail` kept; the future's result is the SMTP answer."""
        self._waiting.put(mail)
        return mail.answer

    def stop(self) -> None:
        """Keep what still waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        go_on = True
        while go_on:
            batch, go_on = self._next_batch()
            _keep_and_answer(batch)
        connection.close()

    def _next_batch(self) -> tuple[list[Arrived], bool]:
        batch: list[Arrived] = []
        while len(batch) < MOST_AT_ONCE and sum(len(mail.content) for mail in batch) < MOST_BYTES_AT_ONCE:
            try:
                mail = self._waiting.get(block=not batch)
            except queue.Empty:
                break
            if mail is None:
                return batch, False
            batch.append(mail)
        return batch, True


class Handler:
    """What the SMTP server asks us. A recipient is refused only where it is sure that it is nobody's here."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._taken: dict[str, float] = {}

    def _was_taken_lately(self, address: str) -> bool:
        """Asking the database for each mail would cost more than keeping it. A refusal is always asked for."""
        if len(self._taken) > _MOST_REMEMBERED:
            self._taken.clear()
        return monotonic() - self._taken.get(address, -_SECONDS_REMEMBERED) < _SECONDS_REMEMBERED

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient of ours, or one in doubt, up to a number no honest mail reaches."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        if not self._was_taken_lately(address):
            if await sync_to_async(_is_surely_nobody, thread_sensitive=False)(address):
                return NOBODY
            self._taken[address] = monotonic()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answer once the mail is durable."""
        mail = Arrived(
            content=bytes(envelope.original_content or b""),
            envelope_from=storable(envelope.mail_from or "<>")[:320],
            envelope_to=[storable(address)[:320] for address in envelope.rcpt_tos],
            at=clock.now(),
        )
        return await asyncio.wrap_future(self._keeper.keep(mail))


class Receiver(Controller):
    """The server on its own thread. `port` is where it listens, also when it was asked for any free one (0)."""

    def __init__(self, host: str, port: int, handler: Any, *, keeper: Keeper | None = None) -> None:
        self._keeper = keeper
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, port), family=family, backlog=256)
        super().__init__(
            handler,
            hostname=host,
            port=self._listening.getsockname()[1],
            data_size_limit=settings.MAIL_LIMIT_BYTES,
            enable_SMTPUTF8=True,
            ident="Goodword",
            # Else it is looked up in the DNS for every connection, which takes seconds where there is none.
            server_hostname=own_hostname(),
        )

    def factory(self) -> SMTP:
        """One protocol for each connection."""
        return _Protocol(self.handler, **self.SMTP_kwargs)

    def stop(self, no_assert: bool = False) -> None:
        """Stop listening, then keep what has been taken."""
        super().stop(no_assert)
        if self._keeper:
            self._keeper.stop()

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


class _Protocol(SMTP):
    # RFC 5321 ends a line at 1,000 bytes, and senders do not: a mail is refused for its size only.
    line_length_limit = settings.MAIL_LIMIT_BYTES


def start_receiver(host: str = "127.0.0.1", port: int = 0) -> Receiver:
    """Take mail on `host` and `port` (0: any free one) until `.stop()`. Raises OSError if the port is taken."""
    keeper = Keeper()
    try:
        receiver = Receiver(host, port, Handler(keeper), keeper=keeper)
    except OSError:
        keeper.stop()
        raise
    receiver.start()
    return receiver


def keep_mails(mails: list[Arrived]) -> None:
    """Make mails durable: their bytes as blobs, then their rows in one transaction."""
    blobs = keep_blobs([mail.content for mail in mails])
    with transaction.atomic():
        takers = mailboxes_taking(mail.envelope_to for mail in mails)
        rows = zip(mails, blobs, takers, strict=True)
        RawMail.objects.bulk_create([_row(mail, blob, *taker) for mail, blob, taker in rows])
    wake_readers()


def _row(mail: Arrived, blob: str, mailbox: Mailbox | None, is_ours: bool) -> RawMail:
    return RawMail(
        blob=blob,
        size=len(mail.content),
        envelope_from=mail.envelope_from,
        envelope_to=mail.envelope_to,
        received_at=mail.at,
        due_at=mail.at,
        mailbox=mailbox,
        is_unaddressed=not is_ours,
    )


def _is_surely_nobody(recipient: str) -> bool:
    """In doubt, also about the database, it is somebody: a mail that was refused is lost to us."""
    try:
        return is_refused(recipient)
    except Exception as error:
        log.warning("mail.recipient_not_looked_up", error=type(error).__name__)
        return False
    finally:
        connection.close()  # this thread is somebody else's next


def _keep_and_answer(mails: list[Arrived]) -> None:
    if not mails:
        return
    try:
        keep_mails(mails)
    except Exception as error:  # whatever it is (disk full, database away), the sender must hear that we failed
        connection.close_if_unusable_or_obsolete()
        if len(mails) > 1:  # one of them may be the cause: the others must not suffer for it
            for mail in mails:
                _keep_and_answer([mail])
            return
        log.error("mail.not_kept", error=type(error).__name__)
        _answer(mails, NOT_NOW)
        return
    _answer(mails, KEPT)


def _answer(mails: list[Arrived], answer: str) -> None:
    for mail in mails:
        if mail.answer.set_running_or_notify_cancel():
            mail.answer.set_result(answer)
