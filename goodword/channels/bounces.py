"""Mail that came back: about which of our messages, to whom, and why. It marks both and opens nothing new."""

import re
from dataclasses import dataclass
from email.parser import HeaderParser

from django.db import transaction

from goodword.channels.causes import OF_THE_ADDRESS, PASSING, cause_of
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
_AFTER_CODE = re.compile(r"(?<![\d.])[245]\d\d[ -]['\"#= ]*([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45][0-7]\d)[ :-](?!\d{1,2}:)")
_VAGUE = re.compile(r"[245]\.0\.0|5\.1\.0|4\.4\.7|5\.5\.0")
# Where the copy of the returned mail begins, in the text of reports that have no parts.
_COPY_BELOW = re.compile(
    r"^[ \t>*-]*(?:(?:-+|=+|\*+)? ?(?:below this line|this is a copy|returned message|original message|"
    r"message header|"
    r"included is a copy|the (?:first|headers|text|following is)|unsent message|start of|copy of|forwarded message|"
    r"message (?:details|contents)|the message (?:headers|you sent)|your (?:original )?(?:message|"
    r"mail) (?:follows|header)|"
    r"undelivered message|original (?:message|mail) )|(?:received|return-path|message-id|dkim-signature|"
    r"x-mailer|mime-version): )",
    re.I | re.M,
)
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
    def cause(self) -> str:
        """Why, in one word like "mailboxfull"."""
        return cause_of(self.status, self.reason)

    @property
    def is_permanent(self) -> bool:
        """Whether writing to this address again is of no use: not for a full mailbox, or for a mail that is spam."""
        if self.is_delay or self.status.startswith("4") or self.cause in PASSING:
            return False
        return self.cause in OF_THE_ADDRESS or self.cause == "undefined"


def read_bounces(mail: ParsedMail) -> list[Bounce]:
    """Whom the report is about, as its machine-readable part says, else as its text does."""
    found = [
        _of_block(block)
        for part in every_part(mail.tree)
        if kind_of(part) == "message/delivery-status"
        for block in _blocks(part)
    ]
    return _each_once([bounce for bounce in found if bounce] or _of_text(mail))


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
        record(
            "message.send_failed", message.conversation.about, by="system", message=message.pk, status=bounce.status,
            cause=bounce.cause,
        )  # fmt: skip
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
    status = _status_of(block.get("status", ""), reason)
    return Bounce(address[0].lower(), status, reason, is_delay=action == "delayed")


def _status_of(declared: str, reason: str) -> str:
    """The status: what the last server said after its own number before what ours summed up as "something"."""
    summed_up, told = _STATUS.search(declared), _AFTER_CODE.search(reason)
    if summed_up and not _VAGUE.fullmatch(summed_up[0]):
        return summed_up[0]
    if told:
        return told[1]
    found = _STATUS.search(reason) or summed_up
    return found[0] if found else _of_code(reason)


def _of_code(words: str) -> str:
    """The class of the first SMTP number among `words`, as a status; "" without one."""
    code = _REPLY_CODE.search(words)
    return f"{code[1][0]}.0.0" if code else ""


def _of_text(mail: ParsedMail) -> list[Bounce]:
    """Whom a report without a machine-readable part names, each with the words below his address."""
    text = mail.text
    copy = _COPY_BELOW.search(text, 1)
    text = text[: copy.start()] if copy and _ADDRESS.search(text[: copy.start()]) else text
    ours = {box.address for box in [*mail.to, *mail.cc, mail.sender]}
    everybody = list(_ADDRESS.finditer(text))
    found = [place for place in everybody if _is_recipient(place, text, ours)] or everybody
    failed = _ADDRESS.findall(mail.header("x-failed-recipients"))
    names = [address.lower() for address in failed] or list(dict.fromkeys(place[0].lower() for place in found))
    return [_of_words(name, _words_about(name, found, text, alone=len(names) == 1)) for name in names][:20]


def _is_recipient(place: re.Match[str], text: str, ours: set[str]) -> bool:
    """Whether an address is one that the report is about: not whoever gets or sends it, and not a mail's id."""
    address, line = place[0].lower(), text[text.rfind("\n", 0, place.start()) + 1 : place.start()]
    is_machine = address.partition("@")[0] in {"postmaster", "mailer-daemon", "abuse", "support", "help"}
    return address not in ours and not is_machine and not re.search(r"message-id|x-\w+:|from[:=]|sender:", line, re.I)


def _words_about(address: str, found: list[re.Match[str]], text: str, *, alone: bool) -> str:
    """What stands between the first mention of an address and the next address's."""
    if alone:
        return text
    begin = next((place.start() for place in found if place[0].lower() == address), 0)
    end = next((place.start() for place in found if place.start() > begin and place[0].lower() != address), len(text))
    return text[begin:end]


def _of_words(address: str, words: str) -> Bounce:
    told = _AFTER_CODE.search(words) or _STATUS.search(words)
    status = (told[1] if told.re is _AFTER_CODE else told[0]) if told else _of_code(words)
    return Bounce(address, status, " ".join(words.split())[:1000], is_delay=False)


def _each_once(bounces: list[Bounce]) -> list[Bounce]:
    """One for each recipient: a report may tell of several attempts for him."""
    return list({bounce.recipient: bounce for bounce in reversed(bounces)}.values())[::-1]
