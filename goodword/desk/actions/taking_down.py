"""What reaches the desk through a program: a conversation with its first words, and what it is about."""

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.actions.conversations import open_conversation, receive
from goodword.desk.actions.corrections import add_by_hand, correct_by_hand
from goodword.desk.arriving import Said
from goodword.desk.models import Conversation, Inbox, Matter
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.people.models import Address, Person
from goodword.policies.queries import current_book


@transaction.atomic
def take_down(
    inbox: Inbox, person: Person | None, said: Said, *, by: Agent, situation: str = ""
) -> Conversation:
    """Open a conversation with what a customer said elsewhere (in the shop's chat, on the phone), if she said anything.

    What a program says of her proves nothing: the conversation begins unverified. Raises Invalid for a language or
    situation that the book does not have.
    """
    _check_language(said.language)
    conversation = open_conversation(inbox, person, said.subject, said.language, by=by, channel=said.channel)
    if said.text.strip():
        receive(conversation, person, said)
    if situation:
        set_situation(conversation, situation, by=by)
    conversation.refresh_from_db()
    return conversation


@transaction.atomic
def set_situation(conversation: Conversation, policy: str, *, by: Agent) -> Matter:
    """Say which policy the conversation is about. Refused where it is about several matters: then each has its own."""
    matters = list(conversation.matters.filter(state=Matter.OPEN).order_by("id")[:2])
    if len(matters) > 1:
        raise Refused(_("This conversation is about several matters. Correct the one that is meant."))
    if matters:
        return correct_by_hand(matters[0], by=by, policy=policy)
    return add_by_hand(conversation, by=by, policy=policy)


def said_by(person: Person | None, text: str, *, channel: str, subject: str, language: str, acknowledge: bool) -> Said:
    """Her words as they arrive, from the address she is known by."""
    address = person.addresses.filter(kind=Address.MAIL).order_by("id").first() if person else None
    return Said(
        text=text, at=clock.now(), channel=channel, subject=subject, language=language,
        from_address=address.value if address else "", from_name=person.name if person else "",
        may_be_acknowledged=acknowledge,
    )  # fmt: skip


def _check_language(language: str) -> None:
    known = current_book().languages
    if language not in known:
        named = {"language": language, "known": ", ".join(known)}
        raise Invalid(_("“%(language)s” is no language of the policy book: %(known)s.") % named, field="language")
