"""Importing products, orders and deliveries from CSV: checked first, stored whole or not at all, repeatable.

The heading says what a file holds: products (`sku, category, name.en, …`), orders with one row per line
(`order, bought_on, email, …, sku, price`), or deliveries (`order, carrier, tracking, …`).
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.journal.actions import record
from goodword.lib.errors import Invalid
from goodword.orders.csv_reading import (
    Column,
    Problem,
    Sheet,
    cents,
    code,
    count,
    day,
    moment,
    one_of,
    read_heading,
    read_sheet,
    words,
    yes_no,
)
from goodword.orders.models import Delivery, Product, Purchase, PurchaseLine
from goodword.people.actions import find_or_welcome
from goodword.people.models import Person
from goodword.policies.queries import source_values, time_zone


@dataclass
class Imported:
    """What a file did, or would have done. Stored only if there is no problem and it was no dry run."""

    kind: str
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    stored: bool = False

    def __str__(self) -> str:
        done = f"{self.counts['made']} new, {self.counts['changed']} changed, {self.counts['same']} as before"
        return f"{self.kind}: {done}" + (f", {len(self.problems)} problem(s)" if self.problems else "")


def import_file(path: Path | str, *, by: Agent | None = None, dry_run: bool = False) -> Imported:
    """Import a CSV file; see `import_csv`. Raises Invalid if it cannot be opened or is not UTF-8 text."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", field="file") from None
    except UnicodeDecodeError:
        raise Invalid(f"{path} is not UTF-8 text. Save it as CSV with UTF-8 encoding.", field="file") from None
    return import_csv(text, by=by, dry_run=dry_run)


def import_csv(text: str, *, by: Agent | None = None, dry_run: bool = False) -> Imported:
    """Import the text of a CSV file. With any problem, or as a dry run, nothing is stored: the counts say what would.

    Importing the same file again changes nothing. Raises Invalid if the heading fits none of the three kinds.
    """
    kind = _kind_of(read_heading(text)[0])
    sheet = read_sheet(text, _columns(kind))
    _blame_repetitions(sheet, _KEYS[kind])
    result = Imported(kind, problems=sheet.problems)
    with transaction.atomic():
        for line, row in sheet.rows:
            result.counts[_STORE[kind](row, line, sheet, by)] += 1
        if sheet.problems or dry_run:
            transaction.set_rollback(True)
            return result
        record("orders.imported", "orders", by=actor_of(by), of=kind, **dict[str, Any](result.counts))
    result.stored = True
    return result


def _kind_of(heading: list[str]) -> str:
    names = set(heading)
    if {"order", "sku", "price"} <= names:
        return "orders"
    if {"sku", "category"} <= names:
        return "products"
    if "order" in names and names & {"carrier", "tracking", "promised_on", "delivered_on"}:
        return "deliveries"
    raise Invalid(
        "The heading fits none of the three kinds of file. Products need sku and category, orders need order, "
        "sku and price, deliveries need order and one of carrier, tracking, promised_on, delivered_on.",
        field="file",
    )


def _blame_repetitions(sheet: Sheet, key: tuple[str, ...]) -> None:
    # Two rows under one key would overwrite each other at every import.
    seen: dict[tuple[Any, ...], int] = {}
    for line, row in sheet.rows:
        found = tuple(row[name] for name in key)
        if found in seen:
            sheet.blame(line, key[-1], f"line {seen[found]} says the same {' and '.join(key)}")
        seen.setdefault(found, line)


def _columns(kind: str) -> dict[str, Column]:
    if kind == "products":
        return {
            "sku": Column(words, needed=True),
            "category": Column(one_of(source_values("line.category")), needed=True),
            "name.*": Column(words, needed=True),
            "made_to_measure": Column(yes_no, default=False),
            "sealed": Column(yes_no, default=False),
        }
    return _order_columns() if kind == "orders" else _delivery_columns()


