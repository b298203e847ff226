"""Prose that writes an amount of money out, where a parameter holds it, or another one."""

from datetime import date
from decimal import Decimal

import pytest

from goodword import engine
from goodword.engine.checks.amounts import amounts_in
from tests.engine.example import small_files, table

DAY = date(2026, 1, 1)
FACTS, OUTPUTS = "price: {type: money}", "outcome: {type: choice, values: [allow, approve]}"
LIMIT = "limit: {type: money, values: [{value: {EUR: 15000, DKK: 112500, IDR: 5000000, MYR: 20050, TRY: 99900}}]}\n"


@pytest.mark.parametrize(
    ("row", "number", "currency"),
    [
        ("up to 1.125 kr. at a time", 1125, "DKK"),
        ("up to kr. 1125,00", 1125, "DKK"),
        ("DKK 1,125 is the limit", 1125, "DKK"),
        ("1.125,- kr", 1125, "DKK"),
        ("€150", 150, "EUR"),
        ("150 €", 150, "EUR"),
        ("150 euros", 150, "EUR"),
        ("Rp 50.000", 50000, "IDR"),
        ("Rp50.000,50", Decimal("50000.5"), "IDR"),
        ("RM200.50", Decimal("200.5"), "MYR"),
        ("999 TL", 999, "TRY"),
        ("₺999", 999, "TRY"),
    ],
)
def test_amounts_are_read_as_each_language_writes_them(row: str, number: Decimal, currency: str) -> None:
    (found,) = amounts_in(row, {"EUR", "DKK", "IDR", "MYR", "TRY"})
    assert (found.number, found.currencies) == (number, {currency})


@pytest.mark.parametrize("row", ["30 days", "in 2026, kr is short for kroner", "a 5 krone coin", "12.000 people"])
def test_other_numbers_are_no_amounts(row: str) -> None:
    assert list(amounts_in(row, {"EUR", "DKK"})) == []


def told(prose: str) -> list[tuple[str, str]]:
    rows = table("U | price | => | outcome", "1 | <= limit | | allow", "2 | > limit | | approve")
    text = rows.replace("\n\n", f"\n\n{prose}\n\n", 1)
    findings = engine.check(small_files(FACTS, OUTPUTS, text, LIMIT), DAY)
    return [(found.code, found.message) for found in findings if found.code in ("number", "contradiction")]


def test_an_amount_that_repeats_a_parameter_is_told() -> None:
    assert told("You may give 1.125 kr. a time.") == [("number", "the amount 1.125 kr. repeats the parameter `limit`")]
    assert told("You may give € 150 a time.") == [("number", "the amount € 150 repeats the parameter `limit`")]
    assert told("You may give {{limit}} a time, and 150 days.") == [
        ("number", "the number 150 repeats the parameter `limit`")
    ]


def test_an_amount_that_no_rule_of_the_clause_has_contradicts_it() -> None:
    assert told("You may give DKK 2,000 a time.") == [
        ("contradiction", "the prose says DKK 2,000, and no rule of clause `c` does: they read `limit`")
    ]
    assert told("You may give 2,000 GBP a time.") == []
