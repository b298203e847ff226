"""What a conversation is about: its matters, and the facts known of each."""

from django.db import models

from goodword.accounts.models import Agent
from goodword.desk.models.conversations import Conversation
from goodword.orders.models import Purchase, PurchaseLine


class Matter(models.Model):
    """One thing the customer wants: a situation (a policy of the book), an order line, and its decision.

    open ──(decided)──> decided ──(all its actions done)──> done
      └──(a mistake, or the customer takes it back)──> withdrawn
    """

    OPEN, DECIDED, DONE, WITHDRAWN = "open", "decided", "done", "withdrawn"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="matters")
    policy = models.CharField(max_length=60, blank=True, help_text="a policy of the book; blank: none applies")
    guessed = models.BooleanField(default=True, help_text="nobody has confirmed the situation yet")
    purchase = models.ForeignKey(Purchase, null=True, on_delete=models.SET_NULL, related_name="matters")
    line = models.ForeignKey(PurchaseLine, null=True, on_delete=models.SET_NULL, related_name="matters")
    state = models.CharField(max_length=10, default=OPEN, choices=[(s, s) for s in (OPEN, DECIDED, DONE, WITHDRAWN)])
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class FactValue(models.Model):
    """A fact of a matter that no record gives: stated by the customer, or found out by an agent.

    Facts from records are read when asked and frozen with the decision; they are never copied here.
    """

    STATED, VERIFIED = "stated", "verified"

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="facts")
    fact = models.CharField(max_length=60)
    value = models.JSONField()
    provenance = models.CharField(max_length=10, choices=[(STATED, STATED), (VERIFIED, VERIFIED)])
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "fact"], name="fact_once_per_matter")]


class Gap(models.Model):
    """The book had no answer: reported to the policy's owner, settled when the book says something."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="gaps")
    policy = models.CharField(max_length=60, blank=True)
    owner = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    reported_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    reported_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
