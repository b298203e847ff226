"""A mail's bytes, read: who wrote to whom, what, with which files. No mail is too broken to be read in some way."""

import mimetypes
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from goodword.channels import html
from goodword.channels.decoding import decode, storable
from goodword.channels.headers import Mailbox, header_text, header_texts, mail_ids, mailboxes, sent_at
from goodword.channels.html_text import as_text
from goodword.channels.mime import (
    Body,
    ParsedFile,
    Part,
    digest_of,
    kind_of,
    open_mail,
    parsed_file,
    part_text,
    sort_parts,
)
from goodword.channels.winmail import Packet, is_packet, unpack

MADE_ID_ENDING = "@no-message-id.invalid"


@dataclass(frozen=True)
class ParsedMail:
    """Everything a mail says. Ids are without brackets; addresses are in lower case; line ends are line feeds.

    `mail_id` is the Message-ID, or one made of the bytes' hash where the sender gave none.
    """

    mail_id: str
    in_reply_to: list[str]
    references: list[str]
    sender: Mailbox
    reply_to: str
    to: list[Mailbox]
    cc: list[Mailbox]
    subject: str
    sent_at: datetime | None
    text: str
    html: str
    files: list[ParsedFile]
    tree: Part

    def header(self, name: str) -> str:
        """The first header of that name as text, "" without one."""
        return header_text(self.tree, name)

    def headers(self, name: str) -> list[str]:
        """Every header of that name as text."""
        return header_texts(self.tree, name)


def parse(content: bytes) -> ParsedMail:
    """Read a mail. `html` is cleaned; `text` is the plain text, or what the HTML says where there is none."""
    tree = open_mail(content)
    body = sort_parts(tree)
    senders = mailboxes(tree, "from") or mailboxes(tree, "sender") or [Mailbox(header_text(tree, "from")[:200], "")]
    reply_to = next(iter(mailboxes(tree, "reply-to")), Mailbox("", "")).address
    page = _html(body)
    text = _text(body, tree)
    files, packed = _unpacked([parsed_file(part, number) for number, part in enumerate(body.files, start=1)])
    if packed and not (text.strip() or page):
        text, page = packed.text or as_text(packed.html), html.cleaned(packed.html) if packed.html else ""
    page, files = _with_pictures_named(page, files)
    return ParsedMail(
        mail_id=_mail_id(tree, content),
        in_reply_to=mail_ids(tree, "in-reply-to"),
        references=mail_ids(tree, "references"),
        sender=senders[0],
        reply_to="" if reply_to == senders[0].address else reply_to,
        to=mailboxes(tree, "to"),
        cc=mailboxes(tree, "cc"),
        subject=header_text(tree, "subject")[:1000],
        sent_at=sent_at(tree),
        text=text,
        html=page,
        files=[_shown_inline(file, page) for file in files],
        tree=tree,
    )


def made_id(content: bytes) -> str:
    """The id of a mail that came without one: the same bytes give the same id, whatever road they took."""
    return digest_of(content) + MADE_ID_ENDING


def _unpacked(files: list[ParsedFile]) -> tuple[list[ParsedFile], Packet | None]:
    """The files, and behind each winmail.dat those inside it; the letter inside the first."""
    found: list[ParsedFile] = []
    letter: Packet | None = None
    for file in files:
        found.append(file)
        if is_packet(file.name, file.content_type, file.content):
            packet = unpack(file.content)
            letter = letter or packet
            found += [
                ParsedFile(name, mimetypes.guess_type(name)[0] or "application/octet-stream", content)
                for name, content in packet.files
            ]
    return found, letter


def _with_pictures_named(page: str, files: list[ParsedFile]) -> tuple[str, list[ParsedFile]]:
    """The page with pictures that it shows by a file's name or Content-Location shown by an id, as all others are."""
    named: list[ParsedFile] = []
    for number, file in enumerate(files, start=1):
        place = next((each for each in (file.location, file.name) if each and f'src="{escape(each)}"' in page), "")
        if place and file.content_type.startswith("image/"):
            file = replace(file, content_id=file.content_id or f"picture-{number}")
            page = page.replace(f'src="{escape(place)}"', f'src="cid:{escape(file.content_id)}"')
        named.append(file)
    return page, named


def _shown_inline(file: ParsedFile, page: str) -> ParsedFile:
    """Only what the HTML really shows is inline: a picture that merely has an id must stay in the list of files."""
    is_shown = bool(file.content_id) and f'src="cid:{escape(file.content_id)}"' in page
    return replace(file, inline=True) if is_shown else file


def _mail_id(tree: Part, content: bytes) -> str:
    return next(iter(mail_ids(tree, "message-id")), "") or made_id(content)


def _text(body: Body, tree: Part) -> str:
    """The plain text; the HTML read aloud where that is empty; what stands before the first part where all is."""
    for parts in (body.text, body.html):
        text = storable("".join(_joined([_part_as_text(part) for part in parts])))
        if text.strip():
            return text
    before = tree.preamble if isinstance(tree.preamble, str) and not body.files else ""
    return decode(before.encode("ascii", "surrogateescape"), "utf-8")


def _part_as_text(part: Part) -> str:
    text = part_text(part)
    return as_text(text) if kind_of(part) == "text/html" else text


def _joined(texts: list[str]) -> list[str]:
    """Parts of one text, each on a line of its own; nothing is added to a text that stands alone."""
    told = [text for text in texts if text]
    return [text if text.endswith("\n") or text is told[-1] else text + "\n" for text in told]


def _html(body: Body) -> str:
    if not any(kind_of(part) == "text/html" for part in body.html):
        return ""
    return "\n".join(
        html.cleaned(part_text(part)) if kind_of(part) == "text/html" else f"<pre>{escape(part_text(part))}</pre>"
        for part in body.html
    )
