"""CSV imports: every bad line named, nothing stored by halves, nothing changed by importing again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from goodword.journal.models import Event
from goodword.lib.errors import Invalid
from goodword.orders.imports import import_csv, import_file
from goodword.orders.models import Delivery, Product, Purchase, PurchaseLine
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


def test_products_orders_and_deliveries_come_in() -> None:
    for text in (PRODUCTS, ORDERS, DELIVERIES):
        assert import_csv(text).stored
    purchase = Purchase.objects.get()
    assert purchase.person == Person.objects.get(addresses__value="freja@holm.example")
    assert (purchase.country, purchase.state) == ("DK", "placed")
    assert list(PurchaseLine.objects.order_by("id").values_list("product__sku", "quantity", "price_cents")) == [
        ("LAMP-1", 1, 49900),
        ("TOPPER-1", 2, 299850),
    ]
    delivery = Delivery.objects.get()
    assert delivery.loaded_at == datetime(2026, 11, 2, 5, tzinfo=UTC)
    assert set(delivery.lines.values_list("product__sku", flat=True)) == {"LAMP-1", "TOPPER-1"}
    topper = Product.objects.get(sku="TOPPER-1")
    assert (topper.names, topper.sealed, topper.made_to_measure) == (
        {"en": "Cloud topper", "da": "Sky"}, True, False,
    )  # fmt: skip


def test_importing_the_same_file_again_changes_nothing() -> None:
    for text in (PRODUCTS, ORDERS, DELIVERIES):
        import_csv(text)
        again = import_csv(text)
        assert dict(again.counts) == {"same": again.counts.total()}
    assert PurchaseLine.objects.count() == 2


def test_a_changed_price_is_taken_over() -> None:
    import_csv(PRODUCTS)
    import_csv(ORDERS)
    result = import_csv(ORDERS.replace("499.00", "449.00"))
    assert dict(result.counts) == {"changed": 1, "same": 1}
    assert PurchaseLine.objects.get(product__sku="LAMP-1").price_cents == 44900


def test_a_dry_run_says_what_it_would_do_and_does_nothing() -> None:
    result = import_csv(PRODUCTS, dry_run=True)
    assert (str(result), result.stored) == ("products: 2 new, 0 changed, 0 as before", False)
    assert not Product.objects.exists()
    assert not Event.objects.exists()


def test_every_bad_line_is_named_and_nothing_is_stored() -> None:
    import_csv(PRODUCTS)
    bad = ORDERS + (
        "10453,30/10/2026,no address,X,da,Denmark,DKK,LAMP-1,0,4.999,\n"
        "10454,2026-10-30,a@b.example,X,da,DK,DKK,SOFA-9,1,10.00,\n"
        "10455,2026-10-30,a@b.example,X,da,DK,DKK,LAMP-1,1,10.005,\n"
        "10456,2026-10-30,a@b.example\n"
        "10452,2026-10-30,a@b.example,X,da,DK,DKK,LAMP-1,1,10.00,B7\n"
    )
    result = import_csv(bad)
    assert [str(problem) for problem in result.problems] == [
        "line 4, column bought_on: '30/10/2026' is not a day like 2026-12-24",
        "line 4, column country: 'Denmark' is not a code of 2 letters",
        "line 4, column quantity: '0' is not a whole number from 1",
        "line 7: there are 3 cells, but the heading has 11",
        "line 8, column batch: line 2 says the same order and sku and batch",
        "line 5, column sku: there is no product 'SOFA-9'; import the products first",
        "line 6, column price: '10.005' is not an amount in DKK",
    ]
    assert not result.stored
    assert not Purchase.objects.exists()


def test_a_delivery_of_an_unknown_order_is_named() -> None:
    result = import_csv(DELIVERIES)
    assert [str(problem) for problem in result.problems] == [
        "line 2, column order: there is no order '10452'; import the orders first"
    ]


def test_a_heading_with_an_unknown_or_missing_column_is_named() -> None:
    result = import_csv("sku,category,colour\nLAMP-1,general,blue\n")
    assert [str(problem) for problem in result.problems] == [
        "line 1, column colour: there is no such column; known are sku, category, name.*, made_to_measure, sealed",
        "line 1, column name.*: this column is missing",
    ]
    with pytest.raises(Invalid, match="fits none of the three kinds"):
        import_csv("a,b\n1,2\n")


def test_semicolons_decimal_commas_and_a_byte_order_mark_of_a_spreadsheet_are_understood(tmp_path: Path) -> None:
    import_csv(PRODUCTS)
    file = tmp_path / "orders.csv"
    file.write_bytes(
        b"\xef\xbb\xbforder;bought_on;country;currency;sku;price\r\n10452;2026-10-30;DK;DKK;LAMP-1;499,00\r\n"
    )
    assert import_file(file).stored
    assert PurchaseLine.objects.get().price_cents == 49900


def test_a_file_that_is_not_there_or_not_text_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        import_file(tmp_path / "nothing.csv")
    (tmp_path / "latin.csv").write_bytes("sku,category\nLæ,general".encode("latin-1"))
    with pytest.raises(Invalid, match="not UTF-8"):
        import_file(tmp_path / "latin.csv")
