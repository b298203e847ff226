"""The numbers of conversations: each once, in the order in which they are opened, and nobody waits for another's."""

from typing import Any

from django.db import connection
from django.db.models import Max

from goodword.desk.models import Conversation

FIRST_NUMBER = 1001
_NUMBERING_LOCK = 4672


def next_number() -> int:
    """One more than the highest number: it and all above it are the caller's. Whoever opens a conversation meanwhile
    waits until the caller's transaction commits."""
    if connection.vendor == "postgresql":
        _ask("SELECT pg_advisory_xact_lock(%s)", _NUMBERING_LOCK)
    return _above_the_highest()


def free_number() -> int:
    """The lowest number above those in use that no other transaction is about to use; so none waits for another.

    Where such a transaction fails after a later number was committed, its number stays a gap. SQLite has one writer at
    a time, so neither question arises.
    """
    if connection.vendor != "postgresql":
        return _above_the_highest()
    _ask("SELECT pg_advisory_xact_lock_shared(%s)", _NUMBERING_LOCK)
    number = _above_the_highest()
    # Held until the end of the transaction. It may be free because it was committed a moment ago: then the next.
    while not _ask("SELECT pg_try_advisory_xact_lock(%s, %s)", _NUMBERING_LOCK, number % 2**31) or (
        Conversation.objects.filter(number=number).exists()
    ):
        number += 1
    return number


def _above_the_highest() -> int:
    highest: int | None = Conversation.objects.aggregate(highest=Max("number"))["highest"]
    return max((highest or 0) + 1, FIRST_NUMBER)


def _ask(question: str, *of: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, of)
        return cursor.fetchone()[0]
