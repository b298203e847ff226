"""Where a conversation was brought in from, for the head of its thread."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from goodword.desk.models import Conversation
from goodword.imports.queries import origin_of
from goodword.policies.queries import current_book
from goodword.web.shown.rows import policy_title
from goodword.web.shown.words import outcome_words, reading_language


@dataclass(frozen=True)
class ShownOrigin:
    """In words; what was decided there, a sentence each; its tags and the numbers it has elsewhere."""

    words: str
    decided: list[str]
    marks: list[str]


def shown_origin(conversation: Conversation) -> ShownOrigin | None:
    """What is known of where it took place; None for a conversation that began here."""
    origin = origin_of(conversation)
    if origin is None:
        return None
    words = _("This conversation was brought in from %(source)s.") % {"source": origin.source}
    if conversation.messages.filter(at_is_known=False).exists():
        words += " " + _("Where no time stands, the source has none.")
    ids = [f"{name}: {value}" for name, value in origin.details.get("ids", {}).items()]
    decided = [_decided(each) for each in origin.details.get("decisions", [])]
    return ShownOrigin(words, decided, [*origin.details.get("tags", []), *ids])


def _decided(decision: dict[str, str]) -> str:
    book = current_book()
    outcome = outcome_words(book, decision["outcome"])
    situation = policy_title(book, decision.get("situation", ""), reading_language())
    if situation:
        return _("Decided there on %(situation)s: %(outcome)s.") % {"situation": situation, "outcome": outcome}
    return _("Decided there: %(outcome)s.") % {"outcome": outcome}
