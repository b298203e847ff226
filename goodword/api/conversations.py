"""GET /conversations and GET /conversations/{number}: the queue, and one conversation with its advice."""

from datetime import datetime
from typing import Literal

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import translation
from ninja import Query, Router, Schema
from pydantic import Field

from goodword.accounts.models import Agent
from goodword.api.conversation_parts import ConversationInFull, ConversationOut, in_full, in_short
from goodword.api.keys import caller_with
from goodword.api.paging import from_cursor, to_cursor
from goodword.api.problems import ApiError, FieldProblem
from goodword.desk.models import Conversation
from goodword.desk.queries.conversations import conversation_for, queue_for
from goodword.people.actions import open_record

router = Router(tags=["conversations"])
View = Literal["queue", "mine", "unassigned", "waiting", "approvals", "closed", "all"]
State = Literal["open", "waiting", "closed"]


class ConversationPage(Schema):
    """What is due first stands first. `next` goes into `cursor` for the page after; null at the end."""

    conversations: list[ConversationOut]
    next: str | None = Field(description="Cursor of the page after this one, or null.")


class Wanted(Schema):
    """Which conversations, and which page of them."""

    view: View = Field(default="all", description="The list as the desk shows it.")
    state: State | None = None
    person: str | None = Field(default=None, max_length=254, description="A customer's mail address.")
    order: str | None = Field(default=None, max_length=60, description="An order number.")
    cursor: str | None = Field(default=None, max_length=200, description="The `next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


@router.get("/conversations", response=ConversationPage, summary="The queue of the key's agent")
def list_conversations(request: HttpRequest, wanted: Query[Wanted]) -> ConversationPage:
    """Only conversations that the key's agent may see, due first; those without a deadline come last."""
    agent = caller_with(request, "conversations:read")
    rows = _narrowed(queue_for(agent, wanted.view), wanted)
    page = list(_after(rows, wanted.cursor)[: wanted.limit + 1])
    more = len(page) > wanted.limit
    shown = page[: wanted.limit]
    return ConversationPage(
        conversations=[in_short(conversation) for conversation in shown],
        next=_cursor_of(shown[-1]) if more else None,
    )


@router.get("/conversations/{int:number}", response=ConversationInFull, summary="One conversation with its advice")
def read_conversation(request: HttpRequest, number: int) -> ConversationInFull:
    """The thread, the customer, and each matter with its facts, the policy's advice, decisions and actions.

    Reading a customer's record is logged, as it is on the desk's own page.
    """
    agent = caller_with(request, "conversations:read")
    conversation = conversation_for(agent, number)
    _log_the_reading(conversation, agent)
    with translation.override(agent.language):
        return in_full(conversation, agent)


def _log_the_reading(conversation: Conversation, agent: Agent) -> None:
    if conversation.person is not None:
        open_record(conversation.person, agent, reason="api")


def _narrowed(rows: QuerySet[Conversation], wanted: Wanted) -> QuerySet[Conversation]:
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.person:
        rows = rows.filter(person__addresses__kind="mail", person__addresses__value=wanted.person.strip().lower())
    if wanted.order:
        about = Conversation.objects.filter(matters__purchase__number=wanted.order.strip())
        rows = rows.filter(pk__in=about.values("pk"))
    return rows.select_related("person", "assignee", "inbox").prefetch_related("person__addresses")


def _after(rows: QuerySet[Conversation], cursor: str | None) -> QuerySet[Conversation]:
    """Behind the cursor in the order due first, without deadline last, then by number."""
    rows = rows.order_by(F("due_at").asc(nulls_last=True), "number")
    if not cursor:
        return rows
    due_at, number = _position(cursor)
    later_undated = Q(due_at=None, number__gt=number)
    if due_at is None:
        return rows.filter(later_undated)
    return rows.filter(Q(due_at=None) | Q(due_at__gt=due_at) | Q(due_at=due_at, number__gt=number))


def _position(cursor: str) -> tuple[datetime | None, int]:
    due_at, number = from_cursor(cursor, parts=2)
    try:
        moment = None if due_at is None else datetime.fromisoformat(due_at)
        return moment, int(number)
    except (TypeError, ValueError, OverflowError):
        wrong = FieldProblem(field="query.cursor", message="This is not a cursor from an earlier page.")
        raise ApiError(422, "The cursor is not one of this list. Begin again without it.", errors=[wrong]) from None


def _cursor_of(conversation: Conversation) -> str:
    due_at = conversation.due_at
    return to_cursor(due_at.isoformat() if due_at else None, conversation.number)
