"""Promises when conversations are merged, parted or split, and what is owed on a complaint."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from goodword.accounts.models import Agent
from goodword.desk.models import Conversation
from goodword.desk.planning import add_working_days
from goodword.desk.queries.facts import first_unanswered
from goodword.desk.queries.standing import is_answered
from goodword.journal.actions import record
from goodword.journal.models import Event
from goodword.policies.queries import current_book
from goodword.promises.actions import keep, promise_a_reply, release
from goodword.promises.models import Promise
from goodword.promises.queries import open_promise, unsettled_promises

COMPLAINT = "complaint"
_PARAMETER = "complaint_answered_within"
_MOVED = "promise.moved"


@transaction.atomic
def bring_promises(source: Conversation, target: Conversation, *, by: str) -> int:
    """Everything that was promised in `source` is promised in `target`; the journal says which, so that it can be
    taken back. How many."""
    pks = list(Promise.objects.filter(conversation=source).values_list("pk", flat=True))
    Promise.objects.filter(pk__in=pks).update(conversation=target)
    if pks:
        record(_MOVED, target.about, by=by, promises=pks, out_of=source.pk)
    return len(pks)


@transaction.atomic
def take_promises_back(source: Conversation, target: Conversation) -> None:
    """What had come from `source` is its own again, as it stands now."""
    moves = Event.objects.filter(about=target.about, kind=_MOVED).values_list("payload", flat=True)
    for payload in moves:
        if payload["out_of"] == source.pk:
            Promise.objects.filter(pk__in=payload["promises"]).update(conversation=source)


@transaction.atomic
def owe_what_is_unanswered(conversation: Conversation) -> None:
    """After messages have come or gone: an answer is owed if a customer's letter waits for one, and else none is."""
    waiting = first_unanswered(conversation)
    owed = open_promise(conversation)
    if waiting and waiting.at and owed is None:
        promise_a_reply(conversation, at=waiting.at, channel=waiting.channel)
    elif waiting is None and owed and is_answered(conversation):
        release(owed, by=None)


@transaction.atomic
def promise_an_answer_to_the_complaint(conversation: Conversation, *, at: datetime) -> Promise | None:
    """Promise an answer to the complaint by the end of the working day that the book gives; None if it gives none."""
    book = current_book()
    owed = open_promise(conversation, COMPLAINT)
    if owed or _PARAMETER not in book.parameters:
        return owed
    zone = ZoneInfo(book.time_zone)
    today = at.astimezone(zone).date()
    last = add_working_days(book, today, int(book.parameter(_PARAMETER, today)))
    by_at = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    promise = Promise.objects.create(
        conversation=conversation, kind=COMPLAINT, made_at=at, by_at=by_at, clause="complaints#answer",
        book_hash=book.hash,
    )  # fmt: skip
    record("promise.made", conversation.about, by="system", promise=promise.pk, what=COMPLAINT)
    return promise


@transaction.atomic
def keep_the_complaint(conversation: Conversation, *, at: datetime, by: str) -> None:
    """The complaint has been answered: what was promised on it is kept, or was late."""
    for promise in unsettled_promises(conversation).filter(kind=COMPLAINT):
        keep(promise, at=at, by=by)


@transaction.atomic
def release_the_complaint(conversation: Conversation, *, by: Agent | None = None) -> None:
    """It is no complaint after all: nothing is owed on it."""
    for promise in unsettled_promises(conversation).filter(kind=COMPLAINT):
        release(promise, by=by)
