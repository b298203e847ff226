"""Noting that a writer has shown who she is, and marking her as unverified where an order is not hers."""

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.desk.identity import is_hers, live_matters
from goodword.desk.models import Conversation, FactValue, Matter
from goodword.journal.actions import record
from goodword.journal.models import Event
from goodword.lib import clock
from goodword.lib.errors import Invalid
from goodword.policies.queries import current_book

PROOF = "identity_proof"


@transaction.atomic
def prove_identity(conversation: Conversation, how: str, *, by: Agent | None) -> Conversation:
    """Note that the writer has met the book's identity step; `how` is a value of the book's `identity_proof`.

    It holds for the orders spoken of in the conversation now. Raises Invalid for anything that proves nothing.
    """
    fact = current_book().facts.get(PROOF)
    proofs = [value for value in fact.values if value != "none"] if fact else ["two-details", "code"]
    if how not in proofs:
        named = {"how": how, "known": ", ".join(proofs)}
        raise Invalid(_("“%(how)s” proves nothing by this policy book. It knows: %(known)s.") % named, field="how")
    _set(conversation, Conversation.VERIFIED)
    matters = live_matters(conversation)
    for matter in matters if fact else ():
        _state_proof(matter, how, by)
    purchases = [matter.purchase for matter in matters if matter.purchase]
    record(
        "identity.proved", conversation.about, by=actor_of(by), how=how,
        purchases=sorted({purchase.pk for purchase in purchases}),
        buyers=sorted({purchase.person_id for purchase in purchases if purchase.person_id}),
    )  # fmt: skip
    return conversation


def weigh_identity(conversation: Conversation, *, by: Agent | None) -> None:
    """Mark the writer as unverified while a matter is about an order that is not shown to be hers; in the caller's
    transaction. Once it is put right (a slip in the number), she is again what she was before."""
    doubtful = any(not is_hers(matter) for matter in live_matters(conversation))
    if doubtful and conversation.identity != Conversation.UNVERIFIED:
        record("identity.doubted", conversation.about, by=actor_of(by), before=conversation.identity)
        _set(conversation, Conversation.UNVERIFIED)
    elif not doubtful and conversation.identity == Conversation.UNVERIFIED:
        last = Event.objects.filter(about=conversation.about, kind__startswith="identity.").order_by("-id").first()
        if last and last.kind == "identity.doubted":
            _set(conversation, last.payload["before"])
            record("identity.restored", conversation.about, by=actor_of(by), state=conversation.identity)


@transaction.atomic
def trust_again(conversation: Conversation) -> Conversation:
    """The person herself writes again from an address on record: what a letter from elsewhere took is given back.

    As known and no more: what was proved before has to be proved anew. An order that is not hers is doubted at once.
    """
    if conversation.identity != Conversation.UNVERIFIED:
        return conversation
    last = Event.objects.filter(about=conversation.about, kind__startswith="identity.").order_by("-id").first()
    if last and last.kind == "identity.lost":
        _set(conversation, Conversation.KNOWN)
        record("identity.restored", conversation.about, by="system", state=conversation.identity)
        weigh_identity(conversation, by=None)
    return conversation


def _set(conversation: Conversation, state: str) -> None:
    conversation.identity = state
    Conversation.objects.filter(pk=conversation.pk).update(identity=state)


def _state_proof(matter: Matter, how: str, by: Agent | None) -> None:
    if matter.state != Matter.OPEN:
        return
    kept = {"value": how, "provenance": FactValue.VERIFIED, "by": by, "at": clock.now()}
    FactValue.objects.update_or_create(matter=matter, fact=PROOF, defaults=kept)
