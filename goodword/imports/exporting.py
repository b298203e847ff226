"""Conversations of this desk as lines of a history, in the format in which they can be brought in again.

Whoever was erased is not in it: her conversations are left out. What the format has no place for stays behind:
promises, facts, approvals, the raw mail (docs/history.md lists it all).
"""

import base64
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from goodword.accounts.models import Agent
from goodword.desk.models import Attachment, Conversation, Decision, Matter, Message
from goodword.imports.format import (
    HistoryAgent,
    HistoryConversation,
    HistoryDecision,
    HistoryFile,
    HistoryMessage,
    HistoryPerson,
)
from goodword.imports.models import ImportedPerson
from goodword.imports.naming import own_source
from goodword.lib import clock
from goodword.lib.blobs import read_blob
from goodword.people.models import Address, Person

_AT_A_TIME = 100
_NOBODY = HistoryPerson()


def conversations_to_export(*, since: datetime | None = None, person: Person | None = None) -> QuerySet[Conversation]:
    """Those with a word since then, or of or from her. For whoever runs the machine: it shows all of them."""
    rows = Conversation.objects.filter(Q(person=None) | Q(person__erased_at=None))
    if since is not None:
        rows = rows.filter(last_message_at__gte=since)
    if person is not None:
        rows = rows.filter(Q(person=person) | Q(pk__in=Message.objects.filter(person=person).values("conversation")))
    return rows.order_by("pk")


def erased_among(since: datetime | None) -> int:
    """How many conversations are left out because their customer was erased."""
    rows = Conversation.objects.filter(person__erased_at__isnull=False)
    return (rows.filter(last_message_at__gte=since) if since else rows).count()


def history_lines(conversations: QuerySet[Conversation]) -> Iterator[tuple[str, int]]:
    """Each conversation as one line of JSON, with how many messages it has; a hundred are held at a time."""
    own = own_source()
    messages = Message.objects.select_related("author", "person").order_by("at", "id")
    files = Prefetch("attachments", Attachment.objects.order_by("id"))
    decisions = Decision.objects.filter(state=Decision.FINAL).select_related("by", "matter").order_by("id")
    rows = conversations.select_related("person", "assignee", "inbox", "imported").prefetch_related(
        Prefetch("messages", messages.prefetch_related(files)),
        Prefetch("matters", Matter.objects.exclude(state=Matter.WITHDRAWN).order_by("id")),
        Prefetch("matters__decisions", decisions),
    )
    # In chunks by key, each whole: a cursor over all of it would keep SQLite's log from being cleared.
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:_AT_A_TIME]):
        names = _Names(chunk, own)
        for each in chunk:
            line = _line(each, names)
            yield line.model_dump_json(exclude_defaults=True), len(line.messages)
        last = chunk[-1].pk


class _Names:
    """What each customer of a chunk is called in a source, and her addresses."""

    def __init__(self, chunk: list[Conversation], own: str) -> None:
        self.own = own
        pks = {each.person_id for each in chunk} | {said.person_id for each in chunk for said in each.messages.all()}
        people = [pk for pk in pks if pk]
        self._keys: dict[tuple[str, int], str] = {}
        for row in ImportedPerson.objects.filter(person__in=people).order_by("-id"):
            self._keys[row.source, row.person_id] = row.key
        self._addresses: dict[tuple[str, int], list[str]] = {}
        for address in Address.objects.filter(person__in=people).order_by("id"):
            self._addresses.setdefault((address.kind, address.person_id), []).append(address.value)

    def person(self, source: str, person: Person | None) -> HistoryPerson | None:
        """A customer as a line of that source names her; None for nobody and for one who was erased."""
        if person is None or person.erased_at:
            return None
        key = str(person.pk) if source == self.own else self._keys.get((source, person.pk), "")
        return HistoryPerson(
            id=key,
            name=person.name,
            mails=self._addresses.get((Address.MAIL, person.pk), []),
            phones=self._addresses.get((Address.PHONE, person.pk), []),
            language=person.language,
            country=person.country,
        )


def _line(conversation: Conversation, names: _Names) -> HistoryConversation:
    imported = getattr(conversation, "imported", None)
    details: dict[str, Any] = imported.details if imported else {}
    source = imported.source if imported else names.own
    messages = list(conversation.messages.all())
    channel = next((each.channel for each in messages if each.direction != Message.NOTE), "mail")
    return HistoryConversation(
        source=source,
        id=imported.key if imported else str(conversation.number),
        state=conversation.state,  # type: ignore[arg-type]  # the model's states are the format's
        channel=channel,
        subject=conversation.subject,
        language=conversation.language,
        person=names.person(source, conversation.person),
        assignee=_agent(conversation.assignee),
        department=conversation.department,
        inbox=details.get("inbox") or conversation.inbox.address,
        situations=[matter.policy for matter in conversation.matters.all() if matter.policy],
        outcome=conversation.outcome,
        opened_at=_known(conversation.opened_at),
        closed_at=conversation.closed_at,
        tags=details.get("tags", []),
        ids=details.get("ids", {}),
        messages=[_message(each, conversation, channel, names.person(source, each.person)) for each in messages],
        decisions=[HistoryDecision(**each) for each in details.get("decisions", [])] + _decisions(conversation),
    )


def _message(
    message: Message, conversation: Conversation, channel: str, person: HistoryPerson | None
) -> HistoryMessage:
    is_note = message.direction == Message.NOTE
    differs = not is_note and message.person_id != conversation.person_id
    return HistoryMessage(
        direction=message.direction,  # type: ignore[arg-type]  # the model's directions are the format's
        text=message.text,
        at=message.at if message.at_is_known else None,
        channel="" if is_note or message.channel == channel else message.channel,
        language="" if message.language == conversation.language else message.language,
        subject=message.subject,
        agent=_agent(message.author),
        person=(person or _NOBODY) if differs else None,
        automatic=message.automatic,
        from_address=message.from_address,
        from_name=message.from_name,
        reply_to=message.reply_to,
        to=message.to_addresses,
        cc=message.cc_addresses,
        quoted_text=message.quoted_text,
        html=message.html,
        mail_id=message.mail_id,
        in_reply_to=message.in_reply_to,
        references=message.references,
        files=[_file(each) for each in message.attachments.all() if each.blob],
    )


def _file(file: Attachment) -> HistoryFile:
    return HistoryFile(
        name=file.name,
        type=file.content_type,
        base64=base64.b64encode(read_blob(file.blob)).decode(),
        content_id=file.content_id,
        inline=file.inline,
    )


def _decisions(conversation: Conversation) -> list[HistoryDecision]:
    return [
        HistoryDecision(
            situation=decision.policy,
            outcome=decision.outcome,
            at=decision.made_at,
            agent=_agent(decision.by),
            reason=decision.reason,
        )
        for matter in conversation.matters.all()
        for decision in matter.decisions.all()
    ]


def _agent(agent: Agent | None) -> HistoryAgent | None:
    return HistoryAgent(name=agent.name, mail=agent.email) if agent else None


def _known(at: datetime) -> datetime | None:
    return None if at == clock.UNKNOWN else at
