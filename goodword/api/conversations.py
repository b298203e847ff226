"""Conversations: the queue, one with its advice, and what can be done with the whole of it."""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Query, Router, Schema, Status
from pydantic import Field

from goodword.accounts.models import Agent
from goodword.accounts.queries import agent_by_email
from goodword.api.asked import Id, conversation_to_change, tag
from goodword.api.conversation_parts import ConversationInFull, ConversationOut, in_full, in_short
from goodword.api.conversation_writing import AssignIn, CloseIn, ConversationChange, ConversationIn, person_meant
from goodword.api.keys import caller_with
from goodword.api.paging import Next, Paged, cut, from_cursor, to_cursor, wrong_cursor
from goodword.api.values import LARGEST_ID
from goodword.channels.inboxes import default_inbox
from goodword.desk.actions.conversations import assign, close_conversation, reopen
from goodword.desk.actions.corrections import correct_customer, correct_language
from goodword.desk.actions.taking_down import said_by, set_situation, take_down
from goodword.desk.models import Conversation
from goodword.desk.queries.conversations import conversation_for, queue_for
from goodword.desk.queries.reach import inbox_at, person_for
from goodword.people.actions import open_record

router = Router(tags=["conversations"])
View = Literal["queue", "mine", "unassigned", "offered", "waiting", "approvals", "closed", "all"]
State = Literal["open", "waiting", "closed"]
WaitingOn = Literal["us", "customer", "approval", "department", "nobody"]
Wrote = Annotated[str | None, Field(max_length=254)]
Word = Annotated[str | None, Field(max_length=60)]


class ConversationPage(Schema):
    """What is due first stands first. `next` goes into `cursor` for the page after; null at the end."""

    conversations: list[ConversationOut]
    next: Next


class Wanted(Paged):
    """Which conversations, and which page of them."""

    view: View = Field(default="all", description="The list as the desk shows it.")
    state: State | None = None
    waiting_on: WaitingOn | None = None
    person: Wrote = Field(default=None, description="A customer's mail address.")
    order: Word = Field(default=None, description="An order number.")
    assignee: Wrote = Field(default=None, description="A colleague's mail address.")
    situation: Word = Field(default=None, description="A policy that one of its matters is about.")
    language: Word = None
    department: Word = None


@router.get("/conversations", response=ConversationPage, summary="The queue of the key's agent")
def list_conversations(request: HttpRequest, wanted: Query[Wanted]) -> ConversationPage:
    """Only conversations that the key's agent may see, due first; those without a deadline come last."""
    agent = caller_with(request, "conversations:read")
    rows = _narrowed(queue_for(agent, wanted.view), wanted)
    shown, following = cut(_after(rows, wanted.cursor)[: wanted.limit + 1], wanted.limit, _cursor_of)
    return ConversationPage(conversations=[in_short(each) for each in shown], next=following)


@router.post("/conversations", response={201: ConversationInFull}, summary="Open a conversation")
def create_conversation(
    request: HttpRequest, response: HttpResponse, given: ConversationIn
) -> Status[ConversationInFull]:
    """Open a conversation, usually with what the customer said elsewhere. It begins unverified: that a program says who
    she is proves nothing. Her words are guessed at and promised an answer as those of any mail."""
    agent = caller_with(request, "conversations:write")
    person = person_meant(agent, given)
    inbox = inbox_at(given.inbox) if given.inbox else default_inbox()
    said = said_by(
        person, given.text, channel=given.channel, subject=given.subject, acknowledge=given.acknowledge,
        language=given.language or (person.language if person else "") or inbox.language,
    )  # fmt: skip
    conversation = take_down(inbox, person, said, by=agent, situation=given.situation)
    response["Location"] = f"/api/v1/conversations/{conversation.number}"
    return Status(201, _whole(response, agent, conversation.number))


