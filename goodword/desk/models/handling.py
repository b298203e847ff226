"""What happens to a conversation as a whole: handed to a department, complained of, merged, split, corrected."""

from django.db import models

from goodword.accounts.models import Agent, Team
from goodword.desk.models.conversations import Conversation
from goodword.desk.models.decisions import Decision
from goodword.desk.models.matters import Matter


class Transfer(models.Model):
    """A conversation handed to another department, with a note; the customer's clock runs on meanwhile.

    offered ──(somebody there takes it)──> accepted
       ├──(not theirs, with a reason)──> sent back
       └──(taken back by whoever offered it)──> withdrawn
    """

    OFFERED, ACCEPTED, SENT_BACK, WITHDRAWN = "offered", "accepted", "sent-back", "withdrawn"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="transfers")
    department = models.CharField(max_length=60, help_text="a department of the book")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="transfers")
    note = models.TextField()
    state = models.CharField(max_length=10, default=OFFERED)
    offered_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="transfers_offered")
    offered_at = models.DateTimeField()
    from_team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    from_assignee = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    from_department = models.CharField(max_length=60, blank=True)
    answered_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="transfers_answered")
    answered_at = models.DateTimeField(null=True)
    word = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(state="offered"), name="one_transfer_on_offer"
            )
        ]


class Complaint(models.Model):
    """This conversation is a complaint, and why; it is one for as long as it has not been unmarked."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="complaints")
    matter = models.ForeignKey(Matter, null=True, on_delete=models.SET_NULL, related_name="complaints")
    reason = models.TextField(blank=True)
    marked_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="complaints_marked")
    marked_at = models.DateTimeField()
    unmarked_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="complaints_unmarked")
    unmarked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(unmarked_at=None), name="one_complaint_at_a_time"
            )
        ]


class Regrouping(models.Model):
    """Messages, matters and contacts that went from one conversation to another: all of them in a merge, the chosen
    ones in a split. The lists hold ids, so that it can be undone; `before` is how the emptied conversation stood."""

    MERGE, SPLIT = "merge", "split"

    kind = models.CharField(max_length=5)
    source = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="regroupings_out")
    target = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="regroupings_in")
    messages = models.JSONField(default=list)
    matters = models.JSONField(default=list)
    contacts = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="regroupings")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="regroupings_undone")
    undone_at = models.DateTimeField(null=True)


class Correction(models.Model):
    """Something about a conversation was put right, and how it was before, so that one click takes it back.

    `before` and `after` hold codes and ids. `kind`: language, person, matter, added, withdrawn, moved.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="corrections")
    matter = models.ForeignKey(Matter, null=True, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=10)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="corrections")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="corrections_undone")
    undone_at = models.DateTimeField(null=True)


class DecisionCorrection(models.Model):
    """A final decision is found to be wrong; until another takes its place (or it is left as it was) it still holds.

    begun ──(a new decision is final)──> made          begun ──(it was right after all)──> left

    `keeps` are the ids of open actions that go on all the same. `word` is what the book said of standing by our word.
    """

    BEGUN, MADE, LEFT = "begun", "made", "left"

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="corrections")
    new = models.ForeignKey(Decision, null=True, on_delete=models.SET_NULL, related_name="correction_made")
    state = models.CharField(max_length=5, default=BEGUN)
    reason = models.TextField()
    keeps = models.JSONField(default=list)
    word = models.JSONField(default=dict)
    matter_before = models.CharField(max_length=10, help_text="the matter's state before, should it be left")
    begun_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="decision_corrections")
    begun_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=models.Q(state="begun"), name="one_correction_at_a_time"
            )
        ]
