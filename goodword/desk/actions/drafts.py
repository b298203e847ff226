"""Keeping offered words true: when what they rest on is corrected, they are offered anew; an agent's own words stay."""

from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.drafting import draft_reply
from goodword.desk.models import Conversation, Draft, Message
from goodword.journal.actions import record
from goodword.lib import clock


def renew_drafts(conversation: Conversation) -> None:
    """Offer anew every draft that still stands as it was offered; what an agent has written herself is left alone."""
    for draft in _drafts(conversation):
        if draft.offered and not _is_her_own(draft):
            _offer(draft, conversation)


def set_drafts_aside(conversation: Conversation) -> None:
    """The customer was another one: no draft may go out with the first one's name or order in it.

    Words that an agent wrote herself become a note among ourselves, so that they are not lost.
    """
    for draft in _drafts(conversation):
        if _is_her_own(draft):
            _note(conversation, draft.agent, draft.text)
        _offer(draft, conversation)


def _drafts(conversation: Conversation) -> list[Draft]:
    return list(conversation.drafts.exclude(text="").select_related("agent"))


def _is_her_own(draft: Draft) -> bool:
    return bool(draft.text.strip()) and draft.text.strip() != draft.offered.strip()


def _offer(draft: Draft, conversation: Conversation) -> None:
    draft.text = draft.offered = draft_reply(conversation, draft.agent)
    draft.changed_at = clock.now()
    draft.save(update_fields=["text", "offered", "changed_at"])


def _note(conversation: Conversation, agent: Agent, text: str) -> None:
    said = _("Draft set aside, because the conversation turned out to be another customer's:")
    note = Message.objects.create(
        conversation=conversation, direction=Message.NOTE, channel="note", author=agent, text=f"{said}\n\n{text}",
        at=clock.now(),
    )  # fmt: skip
    record("note.added", conversation.about, by=agent.actor, message=note.pk)
