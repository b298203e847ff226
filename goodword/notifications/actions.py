"""Telling agents what concerns them, quietly."""

from typing import Any

from django.db import transaction

from goodword.accounts.models import Agent
from goodword.desk.models import Conversation
from goodword.lib import clock
from goodword.notifications.models import Notice


@transaction.atomic
def tell(agent: Agent, kind: str, conversation: Conversation | None = None, /, **details: Any) -> Notice:
    """Put a notice in her list; one she has not read about the same thing is moved up instead of repeated.

    `kind` is the journal's word for it; `details` are codes and ids, never a customer's words.
    """
    unread = Notice.objects.filter(agent=agent, kind=kind, conversation=conversation, read_at=None).first()
    if unread:
        unread.at, unread.details = clock.now(), details
        unread.save(update_fields=["at", "details"])
        return unread
    return Notice.objects.create(agent=agent, kind=kind, conversation=conversation, details=details, at=clock.now())


def mark_read(agent: Agent, notice_id: int | None = None) -> int:
    """Mark one of her notices as read, or all of them; says how many were unread until now."""
    unread = Notice.objects.filter(agent=agent, read_at=None)
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    return unread.update(read_at=clock.now())


def mark_conversation_read(agent: Agent, conversation: Conversation) -> int:
    """She opened the conversation, so she knows: mark its notices as read; says how many there were."""
    return Notice.objects.filter(agent=agent, conversation=conversation, read_at=None).update(read_at=clock.now())
