"""Which columns a file of products, orders or deliveries has, and what may stand in them by the policy book."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from goodword.lib.errors import Invalid
from goodword.orders.cells import Column, code, count, day, fits, moment, one_of, whole_cents, words, yes_no
from goodword.policies.queries import source_values, time_zone

PRODUCTS, ORDERS, DELIVERIES = "products", "orders", "deliveries"
KINDS = (PRODUCTS, ORDERS, DELIVERIES)
KEYS = {PRODUCTS: ("sku",), ORDERS: ("order", "sku", "batch"), DELIVERIES: ("order", "tracking")}
# What every line of an order's items repeats.
OF_THE_ORDER = ("bought_on", "email", "name", "language", "country", "currency", "channel", "state")
DELIVERY_STATES = ("planned", "loaded", "delivered", "failed")
_OF_A_DELIVERY = {"carrier", "tracking", "promised_on", "delivered_on", "dispatched_on", "window_start"}


def kind_of(heading: Collection[str]) -> str:
    """What a file with these columns holds. Raises Invalid if it fits none."""
    names = set(heading)
    if {"order", "sku"} <= names and names & {"price", "price_cents"}:
        return ORDERS
    if {"sku", "category"} <= names and "order" not in names:
        return PRODUCTS
    if "order" in names and names & _OF_A_DELIVERY:
        return DELIVERIES
    raise Invalid(
        _(
            "The heading fits none of the three kinds of file. Products need sku and category, orders need order, "
            "sku and price, deliveries need order and one of carrier, tracking, promised_on, delivered_on."
        ),
        field="file",
    )


def columns_of(kind: str) -> dict[str, Column]:
    """The columns of a kind by name; codes are those of the book in force."""
    return {PRODUCTS: _of_products, ORDERS: _of_orders, DELIVERIES: _of_deliveries}[kind]()


def check_heading(heading: list[str], kind: str) -> None:
    """Raises Invalid naming every column that is unknown, stands twice or is missing."""
    columns = columns_of(kind)
    twice = [name for name in dict.fromkeys(heading) if heading.count(name) > 1]
    wrong = [_("the column %(name)s stands there twice") % {"name": repr(name)} for name in twice]
    wrong += [
        _("there is no column %(name)s (known are %(known)s)") % {"name": repr(name[:60]), "known": ", ".join(columns)}
        for name in heading
        if not any(fits(known, name) for known in columns)
    ]
    wrong += [
        _("the column %(name)s is missing") % {"name": repr(name)}
        for name, column in columns.items()
        if column.needed and not any(fits(name, given) for given in heading)
    ]
    if wrong:
        told = {"kind": kind, "wrong": "; ".join(wrong)}
        raise Invalid(_("This file of %(kind)s cannot be read: %(wrong)s.") % told, field="file")


def _of_products() -> dict[str, Column]:
    return {
        "sku": Column(words(60), needed=True),
        "category": Column(one_of(source_values("line.category")), needed=True),
        "name.*": Column(words(200), needed=True),
        "made_to_measure": Column(yes_no),
        "sealed": Column(yes_no),
    }


def _of_orders() -> dict[str, Column]:
    return {
        "order": Column(words(60), needed=True),
        "bought_on": Column(day, needed=True),
        "email": Column(words(254)),
        "name": Column(words(200)),
        "language": Column(words(10)),
        "country": Column(code(2), needed=True),
        "currency": Column(code(3), needed=True),
        "channel": Column(one_of(source_values("order.channel"))),
        "state": Column(one_of(source_values("order.state"))),
        "sku": Column(words(60), needed=True),
        "quantity": Column(count),
        "price": Column(words(40)),
        "price_cents": Column(whole_cents),
        "batch": Column(words(60)),
    }


def _of_deliveries() -> dict[str, Column]:
    at = moment(time_zone())
    return {
        "order": Column(words(60), needed=True),
        "tracking": Column(words(100)),
        "carrier": Column(words(60)),
        "warehouse": Column(words(60)),
        "state": Column(one_of(DELIVERY_STATES)),
        "promised_on": Column(day),
        "window_start": Column(at),
        "window_end": Column(at),
        "loaded_at": Column(at),
        "dispatched_on": Column(day),
        "delivered_on": Column(day),
    }
