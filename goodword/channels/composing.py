"""The mail we send: threading right in any mail program, readable as text and as HTML, and plainly from us."""

import re
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from goodword.channels.mailboxes.queries import answer_address, signature_of
from goodword.channels.own_page import words_with_link
from goodword.channels.parsing import MADE_ID_ENDING
from goodword.channels.threading import subject_tag, without_tags
from goodword.desk.models import Conversation, Message
from goodword.lib.blobs import read_blob
from goodword.policies.queries import current_book

MOST_REFERENCES = 20
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


def words_of(message: Message) -> str:
    """All that an outgoing message will say: its text, the link to her own page, and the footer, as of this moment."""
    below = footer(message.language, signature_of(message.conversation.inbox))
    return message.text.rstrip() + "\n" + words_with_link(message) + below


def compose(message: Message, text: str) -> bytes:
    """The mail of an outgoing message that says `text`, as the bytes that are sent.

    Its `mail_id`, files and place in the thread (`set_in_thread`) are stored.
    """
    mail = EmailMessage(policy=SMTP)
    conversation = message.conversation
    _set_addresses(mail, message, conversation)
    if message.automatic:
        # RFC 3834: so that no machine answers it. The second header is what Exchange listens to.
        mail["Auto-Submitted"] = _kind_of_machine(message)
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text, charset="utf-8", cte=_encoding(text))
    mail.add_alternative(page(text, message.language), subtype="html", charset="utf-8", cte="quoted-printable")
    _add_files(mail, message)
    mail["Content-Language"] = message.language  # last, because each part takes the content headers before it along
    return _thread_headers(message) + mail.as_bytes()


def set_in_thread(message: Message, answered: Message | None = None) -> None:
    """Note on an outgoing message what it answers and refers to; the caller saves it.

    `answered`: the one message of the conversation before it, where the caller holds it.
    """
    if answered:
        rows = [(answered.mail_id, answered.direction, answered.references)]
    else:
        earlier = message.conversation.messages.exclude(mail_id="").exclude(pk=message.pk).order_by("at", "id")
        rows = list(earlier.values_list("mail_id", "direction", "references"))
    rows = [row for row in rows if _real(row[0])]
    if rows:
        last = next((row for row in reversed(rows) if row[1] == Message.IN), rows[-1])
        known = [*filter(_real, last[2]), *(row[0] for row in rows)]
        chain = [mail_id for mail_id in dict.fromkeys(known) if mail_id != last[0]] + [last[0]]
        message.in_reply_to, message.references = last[0], chain[-MOST_REFERENCES:]


def footer(language: str, signature: str = "") -> str:
    """Below every mail: the inbox's own signature, who we are, and whose code of conduct we keep, as the book says."""
    book = current_book()
    lines = [signature] if signature else []
    lines.append(str(book.contact.get("address") or book.name))
    for membership in book.memberships:
        told = membership.text.get(language) or next(iter(membership.text.values()), membership.name)
        lines.append(f"{told} {membership.url}".strip())
    return "\n-- \n" + "\n".join(lines) + "\n"


def page(text: str, language: str) -> str:
    """The text as simple, readable HTML: paragraphs, links, the footer set apart."""
    body, mark, below = text.partition("\n-- \n")
    paragraphs = [_paragraph(part) for part in re.split(r"\n[ \t]*\n", body.strip("\n"))]
    if mark:
        paragraphs.append(
            f'<p style="margin-top:2em;padding-top:.75em;border-top:1px solid #ccc;color:#555;font-size:.875em">'
            f"{_lines(below.strip())}</p>"
        )
    style = "font-family:system-ui,'Segoe UI',Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;max-width:38em"
    content = "\n".join(paragraphs)
    return f'<!doctype html>\n<html lang="{escape(language)}">\n<body style="{style}">\n{content}\n</body>\n</html>\n'


def reply_subject(message: Message) -> str:
    """The customer's own subject with our number, as every mail program shows an answer to it."""
    own = without_tags(message.subject)
    tag = subject_tag(message.conversation.number)
    return f"Re: {own} {tag}" if own else f"{current_book().name} {tag}"


def _set_addresses(mail: EmailMessage, message: Message, conversation: Conversation) -> None:
    inbox = conversation.inbox
    mail["From"] = MailAddress(inbox.name, addr_spec=inbox.address)
    mail["To"] = ", ".join(message.to_addresses)
    if message.cc_addresses:
        mail["Cc"] = ", ".join(message.cc_addresses)
    mail["Reply-To"] = MailAddress(inbox.name, addr_spec=answer_address(conversation))
    mail["Subject"] = _one_line(reply_subject(message))
    mail["Date"] = format_datetime(message.at)


def _thread_headers(message: Message) -> bytes:
    """Message-ID, In-Reply-To and References, each id on a line of its own.

    Written here and not by Python's mail package, which turns an id longer than a line into an encoded word: then no
    mail program finds the thread.
    """
    lines = [f"Message-ID: <{message.mail_id}>"]
    if message.in_reply_to:
        lines.append(f"In-Reply-To: <{message.in_reply_to}>")
        lines.append("References: " + "\r\n ".join(f"<{mail_id}>" for mail_id in message.references))
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _kind_of_machine(message: Message) -> str:
    """RFC 3834: auto-replied for what answers a letter at once, auto-generated for what we tell by ourselves later."""
    before = (
        message.conversation.messages.exclude(direction=Message.NOTE).filter(pk__lt=message.pk).order_by("pk").last()
    )
    return "auto-replied" if before and before.direction == Message.IN else "auto-generated"


def _real(mail_id: str) -> bool:
    """Whether a sender gave this id, in a form that a header may carry; ours for mails without one are not."""
    made = mail_id.endswith((MADE_ID_ENDING, "@long.invalid"))
    return not made and mail_id.isascii() and mail_id.isprintable() and " " not in mail_id


def _add_files(mail: EmailMessage, message: Message) -> None:
    for file in message.attachments.order_by("id"):
        main, _, sub = file.content_type.partition("/")
        if main in {"", "multipart", "message"} or not sub or not file.content_type.isascii():
            main, sub = "application", "octet-stream"
        mail.add_attachment(
            read_blob(file.blob), maintype=main, subtype=sub.split(";")[0], filename=_one_line(file.name)
        )


def _encoding(text: str) -> str:
    """Plain lines stay plain; anything else is quoted-printable, which every server passes on unharmed."""
    plain = text.isascii() and all(len(line) < 900 for line in text.split("\n"))
    return "7bit" if plain else "quoted-printable"


def _paragraph(text: str) -> str:
    return f"<p>{_lines(text)}</p>"


def _lines(text: str) -> str:
    return "<br>\n".join(_linked(line) for line in text.split("\n"))


def _linked(line: str) -> str:
    parts, end = [], 0
    for link in _LINK.finditer(line):
        address = escape(link[0])
        parts += [escape(line[end : link.start()]), f'<a href="{address}">{address}</a>']
        end = link.end()
    return "".join([*parts, escape(line[end:])])


def _one_line(text: str) -> str:
    return " ".join(text.split())
