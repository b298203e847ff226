"""What a letter says otherwise than the decision, each in its sentence with the place marked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from goodword.desk.sending_check import Difference

SENTENCE_ENDS = (". ", ".\n", "\n\n", "! ", "? ")
MOST_AROUND = 160


@dataclass(frozen=True)
class Marked:
    """One difference: the sentence before the mark, the mark, the sentence after, and what the decision says."""

    kind: str
    before: str
    found: str
    after: str
    expected: str


def marked(text: str, differences: Iterable[Difference]) -> list[Marked]:
    """Each difference in the words around it."""
    return [_marked(text, each) for each in differences]


def _marked(text: str, difference: Difference) -> Marked:
    ends = ((text.rfind(end, 0, difference.start), len(end)) for end in SENTENCE_ENDS)
    begin = max((at + length for at, length in ends if at >= 0), default=0)
    close = min((at for end in SENTENCE_ENDS if (at := text.find(end, difference.end)) >= 0), default=len(text))
    before = text[max(begin, difference.start - MOST_AROUND) : difference.start]
    after = text[difference.end : min(close + 1, difference.end + MOST_AROUND)]
    return Marked(_kind(difference.kind), before.lstrip(), difference.found, after.rstrip(), difference.expected)


def _kind(kind: str) -> str:
    return {
        "amount": _("Amount"),
        "date": _("Date"),
        "percent": _("Percentage"),
        "period": _("Length of time"),
        "outcome": _("Yes or no"),
    }.get(kind, kind)
