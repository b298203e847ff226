"""Giving a conversation to the customer whose it is: her words go along, what was another's stays out of her sight."""

import secrets
from typing import Any

from goodword.accounts.models import Agent
from goodword.desk.actions.drafts import set_drafts_aside
from goodword.desk.actions.identity import weigh_identity
from goodword.desk.identity import state_on_arrival
from goodword.desk.models import Contact, Conversation, Decision, Message
from goodword.journal.actions import record
from goodword.people.models import Person

PAGE_WORD_BYTES = 12


def put_customer(
    conversation: Conversation, person: Person | None, *, by: Agent, back_to: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Make a locked conversation `person`'s, in the caller's transaction; gives how it was, to be taken back.

    What she wrote becomes hers. What we wrote stays the first customer's: it went to the first one's address, and no
    page of the new one shows it. `back_to` is what an earlier call gave: then only that is moved back.
    """
    before = _as_it_was(conversation)
    moved = back_to or before
    conversation.messages.filter(pk__in=moved["messages"]).update(person=person)
    Contact.objects.filter(pk__in=moved["contacts"]).update(person=person)
    conversation.person = person
    revoke_page(conversation)
    _reset_identity(conversation, by)
    _drop_proposals(conversation, by)
    conversation.save(update_fields=["person"])
    record(
        "conversation.person_corrected", conversation.about, by=by.actor, person=person.pk if person else None,
        earlier=before["person"],
    )  # fmt: skip
    set_drafts_aside(conversation)
    return before


def revoke_page(conversation: Conversation) -> None:
    """No link to the customer's own page of this conversation works any more; new ones do."""
    conversation.page_word = secrets.token_urlsafe(PAGE_WORD_BYTES)
    conversation.save(update_fields=["page_word"])


def _as_it_was(conversation: Conversation) -> dict[str, Any]:
    hers = {"person": conversation.person_id}
    messages = conversation.messages.filter(direction=Message.IN, **hers)
    contacts = conversation.contacts.filter(direction="in", **hers)
    return {
        "person": conversation.person_id,
        "messages": list(messages.values_list("pk", flat=True)),
        "contacts": list(contacts.values_list("pk", flat=True)),
    }


def _reset_identity(conversation: Conversation, by: Agent) -> None:
    """Nothing that was proved of the first one holds for the new one: "identity.reset" is where proofs begin anew."""
    last = conversation.messages.filter(direction=Message.IN, automatic=False).order_by("pk").last()
    state = Conversation.UNVERIFIED
    if last and last.channel == "mail":
        state = state_on_arrival(conversation.person, last.from_address, last.reply_to)
    conversation.identity = state
    conversation.save(update_fields=["identity"])
    record("identity.reset", conversation.about, by=by.actor, state=state)
    weigh_identity(conversation, by=by)


def _drop_proposals(conversation: Conversation, by: Agent) -> None:
    for decision in Decision.objects.filter(matter__conversation=conversation, state=Decision.PROPOSED):
        decision.state = Decision.CORRECTED
        decision.save(update_fields=["state"])
        record("decision.corrected", conversation.about, by=by.actor, decision=decision.pk)
