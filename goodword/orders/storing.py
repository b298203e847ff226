"""Storing products, orders and deliveries under their own keys: the same again changes nothing, what is not said stays.

Many records at a time, each looked up and written with its like: a hundred thousand lines are a few hundred queries.
Runs in the caller's transaction and writes no event: the caller knows whether one record or a file was meant.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Model

from goodword.accounts.models import Agent
from goodword.lib.errors import Invalid
from goodword.orders.cells import cents
from goodword.orders.columns import DELIVERIES, ORDERS, PRODUCTS
from goodword.orders.models import Delivery, Product, Purchase, PurchaseLine
from goodword.people.actions import find_or_welcome
from goodword.people.models import Address, Person
from goodword.people.queries import normal_address

CREATED, CHANGED, UNCHANGED, REFUSED = "created", "changed", "unchanged", "refused"
Row = dict[str, Any]
Kept = TypeVar("Kept", bound=Model)


class Outcome(NamedTuple):
    """What became of a record; for a refused one the column and the reason."""

    what: str
    column: str = ""
    message: str = ""


def store(kind: str, given: Sequence[Sequence[Row]], *, by: Agent | None) -> list[Outcome]:
    """Store records of one kind, each a list of rows read by `columns.columns_of(kind)`; what became of each, in order.

    An order has one row for each of its items; it is stored whole or refused. Items it does not name stay: a decision
    may rest on them.
    """
    stores: dict[str, Callable[[Sequence[Sequence[Row]], Agent | None], list[Outcome]]] = {
        PRODUCTS: _store_products,
        ORDERS: _store_orders,
        DELIVERIES: _store_deliveries,
    }
    return stores[kind](given, by)


@dataclass
class _Pile(Generic[Kept]):
    """Rows of one table by their own key: those there are, those to be made, those that differ."""

    model: type[Kept]
    found: dict[Any, Kept]
    new: list[Kept] = field(default_factory=list)
    changed: dict[Any, set[str]] = field(default_factory=dict)

    def put(self, key: Any, names: Row, values: Row, defaults: Row) -> str:
        """Have the row under `key` say `values`; None says nothing."""
        said = {name: value for name, value in values.items() if value is not None}
        row = self.found.get(key)
        if row is None:
            self.found[key] = row = self.model(**names, **{**defaults, **said})
            self.new.append(row)
            return CREATED
        differ = {name for name, value in said.items() if getattr(row, name) != value}
        for name in differ:
            setattr(row, name, said[name])
        if differ:
            self.changed.setdefault(key, set()).update(differ)
        return CHANGED if differ else UNCHANGED

    def save(self) -> None:
        """Write what is new and what differs."""
        fresh = {id(row) for row in self.new}
        self.model._default_manager.bulk_create(self.new, batch_size=500)
        for key, names in self.changed.items():
            if id(self.found[key]) not in fresh:
                self.found[key].save(update_fields=sorted(names))


def _store_products(given: Sequence[Sequence[Row]], by: Agent | None) -> list[Outcome]:
    skus = {row["sku"] for rows in given for row in rows}
    pile = _Pile(Product, {each.sku: each for each in Product.objects.filter(sku__in=skus)})
    outcomes = [Outcome(_put_product(pile, rows[0])) for rows in given]
    pile.save()
    return outcomes


def _put_product(pile: _Pile[Product], row: Row) -> str:
    names = {name.removeprefix("name."): value for name, value in row.items() if name.startswith("name.") and value}
    known = pile.found.get(row["sku"])
    values = {name: row[name] for name in ("category", "made_to_measure", "sealed")}
    values["names"] = {**(known.names if known else {}), **names}
    return pile.put(row["sku"], {"sku": row["sku"]}, values, {})


@dataclass
class _Orders:
    """Everything that a handful of orders touches, fetched once."""

    products: dict[str, Product]
    people: dict[str, Person]
    purchases: _Pile[Purchase]
    lines: _Pile[PurchaseLine]
    by: Agent | None


def _store_orders(given: Sequence[Sequence[Row]], by: Agent | None) -> list[Outcome]:
    at_hand = _fetched([row for rows in given for row in rows], by)
    outcomes = [_put_order(at_hand, rows) for rows in given]
    at_hand.purchases.save()
    at_hand.lines.save()
    return outcomes


def _fetched(rows: list[Row], by: Agent | None) -> _Orders:
    numbers = {row["order"] for row in rows}
    emails = {normal_address(row["email"]) for row in rows if row["email"]}
    purchases = Purchase.objects.select_related("person").filter(number__in=numbers)
    lines = PurchaseLine.objects.select_related("purchase", "product").filter(purchase__number__in=numbers)
    addresses = Address.objects.select_related("person").filter(kind=Address.MAIL, value__in=emails)
    return _Orders(
        products={each.sku: each for each in Product.objects.filter(sku__in={row["sku"] for row in rows})},
        people={each.value: each.person for each in addresses},
        purchases=_Pile(Purchase, {each.number: each for each in purchases}),
        lines=_Pile(PurchaseLine, {(each.purchase.number, each.product.sku, each.batch): each for each in lines}),
        by=by,
    )


def _put_order(at_hand: _Orders, rows: Sequence[Row]) -> Outcome:
    prices: list[int] = []
    for row in rows:
        if row["sku"] not in at_hand.products:
            return Outcome(REFUSED, "sku", f"there is no product {row['sku']!r}; import the products first")
        try:
            prices.append(_price(row))
        except ValueError as error:
            return Outcome(REFUSED, "price", str(error))
    head = rows[0]
    try:
        person = _buyer(at_hand, head)
    except Invalid as error:
        return Outcome(REFUSED, "email", str(error))
    values = {name: head[name] for name in ("bought_on", "country", "currency", "channel", "state")}
    values["person"] = person
    defaults = {"channel": "web", "state": "placed"}
    did = [at_hand.purchases.put(head["order"], {"number": head["order"]}, values, defaults)]
    did += [_put_line(at_hand, row, price) for row, price in zip(rows, prices, strict=True)]
    return Outcome(_all_in_all(did))


def _put_line(at_hand: _Orders, row: Row, price: int) -> str:
    batch = row["batch"] or ""
    names = {
        "purchase": at_hand.purchases.found[row["order"]], "product": at_hand.products[row["sku"]], "batch": batch
    }  # fmt: skip
    values = {"quantity": row["quantity"], "price_cents": price}
    return at_hand.lines.put((row["order"], row["sku"], batch), names, values, {"quantity": 1})


def _price(row: Row) -> int:
    if row["price_cents"] is not None:
        return int(row["price_cents"])
    if row["price"] is None:
        raise ValueError("this must not be empty")
    return cents(row["price"], row["currency"])


def _buyer(at_hand: _Orders, row: Row) -> Person | None:
    """Whose order it is, welcomed if she is new; None where the file does not say, or where she has been erased since:
    the shop's nightly file must not bring her back."""
    known = at_hand.purchases.found.get(row["order"])
    if not row["email"] or (known and known.person and known.person.erased_at):
        return None
    address = normal_address(row["email"])
    if address not in at_hand.people:
        at_hand.people[address] = find_or_welcome(address, row["name"] or "", row["language"] or "", by=at_hand.by)
    return at_hand.people[address]


