"""A mail's bytes, read: who wrote to whom, what, with which files. No mail is too broken to be read in some way."""

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
        text=_text(body, tree),
        html=page,
        files=[_shown_inline(parsed_file(part, number), page) for number, part in enumerate(body.files, start=1)],
        tree=tree,
    )


def made_id(content: bytes) -> str:
    """The id of a mail that came without one: the same bytes give the same id, whatever road they took."""
    return digest_of(content) + MADE_ID_ENDING


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
