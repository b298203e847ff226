"""Putting right what a conversation is about, whose it is and its language; each is kept and can be taken back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.actions.correcting_customer import put_customer
from goodword.desk.actions.drafts import renew_drafts
from goodword.desk.actions.identity import weigh_identity
from goodword.desk.actions.matters import KEEP, add_matter, correct_matter, withdraw_matter
from goodword.desk.models import Approval, Conversation, Correction, Matter, Message
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.orders.models import Purchase, PurchaseLine
from goodword.people.actions import correct_person
from goodword.people.models import Person
from goodword.policies.queries import current_book

LANGUAGE, PERSON, MATTER = "language", "person", "matter"
ADDED, WITHDRAWN, MOVED = "added", "withdrawn", "moved"


@transaction.atomic
def correct_language(conversation: Conversation, language: str, *, by: Agent) -> Conversation:
    """She writes in another language than we took it for: drafts and later mails are in it. Raises Invalid.

    Where her record has the wrong guess too, it is put right with it.
    """
    if language not in current_book().languages:
        raise Invalid(_("The policy book does not speak this language."), field="language")
    conversation = locked(conversation)
    if conversation.language == language:
        return conversation
    written = conversation.messages.filter(direction=Message.IN, language=conversation.language)
    before: dict[str, Any] = {"language": conversation.language, "messages": list(written.values_list("pk", flat=True))}
    person = conversation.person
    if person and person.language == conversation.language:
        before["person"] = person.pk
    _speak(conversation, language, before)
    _keep(conversation, LANGUAGE, by=by, before=before, after={"language": language})
    record("conversation.language_corrected", conversation.about, by=by.actor, language=language)
    return conversation


@transaction.atomic
def correct_customer(conversation: Conversation, person: Person, *, by: Agent) -> Conversation:
    """The conversation is another customer's: whatever was the first one's is out of the new one's sight.

    Who wrote has to be shown anew, what was proposed falls, links to the page die. Refused for a record that has been
    erased or merged, and while somebody is asked to approve something here.
    """
    conversation = locked(conversation)
    if conversation.person_id == person.pk:
        return conversation
    if person.erased_at or person.merged_into_id:
        raise Refused(_("This customer's record is no longer used. Choose the one that is."))
    if Approval.objects.filter(decision__matter__conversation=conversation, state=Approval.WAITING).exists():
        raise Refused(_("Somebody has been asked to approve something here. Withdraw the request first."))
    before = put_customer(conversation, person, by=by)
    _keep(conversation, PERSON, by=by, before=before, after={"person": person.pk})
    return conversation


@transaction.atomic
def correct_by_hand(
    matter: Matter,
    *,
    by: Agent,
    policy: str = KEEP,
    purchase: Purchase | None = KEEP,
    line: PurchaseLine | None = KEEP,
) -> Matter:
    """Say what the matter is really about, so that it can be taken back. Raises as `correct_matter`."""
    before = _about(Matter.objects.get(pk=matter.pk))
    matter = correct_matter(matter, by=by, policy=policy, purchase=purchase, line=line)
    if _about(matter) != before:
        _keep(matter.conversation, MATTER, by=by, matter=matter, before=before, after=_about(matter))
    renew_drafts(matter.conversation)
    return matter


@transaction.atomic
def add_by_hand(
    conversation: Conversation,
    *,
    by: Agent,
    policy: str = "",
    purchase: Purchase | None = None,
    line: PurchaseLine | None = None,
) -> Matter:
    """One matter more, so that it can be taken back. Raises as `add_matter`."""
    matter = add_matter(conversation, by=by, policy=policy, purchase=purchase, line=line)
    _keep(conversation, ADDED, by=by, matter=matter, after=_about(matter))
    renew_drafts(conversation)
    return matter


@transaction.atomic
def withdraw_by_hand(matter: Matter, *, by: Agent) -> Matter:
    """It is no matter of its own; one click brings it back. Refused once it is decided."""
    matter = withdraw_matter(matter, by=by)
    _keep(matter.conversation, WITHDRAWN, by=by, matter=matter, before=_about(matter))
    renew_drafts(matter.conversation)
    return matter


@transaction.atomic
def move_matter(matter: Matter, target: Conversation, *, by: Agent) -> Matter:
    """It belongs into another conversation: its facts, decisions and actions go along.

    Refused for the same conversation, one of another customer, and one that has been merged away.
    """
    source = locked(matter.conversation)
    target = locked(target)
    if source.pk == target.pk or target.merged_into_id:
        raise Refused(_("Choose another conversation for it to go to."))
    if source.person_id != target.person_id:
        raise Refused(_("That conversation is another customer's. Correct the customer first if they are the same."))
    _move(matter, source, target, by=by)
    _keep(source, MOVED, by=by, matter=matter, before={"to": source.pk}, after={"to": target.pk})
    return matter


@transaction.atomic
def undo_correction(correction: Correction, *, by: Agent) -> Correction:
    """Take a correction back. Refused if it has been taken back, or something later rests on it."""
    correction = Correction.objects.select_for_update(of=("self",)).select_related("conversation", "matter").get(
        pk=correction.pk
    )  # fmt: skip
    later = Correction.objects.filter(conversation=correction.conversation, undone_at=None, pk__gt=correction.pk)
    if correction.undone_at or later.filter(kind=correction.kind, matter=correction.matter).exists():
        raise Refused(_("This has been taken back, or corrected again since. Reload the page to see how it stands."))
    _take_back(correction, by)
    correction.undone_at, correction.undone_by = clock.now(), by
    correction.save(update_fields=["undone_at", "undone_by"])
    record("correction.undone", correction.conversation.about, by=by.actor, correction=correction.pk)
    return correction


def locked(conversation: Conversation) -> Conversation:
    """The row as it stands now, locked until the caller's transaction ends."""
    rows = Conversation.objects.select_for_update(of=("self",))
    return rows.select_related("inbox", "person", "assignee", "team").get(pk=conversation.pk)


