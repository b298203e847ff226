"""Forwarded mail with the real customer inside: who she is and what she wrote, by the headings mail programs make.

Gmail, Outlook, Apple Mail and Thunderbird in the desk's languages and their neighbours', or the mail itself attached.
"""

import re
from dataclasses import dataclass

from goodword.channels.headers import Mailbox
from goodword.channels.mime import kind_of
from goodword.channels.parsing import ParsedMail, parse

MOST_LINES = 400
HEADING_LINES = 8
_SUBJECT = re.compile(
    r"\s*(?:fwd?|vs|videresendt|vb|wg|tr|ilt|i̇lt|rv|terusan|teruskan|diteruskan|doorst|"
    r"i)\s*:",
    re.I,
)
_RULE = re.compile(
    r"^[>\s*_-]*(?:begin forwarded message|forwarded message|original message|videresendt (?:meddelelse|besked)|"
    r"start på videresendt (?:besked|meddelelse)|oprindelig (?:meddelelse|besked)|weitergeleitete (?:nachricht|"
    r"e-mail)|"
    r"anfang der weitergeleiteten nachricht|ursprüngliche nachricht|message (?:transféré|d'origine)|"
    r"début du message (?:réexpédié|transféré)|"
    r"mensaje (?:reenviado|original)|inicio del mensaje reenviado|i̇letilmiş (?:ileti|mesaj)|iletilmiş (?:ileti|"
    r"mesaj)|yönlendirilmiş ileti|"
    r"yönlendirilen ileti başlangıcı|orijinal (?:mesaj|ileti)|pesan (?:terusan|asli|yang diteruskan)|"
    r"awal pesan terusan|"
    r"mesej (?:dimajukan|asal|yang dimajukan)|mula mesej)[\s:_*-]*$",
    re.I,
)
_FROM = re.compile(
    r"^[>\s*]*(?:from|fra|von|de|kimden|gönderen|dari|daripada|från|van|da|od|"
    r"lähettäjä)\s*\*?\s?:\s*\*?\s*(.+)$",
    re.I,
)
_OTHER = re.compile(
    r"^[>\s*]*(?:to|til|an|à|para|kime|alıcı|kepada|ke|date|sent|dato|sendt|datum|gesendet|envoyé|enviado|fecha|"
    r"el|tarih|gönderildi|"
    r"tanggal|tarikh|dikirim|dihantar|subject|emne|betreff|objet|asunto|konu|perihal|subjek|cc|kopi|bilgi|"
    r"reply-to|antwort an)"
    r"\s*\*?\s?:\s*\*?\s*(.*)$",
    re.I,
)
_TOPIC = re.compile(
    r"^[>\s*]*(?:subject|emne|betreff|objet|asunto|konu|perihal|"
    r"subjek)\s*\*?\s?:\s*\*?\s*(.*)$",
    re.I,
)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True)
class Forwarded:
    """A letter inside a letter: its writer, its words and subject, and what stands above it (`covering`)."""

    writer: Mailbox
    text: str
    subject: str
    covering: str
    attached: ParsedMail | None = None


def is_forwarding(subject: str) -> bool:
    """Whether a subject says so: "Fwd:", "VS:", "WG:" …"""
    return bool(_SUBJECT.match(subject))


def may_forward(mail: ParsedMail) -> bool:
    """Whether it is worth looking: the subject says so, or a mail is attached."""
    return is_forwarding(mail.subject) or any(file.content_type == "message/rfc822" for file in mail.files)


def forwarded(mail: ParsedMail) -> Forwarded | None:
    """The letter that a mail forwards, attached or in its text; None where there is none or its writer is unknown."""
    inside = [file for file in mail.files if file.content_type == "message/rfc822"]
    if len(inside) == 1 and (is_forwarding(mail.subject) or kind_of(mail.tree) == "multipart/mixed"):
        letter = parse(inside[0].content)
        if letter.sender.address:
            return Forwarded(letter.sender, letter.text, letter.subject, mail.text, letter)
    return forwarded_in(mail.text, says_so=is_forwarding(mail.subject))


def forwarded_in(text: str, *, says_so: bool) -> Forwarded | None:
    """The letter that a text forwards below a rule, or, where the subject `says_so`, below a heading alone."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:MOST_LINES]):
        begins = _RULE.match(line) or (says_so and _FROM.match(line))
        if begins and (found := _read_heading(lines, number)):
            return found
    return None


def _read_heading(lines: list[str], start: int) -> Forwarded | None:
    """The letter whose rule or heading begins at this line."""
    at = start + 1 if _RULE.match(lines[start]) else start
    while at < len(lines) and not lines[at].strip("> \t\u200e"):
        at += 1
    heading: list[str] = []
    while at < len(lines) and len(heading) < HEADING_LINES and _belongs(lines[at], heading):
        heading.append(lines[at].replace("\u200e", ""))
        at += 1
    writer = next(filter(None, map(_writer, heading)), None)
    if writer is None or len(heading) < 2:
        return None
    topic = next((found[1].strip(" *") for line in heading if (found := _TOPIC.match(line))), "")
    return Forwarded(writer, _unquoted(lines[at:]), topic, "\n".join(lines[:start]).strip())


def _belongs(line: str, heading: list[str]) -> bool:
    """Whether a line is one of the heading: a known word and a colon, or the rest of an address that was wrapped."""
    line = line.replace("\u200e", "")
    if _FROM.match(line) or _OTHER.match(line):
        return True
    return bool(heading) and bool(re.match(r"^[>\s]*<?[^\s<>]+@[^\s<>]+>?\s*$", line))


def _writer(line: str) -> Mailbox | None:
    told = _FROM.match(line)
    address = _ADDRESS.search(told[1]) if told else None
    if told is None or address is None:
        return None
    name = told[1][: address.start()].replace("mailto:", "").strip(" \t<>[]()\"'*")
    return Mailbox("" if "@" in name else name[:200], address[0].lower()[:254])


def _unquoted(lines: list[str]) -> str:
    """The letter's own lines; Apple Mail marks each with ">"."""
    told = [line for line in lines if line.strip()]
    if told and all(line.startswith(">") for line in told):
        lines = [re.sub(r"^> ?", "", line) for line in lines]
    return "\n".join(lines).strip("\n") + "\n" if told else ""
