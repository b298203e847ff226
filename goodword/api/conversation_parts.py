"""The shapes of a conversation and its parts, and how each is read off the desk's rows."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from goodword.accounts.models import Agent
from goodword.api.matter_parts import MatterOut, matter_out
from goodword.desk.models import Conversation, Message
from goodword.desk.queries.conversations import thread
from goodword.lib import clock
from goodword.people.models import Address, Person
from goodword.people.queries import how_to_address
from goodword.promises.models import Promise


class AgentOut(Schema):
    """Somebody who works here."""

    name: str
    email: str


class PersonOut(Schema):
    """The customer: how to address her, and where she can be reached."""

    id: int
    name: str
    language: str
    country: str
    addresses: list[str]
    since: date | None


class PersonInFull(PersonOut):
    """The customer, and how a letter to her begins."""

    how_to_address: str


class ConversationOut(Schema):
    """A line of the queue."""

    number: int
    subject: str
    language: str
    state: str = Field(description="open, waiting or closed.")
    waiting_on: str = Field(description="us, customer, approval, department or nobody.")
    identity: str = Field(description="unverified, known (wrote from an address on record) or verified.")
    inbox: str
    person: PersonOut | None
    assignee: AgentOut | None
    department: str
    due_at: datetime | None
    opened_at: datetime | None = Field(description="null in a history whose source has no times.")
    last_message_at: datetime | None = Field(description="null in a history whose source has no times.")
    closed_at: datetime | None
    outcome: str


class AttachmentOut(Schema):
    """A file that came or went with a message. Size is in bytes."""

    id: int
    name: str
    content_type: str
    size: int


class MessageOut(Schema):
    """What was said: in (by the customer), out (to her) or note (among ourselves)."""

    id: int
    direction: str
    channel: str
    automatic: bool
    author: AgentOut | None
    from_address: str
    from_name: str
    to_addresses: list[str]
    subject: str
    text: str
    quoted_text: str = Field(description="What she quoted: folded, never cut.")
    language: str
    at: datetime | None = Field(description="null where a history's source has no time; the order is kept.")
    delivery: str = Field(description="For what goes out: queued, sending, sent, failed or unknown.")
    attachments: list[AttachmentOut]


class PromiseOut(Schema):
    """What was promised and by when; `aim_at` is what we aim for beyond it."""

    kind: str
    state: str = Field(description="open, kept, broken or released.")
    made_at: datetime
    by_at: datetime
    aim_at: datetime | None
    clause: str


class ConversationInFull(ConversationOut):
    """A conversation with everything the desk's page shows."""

    person: PersonInFull | None
    messages: list[MessageOut]
    matters: list[MatterOut]
    promises: list[PromiseOut]


def in_short(conversation: Conversation) -> ConversationOut:
    """One line of the queue; reads nothing that was not fetched with the list."""
    person = conversation.person
    return ConversationOut(**_own_fields(conversation), person=person_out(person) if person else None)


def in_full(conversation: Conversation, agent: Agent) -> ConversationInFull:
    """The whole conversation as `agent` may see it. Advice is asked of the book in force now."""
    person = conversation.person
    matters = conversation.matters.select_related("purchase", "line__product").prefetch_related(
        "decisions__approvals__asked_by", "decisions__by", "actions"
    )
    return ConversationInFull(
        **_own_fields(conversation),
        person=_person_in_full(person, conversation.language) if person else None,
        messages=[message_out(message) for message in thread(conversation)],
        matters=[matter_out(matter, agent) for matter in matters],
        promises=[PromiseOut.from_orm(promise) for promise in _promises(conversation)],
    )


def message_out(message: Message) -> MessageOut:
    """One message with its attachments."""
    same = (
        "id", "direction", "channel", "automatic", "from_address", "from_name", "to_addresses", "subject", "text",
        "quoted_text", "language", "delivery",
    )  # fmt: skip
    return MessageOut(
        **{name: getattr(message, name) for name in same},
        at=message.at if message.at_is_known else None,
        author=agent_out(message.author),
        attachments=[AttachmentOut.from_orm(file) for file in message.attachments.all()],
    )


def agent_out(agent: Agent | None) -> AgentOut | None:
    """Name and address of a colleague, or None."""
    return AgentOut(name=agent.name, email=agent.email) if agent else None


def _promises(conversation: Conversation) -> Any:
    return Promise.objects.filter(conversation=conversation).order_by("id")


def _own_fields(conversation: Conversation) -> dict[str, Any]:
    same = (
        "number", "subject", "language", "state", "waiting_on", "identity", "department", "due_at", "closed_at",
        "outcome",
    )  # fmt: skip
    fields = {name: getattr(conversation, name) for name in same}
    for name in ("opened_at", "last_message_at"):
        at = getattr(conversation, name)
        fields[name] = None if at == clock.UNKNOWN else at
    return {**fields, "inbox": conversation.inbox.address, "assignee": agent_out(conversation.assignee)}


def person_out(person: Person) -> PersonOut:
    """The customer as lists show her; her addresses should be at hand."""
    return PersonOut(**_person_fields(person))


def _person_in_full(person: Person, language: str) -> PersonInFull:
    return PersonInFull(**_person_fields(person), how_to_address=how_to_address(person, language))


def _person_fields(person: Person) -> dict[str, Any]:
    mail = [address.value for address in person.addresses.all() if address.kind == Address.MAIL]
    return {
        "id": person.pk,
        "name": person.name,
        "language": person.language,
        "country": person.country,
        "addresses": mail,
        "since": person.since,
    }
