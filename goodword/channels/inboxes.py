"""Which inbox a mail is for. A mail for nobody we know goes to the default inbox: nothing is lost."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from goodword.channels.parsing import ParsedMail
from goodword.channels.tokens import without_tag
from goodword.desk.models import Inbox
from goodword.lib.errors import Refused

_held: ContextVar[list[Inbox] | None] = ContextVar("held_inboxes", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Ask for the inboxes once for the whole block: for a handful of mails that are taken in together."""
    token = _held.set(all_inboxes())
    try:
        yield
    finally:
        _held.reset(token)


def all_inboxes() -> list[Inbox]:
    """Every inbox, the oldest first."""
    held = _held.get()
    return list(Inbox.objects.order_by("id")) if held is None else held


def our_addresses() -> set[str]:
    """The inboxes' addresses, in lower case."""
    return {inbox.address.lower() for inbox in all_inboxes()}


def inbox_for(mail: ParsedMail, recipients: Iterable[str]) -> Inbox:
    """The inbox that the envelope names, else the mail's own To and Cc, else the oldest. Raises Refused without any."""
    inboxes = {inbox.address.lower(): inbox for inbox in all_inboxes()}
    named = [*recipients, *(box.address for box in [*mail.to, *mail.cc]), *mail.headers("delivered-to")]
    found = next((inboxes[box] for box in map(without_tag, named) if box in inboxes), None)
    return found or default_inbox()


def default_inbox() -> Inbox:
    """The oldest inbox. Raises Refused on a desk that has none yet."""
    inbox = next(iter(all_inboxes()), None)
    if inbox is None:
        raise Refused("This desk has no inbox yet. Add one, then run the mail again.")
    return inbox
