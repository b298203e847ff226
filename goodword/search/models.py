"""What stands in the index, and how far the index has got.

The words themselves are in a table of each database's own kind, `search_words` (see `storing`): an FTS5 table on
SQLite, a tsvector with a GIN index on PostgreSQL. No foreign keys: an entry may be older or younger than its row.
"""

from django.db import models


class Entry(models.Model):
    """A conversation, customer or order that can be found. `place` is its key in `search_words` and grows with time,
    so that the newest come first without sorting."""

    CONVERSATION, PERSON, ORDER = "conversation", "person", "order"

    place = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in (CONVERSATION, PERSON, ORDER)])
    about = models.BigIntegerField(help_text="the id of its row")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "about"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class Progress(models.Model):
    """How far the index has got; there is one row.

    making anew (`making` names the kind, `made` the last id done) ──(the last order)──> following the journal (`seq`)

    `vendor` is the database that the words were made for: after a move to another one they are made anew.
    """

    seq = models.BigIntegerField(default=0, help_text="the last event of the journal that was followed")
    making = models.CharField(max_length=12, blank=True, default=Entry.CONVERSATION)
    made = models.BigIntegerField(default=0)
    vendor = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"index at event {self.seq}"
