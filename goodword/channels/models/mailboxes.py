"""Mailboxes: how an inbox gets its mail and by which server its answers leave. Passwords and tokens are sealed."""

from django.db import models

from goodword.accounts.models import Team
from goodword.desk.models import Inbox


class Mailbox(models.Model):
    """The plumbing of one inbox. An inbox without a row takes mail over SMTP and sends through GOODWORD_SMTP_OUT.

    rehearsing (`inbox.sends` off, `sends_since` empty) <──> sending (`inbox.sends` on, since `sends_since`);
    either may be paused (`paused_at`): then nothing is fetched, and what is queued waits.
    """

    SMTP, IMAP = "smtp", "imap"
    PASSWORD, GOOGLE, MICROSOFT = "password", "google", "microsoft"

    inbox = models.OneToOneField(Inbox, on_delete=models.PROTECT, related_name="mailbox")
    aliases = models.JSONField(default=list, help_text="further addresses of this inbox; '@example.com' is all of them")
    languages = models.JSONField(default=list, help_text="what customers write here; empty: all of the book's")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="mailboxes")
    signature = models.CharField(max_length=200, blank=True, help_text="stands above the book's own footer")
    uses_plus_addresses = models.BooleanField(default=True, help_text="answers are asked to inbox+c42-…@")
    receives = models.CharField(max_length=4, default=SMTP)
    sign_in = models.CharField(max_length=10, default=PASSWORD)
    reads_from = models.DateField(null=True, help_text="older mail is left on the server")
    started_at = models.DateTimeField()
    sends_since = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(help_text="whoever fetches connects anew when this is later")
    looked_at = models.DateTimeField(null=True, help_text="when all folders were last read to the end")
    problem = models.CharField(max_length=40, blank=True, help_text="a code of mailboxes.problems")
    problem_detail = models.CharField(max_length=300, blank=True, help_text="the server's own words")
    problem_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.inbox.address


class MailServer(models.Model):
    """A server of one mailbox: `in` by IMAP, `out` by SMTP."""

    IN, OUT = "in", "out"
    TLS, STARTTLS, PLAIN = "tls", "starttls", "plain"

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="servers")
    way = models.CharField(max_length=3)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    security = models.CharField(max_length=8, default=TLS)
    verifies_certificate = models.BooleanField(default=True)
    user = models.CharField(max_length=254, blank=True)
    password = models.TextField(blank=True, help_text="sealed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "way"], name="one_mail_server_each_way")]


class OAuthGrant(models.Model):
    """Leave to read and send somebody's mail without her password (RFC 6749); secret and tokens are sealed."""

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="grant")
    client_id = models.CharField(max_length=300)
    client_secret = models.TextField(blank=True)
    authorize_url = models.URLField(max_length=500)
    token_url = models.URLField(max_length=500)
    scope = models.CharField(max_length=500)
    refresh_token = models.TextField(blank=True)
    access_token = models.TextField(blank=True)
    access_until = models.DateTimeField(null=True)
    granted_at = models.DateTimeField(null=True)


class MailFolder(models.Model):
    """How far a folder has been read: by UID under one UIDVALIDITY (RFC 3501), never by the unread flag."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=255)
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "name"], name="one_row_per_mail_folder")]


class FetchedMail(models.Model):
    """One mail as a server holds it. Outlives the erasing of its bytes, so that no second look brings them back."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="fetched")
    folder = models.CharField(max_length=255)
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of its bytes; empty: it was not given out")
    size = models.PositiveBigIntegerField(help_text="in bytes, as the server says")
    is_cut = models.BooleanField(default=False, help_text="larger than GOODWORD_MAIL_LIMIT: only its beginning is kept")
    is_new = models.BooleanField(default=True, help_text="off: the same bytes had been fetched before")
    fetched_at = models.DateTimeField()
    raw = models.ForeignKey("channels.RawMail", null=True, on_delete=models.SET_NULL, related_name="fetched")

    class Meta:
        indexes = [models.Index(fields=["mailbox", "digest"], name="fetched_mail_digest")]
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "folder", "uid_validity", "uid"], name="each_mail_fetched_once")
        ]
