"""The journal's one table."""

from django.db import models


class Event(models.Model):
    """Something that happened. Never changed, never deleted.

    `seq` is the clock that readers follow; it is given after commit by `queries.number_events`, because a
    reader that trusts ids skips events of overlapping transactions (DESIGN.md, section 1).
    """

    seq = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=60, db_index=True)
    about = models.CharField(max_length=60, db_index=True)
    actor = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    # Not a column: what the writer of the event holds in its hands, for the reactions of the same transaction.
    at_hand: tuple[models.Model, ...] = ()

    class Meta:
        indexes = [models.Index(fields=["about", "id"], name="event_about_id")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
