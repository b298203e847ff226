"""What was promised, and by when."""

from datetime import datetime

from django.db.models import Q, QuerySet

from goodword.desk.models import Conversation
from goodword.promises.models import Promise

REPLY = "reply"
_UNSETTLED = Q(state=Promise.OPEN) | Q(state=Promise.BROKEN, settled_at=None)


def promises_due(now: datetime) -> QuerySet[Promise]:
    """Open promises whose time is up, the oldest first."""
    due = Promise.objects.filter(state=Promise.OPEN, by_at__lt=now)
    return due.select_related("conversation").order_by("by_at", "id")


def open_promise(conversation: Conversation, kind: str = REPLY) -> Promise | None:
    """The promise of this kind that is not settled: still open, or broken and still owed."""
    return unsettled_promises(conversation).filter(kind=kind).first()


def unsettled_promises(conversation: Conversation) -> QuerySet[Promise]:
    """Everything still owed in this conversation, what is due first on top."""
    return Promise.objects.filter(_UNSETTLED, conversation=conversation).order_by("by_at", "id")


def promises_of(conversation: Conversation) -> QuerySet[Promise]:
    """Everything ever promised in this conversation, the newest first."""
    return Promise.objects.filter(conversation=conversation).order_by("-made_at", "-id")
