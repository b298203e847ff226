"""What pages, commands, health and the fetching threads read of mailboxes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import is_among_the_highest
from goodword.channels.mailboxes.problems import Place, Problem, words_for
from goodword.channels.models import FetchedMail, Mailbox, MailServer, RawMail
from goodword.channels.tokens import reply_to_address
from goodword.desk.models import Conversation, Inbox
from goodword.lib import clock
from goodword.lib.errors import NotFound, Refused
from goodword.policies.queries import current_book

# DESK_LESSONS.md: mail that was not fetched for ten minutes is something somebody must hear of.
FETCH_MAY_LAG = timedelta(minutes=10)
_held: ContextVar[Mapping[int, Mailbox | None]] = ContextVar("held_mailboxes", default=MappingProxyType({}))


@dataclass(frozen=True)
class MailCounts:
    """Mails of a mailbox. fetched = kept, and kept = filed + set aside + waiting: else one is missing."""

    fetched: int
    kept: int
    filed: int
    set_aside: int
    waiting: int
    again: int
    withheld: int
    cut: int

    @property
    def add_up(self) -> bool:
        """Whether every mail that was fetched is kept, and every kept one accounted for."""
        return self.fetched == self.kept == self.filed + self.set_aside + self.waiting


def inboxes_for(agent: Agent) -> list[Inbox]:
    """All inboxes with their mailboxes, for a manager. Raises Refused for anybody else."""
    if not manages_mailboxes(agent):
        raise Refused(_("Mailboxes are looked after by managers."))
    return list(Inbox.objects.select_related("mailbox__team", "mailbox__grant").order_by("id"))


def inbox_for_manager(agent: Agent, pk: int) -> Inbox:
    """One of them. Raises NotFound."""
    found = next((inbox for inbox in inboxes_for(agent) if inbox.pk == pk), None)
    if found is None:
        raise NotFound(_("There is no such mailbox."))
    return found


def manages_mailboxes(agent: Agent) -> bool:
    """Whether she may change where mail comes from and by which server it leaves."""
    return is_among_the_highest(agent, current_book())


def mailbox_of(inbox: Inbox) -> Mailbox | None:
    """The inbox's mailbox; None where it takes mail over SMTP and sends through GOODWORD_SMTP_OUT."""
    held = _held.get()
    if inbox.pk in held:
        return held[inbox.pk]
    return Mailbox.objects.filter(inbox=inbox).select_related("inbox").first()


@contextmanager
def at_hand(inboxes: Iterable[Inbox]) -> Iterator[None]:
    """Within the block, ask for no mailbox of these inboxes again: they came with theirs (`select_related`)."""
    token = _held.set({inbox.pk: getattr(inbox, "mailbox", None) for inbox in inboxes})
    try:
        yield
    finally:
        _held.reset(token)


def all_mailboxes() -> QuerySet[Mailbox]:
    """Every mailbox with its inbox, the oldest first."""
    return Mailbox.objects.select_related("inbox").order_by("id")


def mailbox_to_fetch(pk: int) -> Mailbox | None:
    """The mailbox as it is now, if it is fetched by IMAP and not paused."""
    return mailboxes_to_fetch().filter(pk=pk).first()


def mailboxes_to_fetch() -> QuerySet[Mailbox]:
    """Those that are fetched by IMAP and not paused."""
    return Mailbox.objects.filter(receives=Mailbox.IMAP, paused_at=None).select_related("inbox")


def lagging(now: datetime) -> QuerySet[Mailbox]:
    """Mailboxes that have not been read to the end for ten minutes, nor been changed or resumed in them."""
    before = now - FETCH_MAY_LAG
    return mailboxes_to_fetch().filter(Q(looked_at__lt=before) | Q(looked_at=None), changed_at__lt=before)


