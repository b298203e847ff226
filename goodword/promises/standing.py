"""When something is due in a conversation: its promises and its open actions, put where lists can sort by it."""

from goodword.desk.actions.standing import set_standing
from goodword.desk.models import Conversation
from goodword.desk.queries.standing import DEPARTMENT, NOBODY, US, next_action_due_at, waits_for
from goodword.promises.queries import unsettled_promises


def refresh_standing(conversation: Conversation, *, is_fresh: bool = False, just_opened: bool = False) -> None:
    """Work out anew whom the conversation waits for and what is due first in it.

    `is_fresh`: the caller's copy is what all reactions of the event work on, so it need not be read again.
    `just_opened`: by a letter of hers in this transaction, so it waits for us.
    """
    # Read again: the caller's copy may be older than what other reactions of the same event have written.
    conversation = conversation if is_fresh else Conversation.objects.get(pk=conversation.pk)
    waiting_on = US if just_opened else waits_for(conversation)
    due = list(unsettled_promises(conversation).values_list("by_at", flat=True)) if waiting_on != NOBODY else []
    action_due_at = next_action_due_at(conversation) if waiting_on == DEPARTMENT else None
    due += [action_due_at] if action_due_at else []
    set_standing(conversation, waiting_on=waiting_on, due_at=min(due, default=None))
