"""Decisions with everything needed to replay them, approvals, and the actions that carry them out."""

from django.db import models

from goodword.accounts.models import Agent
from goodword.desk.models.conversations import Message
from goodword.desk.models.matters import Matter
from goodword.people.models import Person


class Decision(models.Model):
    """What was decided on a matter, and by which word of the book. Never changed once answered.

    proposed ──(needs nobody else)──> final
        └──(asked)──> awaiting ──(approved)──> final
                          └──────(declined, withdrawn)──> declined
    final ──(a new decision corrects it)──> corrected
    """

    PROPOSED, AWAITING, FINAL, DECLINED, CORRECTED = "proposed", "awaiting", "final", "declined", "corrected"
    FOLLOWED, DEPARTURE = "followed", "departure"

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="decisions")
    state = models.CharField(max_length=10, default=PROPOSED)
    made_at = models.DateTimeField()
    by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="decisions")
    policy = models.CharField(max_length=60)
    outcome = models.CharField(max_length=20)
    outputs = models.JSONField(default=dict)
    authority = models.CharField(max_length=60, blank=True, help_text="the least role that may grant it")
    kind = models.CharField(max_length=10, default=FOLLOWED, help_text="followed, or a departure from the policy")
    reason = models.TextField(blank=True, help_text="why she departed from the policy")
    book_hash = models.CharField(max_length=64)
    trace = models.JSONField(help_text="engine.Decision as JSON: facts used, rows fired, days and hashes per table")
    explanation = models.JSONField(default=dict)
    advice = models.JSONField(default=dict, help_text="the advice as it was shown")
    draft_offered = models.TextField(blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="decisions")
    text_sent = models.TextField(blank=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["id"]


class FrozenRecord(models.Model):
    """The record fields the decision looked at, apart from it, so that erasing the person leaves it replayable."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="record")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)
    fields = models.JSONField(default=dict)


class Approval(models.Model):
    """A decision waits for somebody with the authority. waiting -> approved | declined | withdrawn."""

    WAITING, APPROVED, DECLINED, WITHDRAWN = "waiting", "approved", "declined", "withdrawn"

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="approvals")
    role = models.CharField(max_length=60)
    reason = models.TextField()
    state = models.CharField(max_length=10, default=WAITING)
    asked_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="approvals_asked")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="approvals_answered")
    answered_at = models.DateTimeField(null=True)
    word = models.TextField(blank=True)


class Action(models.Model):
    """Something to be done because of a decision: refund, label, goods received, replacement, cancellation.

    open -> done | cancelled. `kind` is a code of the book's actions; no conversation closes over an open one.
    """

    OPEN, DONE, CANCELLED = "open", "done", "cancelled"

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="actions")
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="actions")
    kind = models.CharField(max_length=60)
    department = models.CharField(max_length=60, blank=True)
    owner = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="actions")
    state = models.CharField(max_length=10, default=OPEN)
    due_on = models.DateField(null=True)
    amount_cents = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="actions_done")
    told = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="actions_told")

    class Meta:
        ordering = ["id"]
