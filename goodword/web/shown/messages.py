"""Messages as the thread shows them: who, when, what became of an answer."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from goodword.desk.models import Attachment, Message
from goodword.web.shown.mail_parts import ShownMail, is_listed, shown_mail
from goodword.web.shown.words import moment_words, reason_words


@dataclass(frozen=True)
class ShownDelivery:
    """What became of an answer: icon, colour and word."""

    icon: str
    css: str
    words: str
    note: str
    is_settled: bool


@dataclass(frozen=True)
class ShownMessage:
    """One message of the thread."""

    pk: int
    side: str
    icon: str
    author: str
    automatic: bool
    delivery: ShownDelivery | None
    at: datetime | None
    when: str
    language: str
    text: str
    quoted: str
    has_html: bool
    raw: str
    attachments: list[Attachment]
    mail: ShownMail


def shown_message(message: Message) -> ShownMessage:
    """A message for the page; its attachments must be prefetched."""
    return ShownMessage(
        pk=message.pk,
        side=message.direction,
        icon={"in": "letter", "out": "reply", "note": "note"}[message.direction],
        author=_author(message),
        automatic=message.automatic,
        delivery=_delivery(message) if message.direction == Message.OUT else None,
        # The source of a history may have no time; then none is shown.
        at=message.at if message.at_is_known else None,
        when=moment_words(message.at) if message.at_is_known else "",
        language=message.language,
        text=message.text,
        quoted=message.quoted_text,
        has_html=bool(message.html),
        raw=message.raw,
        attachments=[each for each in message.attachments.all() if is_listed(each)],
        mail=shown_mail(message),
    )


def _author(message: Message) -> str:
    if message.author:
        return message.author.name
    if message.direction == Message.IN:
        name = message.person.name if message.person else ""
        return message.from_name or name or message.from_address or _("The customer")
    return _("The desk")


def _delivery(message: Message) -> ShownDelivery | None:
    words = {
        "queued": ("clock", "accent", _("On its way out")),
        "sending": ("clock", "accent", _("On its way out")),
        "sent": ("check", "allow", _("Sent")),
        "failed": ("alert", "refuse", _("Could not be sent")),
        "unknown": ("ask", "approve", _("Not known to be sent")),
    }.get(message.delivery)
    if words is None:
        return None
    return ShownDelivery(*words, reason_words(message.delivery_note), message.delivery not in {"failed", "unknown"})
