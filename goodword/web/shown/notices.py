"""Notices in words: `kind` is the journal's, the sentence is ours."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from goodword.notifications.models import Notice


@dataclass(frozen=True)
class ShownNotice:
    """One line of the small inbox."""

    pk: int
    icon: str
    sentence: str
    at: datetime


def shown_notice(notice: Notice) -> ShownNotice:
    """Put one notice into a sentence; a kind without words of its own still names its conversation."""
    icon, sentence = _words(notice.kind)
    number = notice.conversation.number if notice.conversation else ""
    return ShownNotice(notice.pk, icon, sentence % {"number": number}, notice.at)


def _words(kind: str) -> tuple[str, str]:
    return {
        "approval.asked": ("approve", _("Conversation %(number)s waits for your approval.")),
        "approval.approved": ("allow", _("Your request in conversation %(number)s was approved.")),
        "approval.declined": ("refuse", _("Your request in conversation %(number)s was declined.")),
        "message.received": ("letter", _("The customer wrote again in conversation %(number)s.")),
        "message.send_failed": ("alert", _("A reply in conversation %(number)s could not be sent.")),
        "conversation.assigned": ("person", _("Conversation %(number)s is now yours.")),
        "conversation.reopened": ("inbox", _("Conversation %(number)s is open again.")),
        "promise.broken": ("clock", _("A promise in conversation %(number)s is late.")),
        "action.opened": ("tasks", _("There is something to be done in conversation %(number)s.")),
        "policy.gap_reported": ("gap", _("The book has no answer for conversation %(number)s.")),
        "transfer.offered": ("next", _("Conversation %(number)s is offered to your department.")),
        "transfer.accepted": ("check", _("Conversation %(number)s was taken over.")),
        "transfer.sent_back": ("back", _("Conversation %(number)s came back to you.")),
        "book.problem": ("alert", _("The changed book has a mistake.")),
        "book.published": ("book", _("A new version of the policy book is in force.")),
    }.get(kind, ("bell", _("Something happened in conversation %(number)s.")))
