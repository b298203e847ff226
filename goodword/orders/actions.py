"""Storing one order or one delivery, as a shop's program tells of it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.journal.actions import record
from goodword.lib.errors import Invalid
from goodword.orders.cells import read_row
from goodword.orders.columns import DELIVERIES, ORDERS, columns_of
from goodword.orders.files import rows_of
from goodword.orders.models import Product, Purchase
from goodword.orders.storing import REFUSED, UNCHANGED, Outcome, store


@transaction.atomic
def store_order(given: Mapping[str, Any], *, by: Agent | None) -> tuple[Purchase, str]:
    """Store an order with its items under its number; it, and "created", "changed" or "unchanged".

    `given` is as in a file: `order`, `bought_on`, `items` ... Raises Invalid naming the field that is wrong.
    """
    outcome = _store(ORDERS, given, by)
    purchase = Purchase.objects.get(number=" ".join(str(given["order"]).split()))
    if outcome.what != UNCHANGED:
        record("order.stored", f"order:{purchase.pk}", by=actor_of(by), how=outcome.what)
    return purchase, outcome.what


@transaction.atomic
def store_delivery(given: Mapping[str, Any], *, by: Agent | None) -> str:
    """Store a delivery of an order under its tracking code: "created", "changed" or "unchanged". Raises Invalid."""
    outcome = _store(DELIVERIES, given, by)
    if outcome.what != UNCHANGED:
        purchase = Purchase.objects.get(number=" ".join(str(given["order"]).split()))
        record("delivery.stored", f"order:{purchase.pk}", by=actor_of(by), how=outcome.what)
    return outcome.what


def _store(kind: str, given: Mapping[str, Any], by: Agent | None) -> Outcome:
    raw = rows_of(dict(given), 1)
    if raw.problems:
        raise Invalid(f"{raw.problems[0].message}.", field=raw.problems[0].column)
    columns, rows = columns_of(kind), []
    for place, cells in enumerate(raw.rows):
        row, problems = read_row(cells, columns, 1)
        if problems:
            raise Invalid(
                f"{problems[0].column}: {problems[0].message}.", field=_field(problems[0].column, place, given)
            )
        rows.append(row)
    outcome = store(kind, [rows], by=by)[0]
    if outcome.what == REFUSED:
        place = next((number for number, row in enumerate(rows) if _is_unknown(row, outcome)), 0)
        raise Invalid(f"{outcome.message}.", field=_field(outcome.column, place, given))
    return outcome


def _is_unknown(row: Mapping[str, Any], outcome: Outcome) -> bool:
    return outcome.column == "sku" and not Product.objects.filter(sku=row["sku"]).exists()


def _field(column: str, place: int, given: Mapping[str, Any]) -> str:
    """`sku` of the second item as `items.1.sku`; a word of the order itself as it is."""
    return column if column in given or "items" not in given else f"items.{place}.{column}"
