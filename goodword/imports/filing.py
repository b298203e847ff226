"""A batch of history as rows: conversations, contacts, messages, files and matters, inserted many at a time."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from goodword.channels.html import cleaned, with_remote_images
from goodword.channels.languages import language_of
from goodword.desk.arriving import KeptFile
from goodword.desk.models import Attachment, Contact, Conversation, Inbox, Matter, Message
from goodword.imports.format import HistoryConversation, HistoryFile, HistoryMessage
from goodword.imports.models import ImportedConversation
from goodword.imports.people_in import People
from goodword.imports.reading import Line
from goodword.lib import clock
from goodword.people.queries import normal_address

_ENOUGH_TO_TELL = 1500
# Of a chat or a call the whole conversation was one touch; a mail or a form is one each.
_ONE_TOUCH = {"chat", "phone"}
_WAITS_ON = {Conversation.CLOSED: "nobody", Conversation.WAITING: "customer", Conversation.OPEN: "us"}


@dataclass(frozen=True)
class Frame:
    """What a whole file is filed into: the default inbox, all inboxes by address, and the book's languages."""

    inbox: Inbox
    inboxes: dict[str, Inbox]
    languages: tuple[str, ...]
    role: str
    folder: Path


@dataclass
class Rows:
    """Rows of a batch that are not stored yet, in the order in which they must be."""

    conversations: list[Conversation] = field(default_factory=list)
    imported: list[ImportedConversation] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)

    def store(self) -> None:
        """Insert them all, a few hundred rows a statement."""
        Conversation.objects.bulk_create(self.conversations)
        ImportedConversation.objects.bulk_create(self.imported)
        Contact.objects.bulk_create(self.contacts)
        Message.objects.bulk_create(self.messages)
        Attachment.objects.bulk_create(self.attachments)
        Matter.objects.bulk_create(self.matters)


def bytes_of(file: HistoryFile, folder: Path) -> bytes:
    """The bytes of an attachment. Raises ValueError with what to do where they cannot be had."""
    if file.base64 is not None:
        try:
            return base64.b64decode(file.base64, validate=True)
        except binascii.Error as error:
            raise ValueError(f"its `base64` is not base64 ({error}); encode the file again") from None
    path = (folder / (file.path or "")).resolve()
    # A history may come from anybody: it must not be able to fetch other files of this machine.
    if not path.is_relative_to(folder.resolve()):
        raise ValueError("its `path` leads out of the history file's folder; copy the file below that folder")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"its `path` cannot be read ({error.strerror}); mend it or leave the file out") from None


def add_rows(rows: Rows, line: Line, frame: Frame, people: People, files: Iterator[KeptFile], number: int) -> None:
    """Append everything of one line. `files` gives the kept bytes of its attachments, in order."""
    said = line.conversation
    conversation = _conversation(said, frame, people, number)
    rows.conversations.append(conversation)
    rows.imported.append(_imported(line, conversation))
    rows.matters += [_matter(code, conversation) for code in said.situations]
    touch = _one_touch(said, conversation)
    rows.contacts += [touch] if touch else []
    order = conversation.opened_at
    for each in said.messages:
        order = each.at or order
        message = _message(each, said, conversation, people)
        message.at = order
        message.contact = touch or _contact(message)
        if message.contact and not touch:
            rows.contacts.append(message.contact)
        rows.messages.append(message)
        rows.attachments += [_attachment(next(files), message) for _ in each.files]


def moments_of(said: HistoryConversation) -> tuple[datetime, datetime]:
    """First and last moment known; the clock's UNKNOWN for both where none is. Nothing is made up."""
    known = [each.at for each in said.messages if each.at]
    known = known or [at for at in (said.opened_at, said.closed_at) if at] or [clock.UNKNOWN]
    return said.opened_at or min(known), max(known)


