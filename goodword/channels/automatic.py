"""Whether a person wrote a mail, or a machine: RFC 3834, lists, bounces, and what mail programs do besides."""

import re
from collections.abc import Collection
from enum import StrEnum

from goodword.channels.mime import every_part, kind_of
from goodword.channels.parsing import ParsedMail

MOST_HOPS = 60

_DAEMON = re.compile(r"^(?:mailer-?daemon|post_?master|mail[-_. ]?delivery|mdaemon|mail-?system|bounces?)\b", re.I)
_CAME_BACK = re.compile(
    r"undeliver|return(?:ed|ing)? (?:mail|to sender|message)|failure (?:notice|delivery)|could not be delivered|"
    r"(?:delivery|mail|message).{0,30}(?:fail|status|error|problem|delayed)|error sending your mail|"
    r"mail system error|nondeliverable|rejected mail|"
    r"unzustellbar|non remis|ikke leveret|(?:kunne|kan) ikke leveres|teslim edilemedi|iletilemedi|tidak terkirim|"
    r"tidak (?:dapat|boleh) (?:dikirim|dihantar)",
    re.I,
)
_SERVER_SAYS = re.compile(
    r"<<<|>>>|\b[45]\d\d[ -][45]?\.?\d|no such user|user unknown|could not be delivered|undeliver|mail sent on|"
    r"error message",
    re.I,
)
# A reply code with an enhanced status beside it (RFC 5321, 4.2; RFC 3463): no letter in any language has one by chance.
_STATUS = re.compile(r"\b[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b")
_COMPLAINT = re.compile(r"^complaint about message from [\d.:a-f]+$", re.I)
_AWAY = re.compile(
    r"^(?:auto(?:matic|matisk|matische?|mat)?[ -]?(?:reply|svar|response|antwort|yanıt)|out of (?:the )?office|"
    r"fraværende|fraværsmeddelelse|ikke på kontoret|abwesen|otomatik (?:yanıt|cevap)|(?:balasan|jawaban) otomatis|"
    r"balas(?:an)? automatik|r[ée]ponse automatique|respuesta autom[áa]tica|vacation)\b|"
    # These a customer may begin a sentence with, too.
    r"^(?:ofis dışında|(?:di luar|tidak di) (?:kantor|pejabat))(?=\s*(?::|$))",
    re.I,
)
_NOBODY = re.compile(r"^(?:no-?reply|do-?not-?reply|donotreply|noreply|ikke-?svar)\b|[-_.]no-?reply$", re.I)


class Nature(StrEnum):
    """Who wrote, and what that means for us.

    PERSON may be acknowledged; BULK (lists, no-reply senders) is answered by people only; GENERATED was written by a
    machine; AUTO_REPLY answers one of our mails by itself; BOUNCE says that one of our mails did not arrive; REPORT is
    a complaint about abuse by a mail provider; OURSELVES and LOOP are our own mails coming round.
    """

    PERSON = "person"
    BULK = "bulk"
    GENERATED = "generated"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    REPORT = "report"
    OURSELVES = "ourselves"
    LOOP = "loop"


def nature_of(mail: ParsedMail, envelope_from: str, our_addresses: Collection[str]) -> Nature:
    """What kind of mail this is, the most particular first.

    `envelope_from` is "<>" for the null sender, "" where nothing is known of the envelope; `our_addresses` are the
    inboxes', in lower case.
    """
    if len(mail.headers("received")) > MOST_HOPS:
        return Nature.LOOP
    if report := _report(mail):
        return report
    if _is_bounce(mail, envelope_from):
        return Nature.BOUNCE
    if mail.sender.address in our_addresses:
        return Nature.OURSELVES
    if _is_auto_reply(mail):
        return Nature.AUTO_REPLY
    if _says(mail, "auto-submitted") not in {"", "no"}:
        return Nature.GENERATED
    return Nature.BULK if _is_bulk(mail) else Nature.PERSON


def _report(mail: ParsedMail) -> Nature | None:
    kinds = {kind_of(part) for part in every_part(mail.tree)}
    if "message/feedback-report" in kinds:
        return Nature.REPORT
    if "message/delivery-status" in kinds:
        return Nature.BOUNCE
    if "message/rfc822" in kinds and _COMPLAINT.match(mail.subject.strip()):  # Microsoft's, older than RFC 5965
        return Nature.REPORT
    # A receipt that a mail was read is an answer by a machine, too (RFC 8098).
    return Nature.AUTO_REPLY if "message/disposition-notification" in kinds else None


def _is_bounce(mail: ParsedMail, envelope_from: str) -> bool:
    local = mail.sender.address.partition("@")[0]
    from_machine = bool(_DAEMON.match(local)) or not mail.sender.address or bool(_DAEMON.match(mail.sender.name))
    if mail.header("x-failed-recipients"):
        return True
    came_back = bool(_CAME_BACK.search(mail.subject))
    nobody = "<>" in {envelope_from, mail.header("return-path").strip()}
    if not (from_machine or nobody):
        return False
    if came_back or (from_machine and nobody and _STATUS.search(mail.text)):
        return True
    # A subject in a language we do not look for: a machine's mail with a mail inside and a server's words above it.
    return _carries_a_mail(mail) and bool(_SERVER_SAYS.search(mail.text))


def _carries_a_mail(mail: ParsedMail) -> bool:
    return any(kind_of(part) in {"message/rfc822", "text/rfc822-headers"} for part in every_part(mail.tree))


def _is_auto_reply(mail: ParsedMail) -> bool:
    return (
        _says(mail, "auto-submitted") == "auto-replied"
        or any(mail.header(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from"))
        or _says(mail, "x-autogenerated") == "reply"
        or _says(mail, "precedence") in {"auto_reply", "auto-reply"}
        or bool(_AWAY.match(mail.subject))
    )


def _is_bulk(mail: ParsedMail) -> bool:
    return (
        any(mail.header(name) for name in ("list-id", "list-unsubscribe", "list-post", "feedback-id"))
        or _says(mail, "precedence") in {"bulk", "list", "junk"}
        or _says(mail, "x-auto-response-suppress") not in {"", "none"}
        or bool(_NOBODY.search(mail.sender.address.partition("@")[0]))
        or bool(_DAEMON.match(mail.sender.address))
    )


def _says(mail: ParsedMail, header: str) -> str:
    return mail.header(header).split(";")[0].split("(")[0].strip().lower()