def counts_of(mailbox: Mailbox) -> MailCounts:
    """What became of its mails. A mail over SMTP is fetched by being kept."""
    raw = RawMail.objects.filter(mailbox=mailbox).aggregate(
        kept=Count("pk"),
        filed=Count("pk", filter=Q(state=RawMail.FILED)),
        set_aside=Count("pk", filter=Q(state__in=[RawMail.IGNORED, RawMail.UNREADABLE])),
        waiting=Count("pk", filter=Q(state=RawMail.STORED)),
    )
    fetched = FetchedMail.objects.filter(mailbox=mailbox).aggregate(
        fetched=Count("pk", filter=Q(is_new=True)),
        again=Count("pk", filter=Q(is_new=False) & ~Q(digest="")),
        withheld=Count("pk", filter=Q(digest="")),
        cut=Count("pk", filter=Q(is_cut=True)),
    )
    fetched["fetched"] += RawMail.objects.filter(mailbox=mailbox, fetched=None).count()
    return MailCounts(**raw, **fetched)


def rehearsing_inboxes() -> list[Inbox]:
    """The inboxes that send nothing yet."""
    return list(Inbox.objects.filter(sends=False).order_by("name"))


def unaddressed() -> QuerySet[RawMail]:
    """Mails that named no address of ours and were taken in doubt, the newest first."""
    return RawMail.objects.filter(is_unaddressed=True).select_related("message__conversation").order_by("-id")


def problem_of(mailbox: Mailbox) -> tuple[str, str] | None:
    """What is wrong and what to do, in the reader's language; None if nothing is."""
    if not mailbox.problem:
        return None
    server = mailbox.servers.filter(way=MailServer.IN).first()
    place = Place(server.host, server.port, server.user, server.security) if server else Place("", 0)
    return words_for(Problem(mailbox.problem, mailbox.problem_detail), place)


def answer_address(conversation: Conversation) -> str:
    """Where answers and bounces are asked to go: with the conversation's token, unless the server knows no plus."""
    address = conversation.inbox.address
    found = mailbox_of(conversation.inbox)
    plain = found is not None and not found.uses_plus_addresses
    return address if plain else reply_to_address(conversation.pk, address)


def signature_of(inbox: Inbox) -> str:
    """What the brand writes under its mails, above the book's own footer."""
    found = mailbox_of(inbox)
    return found.signature if found else ""


def languages_of(inbox: Inbox) -> list[str]:
    """What customers write to this inbox, of the book's languages; all of them where nothing is said."""
    known = list(current_book().languages)
    found = mailbox_of(inbox)
    said = found.languages if found else []
    return [code for code in known if code in said] or known


def counts_from(conversation: Conversation, at: datetime) -> datetime | None:
    """From when an answer to mail that came `at` is owed; None if nothing is promised for it.

    In rehearsal nothing is: the company still answers from its old desk. Mail from before the mailbox was added is
    never owed anything; mail from its rehearsal counts from the moment it was turned on.
    """
    if not conversation.inbox.sends:
        return None
    mailbox = mailbox_of(conversation.inbox)
    if mailbox is None or mailbox.sends_since is None or at >= mailbox.sends_since:
        return at
    return mailbox.sends_since if at >= mailbox.started_at else None


def is_acknowledged(conversation: Conversation, at: datetime) -> bool:
    """Whether mail that came `at` may be thanked for: never in rehearsal, and never what came before its end."""
    return counts_from(conversation, at) == at


def waiting_since_the_rehearsal(mailbox: Mailbox) -> QuerySet[Conversation]:
    """Open conversations of a mailbox whose customer wrote since it was added: they wait for us."""
    rows = Conversation.objects.filter(inbox=mailbox.inbox, state=Conversation.OPEN, waiting_on="us")
    return rows.filter(last_message_at__gte=mailbox.started_at).select_related("inbox").order_by("id")


def minutes_behind(mailbox: Mailbox) -> int | None:
    """Whole minutes since its folders were last read to the end; None if they never were."""
    return int((clock.now() - mailbox.looked_at).total_seconds() // 60) if mailbox.looked_at else None
