"""Outlook's winmail.dat (TNEF): the letter and the files packed inside are taken out; the packet is kept, too."""

from dataclasses import dataclass, field
from typing import Any

from goodword.channels.decoding import decode, storable

KIND = "application/ms-tnef"
KINDS = frozenset({KIND, "application/vnd.ms-tnef"})
_SIGNATURE = b"\x78\x9f\x3e\x22"


@dataclass(frozen=True)
class Packet:
    """What was inside: the letter as text and as a page ("" where there is none), and files by name and bytes."""

    text: str = ""
    html: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def is_packet(name: str, content_type: str, content: bytes) -> bool:
    """Whether a file is such a packet; some servers take its name or its type away, its first bytes stay."""
    named = content_type in KINDS or name.lower().endswith(("winmail.dat", ".tnef"))
    return content.startswith(_SIGNATURE) and (named or content_type == "application/octet-stream")


def unpack(content: bytes) -> Packet:
    """Take a packet apart; an empty one where it is broken: then the packet itself is still there to be looked at."""
    from tnefparse import TNEF  # on use only: few mails have one

    try:
        packet: Any = TNEF(content)
        files = [(_name(each, number), bytes(each.data)) for number, each in enumerate(packet.attachments, start=1)]
        return Packet(text=_text(packet.body), html=_text(packet.htmlbody), files=files)
    except Exception:  # written for well-formed packets; none may lose a mail
        return Packet()


def _name(file: Any, number: int) -> str:
    name = storable(str(file.long_filename() or "")).replace("/", "_").replace("\\", "_").strip("\x00 ")
    return name[-255:] or f"attachment-{number}.bin"


def _text(body: Any) -> str:
    if isinstance(body, list):  # some packets hold the body twice
        body = body[0] if body else ""
    text = decode(body.strip(b"\0"), "utf-8") if isinstance(body, bytes) else storable(str(body or "").strip("\0"))
    return text.replace("\r\n", "\n")
