"""Letters for the tests of the channels: written here, kept as the receiver keeps them, taken in as the worker does."""

from email.message import EmailMessage
from pathlib import Path

from goodword.channels.intake import take_in
from goodword.channels.models import RawMail
from goodword.desk.models import Message
from goodword.lib import clock
from goodword.lib.blobs import keep_blob

INBOX = "hello@nordhvile.example"
FREJA = "freja@holm.example"
SHARED_MAIL = Path(__file__).parents[3] / "shared" / "data" / "mail"


def letter(
    text: str = "Hej, jeg vil gerne sende lampen tilbage.\n",
    *,
    sender: str = f"Freja Holm <{FREJA}>",
    to: str = INBOX,
    subject: str = "Min lampe",
    mail_id: str = "",
    **headers: str,
) -> EmailMessage:
    """A plain mail; further headers by keyword, `_` for `-` ("in_reply_to")."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    if mail_id:
        mail["Message-ID"] = f"<{mail_id}>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def keep(content: bytes | EmailMessage, *, envelope_from: str = FREJA, to: str = INBOX) -> RawMail:
    """Lay a mail where the receiver lays it."""
    content = content if isinstance(content, bytes) else content.as_bytes()
    now = clock.now()
    return RawMail.objects.create(
        blob=keep_blob(content), size=len(content), envelope_from=envelope_from, envelope_to=[to],
        received_at=now, due_at=now,
    )  # fmt: skip


def arrive(content: bytes | EmailMessage, *, envelope_from: str = FREJA, to: str = INBOX) -> RawMail:
    """Keep a mail and take it in."""
    return take_in(keep(content, envelope_from=envelope_from, to=to).pk)


def filed(content: bytes | EmailMessage, *, envelope_from: str = FREJA, to: str = INBOX) -> Message:
    """The message that a mail became."""
    raw = arrive(content, envelope_from=envelope_from, to=to)
    assert raw.state == RawMail.FILED, f"{raw.state}: {raw.problem}"
    assert raw.message is not None
    return raw.message
