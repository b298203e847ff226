"""GET /events: the journal from a cursor on, in an order that never skips."""

from datetime import datetime
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from goodword.accounts.models import Agent
from goodword.api.keys import caller_with
from goodword.desk.queries.conversations import visible_to
from goodword.journal.models import Event
from goodword.journal.queries import events_after
from goodword.journal.wake import wait_for_event

router = Router(tags=["events"])
_CONVERSATION = "conversation:"
# Whoever waits holds a thread and a connection: beyond so many, everybody else is answered at once.
_MOST_WAITING = 16
_waiting = BoundedSemaphore(_MOST_WAITING)


class EventOut(Schema):
    """Something that happened. `payload` holds ids and codes, never a customer's words or addresses."""

    seq: int = Field(description="The journal's clock: gapless, one per event.")
    at: datetime
    kind: str = Field(examples=["message.received"])
    about: str = Field(examples=["conversation:42"])
    conversation: int | None = Field(description="The number of the conversation it is about, if it is about one.")
    actor: str = Field(examples=["agent:3", "person:5", "system"])
    payload: dict[str, Any]


class EventPage(Schema):
    """Events oldest first. Ask again with `after=next`; an empty page means that nothing has happened since."""

    events: list[EventOut]
    next: int = Field(description="The cursor to send as `after` next time, whether or not there were events.")


class Wanted(Schema):
    """Where to go on, and how far."""

    after: int = Field(default=0, ge=0, le=2**62, description="The `next` of the last page; 0 begins at the beginning.")
    limit: int = Field(default=100, ge=1, le=500)
    wait: int = Field(
        default=0, ge=0, le=25, description="Where nothing has happened yet, wait up to so many seconds for it."
    )


@router.get("/events", response=EventPage, summary="What happened after a cursor")
def list_events(request: HttpRequest, wanted: Query[Wanted]) -> EventPage:
    """Events about conversations that this key's agent may not see are left out; the cursor passes them."""
    agent = caller_with(request, "events:read")
    events = list(events_after(wanted.after, limit=wanted.limit))
    if not events and wanted.wait and _waiting.acquire(blocking=False):
        try:
            events = _awaited(wanted)
        finally:
            _waiting.release()
    position = events[-1].seq if events else None
    return EventPage(events=_visible(events, agent), next=position or wanted.after)


def _awaited(wanted: Wanted) -> list[Event]:
    """Woken by what this process writes; what others write is seen within a second."""
    until, seen = monotonic() + wanted.wait, 0
    while (left := until - monotonic()) > 0:
        seen = wait_for_event(seen, seconds=min(1.0, left))
        if events := list(events_after(wanted.after, limit=wanted.limit)):
            return events
    return []


def _visible(events: list[Event], agent: Agent) -> list[EventOut]:
    """Without the events of conversations hidden from `agent`: about one, or naming one in the payload."""
    named = {event.pk: _conversation_of(event) for event in events}
    wanted = {pk for pk in named.values() if pk is not None}
    numbers = dict(visible_to(agent).filter(pk__in=wanted).values_list("pk", "number"))
    shown = [event for event in events if named[event.pk] is None or named[event.pk] in numbers]
    return [_event(event, numbers.get(named[event.pk] or 0)) for event in shown]


def _event(event: Event, number: int | None) -> EventOut:
    return EventOut(
        seq=event.seq or 0,
        at=event.at,
        kind=event.kind,
        about=event.about,
        conversation=number,
        actor=event.actor,
        payload=event.payload,
    )


def _conversation_of(event: Event) -> int | None:
    if event.about.startswith(_CONVERSATION):
        return int(event.about.removeprefix(_CONVERSATION))
    named = event.payload.get("conversation")
    return named if isinstance(named, int) else None