def _conversation(said: HistoryConversation, frame: Frame, people: People, number: int) -> Conversation:
    first, last = moments_of(said)
    inbox = frame.inboxes.get(said.inbox.strip().lower(), frame.inbox)
    is_closed = said.state == Conversation.CLOSED
    return Conversation(
        number=number,
        inbox=inbox,
        person=people.person(said.source, said.person),
        subject=said.subject,
        language=said.language or _language(said, frame, inbox),
        state=said.state,
        waiting_on=_WAITS_ON[said.state],
        assignee=people.agent(said.source, said.assignee),
        department=said.department,
        opened_at=first,
        last_message_at=last,
        closed_at=(said.closed_at or (last if last != clock.UNKNOWN else None)) if is_closed else None,
        outcome=said.outcome,
    )


def _language(said: HistoryConversation, frame: Frame, inbox: Inbox) -> str:
    """The customer's words tell; they are looked at together, for a single "ok" says nothing."""
    written = [each.text for each in said.messages if each.direction == Message.IN] or [said.subject]
    person = said.person.language if said.person else ""
    return language_of("\n".join(written)[:_ENOUGH_TO_TELL], frame.languages, person=person, inbox=inbox.language)


def _imported(line: Line, conversation: Conversation) -> ImportedConversation:
    said = line.conversation
    kept = said.model_dump(mode="json", include={"tags", "ids", "inbox", "decisions"}, exclude_defaults=True)
    return ImportedConversation(
        conversation=conversation, source=said.source, key=said.id, digest=line.digest, fingerprint=line.fingerprint,
        details=kept, imported_at=clock.now(),
    )  # fmt: skip


def _matter(code: str, conversation: Conversation) -> Matter:
    state = Matter.DONE if conversation.state == Conversation.CLOSED else Matter.OPEN
    # The day of contact decides which book is asked: where nobody knows it, it is asked from today on.
    at = clock.now() if conversation.opened_at == clock.UNKNOWN else conversation.opened_at
    return Matter(conversation=conversation, policy=code, guessed=False, state=state, opened_at=at)


def _one_touch(said: HistoryConversation, conversation: Conversation) -> Contact | None:
    known = [each.at for each in said.messages if each.at]
    if said.channel not in _ONE_TOUCH or not known:
        return None
    first = next((each.direction for each in said.messages if each.direction != Message.NOTE), Message.IN)
    return Contact(
        conversation=conversation, channel=said.channel, direction=first, started_at=min(known), ended_at=max(known),
        person=conversation.person, agent=conversation.assignee,
    )  # fmt: skip


def _contact(message: Message) -> Contact | None:
    if message.direction == Message.NOTE or not message.at_is_known:
        return None
    return Contact(
        conversation=message.conversation, channel=message.channel, direction=message.direction,
        started_at=message.at, ended_at=message.at, person=message.person, agent=message.author,
    )  # fmt: skip


def _message(each: HistoryMessage, said: HistoryConversation, conversation: Conversation, people: People) -> Message:
    spoken = people.person(said.source, each.person) if each.person is not None else conversation.person
    return Message(
        conversation=conversation,
        direction=each.direction,
        channel="note" if each.direction == Message.NOTE else each.channel or said.channel,
        automatic=each.automatic,
        may_be_acknowledged=False,
        author=people.agent(said.source, each.agent),
        person=None if each.direction == Message.NOTE else spoken,
        from_address=normal_address(each.from_address),
        from_name=each.from_name,
        reply_to=each.reply_to,
        to_addresses=each.to,
        cc_addresses=each.cc,
        subject=each.subject,
        text=each.text,
        quoted_text=each.quoted_text,
        # What was cleaned at another Goodword has its remote images moved aside already.
        html=cleaned(with_remote_images(each.html)) if each.html else "",
        language=each.language or conversation.language,
        mail_id=each.mail_id,
        in_reply_to=each.in_reply_to,
        references=each.references,
        at_is_known=each.at is not None,
    )


def _attachment(file: KeptFile, message: Message) -> Attachment:
    return Attachment(
        message=message, name=file.name, content_type=file.content_type, size=file.size, blob=file.blob,
        content_id=file.content_id, inline=file.inline,
    )  # fmt: skip
