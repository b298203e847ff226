"""The parts of a mail: cut apart by Python's parser, sorted into text, HTML and files as RFC 8621 (4.1.4) says."""

import binascii
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from hashlib import sha256

from goodword.channels.decoding import decode
from goodword.channels.headers import file_name, header_text, parameter_of

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
_INLINE_MEDIA = ("image/", "audio/", "video/")
DEEPEST = 50


class Part(Message):
    """A part of a mail. What is attached as a mail stays bytes: parsing it and writing it again would change it."""

    def get_content_type(self) -> str:
        """The type; `message/…` is called `attached/…`, which Python's parser leaves alone."""
        kind = super().get_content_type()
        return "attached/" + kind.removeprefix("message/") if kind.startswith("message/") else kind

    def wire_bytes(self) -> bytes:
        """The part's lines as they came; `get_payload` would already have guessed at their letters."""
        payload = getattr(self, "_payload", None)
        return payload.encode("ascii", "surrogateescape") if isinstance(payload, str) else b""


class _AsWritten(Compat32):
    """Reads headers as they are written: the standard policies replace raw 8-bit letters, or stumble over them."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return re.sub(r"\r?\n(?=[ \t])", "", value)


_POLICY = _AsWritten(message_factory=Part)


@dataclass(frozen=True)
class ParsedFile:
    """A file in a mail, byte by byte. `inline`: the mail's HTML shows it, by its content id."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False


@dataclass
class Body:
    """The parts to read, in their order, and the parts to keep as files."""

    text: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)


def open_mail(content: bytes) -> Part:
    """The mail's headers and tree of parts. Anything can be opened: what is no mail is one text without headers."""
    mail = message_from_bytes(content, policy=_POLICY)
    assert isinstance(mail, Part)
    return mail


def sort_parts(mail: Part) -> Body:
    """Which parts are read as text, which as HTML, and which are files."""
    body = Body()
    _sort([mail], "mixed", body, in_alternative=False, depth=0)
    return body


def kind_of(part: Message) -> str:
    """The part's type as it was written, in lower case, like "message/rfc822"."""
    kind = part.get_content_type()
    if kind.startswith("attached/"):
        return "message/" + kind.removeprefix("attached/")
    return "text/plain" if kind.startswith("multipart/") and not part.is_multipart() else kind


def every_part(mail: Part) -> Iterator[Part]:
    """The mail and all parts inside it, outermost first."""
    for part in mail.walk():
        if isinstance(part, Part):
            yield part


def part_bytes(part: Part) -> bytes:
    """What the part carries, its transfer encoding undone; broken encodings are undone as far as they go."""
    content = part.wire_bytes()
    encoding = _encoding(part)
    if encoding == "base64":
        return _from_base64(content)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(content)
    return _from_uuencode(content) if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"} else content


def part_text(part: Part) -> str:
    """A text part as text with plain line feeds, whatever its charset claims to be."""
    return decode(part_bytes(part), parameter_of(part, "content-type", "charset")).replace("\r\n", "\n")


def parsed_file(part: Part, number: int) -> ParsedFile:
    """A part as a file; `number` names it if it has no name."""
    kind = kind_of(part)
    content = part_bytes(part)
    if kind.startswith("text/") and _encoding(part) != "base64":
        # The line ends of a text that travels as lines are the wire's, not the file's (RFC 2046, 4.1.1).
        content = content.replace(b"\r\n", b"\n")
    content_id = header_text(part, "content-id").strip("<> ")[:255]
    return ParsedFile(
        name=file_name(part) or _made_up_name(kind, number, content),
        content_type=kind[:200],
        content=content,
        content_id=content_id,
    )


def disposition_of(part: Message) -> str:
    """What the part asks for: "attachment" or "inline"; "" where it does not say."""
    return header_text(part, "content-disposition").split(";")[0].strip().lower()


def digest_of(content: bytes) -> str:
    """The SHA-256 of a mail's bytes without the headers that travelling adds, so that one mail sent twice is one."""
    head, separator, rest = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    kept, keep = [], True
    for line in head.split(b"\n"):
        if not line.startswith((b" ", b"\t")):
            keep = not line.lower().startswith((b"received:", b"return-path:", b"delivered-to:", b"x-original-to:"))
        if keep:
            kept.append(line)
    return sha256(b"\n".join(kept) + separator + rest).hexdigest()


def _sort(parts: list[Part], around: str, body: Body, *, in_alternative: bool, depth: int) -> None:
    texts, htmls = len(body.text), len(body.html)
    for place, part in enumerate(parts):
        kind = kind_of(part)
        if part.is_multipart() and kind.startswith("multipart/") and depth < DEEPEST:
            inside = kind.removeprefix("multipart/")
            children = [child for child in part.get_payload() if isinstance(child, Part)]
            _sort(children, inside, body, in_alternative=in_alternative or inside == "alternative", depth=depth + 1)
        elif _is_read(part, kind, around, place):
            _read(part, kind, body, alternative=around == "alternative")
        elif not (part.is_multipart() or (depth == 0 and not part.get_payload())):
            body.files.append(part)
    if around == "alternative":
        _lend(body, texts, htmls)


def _is_read(part: Part, kind: str, around: str, place: int) -> bool:
    if part.is_multipart() or disposition_of(part) == "attachment" or kind not in {"text/plain", "text/html"}:
        return False
    return place == 0 or (around != "related" and not file_name(part)) or around == "alternative"


def _read(part: Part, kind: str, body: Body, *, alternative: bool) -> None:
    if not alternative or kind == "text/plain":
        body.text.append(part)
    if not alternative or kind == "text/html":
        body.html.append(part)


def _lend(body: Body, texts: int, htmls: int) -> None:
    """Where an alternative came in one form only, the other form borrows it."""
    if len(body.text) == texts:
        body.text += body.html[htmls:]
    elif len(body.html) == htmls:
        body.html += body.text[texts:]


def _encoding(part: Message) -> str:
    return header_text(part, "content-transfer-encoding").split(";")[0].split("(")[0].strip().strip("\"'").lower()


def _from_base64(content: bytes) -> bytes:
    letters = _NOT_BASE64.sub(b"", content)
    decoded, start = b"", 0
    # Some programs join several base64 texts, each with its own padding: each is undone for itself.
    for end in [match.end() for match in re.finditer(rb"=+", letters)] + [len(letters)]:
        piece = letters[start:end].rstrip(b"=")
        piece = piece[: len(piece) - 1] if len(piece) % 4 == 1 else piece
        decoded += binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))
        start = end
    return decoded


def _from_uuencode(content: bytes) -> bytes:
    lines = content.splitlines()
    begin = next((place for place, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    try:
        found = [binascii.a2b_uu(line) for line in lines[begin + 1 :] if line and line != b"end"]
    except binascii.Error:
        return content
    return b"".join(found)


def _made_up_name(kind: str, number: int, content: bytes) -> str:
    if kind == "message/rfc822":
        subject = header_text(open_mail(content), "subject")
        words = re.sub(r"[^\w .,-]+", " ", subject).strip()
        return f"{words[:80] or f'message-{number}'}.eml"
    ending = ".ics" if kind == "text/calendar" else mimetypes.guess_extension(kind) or ".bin"
    return f"attachment-{number}{ending}"
