"""Conversations, the contacts they consist of, and what was said."""

from django.db import models

from goodword.accounts.models import Agent, Team
from goodword.people.models import Person


class Inbox(models.Model):
    """An address customers write to; a brand has one or more. `sends` is off while it rehearses."""

    address = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=10)
    sends = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.address


class Conversation(models.Model):
    """One case from first word to last, whatever the channels.

        open ──(answered, waiting for the customer)──> waiting ──(she writes)──> open
          └──────────(all matters done)──> closed <──┘         closed ──(she writes)──> open

    `due_at` and `waiting_on` are what lists sort by; reactions set them from promises and approvals.
    `merged_into`: where everything in it has gone. `follows`: the closed conversation that a late mail answered.
    """

    OPEN, WAITING, CLOSED = "open", "waiting", "closed"
    UNVERIFIED, KNOWN, VERIFIED = "unverified", "known", "verified"

    number = models.PositiveBigIntegerField(unique=True)
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="conversations")
    subject = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=OPEN, choices=[(s, s) for s in (OPEN, WAITING, CLOSED)])
    waiting_on = models.CharField(max_length=20, default="us", help_text="us, customer, approval, department, nobody")
    identity = models.CharField(
        max_length=12,
        default=UNVERIFIED,
        choices=[(s, s) for s in (UNVERIFIED, KNOWN, VERIFIED)],
        help_text="known: wrote from an address on record; verified: the book's identity step is met",
    )
    assignee = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="conversations")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="conversations")
    department = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    retention = models.CharField(max_length=40, default="conversation")
    legal_hold = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged_from")
    follows = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="followed_by")
    page_word = models.CharField(max_length=32, blank=True, help_text="in the links to her page; changed, none works")

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="conversation_queue"),
            models.Index(fields=["assignee", "state", "due_at"], name="conversation_mine"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.number}"

    @property
    def about(self) -> str:
        """How the journal names it."""
        return f"conversation:{self.pk}"


class Contact(models.Model):
    """One touch on one channel: a mail in or out, a form, a chat, a call with its start and end."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=20, help_text="mail, form, chat, phone")
    direction = models.CharField(max_length=3, choices=[("in", "in"), ("out", "out")])
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="contacts")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    reason = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=60, blank=True)


class Message(models.Model):
    """What was said: by the customer (in), to her (out), or among ourselves (note).

    queued ──> sending ──> sent            only for `out`
       │          ├──────> failed          the server refused, or we gave up
       └──────────┴──────> unknown         we died in the middle: it may or may not have gone
    """

    IN, OUT, NOTE = "in", "out", "note"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="messages")
    direction = models.CharField(max_length=4, choices=[(d, d) for d in (IN, OUT, NOTE)])
    channel = models.CharField(max_length=20, default="mail")
    automatic = models.BooleanField(default=False)
    may_be_acknowledged = models.BooleanField(default=True, help_text="no for lists, bulk mail and machines (RFC 3834)")
    author = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="messages")
    from_address = models.CharField(max_length=254, blank=True)
    from_name = models.CharField(max_length=200, blank=True)
    reply_to = models.CharField(max_length=254, blank=True, help_text="where she asks answers to go, if elsewhere")
    to_addresses = models.JSONField(default=list)
    cc_addresses = models.JSONField(default=list)
    subject = models.CharField(max_length=1000, blank=True)
    text = models.TextField(blank=True)
    quoted_text = models.TextField(blank=True, help_text="folded in the page, never cut")
    html = models.TextField(blank=True, help_text="cleaned; shown on request")
    language = models.CharField(max_length=10, blank=True)
    mail_id = models.CharField(max_length=500, blank=True, db_index=True, help_text="Message-ID without brackets")
    in_reply_to = models.CharField(max_length=500, blank=True)
    references = models.JSONField(default=list)
    raw = models.CharField(max_length=64, blank=True, help_text="blob with the mail as it came or went")
    at = models.DateTimeField()
    at_is_known = models.BooleanField(
        default=True, help_text="no for history whose source has no time: `at` then only keeps the order"
    )
    delivery = models.CharField(max_length=10, blank=True)
    delivery_note = models.CharField(max_length=500, blank=True)

    # Not a column: whether the transaction at hand has opened the conversation with it, so that nothing else is in it.
    is_first = False

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["conversation", "at", "id"], name="message_thread")]
        constraints = [
            # The same mail delivered twice at the same moment is still one message, whoever files it first.
            models.UniqueConstraint(fields=["mail_id"], condition=~models.Q(mail_id=""), name="one_message_per_mail_id")
        ]


class Attachment(models.Model):
    """A file that came or went with a message; its bytes are a blob. Size is in bytes."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    blob = models.CharField(max_length=64)
    content_id = models.CharField(max_length=255, blank=True)
    inline = models.BooleanField(default=False)


class Draft(models.Model):
    """What an agent has written and not sent: kept on the server, one per agent and conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField(blank=True)
    offered = models.TextField(blank=True, help_text="the words the policy offered, before she edited them")
    seen_message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "agent"], name="one_draft_each")]
