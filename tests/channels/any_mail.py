"""Mails of every shape, built byte by byte here, so that the reader is not measured by its own library's writer."""

import base64
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

from hypothesis import strategies as st

LATIN = "abcdefæøåÆØÅéèüßñ ,.-!?=<>&"
TURKISH = "abcçğıİöşüÇĞÖŞÜ ,.=<>"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяАБЯ ,.="
JAPANESE = "こんにちは日本語テスト漢字 abc,."
CHINESE = "你好退货订单灯床 abc,."
GREEK = "αβγδεζηθΩ abc,."
ANYTHING = LATIN + TURKISH + CYRILLIC + JAPANESE + CHINESE + GREEK + "😀🛏️\u200d’“”–€"
# What a mail calls its charset, the codec it means, and what can be written in it.
CHARSETS = (
    ("utf-8", "utf-8", ANYTHING),
    ("UTF8", "utf-8", ANYTHING),
    ('"utf-8"', "utf-8", ANYTHING),
    ("us-ascii", "ascii", "abc <word> ,.=&"),
    ("iso-8859-1", "latin-1", LATIN),
    ("ISO-8859-15", "iso-8859-15", LATIN + "€"),
    ("iso-8859-9", "iso-8859-9", TURKISH),
    ("windows-1252", "cp1252", LATIN + "€’“”–"),
    ("windows-1251", "cp1251", CYRILLIC),
    ("windows-1254", "cp1254", TURKISH),
    ("windows-1253", "cp1253", GREEK),
    ("koi8-r", "koi8-r", CYRILLIC),
    ("iso-2022-jp", "iso-2022-jp", JAPANESE),
    ("shift_jis", "cp932", JAPANESE),
    ("euc-jp", "euc-jp", JAPANESE),
    ("gb2312", "gb2312", CHINESE),
    ("gb18030", "gb18030", ANYTHING),
    ("big5", "big5", "你好 abc,."),
    ("euc-kr", "cp949", "안녕하세요 abc,."),
    ("utf-16", "utf-16", ANYTHING),
    # A label that says nothing, or the wrong thing, over UTF-8 or over Windows letters.
    ("unknown-8bit", "utf-8", ANYTHING),
    ("us-ascii", "utf-8", ANYTHING),
    ("iso-8859-1", "utf-8", LATIN.replace("<", "") + CYRILLIC + "😀’"),
    ("no-such-charset", "utf-8", ANYTHING),
    ("iso-8859-1", "cp1252", LATIN + "’“”–"),
)
_WIDE = ("utf-16",)
NAMES = (
    "rapport.pdf",
    "kvittering æøå.txt",
    "şikâyet.csv",
    "日本語.png",
    'a;b "c".txt',
    "lang " * 20 + "ø.bin",
    "😀.gif",
)


@dataclass
class Built:
    """A mail's bytes and what must be read from it."""

    content: bytes
    text: str
    files: list[tuple[str, bytes]] = field(default_factory=list)


@st.composite
def letters(draw: st.DrawFn, alphabet: str) -> str:
    """A few lines without spaces at their ends, at least one letter in them, with a line feed at the end or without."""
    words = st.text(alphabet=alphabet, min_size=1, max_size=30).map(str.strip).filter(bool)
    lines = draw(st.lists(words, min_size=1, max_size=4))
    lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(["", "<word>", "x = y", "From here", "."])))
    return "\n".join([*lines, lines[0]]) + draw(st.sampled_from(["", "\n"]))


@st.composite
def text_parts(draw: st.DrawFn, kind: str = "plain", extra: str = "") -> tuple[bytes, str]:
    """A text part with its headers, and its text."""
    label, codec, alphabet = draw(st.sampled_from(CHARSETS))
    text = draw(letters(alphabet))
    body = f"<p>{escape(text)}</p>" if kind == "html" else text
    encoding = draw(st.sampled_from(["base64", "quoted-printable"] + ([] if codec in _WIDE else ["8bit", "7bit", ""])))
    flowed = draw(st.sampled_from(["", "; format=flowed"])) if kind == "plain" else ""
    head = f"Content-Type: text/{kind}; charset={label}{flowed}\n" + extra
    if encoding:
        head += f"Content-Transfer-Encoding: {draw(st.sampled_from([encoding, encoding.upper()]))}\n"
    return head.encode() + b"\n" + encoded(body.encode(codec), encoding, wide=codec in _WIDE), text


