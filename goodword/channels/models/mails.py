"""Mail as it came, mail as it goes, forms that were posted. These rows are the truth; tasks only wake us."""

from django.db import models

from goodword.channels.models.mailboxes import Mailbox
from goodword.desk.models import Conversation, Message


class RawMail(models.Model):
    """A mail as the server took it, stored before anything parses it.

    stored ──> filed                 it became (or already was) a message
       ├─────> ignored               a loop, an auto-reply to ourselves: kept, listed, not filed
       └─────> unreadable            kept, listed, and can be run again
    """

    STORED, FILED, IGNORED, UNREADABLE = "stored", "filed", "ignored", "unreadable"

    blob = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.JSONField(default=list)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=STORED)
    problem = models.TextField(blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="raw_mails")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.SET_NULL, related_name="raw_mails")
    is_unaddressed = models.BooleanField(default=False, help_text="no recipient was an address of ours: taken in doubt")
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="raw_mail_due")]


class OutgoingMail(models.Model):
    """One message to one recipient on its way. `sending` is committed before the first byte leaves, so that
    whatever was in the middle when a process died becomes `unknown` and is shown, never sent twice."""

    QUEUED, SENDING, SENT, FAILED, UNKNOWN = "queued", "sending", "sent", "failed", "unknown"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="outgoing")
    recipient = models.CharField(max_length=254)
    blob = models.CharField(max_length=64, blank=True, help_text="empty until the mail is made")
    words = models.TextField(blank=True, help_text="what a mail will say that is made when it is sent")
    state = models.CharField(max_length=10, default=QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="outgoing_mail_due"),
            models.Index(fields=["recipient"], name="outgoing_mail_recipient"),
        ]
        constraints = [models.UniqueConstraint(fields=["message", "recipient"], name="one_mail_per_recipient")]


class FormEntry(models.Model):
    """A posted contact form. `token` was in the page, so the same form posted twice is one entry."""

    token = models.CharField(max_length=64, unique=True)
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL)
    privacy_notice = models.CharField(max_length=64, help_text="hash of the notice she saw")
    posted_at = models.DateTimeField()


class DeliveredMail(models.Model):
    """Demo only: what the customers' mail server received from us, byte by byte, for the outbox page."""

    blob = models.CharField(max_length=64)
    recipient = models.CharField(max_length=254, db_index=True)
    received_at = models.DateTimeField()
