"""What a mail's headers say: RFC 5322, 2047 and 2231, and what senders do instead. No header can stop a mail."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime
from hashlib import sha256

from goodword.channels.decoding import decode, eight_bit, storable

_ENCODED_WORD = re.compile(r"=\?([\w.:-]+)(?:\*[\w-]*)?\?([bBqQ])\?(.*?)\?=", re.DOTALL)
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
_FOLDING = re.compile(r"\r?\n(?=[ \t])|[\r\n]+")
# An encoded word may hold a line break, which begins a header of the sender's own wherever the text is passed on, or a
# mark that turns the direction of writing, which makes "exe.pdf" of "fdp.exe".
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_ANGLE_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
_BARE_ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]]+@[^\s<>,;:\"'()\[\]]+")
LONGEST_MAIL_ID = 450


@dataclass(frozen=True)
class Mailbox:
    """A name and an address as a header gives them; the address in lower case."""

    name: str
    address: str


def header_text(mail: Message, name: str) -> str:
    """The first header of that name as text, unfolded and with its encoded words read; "" without one."""
    return next(iter(header_texts(mail, name)), "")


def header_texts(mail: Message, name: str) -> list[str]:
    """Every header of that name as text, in the order of the mail."""
    return [decoded_words(_FOLDING.sub("", raw)).strip() for raw in _raw_values(mail, name)]


def mailboxes(mail: Message, name: str) -> list[Mailbox]:
    """Everybody whom headers of that name list; entries without an address are left out."""
    found: list[Mailbox] = []
    for raw in _raw_values(mail, name):
        unfolded = _FOLDING.sub("", raw)
        found += _listed(unfolded) or [Mailbox("", text.lower()) for text in _BARE_ADDRESS.findall(eight_bit(unfolded))]
    return found


def mail_ids(mail: Message, name: str) -> list[str]:
    """The message ids in headers of that name, without brackets, each once, in their order."""
    raw = " ".join(_FOLDING.sub("", value) for value in _raw_values(mail, name))
    found = _ANGLE_ID.findall(raw) or [word for word in raw.split() if "@" in word]
    return list(dict.fromkeys(_short(storable(eight_bit(word))) for word in found))


def sent_at(mail: Message) -> datetime | None:
    """The Date header as an instant in UTC; None if it is missing or nonsense."""
    try:
        moment = parsedate_to_datetime(header_text(mail, "date"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def file_name(part: Message) -> str:
    """The name a part gives itself, in the disposition or the type, by RFC 2231 or (against it) RFC 2047."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = parameter_of(part, header, parameter)
        if value:
            return decoded_words(value).replace("/", "_").replace("\\", "_").strip()[-255:]
    return ""


def parameter_of(part: Message, header: str, parameter: str) -> str:
    """One parameter of a header (charset, name, report-type), its encoded words not yet read; "" without one."""
    try:
        value = part.get_param(parameter, header=header)
    except Exception:  # the parser of parameters has several ways to fail; none of them may lose a mail
        return ""
    if isinstance(value, tuple):
        return storable(_extended(value))
    return _FOLDING.sub("", str(value)) if value else ""


def decoded_words(text: str) -> str:
    """`text` on one line, its encoded words read. Neighbours of one charset are joined first: letters are split
    across them."""
    text = _BETWEEN_WORDS.sub(r"\1", text)
    parts: list[str] = []
    waiting, charset, end = b"", "", 0
    for word in _ENCODED_WORD.finditer(text):
        if word.start() > end or word[1].lower() != charset:
            parts += [decode(waiting, charset), eight_bit(text[end : word.start()])]
            waiting, charset = b"", word[1].lower()
        waiting += _word_bytes(word[2], word[3])
        end = word.end()
    whole = storable("".join([*parts, decode(waiting, charset), eight_bit(text[end:])]))
    return _TURNS.sub("", _BREAKS.sub(" ", whole))


def _listed(unfolded: str) -> list[Mailbox]:
    try:
        pairs = getaddresses([unfolded])
    except Exception:  # as above: written for well-formed headers
        return []
    return [
        Mailbox(decoded_words(name).strip()[:200], _plain(address))
        for name, address in pairs
        if "@" in address.strip("@")
    ]


def _plain(address: str) -> str:
    return decoded_words(address).strip().strip("<>").lower()[:254]


def _raw_values(mail: Message, name: str) -> list[str]:
    return [str(value) for key, value in mail.raw_items() if key.lower() == name]


def _extended(value: tuple[str | None, str | None, str]) -> str:
    charset, _, text = value
    try:
        return decode(text.encode("latin-1"), charset or "")
    except UnicodeEncodeError:
        return collapse_rfc2231_value(value)


def _word_bytes(kind: str, text: str) -> bytes:
    if kind in "bB":
        letters = re.sub(r"[^A-Za-z0-9+/]", "", text)
        try:
            return base64.b64decode(letters + "=" * (-len(letters) % 4))
        except (binascii.Error, ValueError):
            return text.encode("utf-8", "surrogateescape")
    return binascii.a2b_qp(text.encode("utf-8", "surrogateescape"), header=True)


def _short(mail_id: str) -> str:
    if len(mail_id) <= LONGEST_MAIL_ID:
        return mail_id
    return f"{sha256(mail_id.encode()).hexdigest()}@long.invalid"
