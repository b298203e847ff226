"""A mailbox as its page shows it: what it does now, its counts, what is wrong and what to do."""

from dataclasses import dataclass

from goodword.channels.mailboxes.queries import MailCounts, counts_of, mailbox_of, minutes_behind, problem_of
from goodword.channels.models import Mailbox
from goodword.desk.models import Inbox


@dataclass(frozen=True)
class ShownMailbox:
    """One inbox with its mailbox; `mailbox` is None where it has none of its own yet."""

    inbox: Inbox
    mailbox: Mailbox | None
    counts: MailCounts | None
    what: str = ""
    do: str = ""
    minutes_behind: int | None = None

    @property
    def is_fetched(self) -> bool:
        """Whether we go and get its mail."""
        return self.mailbox is not None and self.mailbox.receives == Mailbox.IMAP

    @property
    def needs_sign_in(self) -> bool:
        """Whether somebody has to sign in at the provider."""
        grant = getattr(self.mailbox, "grant", None)
        return grant is not None and self.mailbox is not None and self.mailbox.sign_in != Mailbox.PASSWORD


def shown_mailbox(inbox: Inbox) -> ShownMailbox:
    """The inbox as the page shows it."""
    mailbox = mailbox_of(inbox)
    if mailbox is None:
        return ShownMailbox(inbox, None, None)
    what, do = problem_of(mailbox) or ("", "")
    return ShownMailbox(inbox, mailbox, counts_of(mailbox), what, do, minutes_behind(mailbox))
