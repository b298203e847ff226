"""Many events in one insert, for whoever files thousands of things at once."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from goodword.journal.models import Event
from goodword.journal.wake import wake_readers
from goodword.lib import clock


@transaction.atomic
def record_all(kind: str, abouts: Sequence[str], *, by: str, payloads: Sequence[dict[str, Any]] = ()) -> None:
    """Write that `kind` happened to each of `abouts`, in the caller's transaction; readers are woken on commit.

    No reaction runs: this is for what happened elsewhere and is only noted here, so nothing may follow from it.
    """
    payloads = payloads or [{}] * len(abouts)
    events = [
        Event(at=clock.now(), kind=kind, about=about, actor=by, payload=payload)
        for about, payload in zip(abouts, payloads, strict=True)
    ]
    Event.objects.bulk_create(events)
    if events and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("NOTIFY goodword")
    transaction.on_commit(wake_readers)
