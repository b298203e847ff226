"""The first guess at what a letter is about: which order, which line of it, and which situation of the book.

A guess only saves a click: it is marked as one until somebody confirms it, and it decides nothing.
"""

import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from goodword import engine
from goodword.desk.models import Matter, Message
from goodword.desk.order_numbers import unknown_numbers_in
from goodword.desk.wording import spoken_language
from goodword.orders import queries as orders
from goodword.orders.models import Purchase, PurchaseLine
from goodword.policies.queries import current_book

# How far back an order is still what somebody writes about without naming it, in days.
NEAR_DAYS = 45
SHORTEST_WORD = 4
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Guess:
    """What one matter seems to be about. Empty: nothing could be told."""

    policy: str = ""
    purchase: Purchase | None = None
    line: PurchaseLine | None = None


def guess_matters(message: Message) -> list[Guess]:
    """What a message seems to be about. For a later message of a conversation, only orders nobody has named before."""
    text = f"{message.subject}\n{message.text}"
    live = message.conversation.matters.exclude(state=Matter.WITHDRAWN)
    named = [orders.purchase_by_number(number) for number in orders.numbers_in(text)]
    policy = guess_policy(message, text)
    if not message.is_first and live.exists():
        handled = set(live.values_list("purchase_id", flat=True))
        text = message.text
        return [guess for order in named if order.pk not in handled for guess in _of_order(order, policy, text)]
    if named:
        return [guess for order in named for guess in _of_order(order, policy, text)]
    if unknown_numbers_in(text):
        return [Guess(policy)]  # she means an order we do not know; another one would be a wrong guess
    return _of_nearby(message, policy, text) or [Guess(policy)]


def guess_policy(message: Message, text: str) -> str:
    """The policy whose words the text uses most; empty if it uses none of them."""
    book, language = current_book(), spoken_language(message.conversation, message.language)
    ranked = engine.guess_policy(book, text, language)
    return str(_code(ranked[0][0])) if ranked and ranked[0][1] > 0 else ""


def _code(policy: Any) -> str:
    return str(getattr(policy, "code", policy))


def _of_order(purchase: Purchase, policy: str, text: str) -> list[Guess]:
    """A guess for each line the text speaks of; the whole order if it has several and names none."""
    lines = list(purchase.lines.all())
    if len(lines) == 1:
        return [Guess(policy, purchase, lines[0])]
    spoken_of = [line for line in lines if _names(line, text)]
    return [Guess(policy, purchase, line) for line in spoken_of] or [Guess(policy, purchase)]


def _of_nearby(message: Message, policy: str, text: str) -> list[Guess]:
    """Without a number: the one product she has bought of late and speaks of, or the one order there is."""
    person = message.conversation.person
    if person is None or person.just_welcomed:
        return []
    day = message.at.astimezone(ZoneInfo(current_book().time_zone)).date()
    near = list(orders.recent_purchases(person, day, days=NEAR_DAYS))
    spoken_of = [line for order in near for line in order.lines.all() if _names(line, text)]
    if spoken_of:
        return [Guess(policy, line.purchase, line) for line in spoken_of]
    return _of_order(near[0], policy, text) if len(near) == 1 else []


def _names(line: PurchaseLine, text: str) -> bool:
    """Whether the text uses a word of the product's name; Danish writes words together, so parts count."""
    written = {word.lower() for word in _WORD.findall(text)}
    names = " ".join(line.product.names.values())
    wanted = {word.lower() for word in _WORD.findall(names) if len(word) >= SHORTEST_WORD}
    return any(want in word or (len(word) >= SHORTEST_WORD and word in want) for want in wanted for word in written)
