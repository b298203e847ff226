"""Mail that went astray, as the mail page shows it: what became no message, and what is not known to have gone."""

from dataclasses import dataclass

from goodword.accounts.models import Agent
from goodword.channels.models import OutgoingMail, RawMail
from goodword.channels.queries import sender_of, set_aside
from goodword.channels.sending import unsettled
from goodword.desk.queries.conversations import visible_to
from goodword.web.shown.words import moment_words, reason_words

MOST_SHOWN = 100


@dataclass(frozen=True)
class Astray:
    """A mail that came and became no message."""

    pk: int
    sender: str
    when: str
    reason: str
    is_ignored: bool
    has_bytes: bool


@dataclass(frozen=True)
class Unsettled:
    """A mail that failed, or of which nobody knows whether it went."""

    pk: int
    number: int
    recipient: str
    when: str
    reason: str
    has_failed: bool


def mails_set_aside() -> list[Astray]:
    """The newest mails that were set aside."""
    return [_astray(raw) for raw in set_aside()[:MOST_SHOWN]]


def mails_unsettled(agent: Agent) -> list[Unsettled]:
    """The newest mails that wait for somebody's word, of the conversations that she may see."""
    rows = unsettled().filter(message__conversation__in=visible_to(agent))
    return [_unsettled(mail) for mail in rows[:MOST_SHOWN]]


def _astray(raw: RawMail) -> Astray:
    is_ignored = raw.state == RawMail.IGNORED
    return Astray(
        raw.pk, sender_of(raw), moment_words(raw.received_at), reason_words(raw.problem), is_ignored, bool(raw.blob)
    )


def _unsettled(mail: OutgoingMail) -> Unsettled:
    number, when = mail.message.conversation.number, moment_words(mail.message.at)
    return Unsettled(
        mail.pk, number, mail.recipient, when, reason_words(mail.problem), mail.state == OutgoingMail.FAILED
    )
