"""The customer beside the conversation: how to address her, her orders, what came before."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import is_among_the_highest
from goodword.desk.models import Conversation
from goodword.desk.queries.conversations import earlier_contacts
from goodword.orders.models import Delivery, Purchase
from goodword.orders.queries import purchases_of
from goodword.people.models import Address
from goodword.people.queries import addresses_of, how_to_address
from goodword.policies.queries import current_book
from goodword.web.shown.words import day_words, moment_words, money, reading_language

MOST_EARLIER = 8
MOST_ORDERS = 12


@dataclass(frozen=True)
class ShownLine:
    """One product of an order."""

    pk: int
    quantity: int
    name: str
    price: str


@dataclass(frozen=True)
class ShownOrder:
    """An order with its lines and its journeys in words."""

    pk: int
    number: str
    bought_on: date
    state: str
    lines: list[ShownLine]
    deliveries: list[str]


@dataclass(frozen=True)
class ShownPerson:
    """The customer's card."""

    pk: int | None
    name: str
    greeting: str
    first_name_permitted: bool
    language: str
    since: date | None
    addresses: list[Address]
    orders: list[ShownOrder]
    earlier: list[Conversation]
    legal_hold: bool = False
    is_erased: bool = False
    may_erase: bool = False


def shown_person(conversation: Conversation, agent: Agent) -> ShownPerson:
    """The card beside `conversation`, as `agent` may see it."""
    person = conversation.person
    if person is None:
        return ShownPerson(None, "", "", False, language_name(conversation.language), None, [], [], [])
    earlier = [each for each in earlier_contacts(agent, person) if each.pk != conversation.pk]
    return ShownPerson(
        pk=person.pk,
        name=person.name,
        greeting=how_to_address(person, conversation.language),
        first_name_permitted=person.first_name_permitted,
        language=language_name(person.language or conversation.language),
        since=person.since,
        addresses=addresses_of(person),
        orders=[shown_order(each) for each in purchases_of(person)[:MOST_ORDERS]],
        earlier=earlier[:MOST_EARLIER],
        legal_hold=person.legal_hold,
        is_erased=person.erased_at is not None,
        may_erase=person.erased_at is None and is_among_the_highest(agent, current_book()),
    )


def shown_order(purchase: Purchase) -> ShownOrder:
    """An order in the reader's language."""
    language = reading_language()
    lines = [
        ShownLine(line.pk, line.quantity, line.product.name(language), money(line.price_cents, purchase.currency))
        for line in purchase.lines.all()
    ]
    deliveries = [delivery_words(each) for each in purchase.deliveries.all()]
    return ShownOrder(purchase.pk, purchase.number, purchase.bought_on, _state(purchase.state), lines, deliveries)


def delivery_words(delivery: Delivery) -> str:
    """Where a journey stands, in one sentence."""
    if delivery.delivered_on:
        return _("Delivered on %(day)s by %(carrier)s.") % _of(delivery, delivery.delivered_on)
    if delivery.window_start:
        words = {**_of(delivery, None), "day": moment_words(delivery.window_start)}
        return _("Window: %(day)s, with %(carrier)s.") % words
    if delivery.dispatched_on:
        return _("On its way since %(day)s with %(carrier)s.") % _of(delivery, delivery.dispatched_on)
    if delivery.promised_on:
        return _("Promised for %(day)s.") % _of(delivery, delivery.promised_on)
    return _("Not planned yet.")


def _of(delivery: Delivery, day: date | None) -> dict[str, Any]:
    return {"day": day_words(day), "carrier": delivery.carrier or _("our own driver")}


def _state(state: str) -> str:
    fact = current_book().facts.get("order_state")
    return fact.value_label(state, reading_language()) if fact else state


def language_name(code: str) -> str:
    """A language by its name in the reader's language, as it begins a line."""
    name = spoken_language_name(code)
    return name[:1].upper() + name[1:]


def spoken_language_name(code: str) -> str:
    """A language by its name inside a sentence of the reader's language; its code if nobody here knows it."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
