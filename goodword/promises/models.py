"""Promises: things of their own, not cancelled by a customer's "thanks"."""

from django.db import models

from goodword.desk.models import Conversation


class Promise(models.Model):
    """What the company has promised in a conversation, and by when.

        open ──(done in time, or late)──> kept | broken        open ──(the customer lets us off)──> released

    `why` holds each span of working time that was counted, so that the deadline can explain itself.
    """

    OPEN, KEPT, BROKEN, RELEASED = "open", "kept", "broken", "released"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="promises")
    kind = models.CharField(max_length=20, help_text="reply, callback, delivery, refund")
    state = models.CharField(max_length=10, default=OPEN)
    made_at = models.DateTimeField()
    by_at = models.DateTimeField(db_index=True)
    aim_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    clause = models.CharField(max_length=120, blank=True)
    book_hash = models.CharField(max_length=64, blank=True)
    why = models.JSONField(default=dict)
