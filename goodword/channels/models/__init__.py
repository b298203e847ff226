"""The channels' tables, by noun: mails on their way in and out; the mailboxes they come from and leave by."""

from goodword.channels.models.mailboxes import FetchedMail, Mailbox, MailFolder, MailServer, OAuthGrant
from goodword.channels.models.mails import DeliveredMail, FormEntry, OutgoingMail, RawMail

__all__ = [
    "DeliveredMail",
    "FetchedMail",
    "FormEntry",
    "MailFolder",
    "MailServer",
    "Mailbox",
    "OAuthGrant",
    "OutgoingMail",
    "RawMail",
]
