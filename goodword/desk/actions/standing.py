"""Where a conversation stands: the two columns that lists sort and filter by, written by reactions only."""

from datetime import datetime

from goodword.desk.models import Conversation


def set_standing(conversation: Conversation, *, waiting_on: str, due_at: datetime | None) -> None:
    """Keep whom the conversation waits for and when something is due; the journal already says why."""
    conversation.waiting_on, conversation.due_at = waiting_on, due_at
    Conversation.objects.filter(pk=conversation.pk).update(waiting_on=waiting_on, due_at=due_at)
