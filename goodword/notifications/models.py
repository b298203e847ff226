"""Notices: what an agent should know, in one quiet list."""

from django.db import models

from goodword.accounts.models import Agent
from goodword.desk.models import Conversation


class Notice(models.Model):
    """Something happened that concerns this agent. `kind` is the journal's word for it."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.CASCADE)
    details = models.JSONField(default=dict, help_text="codes and ids only")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agent", "read_at", "-at"], name="notice_inbox")]