@router.get("/conversations/{number}", response=ConversationInFull, summary="One conversation with its advice")
def read_conversation(request: HttpRequest, response: HttpResponse, number: Id) -> ConversationInFull:
    """The thread, the customer, and each matter with its facts, the policy's advice, decisions and actions.

    Reading a customer's record is logged, as it is on the desk's own page. The header `ETag` names the state it is in.
    """
    agent = caller_with(request, "conversations:read")
    conversation = conversation_for(agent, number)
    if conversation.person is not None:
        open_record(conversation.person, agent, reason="api")
    return _whole(response, agent, number)


@router.patch("/conversations/{number}", response=ConversationInFull, summary="Correct it")
def change_conversation(
    request: HttpRequest, response: HttpResponse, number: Id, given: ConversationChange
) -> ConversationInFull:
    """What is not named stays. The situation can be set while there is one open matter; with several, correct the one
    that is meant."""
    agent, conversation = conversation_to_change(request, number, "conversations:write")
    if given.language is not None:
        correct_language(conversation, given.language, by=agent)
    if given.person is not None:
        correct_customer(conversation, person_for(agent, given.person), by=agent)
    if given.situation is not None:
        set_situation(conversation, given.situation, by=agent)
    return _whole(response, agent, number)


@router.post("/conversations/{number}/close", response=ConversationInFull, summary="Close it")
def close(request: HttpRequest, response: HttpResponse, number: Id, given: CloseIn) -> ConversationInFull:
    """Refused (409) over an open action or a waiting approval: the word is not yet kept; and over something undecided,
    unless `why` says why it ends so."""
    agent, conversation = conversation_to_change(request, number, "conversations:write")
    close_conversation(conversation, given.outcome, by=agent, why=given.why)
    return _whole(response, agent, number)


@router.post("/conversations/{number}/reopen", response=ConversationInFull, summary="Take it up again")
def take_up_again(request: HttpRequest, response: HttpResponse, number: Id) -> ConversationInFull:
    """It waits for us again."""
    agent, conversation = conversation_to_change(request, number, "conversations:write")
    reopen(conversation, by=agent)
    return _whole(response, agent, number)


@router.post("/conversations/{number}/assign", response=ConversationInFull, summary="Give it to somebody")
def assign_to(request: HttpRequest, response: HttpResponse, number: Id, given: AssignIn) -> ConversationInFull:
    """To the colleague with this address, or with null to nobody."""
    agent, conversation = conversation_to_change(request, number, "conversations:write")
    assign(conversation, agent_by_email(given.assignee) if given.assignee else None, by=agent)
    return _whole(response, agent, number)


def _whole(response: HttpResponse, agent: Agent, number: int) -> ConversationInFull:
    conversation = conversation_for(agent, number)
    tag(response, conversation)
    with translation.override(agent.language):
        return in_full(conversation, agent)


def _narrowed(rows: QuerySet[Conversation], wanted: Wanted) -> QuerySet[Conversation]:
    same = {name: getattr(wanted, name) for name in ("state", "waiting_on", "language", "department")}
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    if wanted.person:
        rows = rows.filter(person__addresses__kind="mail", person__addresses__value=wanted.person.strip().lower())
    if wanted.assignee:
        rows = rows.filter(assignee__email=wanted.assignee.strip().lower())
    about = Conversation.objects.all()
    if wanted.order:
        rows = rows.filter(pk__in=about.filter(matters__purchase__number=wanted.order.strip()).values("pk"))
    if wanted.situation:
        rows = rows.filter(pk__in=about.filter(matters__policy=wanted.situation.strip()).values("pk"))
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
        number = int(number)
    except (TypeError, ValueError, OverflowError):
        raise wrong_cursor() from None
    if not 0 <= number <= LARGEST_ID or (moment and moment.tzinfo is None):
        raise wrong_cursor()
    return moment, number


def _cursor_of(conversation: Conversation) -> str:
    due_at = conversation.due_at
    return to_cursor(due_at.isoformat() if due_at else None, conversation.number)