def _all_in_all(did: list[str]) -> str:
    """A row that adds an item has made something new; an order of several items is new if the order itself is."""
    if did[0] == CREATED or set(did[1:]) == {CREATED}:
        return CREATED
    return UNCHANGED if set(did) == {UNCHANGED} else CHANGED


def _store_deliveries(given: Sequence[Sequence[Row]], by: Agent | None) -> list[Outcome]:
    numbers = {rows[0]["order"] for rows in given}
    purchases = {each.number: each for each in Purchase.objects.filter(number__in=numbers)}
    there = Delivery.objects.select_related("purchase").filter(purchase__number__in=numbers)
    pile = _Pile(Delivery, {(each.purchase.number, each.tracking): each for each in there})
    outcomes = [_put_delivery(pile, purchases, rows[0]) for rows in given]
    pile.save()
    stored = (rows[0] for rows, outcome in zip(given, outcomes, strict=True) if outcome.what != REFUSED)
    _load_lines(pile, stored)
    return outcomes


def _put_delivery(pile: _Pile[Delivery], purchases: dict[str, Purchase], row: Row) -> Outcome:
    purchase = purchases.get(row["order"])
    if purchase is None:
        return Outcome(REFUSED, "order", f"there is no order {row['order']!r}; import the orders first")
    tracking = row["tracking"] or ""
    values = {name: value for name, value in row.items() if name not in {"order", "tracking"}}
    names = {"purchase": purchase, "tracking": tracking}
    return Outcome(pile.put((row["order"], tracking), names, values, {"state": "planned"}))


def _load_lines(pile: _Pile[Delivery], rows: Iterable[Row]) -> None:
    """Lines that no delivery carries yet go with the first one that is named."""
    first: dict[str, Delivery] = {}
    for row in rows:
        first.setdefault(row["order"], pile.found[row["order"], row["tracking"] or ""])
    loose = PurchaseLine.objects.filter(purchase__number__in=first, delivery=None).select_related("purchase")
    waiting = list(loose)
    for line in waiting:
        line.delivery = first[line.purchase.number]
    PurchaseLine.objects.bulk_update(waiting, ["delivery"], batch_size=500)
