"""Which inbox a mail is for. A mail for nobody we know goes to the default inbox: nothing is lost."""

from collections.abc import Iterable

from goodword.channels.parsing import ParsedMail
from goodword.channels.tokens import without_tag
from goodword.desk.models import Inbox
from goodword.lib.errors import Refused


def our_addresses() -> set[str]:
    """The inboxes' addresses, in lower case."""
    return {address.lower() for address in Inbox.objects.values_list("address", flat=True)}


def inbox_for(mail: ParsedMail, recipients: Iterable[str]) -> Inbox:
    """The inbox that the envelope names, else the mail's own To and Cc, else the oldest. Raises Refused without any."""
    inboxes = {inbox.address.lower(): inbox for inbox in Inbox.objects.order_by("id")}
    named = [*recipients, *(box.address for box in [*mail.to, *mail.cc]), *mail.headers("delivered-to")]
    found = next((inboxes[box] for box in map(without_tag, named) if box in inboxes), None)
    return found or default_inbox()


def default_inbox() -> Inbox:
    """The oldest inbox. Raises Refused on a desk that has none yet."""
    inbox = Inbox.objects.order_by("id").first()
    if inbox is None:
        raise Refused("This desk has no inbox yet. Add one, then run the mail again.")
    return inbox
