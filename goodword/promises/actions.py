"""Promising a reply, keeping it, breaking it, and being let off."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from goodword import engine
from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.desk.models import Conversation
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid, NotFound
from goodword.policies.queries import advise, current_book
from goodword.promises.deadlines import Deadline, minutes_of, to_be_told, work_out
from goodword.promises.models import Promise
from goodword.promises.queries import REPLY, open_promise, promises_due, unsettled_promises

CONTACT_POLICY = "contact"
CHANNEL_IN_THE_BOOK = {"mail": "email"}


@transaction.atomic
def promise_a_reply(
    conversation: Conversation, *, at: datetime, channel: str, owes_nothing: bool = False
) -> Promise | None:
    """Promise an answer to what came `at` this moment on `channel`, by the time the book's `contact` policy gives.

    What is owed already stays owed: a second letter does not put the first one's answer off. `owes_nothing`: the
    caller knows that nothing is. None if the book promises nothing for the channel.
    """
    owed = None if owes_nothing else open_promise(conversation)
    if owed:
        return owed
    book, said = current_book(), _what_the_book_says(channel, at)
    if said is None or "reply_within" not in said.outputs:
        return None
    channel = CHANNEL_IN_THE_BOOK.get(channel, channel)
    aim = _aim(book, said, at, channel)
    counted = work_out(book, at, minutes_of(book, "reply_within", said.outputs), channel)
    promised = to_be_told(book, counted, at, aim_at=aim.by_at if aim else None)
    promise = Promise.objects.create(
        conversation=conversation,
        kind=REPLY,
        made_at=at,
        by_at=promised.by_at,
        aim_at=aim.by_at if aim else None,
        clause=said.clauses[0] if said.clauses else "",
        book_hash=book.hash,
        why={"channel": channel, "zone": book.time_zone, "promise": promised.to_json()}
        | ({"aim": aim.to_json()} if aim else {}),
    )
    _record("promise.made", promise, "system")
    return promise


@transaction.atomic
def keep_reply_promise(conversation: Conversation, *, at: datetime, by: str = "system") -> Promise | None:
    """An answer left `at` this moment: settle the reply promise, as kept or as late; None if none was owed.

    Where two conversations were merged there may be two: one answer settles both. The first is given back.
    """
    owed = list(unsettled_promises(conversation).filter(kind=REPLY))
    settled = [keep(promise, at=at, by=by) for promise in owed]
    return settled[0] if settled else None


@transaction.atomic
def keep(promise: Promise, *, at: datetime | None = None, by: str = "system") -> Promise:
    """What was promised has been done. In time, it is kept; late, it is (or stays) broken, and no longer owed."""
    promise.settled_at = at or clock.now()
    late = promise.state == Promise.BROKEN or promise.settled_at > promise.by_at
    was_open, promise.state = promise.state == Promise.OPEN, Promise.BROKEN if late else Promise.KEPT
    promise.save(update_fields=["state", "settled_at"])
    if late and was_open:
        _record("promise.broken", promise, by)
    _record("promise.settled_late" if late else "promise.kept", promise, by)
    return promise


@transaction.atomic
def break_promise(promise: Promise) -> Promise:
    """Its time is up and it has not been done: it is broken, and still owed until it is."""
    promise.state = Promise.BROKEN
    promise.save(update_fields=["state"])
    _record("promise.broken", promise, "system")
    return promise


@transaction.atomic
def release(promise: Promise, *, by: Agent | None) -> Promise:
    """The customer lets us off, or nothing is owed any more; a broken promise stays broken."""
    return _release(promise, actor_of(by))


@transaction.atomic
def release_all(conversation: Conversation, *, by: str) -> int:
    """Nothing is owed in this conversation any more; `by` is the journal's name of whoever ended it."""
    owed = list(unsettled_promises(conversation))
    for promise in owed:
        _release(promise, by)
    return len(owed)


def tick(now: datetime) -> int:
    """Break every open promise whose time is up; says how many there were."""
    due = list(promises_due(now).values_list("pk", flat=True))
    return sum(_break_if_still_due(pk, now) for pk in due)


@transaction.atomic
def _break_if_still_due(pk: int, now: datetime) -> bool:
    # Looked at again under the lock: an answer may have left in between.
    promise = promises_due(now).select_for_update(of=("self",)).filter(pk=pk).first()
    if promise:
        break_promise(promise)
    return promise is not None


def _release(promise: Promise, actor: str) -> Promise:
    promise.state = Promise.RELEASED if promise.state == Promise.OPEN else promise.state
    promise.settled_at = clock.now()
    promise.save(update_fields=["state", "settled_at"])
    _record("promise.released", promise, actor)
    return promise


def _what_the_book_says(channel: str, at: datetime) -> engine.Decision | None:
    book = current_book()
    if CONTACT_POLICY not in book.policies:
        return None
    day = at.astimezone(ZoneInfo(book.time_zone)).date()
    try:
        said = advise(CONTACT_POLICY, {"channel": CHANNEL_IN_THE_BOOK.get(channel, channel)}, day)
    except (Invalid, NotFound):
        return None
    return said if said.status == "decided" else None


def _aim(book: engine.Book, said: engine.Decision, at: datetime, channel: str) -> Deadline | None:
    if said.outputs.get("aim_within") is None:
        return None
    return work_out(book, at, minutes_of(book, "aim_within", said.outputs), channel)


def _record(kind: str, promise: Promise, actor: str) -> None:
    # Another promise may be "about" an order one day; today each is about its conversation.
    record(kind, promise.conversation.about, by=actor, promise=promise.pk, what=promise.kind)
