"""Orders, deliveries and whole files by API: the same again changes nothing, a wrong item stores nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goodword.accounts.models import ApiKey
from goodword.journal.models import Event
from goodword.orders.imports import run_due
from goodword.orders.models import Delivery, Import, Product, Purchase, PurchaseLine
from tests.api.conftest import Program
from tests.world import World

ORDER = {
    "bought_on": "2026-11-14", "country": "DK", "currency": "DKK", "email": "nora@ny.example", "name": "Nora Ny",
    "items": [{"sku": "LAMP-1", "price_cents": 49900}, {"sku": "TOPPER-1", "price_cents": 149900, "quantity": 2}],
}  # fmt: skip


def with_items(*items: dict[str, Any]) -> dict[str, Any]:
    return {**ORDER, "items": list(items)}


def test_an_order_is_made_then_changed_then_left_alone(world: World, program: Program) -> None:
    made = program.put("/orders/30001", ORDER)
    assert made.status_code == 201
    again = program.put("/orders/30001", ORDER)
    assert (again.status_code, again.json()) == (200, made.json())
    changed = program.put("/orders/30001", {**ORDER, "state": "dispatched"})
    assert (changed.status_code, changed.json()["state"]) == (200, "dispatched")
    assert program.put("/orders/30001", ORDER).json()["state"] == "dispatched", "what is not named stays"
    purchase = Purchase.objects.get(number="30001")
    assert purchase.person is not None
    assert purchase.person.name == "Nora Ny"
    assert [(item["sku"], item["quantity"]) for item in made.json()["items"]] == [("LAMP-1", 1), ("TOPPER-1", 2)]
    events = Event.objects.filter(kind="order.stored").order_by("id")
    assert [(event.actor, event.payload) for event in events] == [
        (f"api_key:{ApiKey.objects.get().pk}", {"how": how}) for how in ("created", "changed")
    ]


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        (with_items({"sku": "LAMP-1", "price_cents": 1}, {"sku": "SOFA-9", "price_cents": 1}), "#/items/1/sku"),
        ({**ORDER, "state": "asleep"}, "#/state"),
        ({**ORDER, "email": "nobody"}, "#/email"),
        (with_items(), "#/items"),
        (with_items({"sku": "LAMP-1", "price_cents": -1}), "#/items/0/price_cents"),
        (with_items({"sku": "LAMP-1", "price_cents": 2**63}), "#/items/0/price_cents"),
        (with_items({"sku": "LAMP-1", "price_cents": "499"}), "#/items/0/price_cents"),
        ({**ORDER, "bought_on": "2026-02-30"}, "#/bought_on"),
        ({**ORDER, "currency": "kr."}, "#/currency"),
    ],
)
def test_a_wrong_order_stores_nothing_and_names_its_place(
    world: World, program: Program, sent: dict[str, Any], pointer: str
) -> None:
    answer = program.put("/orders/30001", sent)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert not Purchase.objects.filter(number="30001").exists()


def test_orders_are_listed_the_newest_first_and_narrowed(world: World, program: Program) -> None:
    def numbers(**query: Any) -> list[str]:
        return [order["order"] for order in program.get("/orders", **query).json()["orders"]]

    assert numbers() == ["10300", "10490", "10480", "10471", "10460", "10452"]
    assert numbers(person="oliver@grant.example") == ["10480", "10471"]
    assert numbers(state="dispatched") == ["10490"]
    assert numbers(since="2026-11-02") == ["10490", "10480"]
    first = program.get("/orders", limit=4).json()
    assert numbers(limit=4, cursor=first["next"]) == ["10460", "10452"]


def test_the_list_asks_the_database_as_often_for_three_as_for_one(world: World, program: Program) -> None:
    with CaptureQueriesContext(connection) as for_one:
        program.get("/orders", limit=1)
    with CaptureQueriesContext(connection) as for_three:
        assert len(program.get("/orders", limit=3).json()["orders"]) == 3
    assert len(for_three) == len(for_one)


def test_a_delivery_is_stored_under_its_tracking_code(world: World, program: Program) -> None:
    program.put("/orders/30001", ORDER)
    sent = {"carrier": "Bring", "state": "loaded", "loaded_at": "2026-11-16T06:00:00+01:00"}
    assert program.put("/orders/30001/deliveries/BR9", sent).status_code == 201
    told = program.put("/orders/30001/deliveries/BR9", {"state": "delivered", "delivered_on": "2026-11-18"})
    assert told.status_code == 200
    delivery = Delivery.objects.get(tracking="BR9")
    assert (delivery.carrier, delivery.state, str(delivery.delivered_on)) == ("Bring", "delivered", "2026-11-18")
    assert {item["tracking"] for item in told.json()["items"]} == {"BR9"}
    assert program.get("/orders/30001/deliveries").json()[0]["loaded_at"] == "2026-11-16T05:00:00Z"
    assert program.put("/orders/99999/deliveries/BR9", sent).status_code == 404
    assert program.put("/orders/30001/deliveries/BR9", {"state": "lost"}).status_code == 422


def send(program: Program, content: str, media_type: str, **query: str) -> Any:
    return program.client.post("/api/v1/imports", content, content_type=media_type, query_params=query)


LINES = "\n".join(json.dumps({"order": str(30001 + n), **ORDER}) for n in range(3)) + '\n{"order": "1", "items": []}\n'


def test_a_file_is_begun_run_by_the_worker_and_told_line_by_line(world: World, program: Program) -> None:
    begun = send(program, LINES, "application/x-ndjson", name="nightly")
    assert (begun.status_code, begun.json()["state"], begun.json()["total"]) == (202, "waiting", 4)
    path = begun["Location"].removeprefix("/api/v1")
    run_due()
    told = program.get(path).json()
    assert (told["state"], told["created"], told["refused"], told["cursor"]) == ("done", 3, 1, 4)
    report = program.get(f"{path}/report", only="refused")
    assert report["Content-Type"] == "text/csv; charset=utf-8"
    assert report.getvalue().decode() == (
        "line,outcome,column,reason\n4,refused,items,an order has a list of at least one item\n"
    )
    assert Import.objects.get().actor == f"api_key:{ApiKey.objects.get().pk}"
    assert [each["name"] for each in program.get("/imports").json()["imports"]] == ["nightly"]


def test_a_dry_run_stores_nothing_until_it_is_meant(world: World, program: Program) -> None:
    text = "sku,category,name.en\nDUVET-9,general,A duvet\n"
    tried = send(program, text, "text/csv", dry_run="true").json()
    run_due()
    assert not Product.objects.filter(sku="DUVET-9").exists()
    stored = program.post(f"/imports/{tried['id']}/store")
    assert stored.status_code == 202
    run_due()
    assert Product.objects.get(sku="DUVET-9").names == {"en": "A duvet"}


def test_a_list_of_orders_is_a_file_too(world: World, program: Program) -> None:
    assert send(program, json.dumps([{"order": "30001", **ORDER}]), "application/json").status_code == 202
    run_due()
    assert PurchaseLine.objects.filter(purchase__number="30001").count() == 2


def test_a_file_that_cannot_be_read_is_refused_at_once(world: World, program: Program) -> None:
    for content, kind, status in (
        ("a,b\n1,2\n", "text/csv", 422), ("", "text/csv", 422), ("x", "text/plain", 415),
        ("[", "application/json", 422),
        ("sku,category,colour,name.en\nA,general,red,x\n", "text/csv", 422),
    ):  # fmt: skip
        answer = send(program, content, kind)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert send(program, LINES, "application/x-ndjson", kind="products").json()["errors"][0]["field"] == "kind"
    assert not Import.objects.exists()


def test_one_that_has_failed_is_resumed_and_no_other(world: World, program: Program) -> None:
    begun = send(program, LINES, "application/x-ndjson").json()
    assert program.post(f"/imports/{begun['id']}/resume").status_code == 409
    Import.objects.update(state="failed", problem="It stopped.")
    assert program.post(f"/imports/{begun['id']}/resume").json()["state"] == "waiting"
    assert program.post("/imports/424242/resume").status_code == 404


def test_a_key_for_deliveries_brings_in_no_orders(world: World, program_with: Callable[..., Program]) -> None:
    answer = send(program_with("deliveries:write"), LINES, "application/x-ndjson")
    assert answer.status_code == 403
    assert not Import.objects.exists(), "the request is done whole or not at all"
