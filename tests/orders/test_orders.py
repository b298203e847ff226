"""Orders: found by a number in a text, and put into the words a fact's source uses."""

from datetime import UTC, date, datetime

import pytest

from goodword.lib.errors import NotFound
from goodword.orders.models import Delivery, Product, Purchase, PurchaseLine
from goodword.orders.queries import (
    numbers_in,
    open_purchases,
    purchase_by_number,
    purchases_last_year,
    recent_purchases,
    record_fields,
)
from goodword.people.actions import find_or_welcome
from goodword.people.models import Person

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 16)


@pytest.fixture
def freja() -> Person:
    return find_or_welcome("freja@holm.example", "Freja Holm", "da")


@pytest.fixture(autouse=True)
def _order(freja: Person) -> None:
    lamp = Product.objects.create(sku="LAMP-1", names={"en": "Moon lamp", "da": "Måne"}, category="general")
    purchase = Purchase.objects.create(
        number="10452", person=freja, bought_on=date(2026, 10, 30), country="DK", currency="DKK", state="delivered"
    )
    delivery = Delivery.objects.create(
        purchase=purchase, carrier="Bring", warehouse="Silkeborg", promised_on=date(2026, 11, 9), state="delivered",
        loaded_at=datetime(2026, 11, 2, 6, tzinfo=UTC), delivered_on=date(2026, 11, 3),
    )  # fmt: skip
    PurchaseLine.objects.create(purchase=purchase, product=lamp, delivery=delivery, price_cents=49900, batch="B7")


def order(number: str, freja: Person | None, bought_on: date = DAY, state: str = "placed") -> Purchase:
    return Purchase.objects.create(
        number=number, person=freja, bought_on=bought_on, country="DK", currency="DKK", state=state
    )


@pytest.mark.parametrize(
    "text",
    [
        "My order 10452 is here",
        "Order no. #10452, thank you",
        "Ordrenr.10452!",
        "(10452)",
        "10452\n",
        "about 10452. And 10452 again; call 88888888",
    ],
)
def test_an_order_number_is_recognised_in_a_text(text: str) -> None:
    assert numbers_in(text) == ["10452"]


@pytest.mark.parametrize("text", ["order 99999", "104521", "x10452y", "", "10 452", "no number at all"])
def test_what_is_no_order_of_ours_is_not_recognised(text: str) -> None:
    assert numbers_in(text) == []


def test_numbers_stand_in_the_order_of_the_text_and_letters_in_any_case(freja: Person) -> None:
    order("NW-77A", freja)
    assert numbers_in("nw-77a first, then 10452") == ["NW-77A", "10452"]
    assert purchase_by_number(" #nw-77a ").number == "NW-77A"


def test_an_unknown_order_number_is_said_to_be_unknown() -> None:
    with pytest.raises(NotFound, match="no order with the number 99999"):
        purchase_by_number("99999")


def test_open_orders_are_those_she_still_waits_for(freja: Person) -> None:
    order("1", freja)
    order("2", freja, state="cancelled")
    assert [purchase.number for purchase in open_purchases(freja)] == ["1"]


def test_recent_orders_are_open_lately_bought_or_lately_delivered(freja: Person) -> None:
    order("old", freja, bought_on=date(2025, 1, 1), state="delivered")
    order("waiting", freja, bought_on=date(2025, 1, 1))
    found = {purchase.number for purchase in recent_purchases(freja, DAY, days=60)}
    assert found == {"10452", "waiting"}


def test_a_line_says_everything_its_records_know() -> None:
    assert record_fields(PurchaseLine.objects.get(), DAY, language="da") == {
        "order.number": "10452",
        "order.bought_on": date(2026, 10, 30),
        "order.state": "delivered",
        "order.channel": "web",
        "order.country": "DK",
        "order.currency": "DKK",
        "order.total": 49900,
        "order.delivered_on": date(2026, 11, 3),
        "order.promised_on": date(2026, 11, 9),
        "delivery.carrier": "Bring",
        "delivery.warehouse": "Silkeborg",
        "delivery.state": "delivered",
        "delivery.loaded": True,
        "line.name": "Måne",
        "line.sku": "LAMP-1",
        "line.category": "general",
        "line.made_to_measure": False,
        "line.sealed": False,
        "line.price": 49900,
        "line.quantity": 1,
        "line.batch": "B7",
        "person.first_name_permitted": False,
        "person.purchases_last_year": 1,
    }


def test_an_order_of_several_lines_does_not_guess_which_line_is_meant() -> None:
    purchase = Purchase.objects.get()
    PurchaseLine.objects.create(purchase=purchase, product=Product.objects.get(), price_cents=100)
    fields = record_fields(purchase, DAY)
    assert "line.price" not in fields
    assert fields["order.total"] == 50000


def test_an_order_in_two_deliveries_is_delivered_when_the_last_one_is() -> None:
    purchase = Purchase.objects.get()
    second = Delivery.objects.create(purchase=purchase)
    PurchaseLine.objects.create(purchase=purchase, product=Product.objects.get(), price_cents=100, delivery=second)
    assert "order.delivered_on" not in record_fields(purchase, DAY)
    Delivery.objects.filter(pk=second.pk).update(delivered_on=date(2026, 11, 12))
    assert record_fields(Purchase.objects.get(), DAY)["order.delivered_on"] == date(2026, 11, 12)


def test_nothing_is_known_of_no_order() -> None:
    assert record_fields(None, DAY) == {}


def test_the_year_of_purchases_ends_today_and_leaves_out_what_was_cancelled(freja: Person) -> None:
    order("inside", freja, bought_on=date(2025, 11, 17))
    order("outside", freja, bought_on=date(2025, 11, 16))
    order("cancelled", freja, state="cancelled")
    order("tomorrow", freja, bought_on=date(2026, 11, 17))
    assert purchases_last_year(freja, DAY) == 2
