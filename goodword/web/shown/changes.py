"""What a draft of the book would have changed, for whom, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.models import Decision
from goodword.desk.queries.conversations import visible_to
from goodword.engine import Book
from goodword.policies.preview import Change
from goodword.web.shown.approvals import about_words
from goodword.web.shown.rows import policy_title
from goodword.web.shown.words import OUTCOME_ICONS, outcome_words, reading_language, value_words

MOST_SHOWN = 100
UNINTERESTING = {"outcome", "do"}


@dataclass(frozen=True)
class ShownOutcome:
    """An outcome with its icon."""

    icon: str
    css: str
    words: str


@dataclass(frozen=True)
class ShownChange:
    """One past decision that would come out differently."""

    number: int
    customer: str
    situation: str
    about: str
    before: ShownOutcome
    after: ShownOutcome
    details: list[tuple[str, str, str]]


def shown_changes(changes: Sequence[Change], book: Book, agent: Agent) -> list[ShownChange]:
    """The changes in conversations that `agent` may see, in the order given."""
    decisions = Decision.objects.filter(
        pk__in=[each.decision for each in changes[:MOST_SHOWN]], matter__conversation__in=visible_to(agent)
    ).select_related("matter__conversation__person", "matter__purchase", "matter__line__product")
    by_pk = {decision.pk: decision for decision in decisions}
    return [_shown(each, by_pk[each.decision], book) for each in changes[:MOST_SHOWN] if each.decision in by_pk]


def _shown(change: Change, decision: Decision, book: Book) -> ShownChange:
    conversation = decision.matter.conversation
    return ShownChange(
        number=conversation.number,
        customer=conversation.person.name if conversation.person else "",
        situation=policy_title(book, change.policy.partition("/")[0], reading_language()),
        about=about_words(decision.matter),
        before=_outcome(book, str(change.before.get("outcome", ""))),
        after=_after(book, change),
        details=[_detail(book, name, change) for name in change.outputs if name not in UNINTERESTING],
    )


def _after(book: Book, change: Change) -> ShownOutcome:
    if change.status == "decided":
        return _outcome(book, str(change.after.get("outcome", "")))
    if change.status == "ask":
        return ShownOutcome("ask", "ask", _("One thing would have to be asked."))
    if change.status == "conflict":
        return ShownOutcome("alert", "refuse", _("Two rules would contradict each other."))
    return ShownOutcome("gap", "ask", _("The book would have no answer."))


def _outcome(book: Book, outcome: str) -> ShownOutcome:
    return ShownOutcome(OUTCOME_ICONS.get(outcome, "check"), outcome, outcome_words(book, outcome))


def _detail(book: Book, name: str, change: Change) -> tuple[str, str, str]:
    output = book.outputs.get(name)
    label = output.label(reading_language()) if output else name
    return label, _value(book, name, change.before.get(name)), _value(book, name, change.after.get(name))


def _value(book: Book, name: str, value: Any) -> str:
    return "–" if value is None else value_words(book, name, value)
