"""The rows of the queue, with everything read in as many queries for fifty as for one."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from goodword.desk.models import Complaint, Conversation, Matter, Transfer
from goodword.engine import Book
from goodword.lib import clock
from goodword.policies.queries import current_book
from goodword.web.shown.words import department_words


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
    offered_to: str = ""
    is_complaint: bool = False


def shown_rows(conversations: list[Conversation]) -> list[Row]:
    """Each conversation as a row, in the order given."""
    pks = [each.pk for each in conversations]
    situations, offers, complaints = _situations(pks), _offers(pks), _complaints(pks)
    return [
        _row(each, situations.get(each.pk, []), offers.get(each.pk, ""), is_complaint=each.pk in complaints)
        for each in conversations
    ]


def _row(conversation: Conversation, situations: list[str], offered_to: str, *, is_complaint: bool) -> Row:
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
        offered_to=offered_to,
        is_complaint=is_complaint,
    )


def _offers(conversation_pks: list[int]) -> dict[int, str]:
    """To which department each is on offer."""
    offered = Transfer.objects.filter(conversation__in=conversation_pks, state=Transfer.OFFERED)
    book = current_book()
    return {pk: department_words(book, code) for pk, code in offered.values_list("conversation_id", "department")}


def _complaints(conversation_pks: list[int]) -> set[int]:
    marked = Complaint.objects.filter(conversation__in=conversation_pks, unmarked_at=None)
    return set(marked.values_list("conversation_id", flat=True))


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