def _order_columns() -> dict[str, Column]:
    return {
        "order": Column(words, needed=True),
        "bought_on": Column(day, needed=True),
        "email": Column(words, default=""),
        "name": Column(words, default=""),
        "language": Column(words, default=""),
        "country": Column(code(2), needed=True),
        "currency": Column(code(3), needed=True),
        "channel": Column(one_of(source_values("order.channel")), default="web"),
        "state": Column(one_of(source_values("order.state")), default="placed"),
        "sku": Column(words, needed=True),
        "quantity": Column(count, default=1),
        "price": Column(words, needed=True),
        "batch": Column(words, default=""),
    }


def _delivery_columns() -> dict[str, Column]:
    at = moment(time_zone())
    return {
        "order": Column(words, needed=True),
        "tracking": Column(words, default=""),
        "carrier": Column(words, default=""),
        "warehouse": Column(words, default=""),
        "state": Column(one_of(["planned", "loaded", "delivered", "failed"]), default="planned"),
        "promised_on": Column(day),
        "window_start": Column(at),
        "window_end": Column(at),
        "loaded_at": Column(at),
        "dispatched_on": Column(day),
        "delivered_on": Column(day),
    }


def _store_product(row: dict[str, Any], line: int, sheet: Sheet, by: Agent | None) -> str:
    names = {name.removeprefix("name."): value for name, value in row.items() if name.startswith("name.")}
    values = {"category": row["category"], "made_to_measure": row["made_to_measure"], "sealed": row["sealed"]}
    return _put(Product, {"sku": row["sku"]}, values | {"names": names})


def _store_line(row: dict[str, Any], line: int, sheet: Sheet, by: Agent | None) -> str:
    product = Product.objects.filter(sku=row["sku"]).first()
    if product is None:
        sheet.blame(line, "sku", f"there is no product {row['sku']!r}; import the products first")
        return "wrong"
    try:
        price = cents(row["price"], row["currency"])
        person = find_or_welcome(row["email"], row["name"], row["language"], by=by) if row["email"] else None
    except ValueError as error:
        sheet.blame(line, "price", str(error))
        return "wrong"
    except Invalid as error:
        sheet.blame(line, "email", str(error))
        return "wrong"
    purchase, order_did = _purchase(row, person)
    line_did = _put(
        PurchaseLine,
        {"purchase": purchase, "product": product, "batch": row["batch"]},
        {"quantity": row["quantity"], "price_cents": price},
    )
    return line_did if line_did != "same" else order_did


def _purchase(row: dict[str, Any], person: Person | None) -> tuple[Purchase, str]:
    values = {name: row[name] for name in ("bought_on", "country", "currency", "channel", "state")}
    did = _put(Purchase, {"number": row["order"]}, values | ({"person": person} if person else {}))
    return Purchase.objects.get(number=row["order"]), "same" if did == "made" else did


def _store_delivery(row: dict[str, Any], line: int, sheet: Sheet, by: Agent | None) -> str:
    purchase = Purchase.objects.filter(number=row["order"]).first()
    if purchase is None:
        sheet.blame(line, "order", f"there is no order {row['order']!r}; import the orders first")
        return "wrong"
    key = {"purchase": purchase, "tracking": row["tracking"]}
    did = _put(Delivery, key, {name: value for name, value in row.items() if name not in {"order", "tracking"}})
    purchase.lines.filter(delivery=None).update(delivery=Delivery.objects.get(**key))
    return did


def _put(model: type[Model], key: dict[str, Any], values: dict[str, Any]) -> str:
    """Store the row under its key and say whether it was made, changed, or the same before."""
    found = model._default_manager.filter(**key).first()
    if found is None:
        model._default_manager.create(**key, **values)
        return "made"
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, values[name])
    if changed:
        found.save(update_fields=changed)
    return "changed" if changed else "same"


_KEYS = {"products": ("sku",), "orders": ("order", "sku", "batch"), "deliveries": ("order", "tracking")}
_STORE = {"products": _store_product, "orders": _store_line, "deliveries": _store_delivery}
