"""Order numbers as customers write them: which are ours, and which only look like one."""

import re

from goodword.desk.models import Conversation, Message
from goodword.orders.queries import numbers_in

# "order 10452", "ordrenummer: #10452", "bestilling nr. A-10452": a number counts only beside such a word, because a
# telephone number, a price or a year is no order.
_NAMED = re.compile(
    r"\b(?:orde?re?n?|bestilling(?:en)?|purchase|købet?)[\s-]*(?:number|nummer|no|nr|num|id)?[\s.:#-]{0,4}"
    r"(?P<number>[A-Za-z]{0,4}-?\d{3,12})\b",
    re.IGNORECASE,
)
MOST = 5


def unknown_numbers_in(text: str) -> list[str]:
    """What the text calls an order and we have no order of, each once, in the order of the text."""
    named = dict.fromkeys(match["number"].lstrip("-") for match in _NAMED.finditer(text))
    if not named:
        return []
    ours = {number.lower() for number in numbers_in(text)}
    return [number for number in named if number.lower() not in ours][:MOST]


def unknown_numbers(conversation: Conversation) -> list[str]:
    """The same over all that the customer wrote in a conversation."""
    messages = conversation.messages.filter(direction=Message.IN)
    texts = [f"{subject}\n{text}" for subject, text in messages.values_list("subject", "text")]
    return unknown_numbers_in("\n".join(texts))
