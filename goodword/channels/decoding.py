"""Bytes to text, whatever a mail says of its charset: nothing is dropped, and nothing is invented but a letter.

The order is: what was declared, UTF-8, what the bytes look like, and Latin-1, which reads anything.
"""

import codecs
import re

# What mail programs write, and what they mean by it. Supersets are taken where senders do not tell them apart.
_MEANT = {
    "": "us-ascii",
    "ascii": "us-ascii",
    "default": "us-ascii",
    "unknown-8bit": "us-ascii",
    "x-unknown": "us-ascii",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "windows-874": "cp874",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-windows-1252": "cp1252",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
}
# In practice these senders are on Windows: a byte from 80 to 9F is a curly quote, never a control character.
# Codecs that Python has for its own purposes: no mail program means them.
_NOT_FOR_MAIL = {"unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined", "unicode_escape"}
_WINDOWS = {"iso8859-1": "cp1252", "iso8859-9": "cp1254", "ascii": "cp1252"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8_LETTER = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]|\x1b\([BJ]")
# Under a label of these, bytes that make sense as UTF-8 are UTF-8: "Ã¸" is what nobody writes.
_WESTERN = {"iso8859-1", "iso8859-15", "iso8859-9", "cp1252", "cp1254"}
# One letter of UTF-8 that is not also a capital with an accent and a curly quote, a dash or a euro sign after it.
_SURELY_UTF8 = re.compile(
    rb"[\xc2\xc3\xce-\xd1][\x80-\xbf]|[\xc4-\xdf][\x81-\x84\x86-\x90\x98-\xa3\xa5-\xbf]"
    rb"|\xe2\x80[\x80-\xbf]|[\xe0-\xef](?![\x80\x85\x91-\x97]{2})[\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(content: bytes, charset: str = "") -> str:
    """`content` as text that any database keeps: the declared charset if it fits, else the nearest that does."""
    declared = _codec(charset)
    declared = "utf-8" if declared in _WESTERN and _is_utf8_after_all(content) else declared
    for codec in (declared, *_looks_like(content), "utf-8"):
        if text := _strictly(content, codec):
            return storable(text)
    return storable(_as_well_as_possible(content, declared))


def storable(text: str) -> str:
    """`text` without what no database keeps: NUL and half a surrogate pair become the replacement character."""
    return _SURROGATE.sub("\ufffd", text.replace("\x00", "\ufffd"))


def eight_bit(text: str) -> str:
    """Repair text that Python's mail parser read from raw 8-bit bytes (it hides them as surrogates)."""
    if text.isascii():
        return text
    return decode(text.encode("utf-8", "surrogateescape"), "utf-8")


def _is_utf8_after_all(content: bytes) -> bool:
    return bool(_SURELY_UTF8.search(content)) and bool(_strictly(content, "utf-8"))


def _codec(charset: str) -> str:
    name = charset.strip().strip("'\"").lower()
    name = _MEANT.get(name, name)
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return "ascii"
    # Python also calls rot13 and base64 codecs; a sender may name them, and they make no text of bytes.
    is_text = getattr(codec, "_is_text_encoding", True) and codec.name not in _NOT_FOR_MAIL
    return codec.name if is_text else "ascii"


def _strictly(content: bytes, codec: str) -> str:
    if codec == "iso8859-1" and not content.isascii():
        windows = _strictly(content, "cp1252")
        return windows or content.decode("latin-1")
    try:
        return content.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return ""


def _looks_like(content: bytes) -> list[str]:
    found = [codec for mark, codec in _MARKS if content.startswith(mark)]
    if _JAPANESE_ESCAPE.search(content):
        found.append("iso2022_jp_ext")
    return found


def _as_well_as_possible(content: bytes, declared: str) -> str:
    """Mostly UTF-8 with a few foreign bytes stays UTF-8, each foreign byte read as Windows reads it."""
    if declared == "utf-8" or len(_UTF8_LETTER.findall(content)) > 1:
        return content.decode("utf-8", "goodword-windows")
    if declared in _WINDOWS or declared == "utf-7":
        return content.decode(_WINDOWS.get(declared, "cp1252"), "goodword-windows")
    return content.decode(declared, "replace") if declared.startswith(("utf-16", "utf-32")) else _latin(content)


def _latin(content: bytes) -> str:
    return content.decode("cp1252", "goodword-windows")


def _windows_letter(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.start + 1]
    try:
        return byte.decode("cp1252"), error.start + 1
    except UnicodeDecodeError:
        return byte.decode("latin-1"), error.start + 1


codecs.register_error("goodword-windows", _windows_letter)