@st.composite
def file_parts(draw: st.DrawFn) -> tuple[bytes, tuple[str, bytes]]:
    """A file with its headers, its name written in one of the ways that senders use, and what must be read."""
    name, way = draw(st.sampled_from(NAMES)), draw(st.sampled_from(["2231", "2231 split", "2047", "raw", "latin-1"]))
    way = "2231" if way == "latin-1" and not is_latin(name) else way
    kind = draw(st.sampled_from(["application/pdf", "image/png", "application/octet-stream", "text/csv", "text/plain"]))
    if kind.startswith("text/") and draw(st.booleans()):
        content = draw(letters(ANYTHING)).encode()
        encoding = draw(st.sampled_from(["8bit", "quoted-printable", "base64"]))
    else:
        content, encoding = draw(st.binary(max_size=300)), "base64"
    head = f"Content-Type: {kind}\n".encode() + b"Content-Disposition: attachment; " + named(name, way) + b"\n"
    head += f"Content-Transfer-Encoding: {encoding}\n".encode()
    return head + b"\n" + encoded(content, encoding), (name.strip(), content)


@st.composite
def mails(draw: st.DrawFn) -> Built:
    """A whole mail."""
    shape = draw(st.sampled_from(["plain", "alternative", "mixed", "related", "nested", "forwarded", "file only"]))
    part, text = draw(text_parts())
    page = draw(text_parts("html"))[0]
    attached = draw(st.lists(file_parts(), min_size=1, max_size=3))
    files, parts = [file for _, file in attached], [head for head, _ in attached]
    built: dict[str, tuple[bytes, list[tuple[str, bytes]]]] = {
        "plain": (part, []),
        "alternative": (joined("alternative", [part, page]), []),
        "mixed": (joined("mixed", [part, *parts]), files),
        "related": (joined("alternative", [part, joined("related", [page, *parts], "inner")]), files),
        "nested": (joined("mixed", [joined("alternative", [part, page], "inner"), *parts]), files),
        "file only": (joined("mixed", parts), files),
    }
    if shape == "forwarded":
        inside = b"Subject: inside\nContent-Type: text/plain; charset=utf-8\n\ninside \xc3\xa6"
        whole = joined("mixed", [part, b"Content-Type: message/rfc822\n\n" + inside, *parts])
        body, read = whole, [("inside.eml", inside), *files]
    else:
        body, read = built[shape]
    content = b"From: Freja <freja@holm.example>\nMIME-Version: 1.0\nSubject: any\n" + body
    if draw(st.booleans()):
        content = content.replace(b"\n", b"\r\n")
        read = [(name, data.replace(b"\n", b"\r\n") if name == "inside.eml" else data) for name, data in read]
    return Built(content, "" if shape == "file only" else text, read)


def joined(kind: str, parts: list[bytes], boundary: str = "outer") -> bytes:
    """A multipart of these parts."""
    mark = f"=_{boundary}.{kind}".encode()
    head = b"Content-Type: multipart/" + kind.encode() + b';\n boundary="' + mark + b'"\n\n'
    return head + b"".join(b"--" + mark + b"\n" + part + b"\n" for part in parts) + b"--" + mark + b"--\n"


def encoded(content: bytes, encoding: str, *, wide: bool = False) -> bytes:
    """The bytes as they travel; line feeds are the mail's own."""
    if encoding == "base64":
        return base64.encodebytes(content).rstrip(b"\n")
    if encoding != "quoted-printable":
        return content
    lines = [content] if wide else content.split(b"\n")
    return b"\n".join(map(_quoted, lines))


def _quoted(line: bytes) -> bytes:
    signs = [bytes([each]) if (33 <= each <= 126 and each != 61) or each == 32 else b"=%02X" % each for each in line]
    signs = [*signs[:-1], b"=20"] if signs and signs[-1] == b" " else signs
    rows = [b"".join(signs[start : start + 20]) for start in range(0, len(signs), 20)]
    return b"=\n".join(rows)


def named(name: str, way: str) -> bytes:
    """A file name's parameter."""
    if way == "2231":
        return b"filename*=utf-8''" + quote(name, safe="").encode()
    if way == "2231 split":
        whole = quote(name, safe="")
        half = len(whole) // 2
        half -= next(back for back in range(3) if whole[half - back] == "%" or "%" not in whole[half - back - 2 : half])
        return f"filename*0*=utf-8''{whole[:half]};\n filename*1*={whole[half:]}".encode()
    if way == "2047":
        return b'filename="=?utf-8?B?' + base64.b64encode(name.encode()) + b'?="'
    plain = name.replace("\\", "\\\\").replace('"', '\\"')
    return b'filename="' + plain.encode("latin-1" if way == "latin-1" else "utf-8") + b'"'


def is_latin(name: str) -> bool:
    try:
        return bool(name.encode("latin-1"))
    except UnicodeEncodeError:
        return False
