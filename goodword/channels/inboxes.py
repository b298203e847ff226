"""Which inbox a mail is for, and which recipients we take. What is taken in doubt goes to the oldest inbox, listed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext as _

from goodword.channels.mailboxes.queries import at_hand
from goodword.channels.models import Mailbox
from goodword.channels.parsing import ParsedMail
from goodword.channels.tokens import without_tag
from goodword.desk.models import Inbox
from goodword.lib.errors import Refused

# RFC 5321, 4.5.1 and RFC 2142: whoever takes mail takes these.
_ALWAYS_TAKEN = {"postmaster", "abuse"}
# Everybody may have an address there, so to share the domain with an inbox makes nobody a colleague.
_PUBLIC_PROVIDERS = frozenset(
    {
        "aol.com", "bigpond.com", "fastmail.com", "free.fr", "gmail.com", "gmx.com", "gmx.de", "gmx.net",
        "googlemail.com", "hotmail.com", "hotmail.dk", "icloud.com", "jubii.dk", "laposte.net", "libero.it", "live.com",
        "live.dk", "mac.com", "mail.com", "mail.dk", "mail.ru", "me.com", "msn.com", "mynet.com", "orange.fr",
        "outlook.com", "outlook.dk", "pm.me", "proton.me", "protonmail.com", "rocketmail.com", "stofanet.dk",
        "t-online.de", "tm.net.my", "tuta.com", "web.de", "yahoo.co.id", "yahoo.com", "yahoo.com.my", "yahoo.dk",
        "yandex.com", "ymail.com", "zoho.com",
    }
)  # fmt: skip
_held: ContextVar[dict[str, Inbox] | None] = ContextVar("held_inboxes", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Ask for the inboxes once for the whole block: for a handful of mails that are taken in together."""
    inboxes = list(Inbox.objects.select_related("mailbox__inbox").order_by("id"))
    token = _held.set(_by_address(inboxes))
    try:
        with at_hand(inboxes):
            yield
    finally:
        _held.reset(token)


@contextmanager
def as_they_are_now(inboxes: Iterable[Inbox]) -> Iterator[dict[int, Inbox]]:
    """The inboxes by id, read anew, for a transaction that rests on which of them send: a manager may just have
    turned one on."""
    now = Inbox.objects.select_related("mailbox__inbox").in_bulk({inbox.pk for inbox in inboxes})
    with at_hand(now.values()):
        yield now


def our_addresses() -> set[str]:
    """The inboxes' addresses, in lower case; also their further ones, but for whole domains."""
    return {address for address in _inboxes_by_address() if not address.startswith("@")}


def is_from_our_domain(address: str) -> bool:
    """Whether an address is at the domain of one of the inboxes, and that is the company's own. It proves nothing."""
    domain = address.rpartition("@")[2].lower()
    ours = {box.rpartition("@")[2] for box in _inboxes_by_address()} - _PUBLIC_PROVIDERS
    return domain in ours


def inbox_for(mail: ParsedMail, recipients: Iterable[str]) -> Inbox:
    """The inbox that the envelope names, else the mail's own To and Cc, else the oldest. Raises Refused without any."""
    inboxes = _inboxes_by_address()
    named = [*recipients, *(box.address for box in [*mail.to, *mail.cc]), *mail.headers("delivered-to")]
    found = next((inbox for address in named if (inbox := _inbox_of(address, inboxes))), None)
    return found or default_inbox()


def default_inbox() -> Inbox:
    """The oldest inbox. Raises Refused on a desk that has none yet."""
    inbox = Inbox.objects.order_by("id").first()
    if inbox is None:
        raise Refused(_("This desk has no inbox yet. Add one, then run the mail again."))
    return inbox


def mailboxes_taking(envelopes: Iterable[Iterable[str]]) -> list[tuple[Mailbox | None, bool]]:
    """For each mail's recipients: the mailbox of the first that is ours, if its inbox has one; whether any is ours."""
    inboxes, mailboxes = _inboxes_by_address(), {mailbox.inbox_id: mailbox for mailbox in Mailbox.objects.all()}
    found = [next((i for box in each if (i := _inbox_of(box, inboxes))), None) for each in envelopes]
    return [(mailboxes.get(inbox.pk), True) if inbox else (None, False) for inbox in found]


def is_refused(recipient: str) -> bool:
    """Whether mail for `recipient` is sent back at once: it is nobody's here, and which addresses are here is known.

    That is known once every inbox has a mailbox of its own, so that somebody has said what comes here. Before, and for
    what anybody who takes mail must take, a mail is accepted.
    """
    inboxes = _inboxes_by_address()
    if not inboxes or _inbox_of(recipient, inboxes) or recipient.partition("@")[0].lower() in _ALWAYS_TAKEN:
        return False
    return not Inbox.objects.filter(mailbox=None).exists()


def _inbox_of(address: str, inboxes: dict[str, Inbox]) -> Inbox | None:
    box = without_tag(address)
    return inboxes.get(box) or inboxes.get("@" + box.rpartition("@")[2])


def _inboxes_by_address() -> dict[str, Inbox]:
    """Each address to its inbox; an inbox's own address goes before another's further one."""
    held = _held.get()
    if held is not None:
        return held
    return _by_address(list(Inbox.objects.select_related("mailbox").order_by("id")))


def _by_address(inboxes: list[Inbox]) -> dict[str, Inbox]:
    mailboxes = [(inbox, getattr(inbox, "mailbox", None)) for inbox in inboxes]
    further = {alias.lower(): inbox for inbox, mailbox in mailboxes if mailbox for alias in mailbox.aliases}
    return further | {inbox.address.lower(): inbox for inbox in inboxes}
