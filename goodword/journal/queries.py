"""Reading the journal in an order that never skips."""

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from goodword.journal.models import Event

_NUMBERING_LOCK = 4671


def number_events() -> int:
    """Give every committed, unnumbered event the next `seq`, gapless, and return the highest.

    One numberer at a time: SQLite's write lock, or an advisory lock on PostgreSQL. An event whose
    transaction is still open is invisible here and gets a later number, so a reader that follows `seq`
    cannot pass it by, as one that follows `id` does.
    """
    if Event.objects.filter(seq=None).exists():
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING_LOCK])
            _number_the_rest()
    return _highest()


def events_after(seq: int, *, limit: int = 500) -> QuerySet[Event]:
    """Up to `limit` events whose `seq` is greater, oldest first. The next cursor is the last one's `seq`."""
    number_events()
    return Event.objects.filter(seq__gt=seq).order_by("seq")[:limit]


def timeline(*about: str) -> QuerySet[Event]:
    """Everything that happened to one thing, or to several that have become one, oldest first."""
    return Event.objects.filter(about__in=about).order_by("id")


def _number_the_rest() -> None:
    highest = _highest()
    unnumbered = list(Event.objects.filter(seq=None).order_by("id").only("id"))
    for offset, event in enumerate(unnumbered, start=1):
        event.seq = highest + offset
    Event.objects.bulk_update(unnumbered, ["seq"], batch_size=500)


def _highest() -> int:
    return int(Event.objects.aggregate(highest=Max("seq"))["highest"] or 0)
