"""What a letter says otherwise than the decision, each in its sentence with the place marked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from goodword.desk.sending_check import Difference


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
    sentence = difference.sentence or text[difference.start : difference.end]
    begin = text.rfind(sentence, 0, difference.end) if sentence in text else difference.start
    before = text[begin : difference.start]
    after = text[difference.end : begin + len(sentence)]
    return Marked(_kind(difference.kind), before, difference.found, after, difference.expected)


def _kind(kind: str) -> str:
    return {
        "amount": _("Amount"),
        "date": _("Date"),
        "percent": _("Percentage"),
        "period": _("Length of time"),
        "outcome": _("Yes or no"),
    }.get(kind, kind)
