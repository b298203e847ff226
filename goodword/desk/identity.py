"""Is the writer the buyer? Neither a From address nor an order number proves it.

What a letter may show rests on this: to a writer who is not shown to be the buyer it names neither person nor order.
A writer at an address on record is *known*: the answer goes to that address and to no other, so that it reaches the
buyer whoever wrote. *Verified* is whoever has met the book's identity step.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from goodword.desk.models import Conversation, Matter, Message
from goodword.journal.models import Event
from goodword.people.models import Person
from goodword.people.queries import normal_address

UNVERIFIED, KNOWN, VERIFIED = Conversation.UNVERIFIED, Conversation.KNOWN, Conversation.VERIFIED


@dataclass(frozen=True)
class Identity:
    """How far the writer is known, and why, in a sentence for the agent (in the language now active)."""

    state: str
    why: str

    @property
    def is_met(self) -> bool:
        """Whether a letter may speak of the person and of her orders."""
        return self.state != UNVERIFIED


def identity_of(conversation: Conversation) -> Identity:
    """How far the writer of a conversation is known, her orders in it considered."""
    hidden = [matter for matter in live_matters(conversation) if not is_hers(matter)]
    if hidden:
        return Identity(UNVERIFIED, _why_not_hers(hidden[0]))
    if conversation.identity == UNVERIFIED:
        return Identity(UNVERIFIED, _why_unknown(conversation))
    if conversation.identity == VERIFIED:
        return Identity(VERIFIED, gettext("The identity step of the policy book is met."))
    return Identity(KNOWN, gettext("Wrote from an address on record; the answer goes to that address."))


def may_show(matter: Matter) -> bool:
    """Whether words about this matter may show anything of the person or of the order."""
    return matter.conversation.identity != UNVERIFIED and is_hers(matter)


def is_hers(matter: Matter) -> bool:
    """Whether the order that the matter is about, if any, was placed by the writer, or she has shown that it was.

    What she has shown holds for the buyer of the orders that were spoken of then, and for no other customer's.
    """
    if matter.purchase is None:
        return True
    buyer = matter.purchase.person_id
    if buyer is not None and buyer == matter.conversation.person_id:
        return True
    for proof in _proofs_in(matter.conversation):
        if buyer in proof.get("buyers", ()) or matter.purchase_id in proof.get("purchases", ()):
            return True
    return False


def _proofs_in(conversation: Conversation) -> list[dict[str, Any]]:
    """What the writer has shown since the conversation became hers: correcting the customer begins anew."""
    kinds = ("identity.proved", "identity.reset")
    events = Event.objects.filter(about=conversation.about, kind__in=kinds).order_by("id")
    proofs: list[dict[str, Any]] = []
    for kind, payload in events.values_list("kind", "payload"):
        proofs = [] if kind == "identity.reset" else [*proofs, payload]
    return proofs


def is_verified(conversation: Conversation) -> bool:
    """Whether the book's identity step is met."""
    return conversation.identity == VERIFIED


def state_on_arrival(person: Person | None, from_address: str, reply_to: str = "") -> str:
    """KNOWN if a mail came from an address on record and asks for its answer there too; else UNVERIFIED.

    A Reply-To elsewhere is how somebody who only borrows an address would have the answer sent to herself.
    """
    if person is None:
        return UNVERIFIED
    on_record = set(person.addresses.values_list("value", flat=True))
    wanted = {normal_address(value) for value in (from_address, reply_to) if value}
    return KNOWN if wanted and wanted <= on_record else UNVERIFIED


def live_matters(conversation: Conversation) -> list[Matter]:
    """The matters of a conversation that have not been withdrawn, the oldest first."""
    matters = conversation.matters.exclude(state=Matter.WITHDRAWN)
    return list(matters.select_related("purchase", "line__product", "conversation__person"))


def first_message(conversation: Conversation) -> Message | None:
    """The customer's first message in the conversation."""
    return conversation.messages.filter(direction=Message.IN).first()


def _why_unknown(conversation: Conversation) -> str:
    message = first_message(conversation)
    if message and message.reply_to and message.reply_to != message.from_address:
        return gettext("The mail asks for its answer at another address than the one it came from.")
    return gettext("The writer's address is on no customer's record.")


def _why_not_hers(matter: Matter) -> str:
    number = matter.purchase.number if matter.purchase else ""
    return gettext("Order %(number)s was placed by somebody else than the writer.") % {"number": number}
