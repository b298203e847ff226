"""The letters of `letters.yaml`, and the stories they become: who wrote which, when, about which order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from goodword.ops.demo.cast import CUSTOMERS, Customer
from goodword.ops.demo.goods import NAMES, Sale

_FIRST_DAY, _LAST_DAY = 63, 3
# These write when the demo opens; they have no other story.
KEPT_FREE = 3
_LONG_LINE_END = re.compile(r"(?<=[^\n]{50})\n(?=\S)")


@dataclass(frozen=True)
class Letter:
    """A kind of letter; see the comment in letters.yaml."""

    code: str
    policy: str
    goods: list[str]
    count: int
    subject: Mapping[str, str]
    text: Mapping[str, str]
    day: int | None = None
    state: str = "delivered"
    promised: int | None = None
    later: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, str] = field(default_factory=dict)
    back: Mapping[str, str] = field(default_factory=dict)
    takes_alternative: bool = False
    departs: bool = False


@dataclass(frozen=True)
class Story:
    """One customer's letter: written `days_ago` at a local hour, about `sale`."""

    letter: Letter
    customer: Customer
    days_ago: int
    hour: int
    minute: int
    sale: Sale

    def words(self, texts: Mapping[str, str]) -> str:
        """A text of the letter in the customer's language, with her order and her name filled in."""
        language = self.customer.language
        goods = NAMES[self.sale.sku][language]
        return unwrapped(texts[language].format(number=self.sale.number, goods=goods, name=self.customer.name))


@cache
def all_letters() -> tuple[Letter, ...]:
    """Every kind of letter, in the order of the file."""
    rows = yaml.safe_load(Path(__file__).with_name("letters.yaml").read_text(encoding="utf-8"))
    return tuple(Letter(**row) for row in rows)


def unwrapped(text: str) -> str:
    """The text with the long lines of each paragraph joined; short ones (greeting, name) stay as they are."""
    return _LONG_LINE_END.sub(" ", text)


def stories(first_number: int) -> list[Story]:
    """The letters of the last weeks, oldest first; the same at every start. Orders are numbered from `first_number`."""
    dice = Random(7)
    letters = [(letter, time) for letter in all_letters() for time in range(letter.count)]
    dice.shuffle(letters)
    writers = CUSTOMERS[KEPT_FREE:]
    told = []
    for place, (letter, time) in enumerate(letters):
        days_ago = _FIRST_DAY - place * (_FIRST_DAY - _LAST_DAY) // (len(letters) - 1)
        customer = writers[(place * 11) % len(writers)]
        sku = letter.goods[time % len(letter.goods)]
        sale = _sale(letter, customer, sku, days_ago=days_ago, number=first_number + place * 3, dice=dice)
        told.append(Story(letter, customer, days_ago, dice.randint(8, 15), dice.randint(0, 59), sale))
    return told


def _sale(letter: Letter, customer: Customer, sku: str, *, days_ago: int, number: int, dice: Random) -> Sale:
    delivered = None if letter.day is None else days_ago + letter.day
    return Sale(
        number, customer.key, sku,
        bought=(delivered if delivered is not None else days_ago) + dice.randint(4, 8), delivered=delivered,
        state=letter.state, promised_in=None if letter.promised is None else letter.promised - days_ago,
    )  # fmt: skip
