"""The demo customer's mail program: it writes a mail as any other does and hands it over by SMTP."""

import smtplib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.conf import settings
from django.utils.translation import gettext as _

from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.web.shown.mails import SeenMail

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Letter:
    """What she writes. `answered` is the mail she replies to, quoted below as mail programs do."""

    name: str
    sender: str
    to: str
    subject: str
    text: str
    answered: SeenMail | None = None


def post(letter: Letter) -> None:
    """Hand the letter to the desk's receiver. Raises Refused if nobody takes it there."""
    mail = _as_mail(letter)
    try:
        with smtplib.SMTP("127.0.0.1", settings.SMTP_PORT, timeout=TIMEOUT_SECONDS) as server:
            server.send_message(mail, from_addr=letter.sender)
    except (OSError, smtplib.SMTPException) as error:
        raise Refused(_("The mail receiver did not take the mail: %(error)s") % {"error": error}) from error


def _as_mail(letter: Letter) -> EmailMessage:
    mail = EmailMessage()
    user, _sign, domain = letter.sender.partition("@")
    try:
        mail["From"] = Address(letter.name, user, domain)
        mail["To"] = letter.to
        mail["Subject"] = " ".join(letter.subject.split())
    except ValueError as error:
        raise Invalid(str(error), field="subject") from error
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = make_msgid(domain=domain or "example.org")
    if letter.answered:
        mail["In-Reply-To"] = letter.answered.mail_id
        mail["References"] = f"{letter.answered.references} {letter.answered.mail_id}".strip()
    mail.set_content(letter.text + _quoted(letter.answered))
    return mail


def _quoted(answered: SeenMail | None) -> str:
    if answered is None:
        return "\n"
    lines = "\n".join(f"> {line}".rstrip() for line in answered.text.strip().splitlines())
    return f"\n\nOn {answered.at:%d %B %Y at %H:%M}, {answered.sender} wrote:\n{lines}\n"
