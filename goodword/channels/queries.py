"""What the health page and the lists of set-aside mail read."""

from datetime import timedelta
from email.parser import BytesHeaderParser

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from goodword.channels.forwarded import forwarded_in, is_forwarding
from goodword.channels.headers import Mailbox, mailboxes
from goodword.channels.inboxes import our_addresses
from goodword.channels.models import DeliveredMail, FetchedMail, OutgoingMail, RawMail
from goodword.desk.models import Message
from goodword.lib import clock
from goodword.lib.blobs import read_blob
from goodword.lib.errors import NotFound


def writer_inside(message: Message) -> Mailbox | None:
    """Whose letter a mail of a stranger forwards: neither who sent it, nor whose the conversation is, nor one of us."""
    if message.direction != Message.IN or not is_forwarding(message.subject):
        return None
    inside = forwarded_in(message.text + message.quoted_text, says_so=True)
    if inside is None or inside.writer.address in {message.from_address, *our_addresses()}:
        return None
    person = message.conversation.person
    is_hers = person is not None and person.addresses.filter(value=inside.writer.address).exists()
    return None if is_hers else inside.writer


def counts() -> dict[str, int]:
    """How many mails are in each state. Every mail that came is stored, filed, ignored or unreadable: none is lost."""
    found = dict.fromkeys(("stored", "filed", "ignored", "unreadable"), 0)
    found |= dict.fromkeys(("queued", "sending", "sent", "failed", "unknown"), 0)
    for model in (RawMail, OutgoingMail):
        rows = model._default_manager.values_list("state").annotate(number=Count("pk")).order_by()
        found |= dict(rows)
    return found


def kept_by_way() -> dict[str, int]:
    """How many mails are kept, by the way they came. Counted apart from their states, so that the two can differ."""
    fetched = RawMail.objects.filter(pk__in=FetchedMail.objects.values("raw")).count()
    return {"smtp": RawMail.objects.count() - fetched, "imap": fetched}


def waiting_longer_than(lag: timedelta) -> int:
    """How many mails should have been filed longer ago than that: they are due, and nobody has taken them."""
    return RawMail.objects.filter(state=RawMail.STORED, due_at__lt=clock.now() - lag).count()


def set_aside() -> QuerySet[RawMail]:
    """Mails that became no message, the newest first: unreadable ones and ignored ones, each with its reason."""
    rows = RawMail.objects.filter(state__in=[RawMail.UNREADABLE, RawMail.IGNORED])
    return rows.order_by("-id")


def raw_mail(pk: int) -> RawMail:
    """A mail as it came. Raises NotFound."""
    found = RawMail.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such mail."))
    return found


def bytes_of(raw: RawMail) -> bytes:
    """What came, to the letter. Raises NotFound once it is erased."""
    if not raw.blob:
        raise NotFound(_("The bytes of this mail have been erased."))
    return read_blob(raw.blob)


def sender_of(raw: RawMail) -> str:
    """Who sent it: as the server was told, or where it was told nobody (bounces) as the mail itself says; else ""."""
    if raw.envelope_from not in {"", "<>"}:
        return raw.envelope_from
    try:
        named = mailboxes(BytesHeaderParser().parsebytes(bytes_of(raw)), "from")
    except Exception:  # it may be set aside for the very reason that nothing can be read in it
        return ""
    return named[0].address if named else ""


def delivered() -> QuerySet[DeliveredMail]:
    """Demo only: what the customers' mail server got, the newest first."""
    return DeliveredMail.objects.order_by("-id")


def outgoing_of(message_pk: int) -> QuerySet[OutgoingMail]:
    """The mails of one message, one for each recipient."""
    return OutgoingMail.objects.filter(message=message_pk).order_by("id")
