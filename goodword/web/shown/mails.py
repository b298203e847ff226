"""Mails as the people who get them see them: read from their bytes, as any mail program would."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from goodword.lib.blobs import read_blob
from goodword.lib.errors import NotFound


@dataclass(frozen=True)
class SeenMail:
    """One mail in somebody's mailbox. `ours`: the company wrote it."""

    pk: int
    ours: bool
    at: datetime
    sender: str
    sender_address: str
    to: str
    reply_to: str
    subject: str
    text: str
    html: str
    mail_id: str
    references: str
    files: list[str]
    automatic: bool


def seen_mail(blob: str, *, pk: int, at: datetime, ours: bool) -> SeenMail | None:
    """The mail kept under `blob`; None if its bytes were erased."""
    try:
        content = read_blob(blob)
    except NotFound:
        return None
    mail = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(content)
    name, address = parseaddr(str(mail.get("From", "")))
    return SeenMail(
        pk=pk,
        ours=ours,
        at=at,
        sender=name or address,
        sender_address=address,
        to=str(mail.get("To", "")),
        reply_to=str(mail.get("Reply-To", "")) or address,
        subject=str(mail.get("Subject", "")),
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
        mail_id=str(mail.get("Message-ID", "")).strip(),
        references=str(mail.get("References", "")).strip(),
        files=[part.get_filename() or "file" for part in mail.iter_attachments()],
        automatic=str(mail.get("Auto-Submitted", "no")).lower() != "no",
    )


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        return str(part.get_payload())
