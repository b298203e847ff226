"""The parts of a mail: cut apart by Python's parser, sorted into text, HTML and files as RFC 8621 (4.1.4) says."""

import binascii
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from hashlib import sha256

from goodword.channels.decoding import decode
from goodword.channels.headers import file_name, header_text, parameter_of

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
# Words with a space between them: what no encoder writes, and what a mailing list writes below a text.
_PLAIN_LINE = re.compile(rb"^(?=[^\r\n]*[^A-Za-z0-9+/=\s])[^\r\n]*\r?$|^[^\r\n]*\S \S[^\r\n]*\r?$", re.M)
_SPACED = re.compile(rb"\S \S")
# "--boundary" with a part's first header right below it.
_LIKELY_BOUNDARY = re.compile(
    r"^--([^\s-][^\r\n]{0,199}?|-[^\r\n]{1,199}?)[ \t]*\r?\n(?=content-[a-z-]+:)", re.M | re.I
)
_PAGE_CHARSET = re.compile(rb"<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?\s*([a-z0-9][a-z0-9._:-]{1,39})", re.I)
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
    location: str = ""


@dataclass
class Body:
    """The parts to read, in their order, and the parts to keep as files."""

    text: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)


def open_mail(content: bytes) -> Part:
    """The mail's headers and tree of parts. Anything can be opened: what is no mail is one text without headers."""
    try:
        mail = message_from_bytes(content, policy=_POLICY)
    except RecursionError:  # hundreds of parts, each in another: its headers are read, and all below them as one text
        mail = BytesParser(policy=_POLICY).parsebytes(content, headersonly=True)
    assert isinstance(mail, Part)
    return _with_boundary_found(mail, content)


def _with_boundary_found(mail: Part, content: bytes) -> Part:
    """Read a mail again whose parts are there, but not under the boundary that its header names, if it names one."""
    if mail.get_content_maintype() != "multipart" or mail.is_multipart():
        return mail
    likely = _LIKELY_BOUNDARY.search(mail.wire_bytes().decode("latin-1"))
    if likely is None or likely[1] == mail.get_param("boundary"):
        return mail
    head, end, body = content.partition(
        b"\r\n\r\n" if b"\r\n\r\n" in content[: len(content) - len(mail.wire_bytes())] else b"\n\n"
    )
    kind = f'Content-Type: {mail.get_content_type()}; boundary="{likely[1]}"'
    head = re.sub(
        rb"^content-type:[^\n]*(?:\n[ \t][^\n]*)*",
        kind.encode("latin-1").replace(b"\\", rb"\\"),
        head,
        flags=re.I | re.M,
    )
    again = message_from_bytes(head + end + body, policy=_POLICY)
    assert isinstance(again, Part)
    return again


def sort_parts(mail: Part) -> Body:
    """Which parts are read as text, which as HTML, and which are files."""
    body = Body()
    _sort([mail], "mixed", body, _Place())
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
    content, charset = part_bytes(part), parameter_of(part, "content-type", "charset")
    if not charset and kind_of(part) == "text/html":
        charset = _charset_of_page(content)
    return decode(content, charset).replace("\r\n", "\n")


def _charset_of_page(content: bytes) -> str:
    """What a page calls its own charset, for a mail that does not; "" without (WHATWG HTML, 13.2.3.2)."""
    said = _PAGE_CHARSET.search(content[:1024])
    charset = said[1].decode("ascii").lower() if said else ""
    # A page whose markup could be read as single bytes is not in UTF-16, whatever it says.
    return "" if charset.startswith("utf-16") else charset


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
        location=header_text(part, "content-location")[:255],
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


@dataclass(frozen=True)
class _Place:
    """Where a part stands: how deep, whether inside an alternative, and which of the two readings go on there."""

    depth: int = 0
    in_alternative: bool = False
    as_text: bool = True
    as_html: bool = True


def _sort(parts: list[Part], around: str, body: Body, at: _Place) -> None:
    texts, htmls = len(body.text), len(body.html)
    for place, part in enumerate(parts):
        kind = kind_of(part)
        if part.is_multipart() and kind.startswith("multipart/") and at.depth < DEEPEST:
            inside = kind.removeprefix("multipart/")
            children = [child for child in part.get_payload() if isinstance(child, Part)]
            is_choice = at.in_alternative or inside == "alternative"
            _sort(children, inside, body, replace(at, depth=at.depth + 1, in_alternative=is_choice))
        elif _is_read(part, kind, around, place):
            at = _read(part, kind, body, at, alternative=around == "alternative")
        elif part.is_multipart():  # too deep to be a letter: whatever is inside is kept as files
            body.files += [leaf for leaf in every_part(part) if not leaf.is_multipart()]
        elif not (at.depth == 0 and not part.get_payload()):
            body.files.append(part)
    if around == "alternative":
        _lend(body, texts, htmls)


def _is_read(part: Part, kind: str, around: str, place: int) -> bool:
    if part.is_multipart() or disposition_of(part) == "attachment" or kind not in {"text/plain", "text/html"}:
        return False
    return place == 0 or (around != "related" and not file_name(part)) or around == "alternative"


def _read(part: Part, kind: str, body: Body, at: _Place, *, alternative: bool) -> _Place:
    """Read a part; what comes after it. A page with its pictures is one of two alternatives: it is no text, too."""
    if at.in_alternative and not alternative:
        at = replace(at, as_html=at.as_html and kind != "text/plain", as_text=at.as_text and kind != "text/html")
    if kind == "text/plain" if alternative else at.as_text:
        body.text.append(part)
    if kind == "text/html" if alternative else at.as_html:
        body.html.append(part)
    return at


def _lend(body: Body, texts: int, htmls: int) -> None:
    """Where an alternative came in one form only, the other form borrows it."""
    if len(body.text) == texts:
        body.text += body.html[htmls:]
    elif len(body.html) == htmls:
        body.html += body.text[texts:]


def _encoding(part: Message) -> str:
    return header_text(part, "content-transfer-encoding").split(";")[0].split("(")[0].strip().strip("\"'").lower()


def _from_base64(content: bytes) -> bytes:
    content, below = _without_footer(content)
    letters = _NOT_BASE64.sub(b"", content)
    decoded, start = b"", 0
    # Some programs join several base64 texts, each with its own padding: each is undone for itself.
    for end in [match.end() for match in re.finditer(rb"=+", letters)] + [len(letters)]:
        piece = letters[start:end].rstrip(b"=")
        piece = piece[: len(piece) - 1] if len(piece) % 4 == 1 else piece
        decoded += binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))
        start = end
    return decoded + below


def _without_footer(content: bytes) -> tuple[bytes, bytes]:
    """The base64, and the plain lines below it: a list's footer, or all of it where somebody says base64 and is not."""
    first = _PLAIN_LINE.search(content)
    if first is None or not _SPACED.search(content, first.start()):
        return content, b""
    return content[: first.start()], content[first.start() :]


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
