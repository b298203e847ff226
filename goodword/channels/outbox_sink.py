"""Demo only: the customers' mail server, so that what we send can be read as the customer gets it."""

from aiosmtpd.smtp import SMTP, Envelope, Session
from asgiref.sync import sync_to_async
from django.db import connection

from goodword.channels.models import DeliveredMail
from goodword.channels.receiving import Receiver
from goodword.journal.wake import wake_readers
from goodword.lib import clock
from goodword.lib.blobs import keep_blob


def start_sink(port: int = 0, host: str = "127.0.0.1") -> Receiver:
    """Take every mail for anybody on `port` (0: any free one, see `.port`) and keep it, until `.stop()`."""
    sink = Receiver(host, port, _Handler())
    sink.start()
    return sink


class _Handler:
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = bytes(envelope.original_content or b"")
        await sync_to_async(_deliver, thread_sensitive=False)(content, list(envelope.rcpt_tos))
        return "250 2.0.0 Delivered"


def _deliver(content: bytes, recipients: list[str]) -> None:
    try:
        blob, now = keep_blob(content), clock.now()
        DeliveredMail.objects.bulk_create(
            DeliveredMail(blob=blob, recipient=recipient.lower(), received_at=now) for recipient in recipients
        )
        wake_readers()
    finally:
        connection.close()  # this thread is somebody else's next
