"""The rows of the queue, with everything read in as many queries for fifty as for one."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from goodword.desk.models import Conversation, Matter
from goodword.engine import Book
from goodword.lib import clock
from goodword.policies.queries import current_book


@dataclass(frozen=True)
class Row:
    """One conversation in a list."""

    number: int
    name: str
    subject: str
    situations: list[str]
    language: str
    waiting_on: str
    state: str
    identity: str
    assignee: str
    due_at: datetime | None
    last_message_at: datetime | None


def shown_rows(conversations: list[Conversation]) -> list[Row]:
    """Each conversation as a row, in the order given."""
    situations = _situations([each.pk for each in conversations])
    return [_row(each, situations.get(each.pk, [])) for each in conversations]


def _row(conversation: Conversation, situations: list[str]) -> Row:
    person, assignee = conversation.person, conversation.assignee
    return Row(
        number=conversation.number,
        name=person.name if person else "",
        subject=conversation.subject,
        situations=situations,
        language=conversation.language,
        waiting_on=conversation.waiting_on,
        state=conversation.state,
        identity=conversation.identity,
        assignee=assignee.name if assignee else "",
        due_at=conversation.due_at,
        last_message_at=None if conversation.last_message_at == clock.UNKNOWN else conversation.last_message_at,
    )


def _situations(conversation_pks: list[int]) -> dict[int, list[str]]:
    book, language = current_book(), get_language() or "en"
    found: dict[int, list[str]] = {}
    matters = Matter.objects.filter(conversation__in=conversation_pks).exclude(state=Matter.WITHDRAWN)
    for matter in matters.only("conversation_id", "policy"):
        found.setdefault(matter.conversation_id, []).append(policy_title(book, matter.policy, language))
    return {pk: [title for title in dict.fromkeys(titles) if title] for pk, titles in found.items()}


def policy_title(book: Book, code: str, language: str) -> str:
    """The policy's title in `language`; its code if this book does not have it."""
    policy = book.policies.get(code)
    return policy.title(language) if policy else code
