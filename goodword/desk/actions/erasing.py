"""Erasing a person's words and facts from the desk, so that what was decided stays and can be replayed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from goodword.desk.actions.correcting_customer import revoke_page
from goodword.desk.models import (
    Approval,
    Attachment,
    Complaint,
    Conversation,
    Decision,
    DecisionCorrection,
    Draft,
    FactValue,
    FrozenRecord,
    Gap,
    Message,
    Transfer,
)
from goodword.lib.errors import Refused
from goodword.people.models import Person
from goodword.policies.queries import current_book

_NO_WORDS: Mapping[str, Any] = {
    "subject": "",
    "text": "",
    "quoted_text": "",
    "html": "",
    "from_address": "",
    "from_name": "",
    "reply_to": "",
    "to_addresses": [],
    "cc_addresses": [],
    "mail_id": "",
    "in_reply_to": "",
    "references": [],
    "raw": "",
    "delivery_note": "",
}


def erase_from_desk(person: Person) -> None:
    """Blank her conversations, messages, drafts and stated facts, and unlink frozen records from her.

    What a decision needs to be replayed (its trace: codes, amounts and days) stays. Raises Refused if one of her
    conversations is under legal hold.
    """
    conversations = Conversation.objects.filter(person=person)
    if conversations.filter(legal_hold=True).exists():
        raise Refused(_("A conversation with this customer is under legal hold. End the hold before erasing her."))
    messages = messages_of(person)
    Attachment.objects.filter(message__in=messages).delete()
    messages.update(**_NO_WORDS)
    Draft.objects.filter(conversation__in=conversations).delete()
    FactValue.objects.filter(matter__conversation__in=conversations).delete()
    Gap.objects.filter(matter__conversation__in=conversations).update(note="")
    _erase_from_decisions(person)
    _erase_from_handling(conversations)
    conversations.update(subject="")


def _erase_from_handling(conversations: QuerySet[Conversation]) -> None:
    """Notes and reasons may name her; and no link to her page opens anything any more."""
    Transfer.objects.filter(conversation__in=conversations).update(note="", word="")
    Complaint.objects.filter(conversation__in=conversations).update(reason="")
    DecisionCorrection.objects.filter(decision__matter__conversation__in=conversations).update(reason="")
    for conversation in conversations:
        revoke_page(conversation)


def messages_of(person: Person) -> Any:
    """Every message in her conversations, and what she wrote in those of others."""
    return Message.objects.filter(Q(conversation__person=person) | Q(person=person))


def _erase_from_decisions(person: Person) -> None:
    decisions = Decision.objects.filter(matter__conversation__person=person)
    FrozenRecord.objects.filter(Q(person=person) | Q(decision__in=decisions)).update(person=None, fields={})
    Approval.objects.filter(decision__in=decisions).update(reason="", word="")
    for decision in decisions.only("trace"):
        Decision.objects.filter(pk=decision.pk).update(trace=_without_text(decision.trace))
    decisions.update(reason="", explanation={}, advice={}, draft_offered="", text_sent="")


def _without_text(trace: Mapping[str, Any]) -> dict[str, Any]:
    # Codes, amounts and days name nobody; a fact that is free text may, so it goes.
    texts = {code for code, fact in current_book().facts.items() if fact.kind == "text"}
    facts = {code: value for code, value in trace.get("facts", {}).items() if code not in texts}
    return {**trace, "facts": facts}