def _take_back(correction: Correction, by: Agent) -> None:
    conversation, matter, before = locked(correction.conversation), correction.matter, correction.before
    if correction.kind == LANGUAGE:
        _speak(conversation, before["language"], before)
    elif correction.kind == PERSON:
        person = Person.objects.filter(pk=before["person"]).first() if before["person"] else None
        put_customer(conversation, person, by=by, back_to=before)
    elif matter is None:
        raise Refused(_("The matter that was corrected is gone."))
    elif correction.kind == MATTER:
        purchase = Purchase.objects.filter(pk=before["purchase"]).first()
        line = PurchaseLine.objects.filter(pk=before["line"]).first()
        correct_matter(matter, by=by, policy=before["policy"], purchase=purchase, line=line)
    elif correction.kind == ADDED:
        withdraw_matter(matter, by=by)
    elif correction.kind == WITHDRAWN:
        _bring_back(matter, by)
    else:
        target = locked(Conversation.objects.get(pk=before["to"]))
        _move(matter, locked(matter.conversation), target, by=by)
    renew_drafts(conversation)


def _speak(conversation: Conversation, language: str, before: dict[str, Any]) -> None:
    conversation.language = language
    conversation.save(update_fields=["language"])
    conversation.messages.filter(pk__in=before["messages"]).update(language=language)
    person = Person.objects.filter(pk=before["person"]).first() if "person" in before else None
    if person:
        correct_person(person, by=None, language=language)
    renew_drafts(conversation)


def _bring_back(matter: Matter, by: Agent) -> None:
    matter.state = Matter.OPEN
    matter.save(update_fields=["state"])
    record("matter.reopened", matter.conversation.about, by=by.actor, matter=matter.pk)
    weigh_identity(matter.conversation, by=by)


def _move(matter: Matter, source: Conversation, target: Conversation, *, by: Agent) -> None:
    matter.conversation = target
    matter.save(update_fields=["conversation"])
    record("matter.moved", source.about, by=by.actor, matter=matter.pk, to=target.pk)
    record("matter.arrived", target.about, by=by.actor, matter=matter.pk, out_of=source.pk)
    for conversation in (source, target):
        weigh_identity(conversation, by=by)
        renew_drafts(conversation)


def _about(matter: Matter) -> dict[str, Any]:
    return {"policy": matter.policy, "purchase": matter.purchase_id, "line": matter.line_id}


def _keep(
    conversation: Conversation,
    kind: str,
    *,
    by: Agent,
    matter: Matter | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Correction:
    return Correction.objects.create(
        conversation=conversation, matter=matter, kind=kind, before=before or {}, after=after or {}, by=by,
        at=clock.now(),
    )  # fmt: skip
