"""The journal's one writer, and the registry that `goodword.reactions` fills at start."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from goodword.journal.models import Event
from goodword.journal.wake import wake_readers
from goodword.lib import clock

Reaction = Callable[[Event], None]
_reactions: dict[str, list[Reaction]] = defaultdict(list)
_left_out: set[Reaction] = set()


def record(kind: str, about: str, *, by: str, **payload: Any) -> Event:
    """Write that `kind` happened to `about` (like "conversation:42"), in the caller's transaction.

    `by` names the actor ("agent:3", "person:5", "system"). `payload` holds ids and codes, never a
    customer's words or addresses. Reactions run now, in the same transaction; readers are woken on commit.
    """
    with transaction.atomic():
        event = Event.objects.create(at=clock.now(), kind=kind, about=about, actor=by, payload=payload)
        for reaction in _reactions[kind]:
            if reaction not in _left_out:
                reaction(event)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("NOTIFY goodword")
        transaction.on_commit(wake_readers)
    return event


def react(kind: str, reaction: Reaction) -> None:
    """Have `reaction` follow every event of `kind`. Called by `goodword.reactions` only."""
    if reaction not in _reactions[kind]:
        _reactions[kind].append(reaction)


@contextmanager
def leaving_out(reaction: Reaction) -> Iterator[None]:
    """Let `reaction` follow nothing inside the block, in the whole process: for the demo, which makes weeks of events
    before anybody looks, and does at the end, once, what the reaction would have done after each."""
    _left_out.add(reaction)
    try:
        yield
    finally:
        _left_out.discard(reaction)
