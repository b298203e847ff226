"""Search: the same index, and the same eyes, as the desk's own search page."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from goodword.accounts.models import Agent
from goodword.api.conversation_parts import ConversationOut, PersonOut, in_short, person_out
from goodword.api.keys import Caller, caller_with
from goodword.api.paging import Next, Paged, from_cursor, to_cursor, wrong_cursor
from goodword.api.values import LARGEST_ID, Day
from goodword.desk.queries.reach import people_visible_to
from goodword.search.queries import Hit, search_for
from goodword.search.queries import Wanted as Searched

router = Router(tags=["search"])
Words = Annotated[str, Field(max_length=300)]
Filter = Annotated[str | None, Field(max_length=254)]


class FoundConversation(ConversationOut):
    """A conversation, and the words around what was found in it."""

    words: str = Field(description="Plain text, not HTML.")


class FoundOrder(Schema):
    """An order; read it whole at `/orders/{number}`."""

    number: str
    bought_on: date


class FoundPage(Schema):
    """The newest conversation first. Customers and orders stand on the first page of a search without filters, at most
    five of each, and only for a key that may read them."""

    conversations: list[FoundConversation]
    people: list[PersonOut]
    orders: list[FoundOrder]
    next: Next


class Wanted(Paged):
    """What to look for, and the filters."""

    q: Words = Field(
        default="", description='Words, the last may be begun; a "phrase" in quotes; a name, address, order or number.'
    )
    state: Literal["open", "waiting", "closed"] | None = None
    inbox: Filter = Field(default=None, description="Its mail address.")
    person: Filter = Field(default=None, description="A customer's mail address.")
    whose: Literal["mine", "team"] | None = None
    language: Annotated[str | None, Field(max_length=10)] = None
    since: Day | None = Field(default=None, description="Conversations with a word on this day or later.")
    until: Day | None = Field(default=None, description="Conversations with a word on this day or earlier.")


@router.get("/search", response=FoundPage, summary="Find conversations, customers and orders")
def search(request: HttpRequest, wanted: Query[Wanted]) -> FoundPage:
    """Only what the key's agent may see. An empty question without a filter finds nothing."""
    agent = caller_with(request, "conversations:read")
    person = _person(agent, wanted.person) if wanted.person else None
    if wanted.person and person is None:
        return FoundPage(conversations=[], people=[], orders=[], next=None)
    found = search_for(agent, _searched(wanted, person), after=_after(wanted.cursor), size=wanted.limit)
    return FoundPage(
        conversations=[_conversation(hit) for hit in found.hits],
        people=[person_out(each) for each in found.people] if _may(request, "people:read") else [],
        orders=[FoundOrder.from_orm(each) for each in found.orders] if _may(request, "orders:read") else [],
        next=to_cursor(found.after) if found.after is not None else None,
    )


def _searched(wanted: Wanted, person: int | None) -> Searched:
    return Searched(
        text=wanted.q, state=wanted.state or "", inbox=wanted.inbox or "", person=person, whose=wanted.whose or "",
        language=wanted.language or "", since=wanted.since, until=wanted.until,
    )  # fmt: skip


def _person(agent: Agent, address: str) -> int | None:
    rows = people_visible_to(agent).filter(addresses__kind="mail", addresses__value=address.strip().lower())
    return rows.values_list("pk", flat=True).first()


def _may(request: HttpRequest, scope: str) -> bool:
    caller: Caller = request.auth  # type: ignore[attr-defined]  # set by ninja after BearerKey
    return bool(caller.scopes & {scope, "*"})


def _after(cursor: str | None) -> int | None:
    if not cursor:
        return None
    (place,) = from_cursor(cursor, parts=1)
    if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place <= LARGEST_ID:
        raise wrong_cursor()
    return place


def _conversation(hit: Hit) -> FoundConversation:
    words = "".join(segment.text for segment in hit.words)
    return FoundConversation(**in_short(hit.conversation).model_dump(), words=words)
