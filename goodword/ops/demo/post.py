"""The demo's post: letters that arrive as real mails, and answers that count as gone without waking a server."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from goodword.channels.intake import take_in
from goodword.channels.models import DeliveredMail, OutgoingMail, RawMail
from goodword.channels.sending import finish, mark_sent
from goodword.desk.models import Conversation, Message
from goodword.lib import clock
from goodword.lib.blobs import keep_blob


def arrive(
    text: str, *, subject: str, name: str, address: str, inbox: str, answering: Message | None = None
) -> Conversation:
    """Have a mail arrive now (by the stopped clock) and be taken in as any mail is; the conversation it is in."""
    content = _mail(text, subject, name, address, inbox, answering)
    moment = clock.now()
    raw = RawMail.objects.create(
        blob=keep_blob(content), size=len(content), envelope_from=address, envelope_to=[inbox],
        received_at=moment, due_at=moment,
    )  # fmt: skip
    take_in(raw.pk)
    raw.refresh_from_db()
    if raw.message is None:
        raise AssertionError(f"the demo's own mail was not filed: {raw.state} {raw.problem}")
    return raw.message.conversation


def deliver(moment: datetime) -> None:
    """Count everything that waits to be sent as gone at `moment`, and lay it into the demo's outbox."""
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.QUEUED).select_related("message__conversation__inbox")
    with clock.stopped_at(moment):
        for mail in waiting:
            DeliveredMail.objects.create(blob=finish(mail).blob, recipient=mail.recipient, received_at=moment)
            mark_sent(mail)


def _mail(text: str, subject: str, name: str, address: str, inbox: str, answering: Message | None) -> bytes:
    mail = EmailMessage()
    moment = clock.now()
    mail["From"] = f"{name} <{address}>"
    mail["To"] = inbox
    mail["Subject"] = subject
    mail["Date"] = format_datetime(moment)
    # A fixed Message-ID: the demo is the same at every start.
    mail["Message-ID"] = f"<{moment:%Y%m%d%H%M%S}.{address.replace('@', '.at.')}>"
    if answering:
        mail["In-Reply-To"] = mail["References"] = f"<{answering.mail_id}>"
    mail.set_content(text)
    return mail.as_bytes()
