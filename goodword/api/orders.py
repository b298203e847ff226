"""Orders, their items and their deliveries: read, and kept up to date by the shop's own programs."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from goodword.api.asked import Word
from goodword.api.keys import caller_with
from goodword.api.paging import Next, Paged, pages_by_id
from goodword.api.values import LARGEST_ID, Body, Day, Line60, Line200, Line254, Moment
from goodword.desk.queries.reach import purchase_for, purchases_visible_to
from goodword.orders.actions import store_delivery, store_order
from goodword.orders.models import Purchase
from goodword.orders.queries import is_order_number_taken

router = Router(tags=["orders"])
Number = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^\S(.*\S)?$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Searched = Annotated[str | None, Field(max_length=254)]


class ItemOut(Schema):
    """One product of an order. `price_cents` is what was paid for the whole line."""

    sku: str
    name: str
    quantity: int
    price_cents: int
    batch: str
    tracking: str | None = Field(description="Of the delivery that carries it.")


class DeliveryOut(Schema):
    """One journey of goods to the customer."""

    tracking: str
    carrier: str
    warehouse: str
    state: str
    promised_on: date | None
    window_start: datetime | None
    window_end: datetime | None
    loaded_at: datetime | None
    dispatched_on: date | None
    delivered_on: date | None


class OrderOut(Schema):
    """What a customer bought at one time."""

    order: str
    person: int | None = Field(description="The customer's id; null where nobody is known, or she was erased.")
    bought_on: date
    country: str
    currency: str
    channel: str
    state: str
    items: list[ItemOut]
    deliveries: list[DeliveryOut]


class OrderPage(Schema):
    """The newest first."""

    orders: list[OrderOut]
    next: Next


class Wanted(Paged):
    """Which orders."""

    person: Searched = Field(default=None, description="A customer's mail address.")
    state: Searched = None
    since: Day | None = Field(default=None, description="Bought on this day or later.")


class ItemIn(Body):
    """One product; products come in by import."""

    sku: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    price_cents: Annotated[int, Field(ge=0, le=LARGEST_ID)] = Field(description="For the whole line.")
    batch: Line60 = ""


class OrderIn(Body):
    """An order. Items that are not named stay: a decision may rest on them."""

    bought_on: Day
    country: Country = Field(examples=["DK"])
    currency: Currency = Field(examples=["DKK"])
    email: Line254 = Field(default="", description="The buyer's; whoever is not known yet is welcomed.")
    name: Line200 = ""
    language: Annotated[str, StringConstraints(max_length=10, pattern=r"^[A-Za-z-]*$")] = ""
    channel: Line60 | None = Field(default=None, description="A code of the book; `web` for a new order.")
    state: Line60 | None = Field(default=None, description="A code of the book; `placed` for a new order.")
    items: Annotated[list[ItemIn], Field(min_length=1, max_length=500)]


class DeliveryIn(Body):
    """A delivery; what is not named stays."""

    carrier: Line60 | None = None
    warehouse: Line60 | None = None
    state: Literal["planned", "loaded", "delivered", "failed"] | None = None
    promised_on: Day | None = None
    window_start: Moment | None = None
    window_end: Moment | None = None
    loaded_at: Moment | None = None
    dispatched_on: Day | None = None
    delivered_on: Day | None = None


@router.get("/orders", response=OrderPage, summary="Orders")
def list_orders(request: HttpRequest, wanted: Query[Wanted]) -> OrderPage:
    """Those of customers that the key's agent may know of."""
    agent = caller_with(request, "orders:read")
    rows = purchases_visible_to(agent)
    if wanted.person is not None:
        address = wanted.person.strip().lower()
        rows = rows.filter(person__addresses__kind="mail", person__addresses__value=address)
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state)
    if wanted.since is not None:
        rows = rows.filter(bought_on__gte=wanted.since)
    shown, following = pages_by_id(rows, wanted, newest_first=True)
    return OrderPage(orders=[_order(each) for each in shown], next=following)


@router.get("/orders/{number}", response=OrderOut, summary="One order")
def read_order(request: HttpRequest, number: Word) -> OrderOut:
    """With its items and deliveries."""
    return _order(purchase_for(caller_with(request, "orders:read", "deliveries:read"), number))


@router.put("/orders/{number}", response={200: OrderOut, 201: OrderOut}, summary="Store an order")
def put_order(request: HttpRequest, response: HttpResponse, number: Word, given: OrderIn) -> Status[OrderOut]:
    """Made (201), or brought up to date (200); sent again, nothing changes. An item is known by its sku and batch."""
    agent = caller_with(request, "orders:write")
    if is_order_number_taken(number):
        purchase_for(agent, number)  # what she may not see she may not overwrite
    sent = {"order": number, **_said(given.model_dump(exclude={"items"}))}
    items = [_said(item) for item in given.model_dump()["items"]]
    purchase, what = store_order({**sent, "items": items}, by=agent)
    return Status(201 if what == "created" else 200, _order(purchase_for(agent, purchase.number)))


@router.put(
    "/orders/{number}/deliveries/{tracking}",
    response={200: OrderOut, 201: OrderOut},
    summary="Store a delivery",
    tags=["deliveries"],
)
def put_delivery(
    request: HttpRequest, response: HttpResponse, number: Word, tracking: Word, given: DeliveryIn
) -> Status[OrderOut]:
    """Made (201), or brought up to date (200), under its tracking code. Items without a delivery yet go with it."""
    agent = caller_with(request, "deliveries:write")
    purchase = purchase_for(agent, number)
    sent = {"order": purchase.number, "tracking": tracking, **_said(given.model_dump())}
    what = store_delivery({**sent, "carrier": sent.get("carrier", "")}, by=agent)
    return Status(201 if what == "created" else 200, _order(purchase_for(agent, purchase.number)))


@router.get("/orders/{number}/deliveries", response=list[DeliveryOut], summary="Its deliveries", tags=["deliveries"])
def list_deliveries(request: HttpRequest, number: Word) -> list[DeliveryOut]:
    """The oldest first."""
    purchase = purchase_for(caller_with(request, "deliveries:read", "orders:read"), number)
    return [DeliveryOut.from_orm(each) for each in sorted(purchase.deliveries.all(), key=lambda each: each.pk)]


def _said(given: dict[str, Any]) -> dict[str, Any]:
    """What is sent as a file would say it: days and moments as text, nothing for null."""
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
    return {name: value for name, value in plain.items() if value is not None}


def _order(purchase: Purchase) -> OrderOut:
    same = ("bought_on", "country", "currency", "channel", "state")
    person = purchase.person
    return OrderOut(
        order=purchase.number,
        person=person.pk if person and not person.erased_at else None,
        items=[_item(line) for line in sorted(purchase.lines.all(), key=lambda line: line.pk)],
        deliveries=[DeliveryOut.from_orm(each) for each in sorted(purchase.deliveries.all(), key=lambda each: each.pk)],
        **{name: getattr(purchase, name) for name in same},
    )


def _item(line: Any) -> ItemOut:
    return ItemOut(
        sku=line.product.sku,
        name=line.product.name("en"),
        quantity=line.quantity,
        price_cents=line.price_cents,
        batch=line.batch,
        tracking=line.delivery.tracking if line.delivery else None,
    )
