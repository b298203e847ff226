"""What was bought, where it is, and what the records say of it."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from goodword.lib.errors import NotFound
from goodword.orders.models import Delivery, Purchase, PurchaseLine
from goodword.people import queries as people
from goodword.people.models import Person

FINISHED = ("delivered", "cancelled")
_MOST_CANDIDATES = 200
_WORD_WITH_DIGIT = re.compile(r"(?<![\w-])(?=[A-Za-z-]*\d)[A-Za-z0-9][A-Za-z0-9-]{1,58}[A-Za-z0-9](?![\w-])")


def purchases_of(person: Person) -> QuerySet[Purchase]:
    """Everything she bought, the newest first, with lines, products and deliveries at hand."""
    return _with_everything(Purchase.objects.filter(person=person))


def open_purchases(person: Person) -> QuerySet[Purchase]:
    """What she still waits for: neither delivered nor cancelled."""
    return purchases_of(person).exclude(state__in=FINISHED)


def recent_purchases(person: Person, day: date, *, days: int) -> QuerySet[Purchase]:
    """What she waits for, bought or was delivered within `days` before `day`: what a letter is likely about."""
    since = day - timedelta(days=days)
    near = ~Q(state__in=FINISHED) | Q(bought_on__gte=since) | Q(deliveries__delivered_on__gte=since)
    return purchases_of(person).filter(near).distinct()


def purchase_by_number(number: str) -> Purchase:
    """The order with this number, whatever its case. Raises NotFound."""
    found = _with_everything(Purchase.objects.filter(number__iexact=number.strip().lstrip("#"))).first()
    if found is None:
        raise NotFound(f"There is no order with the number {number.strip()[:60]}.")
    return found


def is_order_number_taken(number: str) -> bool:
    """Whether there is an order with this number, whoever may see it."""
    return Purchase.objects.filter(number__iexact=number.strip()).exists()


def numbers_in(text: str) -> list[str]:
    """The numbers of real orders that stand in a text, each once, in the order of the text."""
    words = list(dict.fromkeys(match[0] for match in _WORD_WITH_DIGIT.finditer(text)))[:_MOST_CANDIDATES]
    spellings = {spelling for word in words for spelling in (word, word.upper(), word.lower())}
    known = set(Purchase.objects.filter(number__in=spellings).values_list("number", flat=True))
    by_lower = {number.lower(): number for number in known}
    return list(dict.fromkeys(by_lower[word.lower()] for word in words if word.lower() in by_lower))


def record_fields(about: PurchaseLine | Purchase | None, day: date, *, language: str = "") -> dict[str, Any]:
    """What the records say of a line, or of a whole order, by the names a fact's `source` uses.

    Unknown fields are left out. Amounts are in the currency's smallest unit. Of an order with one line, the line's
    fields are there too; of one with several, none: somebody must first say which line is meant. `day` is the day
    the question is asked, for what is counted back from it.
    """
    if about is None:
        return {}
    line = about if isinstance(about, PurchaseLine) else _only(about.lines.all())
    purchase = about.purchase if isinstance(about, PurchaseLine) else about
    deliveries = [line.delivery] if line and line.delivery else list(purchase.deliveries.all())
    fields = (
        _order_fields(purchase, deliveries)
        | (_delivery_fields(deliveries[0]) if len(deliveries) == 1 else {})
        | (_line_fields(line, language) if line else {})
        | person_fields(purchase.person, day)
    )
    return {name: value for name, value in fields.items() if value not in (None, "")}


def person_fields(person: Person | None, day: date) -> dict[str, Any]:
    """What the records say of a customer on `day`: her own, and how often she bought in the year before."""
    if person is None or person.erased_at:
        return {}
    return people.record_fields(person) | {"person.purchases_last_year": purchases_last_year(person, day)}


def purchases_last_year(person: Person, day: date) -> int:
    """How many orders she placed in the 365 days up to and including `day`; cancelled ones do not count."""
    since = day - timedelta(days=364)
    return Purchase.objects.filter(person=person, bought_on__range=(since, day)).exclude(state="cancelled").count()


def _order_fields(purchase: Purchase, deliveries: list[Delivery]) -> dict[str, Any]:
    delivered = [delivery.delivered_on for delivery in deliveries]
    return {
        "order.number": purchase.number,
        "order.bought_on": purchase.bought_on,
        "order.state": purchase.state,
        "order.channel": purchase.channel,
        "order.country": purchase.country,
        "order.currency": purchase.currency,
        "order.total": sum(line.price_cents for line in purchase.lines.all()),
        # An order in several deliveries is here when its last part is: the customer gets the later day.
        "order.delivered_on": max(filter(None, delivered)) if delivered and all(delivered) else None,
        "order.dispatched_on": _latest(delivery.dispatched_on for delivery in deliveries),
        "order.promised_on": _latest(delivery.promised_on for delivery in deliveries),
    }


def _delivery_fields(delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery.window_start": delivery.window_start,
        "delivery.window_end": delivery.window_end,
        "delivery.carrier": delivery.carrier,
        "delivery.warehouse": delivery.warehouse,
        "delivery.state": delivery.state,
        "delivery.loaded": delivery.loaded_at is not None,
    }


def _line_fields(line: PurchaseLine, language: str) -> dict[str, Any]:
    product = line.product
    return {
        "line.name": product.name(language),
        "line.sku": product.sku,
        "line.category": product.category,
        "line.made_to_measure": product.made_to_measure,
        "line.sealed": product.sealed,
        "line.price": line.price_cents,
        "line.quantity": line.quantity,
        "line.batch": line.batch,
    }


def _with_everything(purchases: QuerySet[Purchase]) -> QuerySet[Purchase]:
    return purchases.select_related("person").prefetch_related("lines__product", "lines__delivery", "deliveries")


def _only(lines: Iterable[PurchaseLine]) -> PurchaseLine | None:
    listed = list(lines)
    return listed[0] if len(listed) == 1 else None


def _latest(days: Iterable[date | None]) -> date | None:
    known = [day for day in days if day]
    return max(known) if known else None
