"""Mail that came back: about which of our messages, to whom, and why. It marks both and opens nothing new."""

import re
from dataclasses import dataclass
from email.parser import HeaderParser

from django.db import transaction

from goodword.channels.decoding import decode
from goodword.channels.headers import mail_ids
from goodword.channels.mime import Part, every_part, kind_of, open_mail, part_bytes
from goodword.channels.models import OutgoingMail
from goodword.channels.parsing import ParsedMail
from goodword.channels.tokens import conversation_in_address
from goodword.desk.actions.conversations import reopen
from goodword.desk.models import Message
from goodword.journal.actions import record
from goodword.people.actions import mark_bounced

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<!\d)([45]\d\d)[ -]")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_MAIL_ID = re.compile(r"^\s*>?\s*Message-ID:\s*<([^<>\s]+)>", re.I | re.M)


@dataclass(frozen=True)
class Bounce:
    """One recipient whom a mail did not reach. `status` is as in RFC 3463 ("5.1.1"), "" if the report has none."""

    recipient: str
    status: str
    reason: str
    is_delay: bool

    @property
    def is_permanent(self) -> bool:
        """Whether trying again is of no use."""
        return not self.is_delay and not self.status.startswith("4")


def read_bounces(mail: ParsedMail) -> list[Bounce]:
    """Whom the report is about, as its machine-readable part says, else as its text does."""
    found = [
        _of_block(block)
        for part in every_part(mail.tree)
        if kind_of(part) == "message/delivery-status"
        for block in _blocks(part)
    ]
    return [bounce for bounce in found if bounce] or _of_text(mail)


def returned_mail_ids(mail: ParsedMail) -> list[str]:
    """The ids of the mail that came back: from the copy inside the report, its headers, or the report's text."""
    found: list[str] = []
    for part in every_part(mail.tree):
        if kind_of(part) in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}:
            found += mail_ids(open_mail(part_bytes(part)), "message-id")
    return list(dict.fromkeys([*found, *_MAIL_ID.findall(mail.text), *mail.in_reply_to, *mail.references]))


@transaction.atomic
def settle_bounce(mail: ParsedMail, recipients: list[str]) -> Message | None:
    """Mark the message that came back, its recipient's address, and call the agent back; None if it was not ours."""
    message = _our_message(mail, recipients)
    if message is None:
        return None
    addressed = set(message.outgoing.values_list("recipient", flat=True))
    bounces = [bounce for bounce in read_bounces(mail) if bounce.recipient in addressed]
    if not bounces and len(addressed) == 1:
        bounces = [Bounce(addressed.pop(), "", "", is_delay=False)]
    for bounce in bounces:
        _mark(message, bounce)
    return message


def _mark(message: Message, bounce: Bounce) -> None:
    note = f"{bounce.status} {bounce.reason}".strip()[:500] or "The mail came back."
    message.delivery_note = note
    message.delivery = message.delivery if bounce.is_delay else OutgoingMail.FAILED
    # Saved before it is recorded: what follows looks at whether the answer has arrived.
    message.save(update_fields=["delivery", "delivery_note"])
    if not bounce.is_delay:
        message.outgoing.filter(recipient=bounce.recipient).update(state=OutgoingMail.FAILED, problem=note)
        record("message.send_failed", message.conversation.about, by="system", message=message.pk, status=bounce.status)
        reopen(message.conversation, by=None)
    if bounce.is_permanent:
        mark_bounced(bounce.recipient)


def _our_message(mail: ParsedMail, recipients: list[str]) -> Message | None:
    ours = Message.objects.select_related("conversation").filter(direction=Message.OUT)
    message = ours.filter(mail_id__in=returned_mail_ids(mail)[:50]).exclude(mail_id="").first()
    if message:
        return message
    named = [pk for pk in map(conversation_in_address, recipients) if pk]
    return ours.filter(conversation__in=named).order_by("pk").last() if named else None


def _blocks(part: Part) -> list[dict[str, str]]:
    text = decode(part_bytes(part)).replace("\r\n", "\n")
    parser = HeaderParser()
    blocks = [parser.parsestr(block.lstrip("\n")) for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    return [{key.lower(): " ".join(str(value).split()) for key, value in block.items()} for block in blocks]


def _of_block(block: dict[str, str]) -> Bounce | None:
    told = block.get("final-recipient") or block.get("original-recipient") or ""
    address = _ADDRESS.search(told.partition(";")[2] or told)
    action = block.get("action", "").lower()
    if address is None or action in {"delivered", "relayed", "expanded"}:
        return None
    reason = block.get("diagnostic-code", "").partition(";")[2].strip() or block.get("diagnostic-code", "")
    status = _STATUS.search(block.get("status", "")) or _STATUS.search(reason)
    return Bounce(address[0].lower(), status[0] if status else "", reason, is_delay=action == "delayed")


def _of_text(mail: ParsedMail) -> list[Bounce]:
    failed = mail.header("x-failed-recipients")
    addresses = _ADDRESS.findall(failed) or _ADDRESS.findall(mail.text)
    status = _STATUS.search(mail.text)
    code = _REPLY_CODE.search(mail.text)
    found = status[0] if status else f"{code[1][0]}.0.0" if code else ""
    line = next((line.strip() for line in mail.text.splitlines() if status and status[0] in line), "")
    return [Bounce(address.lower(), found, line, is_delay=False) for address in dict.fromkeys(addresses)][:20]
