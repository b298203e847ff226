"""The journal's one writer, and the registry that `goodword.reactions` fills at start."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from goodword.journal.models import Event
from goodword.journal.wake import wake_readers
from goodword.lib import clock

Reaction = Callable[[Event], None]
_reactions: dict[str, list[Reaction]] = defaultdict(list)
_left_out: set[Reaction] = set()
_INSERT = "INSERT INTO journal_event (at, kind, about, actor, payload) VALUES (%s, %s, %s, %s, %s) RETURNING id"


def record(kind: str, about: str, *, by: str, at_hand: tuple[models.Model, ...] = (), **payload: Any) -> Event:
    """Write that `kind` happened to `about` (like "conversation:42"), in the caller's transaction.

    `by` names the actor ("agent:3", "person:5", "system"). `payload` holds ids and codes, never a
    customer's words or addresses. Reactions run now, in the same transaction; readers are woken on commit.
    `at_hand`: the rows it is about, if the caller holds them as they are in the database; reactions read them, and
    change them, instead of copies of their own.
    """
    with transaction.atomic():
        event = _written(Event(at=clock.now(), kind=kind, about=about, actor=by, payload=payload))
        event.at_hand = at_hand
        for reaction in _reactions[kind]:
            if reaction not in _left_out:
                reaction(event)
        _wake_on_commit()
    return event


def react(kind: str, reaction: Reaction) -> None:
    """Have `reaction` follow every event of `kind`. Called by `goodword.reactions` only."""
    if reaction not in _reactions[kind]:
        _reactions[kind].append(reaction)


def _written(event: Event) -> Event:
    """Insert an event by hand: a mail writes seven of them, and the ORM takes four times as long to say the same."""
    at = connection.ops.adapt_datetimefield_value(event.at)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [at, event.kind, event.about, event.actor, json.dumps(event.payload)])
        event.pk = cursor.fetchone()[0]
    event._state.adding, event._state.db = False, connection.alias
    return event


def _wake_on_commit() -> None:
    """Once for each transaction, however much happens in it."""
    if any(entry[1] is wake_readers for entry in connection.run_on_commit):
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("NOTIFY goodword")
    transaction.on_commit(wake_readers)


@contextmanager
def leaving_out(reaction: Reaction) -> Iterator[None]:
    """Let `reaction` follow nothing inside the block, in the whole process: for the demo, which makes weeks of events
    before anybody looks, and does at the end, once, what the reaction would have done after each."""
    _left_out.add(reaction)
    try:
        yield
    finally:
        _left_out.discard(reaction)
