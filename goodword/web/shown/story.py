"""The journal of a conversation as a story: each event one short sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from goodword.accounts.models import Agent, ApiKey
from goodword.journal.models import Event
from goodword.web.shown.words import moment_words


@dataclass(frozen=True)
class Line:
    """One event in words."""

    icon: str
    words: str
    at: datetime
    when: str


def story(events: Iterable[Event]) -> list[Line]:
    """The events in words, in the order given; a kind we have no words for is left out."""
    events = [event for event in events if event.kind in _sentences()]
    names = _names(events)
    return [_line(event, names) for event in events]


def known_kinds() -> set[str]:
    """The kinds of events that the story has words for."""
    return set(_sentences())


def _line(event: Event, names: dict[str, str]) -> Line:
    icon, sentence = _sentences()[event.kind]
    who = names.get(event.actor, _("The desk") if event.actor == "system" else _("The customer"))
    return Line(icon, sentence % {"who": who}, event.at, moment_words(event.at))


def _names(events: list[Event]) -> dict[str, str]:
    pks = {int(event.actor.split(":")[1]) for event in events if event.actor.startswith("agent:")}
    names = {agent.actor: agent.name for agent in Agent.objects.filter(pk__in=pks)}
    keys = {int(event.actor.split(":")[1]) for event in events if event.actor.startswith("api_key:")}
    return names | {key.actor: key.name for key in (ApiKey.objects.filter(pk__in=keys) if keys else ())}


def _sentences() -> dict[str, tuple[str, str]]:
    return {**_of_conversations(), **_of_matters()}


def _of_conversations() -> dict[str, tuple[str, str]]:
    return {
        "conversation.opened": ("inbox", _("The conversation began.")),
        "conversation.imported": ("inbox", _("The conversation was brought in from another desk.")),
        "message.received": ("letter", _("The customer wrote.")),
        "message.queued": ("reply", _("%(who)s answered.")),
        "message.sent": ("send", _("The answer left the house.")),
        "message.send_failed": ("alert", _("An answer could not be sent.")),
        "note.added": ("note", _("%(who)s wrote a note.")),
        "conversation.assigned": ("person", _("%(who)s set who takes care of it.")),
        "conversation.closed": ("check", _("%(who)s closed the conversation.")),
        "conversation.reopened": ("inbox", _("The conversation was opened again.")),
        "identity.proved": ("record", _("%(who)s noted that the identity was proved.")),
        "identity.doubted": ("alert", _("The writer is not shown to be the buyer.")),
        "identity.lost": ("alert", _("The proof of identity no longer holds.")),
        "identity.restored": ("record", _("The writer is known again.")),
        "message.send_unknown": ("ask", _("It is not known whether an answer was sent.")),
        "message.sent_again": ("send", _("An answer was sent once more.")),
        "promise.settled_late": ("clock", _("The promised answer came late.")),
        "promise.made": ("clock", _("An answer was promised.")),
        "promise.kept": ("allow", _("The promise of an answer was kept.")),
        "promise.broken": ("alert", _("The promise of an answer was not kept in time.")),
        "promise.released": ("clock", _("The promise of an answer fell away.")),
        "conversation.language_corrected": ("globe", _("%(who)s corrected the language.")),
        "conversation.person_corrected": ("person", _("%(who)s corrected whose conversation it is.")),
        "identity.reset": ("alert", _("Who wrote has to be shown anew.")),
        "correction.undone": ("turn", _("%(who)s took a correction back.")),
        "conversation.merged": ("inbox", _("%(who)s merged another conversation into this one.")),
        "conversation.merged_away": ("inbox", _("%(who)s merged this conversation into another.")),
        "conversation.parted": ("turn", _("%(who)s took this conversation out of the other again.")),
        "conversation.parted_from": ("turn", _("%(who)s took another conversation out of this one again.")),
        "conversation.split": ("turn", _("%(who)s split messages off into a new conversation.")),
        "conversation.split_off": ("turn", _("%(who)s split this off from another conversation.")),
        "complaint.marked": ("flag", _("%(who)s marked it as a complaint.")),
        "complaint.unmarked": ("flag", _("%(who)s noted that it is no complaint.")),
        "transfer.offered": ("next", _("%(who)s offered it to another department.")),
        "transfer.accepted": ("check", _("%(who)s took it over for the department.")),
        "transfer.sent_back": ("back", _("%(who)s sent it back.")),
        "transfer.withdrawn": ("close", _("%(who)s took the offer back.")),
        "page.link_mailed": ("letter", _("A fresh link to her page was mailed to the customer.")),
        "message.acknowledged": ("letter", _("The acknowledgement was queued.")),
    }


def _of_matters() -> dict[str, tuple[str, str]]:
    return {
        "matter.opened": ("order", _("A matter was opened.")),
        "matter.corrected": ("edit", _("%(who)s corrected what it is about.")),
        "matter.withdrawn": ("close", _("%(who)s withdrew a matter.")),
        "matter.reopened": ("inbox", _("%(who)s took a matter up again.")),
        "matter.moved": ("next", _("%(who)s moved a matter to another conversation.")),
        "matter.arrived": ("order", _("%(who)s moved a matter here.")),
        "correction.begun": ("edit", _("%(who)s found a decision to be wrong.")),
        "correction.left": ("turn", _("%(who)s left the decision as it was.")),
        "action.kept": ("tasks", _("Something goes on under the new decision.")),
        "matter.done": ("allow", _("A matter is done.")),
        "fact.stated": ("speech", _("%(who)s noted a fact.")),
        "fact.withdrawn": ("close", _("%(who)s took a fact back.")),
        "decision.made": ("check", _("%(who)s decided.")),
        "decision.final": ("allow", _("The decision is final.")),
        "decision.declined": ("refuse", _("The decision was declined.")),
        "decision.corrected": ("edit", _("A decision was replaced by a new one.")),
        "alternative.taken": ("next", _("The customer takes the alternative.")),
        "approval.asked": ("approve", _("%(who)s asked for approval.")),
        "approval.approved": ("allow", _("%(who)s approved.")),
        "approval.declined": ("refuse", _("%(who)s declined.")),
        "approval.withdrawn": ("close", _("%(who)s took the request back.")),
        "action.opened": ("tasks", _("Something is to be done.")),
        "action.handed_over": ("person", _("%(who)s gave something to be done to somebody else.")),
        "action.done": ("check", _("%(who)s did what was to be done.")),
        "action.cancelled": ("close", _("%(who)s cancelled what was to be done.")),
        "policy.gap_reported": ("gap", _("%(who)s reported a gap in the book.")),
    }
