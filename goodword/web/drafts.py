"""Offering the policy's words in the reply box without ever eating what the agent wrote herself."""

from goodword.accounts.models import Agent
from goodword.desk.actions.conversations import save_draft
from goodword.desk.drafting import draft_reply
from goodword.desk.models import Conversation, Draft
from goodword.desk.queries.conversations import draft_of


def offer_words(conversation: Conversation, agent: Agent, *, replace: bool = False) -> bool:
    """Put the drafted answer into her draft if it is empty or still as it was offered; says whether it was.

    With `replace` her own words give way: she asked for it.
    """
    kept = draft_of(conversation, agent)
    if kept and not replace and _is_her_own(kept):
        return False
    words = draft_reply(conversation, agent)
    save_draft(conversation, agent, words, offered=words)
    return True


def reading_words(conversation: Conversation, agent: Agent, kept: Draft | None) -> str:
    """The offered words in the agent's own language, where the customer's is another; empty without an offer."""
    if kept is None or not kept.offered or conversation.language == agent.language:
        return ""
    return draft_reply(conversation, agent, agent.language)


def _is_her_own(kept: Draft) -> bool:
    return bool(kept.text.strip()) and kept.text.strip() != kept.offered.strip()
