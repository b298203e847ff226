"""Imports: every bad line named, the good ones stored, the same again changes nothing, a kill doubles nothing."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from goodword.journal.models import Event
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.orders import imports as importing
from goodword.orders.import_queries import outcomes_of, report_of
from goodword.orders.imports import begin_file, begin_import, forget_files, resume_import, run_due, run_import
from goodword.orders.models import Delivery, Import, ImportStep, Product, Purchase, PurchaseLine
from goodword.people.models import Person

pytestmark = pytest.mark.django_db
PRODUCTS = """sku,category,name.en,name.da,made_to_measure,sealed
LAMP-1,general,Moon lamp,Måne,no,
TOPPER-1,hygiene,Cloud topper,Sky,,yes
"""
ORDERS = """order,bought_on,email,name,language,country,currency,sku,quantity,price,batch
10452,2026-10-30,Freja@Holm.example,Freja Holm,da,dk,DKK,LAMP-1,1,499.00,B7
10452,2026-10-30,Freja@Holm.example,Freja Holm,da,dk,DKK,TOPPER-1,2,2998.50,
"""
DELIVERIES = """order,carrier,tracking,warehouse,state,promised_on,loaded_at,delivered_on
10452,Bring,BR1,Silkeborg,delivered,2026-11-09,2026-11-02T06:00+01:00,2026-11-03
"""


def bring_in(text: str | bytes, *, dry_run: bool = False) -> Import:
    content = text.encode() if isinstance(text, str) else text
    return run_import(begin_import(content, "a file", by=None, dry_run=dry_run))


def counts(done: Import) -> tuple[int, int, int, int]:
    return done.created, done.changed, done.unchanged, done.refused


def refusals(done: Import) -> list[str]:
    return [f"{line} {column}: {why}" for line, _what, column, why in outcomes_of(done, only="refused")]


def test_products_orders_and_deliveries_come_in() -> None:
    assert [counts(bring_in(text)) for text in (PRODUCTS, ORDERS, DELIVERIES)] == [
        (2, 0, 0, 0), (2, 0, 0, 0), (1, 0, 0, 0),
    ]  # fmt: skip
    purchase = Purchase.objects.get()
    assert purchase.person == Person.objects.get(addresses__value="freja@holm.example")
    assert (purchase.country, purchase.state, purchase.channel) == ("DK", "placed", "web")
    assert list(PurchaseLine.objects.order_by("id").values_list("product__sku", "quantity", "price_cents")) == [
        ("LAMP-1", 1, 49900),
        ("TOPPER-1", 2, 299850),
    ]
    delivery = Delivery.objects.get()
    assert delivery.loaded_at == datetime(2026, 11, 2, 5, tzinfo=UTC)
    assert set(delivery.lines.values_list("product__sku", flat=True)) == {"LAMP-1", "TOPPER-1"}
    topper = Product.objects.get(sku="TOPPER-1")
    assert (topper.names, topper.sealed, topper.made_to_measure) == ({"en": "Cloud topper", "da": "Sky"}, True, False)


def test_importing_the_same_file_again_changes_nothing() -> None:
    for text in (PRODUCTS, ORDERS, DELIVERIES):
        first, again = bring_in(text), bring_in(text)
        assert counts(again) == (0, 0, first.total, 0)
    assert PurchaseLine.objects.count() == 2


def test_a_changed_price_is_taken_over_and_what_the_file_does_not_say_stays() -> None:
    bring_in(PRODUCTS)
    bring_in(ORDERS)
    Purchase.objects.update(state="dispatched")
    assert counts(bring_in(ORDERS.replace("499.00", "449.00"))) == (0, 1, 1, 0)
    assert PurchaseLine.objects.get(product__sku="LAMP-1").price_cents == 44900
    assert Purchase.objects.get().state == "dispatched"


def test_a_dry_run_says_what_it_would_do_and_does_nothing() -> None:
    tried = bring_in(PRODUCTS, dry_run=True)
    assert (counts(tried), tried.state) == ((2, 0, 0, 0), "done")
    assert not Product.objects.exists()
    assert [event.kind for event in Event.objects.order_by("id")] == ["import.begun", "orders.tried"]


def test_what_was_tried_is_brought_in_from_the_same_file() -> None:
    tried = bring_in(PRODUCTS, dry_run=True)
    assert counts(run_import(importing.import_for_real(tried, by=None))) == (2, 0, 0, 0)
    assert Product.objects.count() == 2


def test_every_bad_line_is_named_and_the_good_ones_are_stored() -> None:
    bring_in(PRODUCTS)
    bad = ORDERS + (
        "10453,30/10/2026,no address,X,da,Denmark,DKK,LAMP-1,0,4.999,\n"
        "10454,2026-10-30,a@b.example,X,da,DK,DKK,SOFA-9,1,10.00,\n"
        "10455,2026-10-30,a@b.example,X,da,DK,DKK,LAMP-1,1,10.005,\n"
        "10456,2026-10-30,a@b.example\n"
        "10452,2026-10-30,a@b.example,X,da,DK,DKK,LAMP-1,1,10.00,B7\n"
        "10457,2026-10-30,nobody,X,da,DK,DKK,LAMP-1,1,10.00,\n"
        "10458,2026-10-30,,X,da,DK,DKK,LAMP-1,1,,\n"
    )
    done = bring_in(bad)
    assert refusals(done) == [
        "4 bought_on: bought_on: '30/10/2026' is not a day like 2026-12-24; country: 'Denmark' is not a code of "
        "2 letters; quantity: '0' is not a whole number from 1 to 1,000,000",
        "5 sku: there is no product 'SOFA-9'; import the products first",
        "6 price: '10.005' is not an amount in DKK; write it like 1234.50",
        "7 : there are 3 cells, but the heading has 11",
        "8 batch: line 2 says the same order and sku and batch",
        "9 email: This is not a mail address.",
        "10 price: this must not be empty",
    ]
    assert counts(done) == (2, 0, 0, 7)
    assert list(Purchase.objects.values_list("number", flat=True)) == ["10452"]


def test_two_lines_that_tell_one_order_differently_are_not_both_believed() -> None:
    bring_in(PRODUCTS)
    done = bring_in(ORDERS.replace("10452,2026-10-30,Freja@Holm.example,Freja Holm,da,dk,DKK,TOPPER",
                                   "10452,2026-10-31,Freja@Holm.example,Freja Holm,da,dk,DKK,TOPPER"))  # fmt: skip
    assert refusals(done) == ["3 bought_on: line 2 says another bought_on of this order"]
    assert str(Purchase.objects.get().bought_on) == "2026-10-30"


def test_the_report_tells_of_every_line_as_csv() -> None:
    bring_in(PRODUCTS)
    done = bring_in(ORDERS.replace("2998.50", "much"))
    assert "".join(report_of(done)) == (
        "line,outcome,column,reason\n2,created,,\n3,refused,price,'much' is not an amount like 499.00\n"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sku,category,colour\nLAMP-1,general,blue\n", "no column 'colour'.*'name.\\*' is missing"),
        ("sku,category,sku,name.en\nA,general,A,x\n", "'sku' stands there twice"),
        ("a,b\n1,2\n", "fits none of the three kinds"),
        ("", "is empty"),
        ("sku,category\nLæ,general".encode("latin-1"), "line 2 holds a byte \\(0xE6\\).*CSV UTF-8"),
        (b"sku,category,name.en\nA,general,x\nB\x00,general,y\n", "line 3 holds a NUL"),
        ("[", "holds no records|cannot be read"),
        ('{"sku": "A"}\n', "fits none"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole_and_not_kept(text: str | bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        bring_in(text)
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("499", 49900), ("499,00", 49900), ("1.234,50", 123450), ("1,234.50", 123450), ("1 234,50", 123450),
     ("1.234.567,00", 123456700), ("1\u00a0234,5", 123450)],
)  # fmt: skip
def test_danish_and_english_amounts_are_understood(amount: str, cents: int) -> None:
    bring_in(PRODUCTS)
    text = f"order;bought_on;country;currency;sku;price\r\n10452;2026-10-30;DK;DKK;LAMP-1;{amount}\r\n"
    assert refusals(bring_in(text)) == []
    assert PurchaseLine.objects.get().price_cents == cents


@pytest.mark.parametrize("amount", ["1.234", "1,234", "-5,00", "kr. 5", "1.23.45", "1e3", "NaN", "٣"])
def test_an_amount_that_could_be_two_things_or_none_is_refused(amount: str) -> None:
    bring_in(PRODUCTS)
    done = bring_in(f"order;bought_on;country;currency;sku;price\n1;2026-10-30;DK;DKK;LAMP-1;{amount}\n")
    assert counts(done) == (0, 0, 0, 1)
    assert "is not an amount" in refusals(done)[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_files_of_spreadsheets_are_understood(encoding: str, separator: str) -> None:
    text = PRODUCTS.replace(",", separator).replace("\n", "\r\n")
    assert counts(bring_in(text.encode(encoding))) == (2, 0, 0, 0)
    assert Product.objects.get(sku="LAMP-1").names["da"] == "Måne"


def test_a_cell_may_hold_separators_and_line_ends_and_lines_are_still_counted_right() -> None:
    text = 'sku,category,name.en\nA,general,"Lamp, tall\nand thin"\n,general,x\n'
    done = bring_in(text)
    assert refusals(done) == ["4 sku: this must not be empty"]
    assert Product.objects.get().names == {"en": "Lamp, tall and thin"}


def order(number: str, **more: Any) -> dict[str, Any]:
    items = [{"sku": "LAMP-1", "price_cents": 49900}, {"sku": "TOPPER-1", "price": "1.499,00", "quantity": 2}]
    return {"order": number, "bought_on": "2026-10-30", "country": "DK", "currency": "DKK", "items": items, **more}


@pytest.mark.parametrize("as_list", [True, False])
def test_orders_come_in_with_their_items_as_json(as_list: bool) -> None:
    bring_in(PRODUCTS)
    given = [order("1", email="a@b.example"), order("2", items=[]), order("3", items=[{"sku": "NO", "price_cents": 1}])]
    text = json.dumps(given, indent=1) if as_list else "\n".join(map(json.dumps, given)) + "\nnot json\n"
    done = bring_in(text)
    assert counts(done) == ((1, 0, 0, 2) if as_list else (1, 0, 0, 3))
    assert [why for _line, _what, _column, why in outcomes_of(done, only="refused")][:2] == [
        "an order has a list of at least one item",
        "there is no product 'NO'; import the products first",
    ]
    assert list(PurchaseLine.objects.order_by("id").values_list("price_cents", "quantity")) == [(49900, 1), (149900, 2)]


def test_a_list_that_breaks_off_is_said_so() -> None:
    bring_in(PRODUCTS)
    done = bring_in(json.dumps([order("1"), order("2")])[:-4])
    assert (counts(done), refusals(done)) == ((1, 0, 0, 1), ["1 : from here on this is not JSON"])


def test_a_customer_who_was_erased_is_not_brought_back_by_the_nightly_file() -> None:
    bring_in(PRODUCTS)
    bring_in(ORDERS)
    erased = Person.objects.get()
    erased.addresses.all().delete()
    Person.objects.update(erased_at=clock.now(), name="")
    assert counts(bring_in(ORDERS)) == (0, 0, 2, 0)
    assert list(Person.objects.values_list("id", "name")) == [(erased.pk, "")]


def many(number: int) -> str:
    return "sku,category,name.en\n" + "".join(f"P-{n},general,Thing {n}\n" for n in range(number))


class Killed(BaseException):
    """The process is gone."""


def test_an_import_that_is_killed_in_the_middle_goes_on_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin_import(many(1200).encode(), "many.csv", by=None)

    def die(row: Import) -> None:
        if row.cursor == 500:
            raise Killed

    with pytest.raises(Killed):
        run_import(begun, told=die)
    left = Import.objects.get()
    assert (left.state, left.cursor, Product.objects.count()) == ("running", 500, 500)
    assert run_import(left).cursor == 500, "its lease has not run out: it may still be alive"

    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        assert run_due(seconds=60) == 1
    done = Import.objects.get()
    assert (done.state, counts(done), Product.objects.count()) == ("done", (1200, 0, 0, 0), 1200)
    lines = [line for line, *_rest in outcomes_of(done)]
    assert lines == list(range(2, 1202))


def test_a_handful_and_its_cursor_are_stored_together_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin_import(many(20).encode(), "many.csv", by=None)

    def die(**_fields: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(ImportStep.objects, "create", die)
        with pytest.raises(Killed):
            run_import(begun)
    assert (Product.objects.count(), Import.objects.get().cursor) == (0, 0)


def test_an_import_that_stops_three_times_has_failed_and_can_be_resumed() -> None:
    begun = begin_import(many(3).encode(), "many.csv", by=None)
    Import.objects.update(state="running", attempts=3, lease_until=clock.now() - timedelta(minutes=1))
    run_due()
    assert Import.objects.get().state == "failed"
    with pytest.raises(Refused):
        resume_import(bring_in(many(2)), by=None)
    assert run_import(resume_import(begun, by=None)).state == "done"


def test_the_same_file_begun_again_goes_on_with_the_import_there_is() -> None:
    first = begin_import(many(3).encode(), "many.csv", by=None)
    assert begin_import(many(3).encode(), "again.csv", by=None) == first
    run_import(first)
    assert begin_import(many(3).encode(), "again.csv", by=None) != first


def test_a_turn_of_the_worker_is_short_and_the_next_goes_on() -> None:
    begun = begin_import(many(1100).encode(), "many.csv", by=None)
    assert run_import(begun, seconds=0).cursor == 500
    assert Import.objects.get().state == "waiting"
    run_due(seconds=0)
    run_due(seconds=0)
    assert Import.objects.get().state == "done"


def test_the_file_is_erased_a_day_after_it_is_done() -> None:
    done = bring_in(PRODUCTS)
    assert forget_files() == 0
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        assert forget_files() == 1
    with pytest.raises(Refused, match="not kept any more"):
        importing.import_for_real(Import.objects.get(pk=done.pk), by=None)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        begin_file(tmp_path / "nothing.csv")
