"""What the health page and the lists of set-aside mail read."""

from django.db.models import Count, QuerySet

from goodword.channels.models import DeliveredMail, OutgoingMail, RawMail


def counts() -> dict[str, int]:
    """How many mails are in each state. Every mail that came is stored, filed, ignored or unreadable: none is lost."""
    found = dict.fromkeys(("stored", "filed", "ignored", "unreadable"), 0)
    found |= dict.fromkeys(("queued", "sending", "sent", "failed", "unknown"), 0)
    for model in (RawMail, OutgoingMail):
        rows = model._default_manager.values_list("state").annotate(number=Count("pk")).order_by()
        found |= dict(rows)
    return found


def set_aside() -> QuerySet[RawMail]:
    """Mails that became no message, the newest first: unreadable ones and ignored ones, each with its reason."""
    rows = RawMail.objects.filter(state__in=[RawMail.UNREADABLE, RawMail.IGNORED])
    return rows.order_by("-id")


def delivered() -> QuerySet[DeliveredMail]:
    """Demo only: what the customers' mail server got, the newest first."""
    return DeliveredMail.objects.order_by("-id")


def outgoing_of(message_pk: int) -> QuerySet[OutgoingMail]:
    """The mails of one message, one for each recipient."""
    return OutgoingMail.objects.filter(message=message_pk).order_by("id")
