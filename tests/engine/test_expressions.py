"""Expressions: what they mean, what is unknown, and each mistake with its message."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.engine.errors import ExpressionError
from goodword.engine.feel import Scope, compile_expression, missing_names, names_in, parse_expression, parse_tests
from goodword.engine.feel.kinds import kind_of
from goodword.engine.values import UNKNOWN

KINDS = {
    "price": "money", "percent": "percent", "opened": "yes/no", "on": "date", "at": "datetime", "items": "list",
    "order": "record", "kind": "choice", "who": "role", "days": "days", "span": "duration",
}  # fmt: skip
BOOLEANS = {"true": True, "false": False, "missing": UNKNOWN}


def computed(text: str, **facts: Any) -> Any:
    return compile_expression(parse_expression(text), Scope())(facts)


def kleene(operator: str, left: Any, right: Any) -> Any:
    """The truth tables of DMN 1.5, table 50."""
    settling = operator == "or"
    if left is settling or right is settling:
        return settling
    return UNKNOWN if UNKNOWN in (left, right) else not settling


@pytest.mark.parametrize("operator", ["and", "or"])
@pytest.mark.parametrize("left", BOOLEANS)
@pytest.mark.parametrize("right", BOOLEANS)
def test_and_and_or_are_three_valued(operator: str, left: str, right: str) -> None:
    assert computed(f"{left} {operator} {right}") is kleene(operator, BOOLEANS[left], BOOLEANS[right])


@given(st.integers(-999, 999), st.integers(-999, 999), st.integers(1, 99))
def test_arithmetic_is_exact(a: int, b: int, c: int) -> None:
    assert computed("a + b * c - a / c", a=a, b=b, c=c) == a + b * c - Decimal(a) / Decimal(c)
    assert computed("(a + b) * 0.1", a=a, b=b) == Decimal(a + b) * Decimal("0.1")


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(-2000, 2000))
def test_days_added_are_days_between(day: date, days: int) -> None:
    later = day + timedelta(days=days)
    assert computed("days_between(day, day + days)", day=day, days=days) == days
    assert computed("add_days(day, days) - 1", day=day, days=days) == later - timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "facts", "missing"),
    [
        ("a + b", {"a": 1}, ["b"]),
        ("if a then b else c", {}, ["a", "b", "c"]),
        ("if a then b else c", {"a": False}, ["c"]),
        ("a and b", {"a": True}, ["b"]),
        ("a and b", {"a": False}, []),
        ("x in [a..b]", {"x": 1, "a": 0}, ["b"]),
        ("items[price > 1].sku", {}, ["items"]),
        ("some i in items satisfies i > 1", {}, ["items"]),
    ],
)
def test_the_facts_that_keep_an_expression_unknown_are_named(
    text: str, facts: dict[str, Any], missing: list[str]
) -> None:
    assert missing_names(parse_expression(text), facts, Scope()) == missing


def test_an_unknown_condition_does_not_matter_when_both_ways_agree() -> None:
    assert computed("if missing then 3 else 1 + 2") == 3


def test_an_unknown_field_of_a_record_is_unknown() -> None:
    assert computed("order.total", order={}) is UNKNOWN
    assert computed("order.total > 5", order={"total": 6}) is True


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("price * 2", "money"), ("price / price", "number"), ("on + 14", "date"), ("on - on", "duration"),
        ("days + days", "days"), ("opened and not(opened)", "yes/no"), ("if opened then 0 else price", "money"),
        ("min(price, price)", "money"), ("items[1]", "any"), ("items[price > 1]", "list"), ("order.total", "any"),
        ("at + span", "datetime"), ("span * 2", "duration"), ("kind + kind", "text"), ("count(items)", "number"),
    ],
)  # fmt: skip
def test_the_kind_of_an_expression_is_known_before_it_runs(text: str, kind: str) -> None:
    found = kind_of(parse_expression(text), KINDS)
    assert found == kind or (kind == "text" and found in ("text", "choice"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("price + opened", "an amount of money + yes or no has no meaning"),
        ("price < on", "an amount of money cannot be compared with a date"),
        ("opened > opened", "yes or no has no greater or less"),
        ("opened and price", "an amount of money where yes or no is wanted"),
        ("if price then 1 else 2", "an amount of money where yes or no is wanted"),
        ("if opened then 1 else on", "`then` is a number and `else` a date"),
        ("prise", "`prise` is not a fact, parameter or output. did you mean `price`?"),
        ("days_betwen(on, on)", "no function `days_betwen`. did you mean `days_between` or `months_between`?"),
        ("days_between(on)", "days_between() takes 2 values, not 1"),
        ("days_between(on, price)", "days_between() wants a date here, not an amount of money"),
        ("count(price)", "count() wants a list here, not an amount of money"),
        ("price.amount", "an amount of money has no field `amount`"),
        ("price in [on..on]", "a date where an amount of money is wanted"),
        ("-opened", "yes or no where a number is wanted"),
        ("some i in price satisfies i", "an amount of money where a list is wanted"),
    ],
)
def test_a_mistake_of_kind_is_told_before_it_runs(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        kind_of(parse_expression(text), KINDS)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("price +", "`price +` ends too early", 8),
        ("price ++ 2", "cannot read `price ++ 2` from `+` on", 8),
        ("2026-02-30 > on", "2026-02-30 is not a day of the calendar", 1),
        ('@"soon"', '@"soon" is no date, moment, time or duration', 1),
        ("kind = 'a'", "in `kind = 'a'`: text stands in double quotes, like \"a\"", 8),
        ("(" * 41 + "1" + ")" * 41, "nested deeper than 40 levels", 1),
        ("1" + " + 1" * 300, "more than 200 operators", 1),
        ("x" * 3000, "longer than 2000 characters", 2000),
    ],
)
def test_what_cannot_be_read_is_told_with_its_column(text: str, message: str, column: int) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse_expression(text)
    assert str(raised.value).startswith(message)
    assert raised.value.column == column


@pytest.mark.parametrize(
    ("text", "facts", "message"),
    [
        ("1 / a", {"a": 0}, "cannot be computed: division by zero"),
        ("a + b", {"a": 1, "b": "x"}, 'cannot be computed: 1 and "x" do not go together'),
        ("a[3]", {"a": (1, 2)}, "there is no item 3 in a list of 2"),
        ("min(a)", {"a": ()}, "cannot be computed: "),
        ("date(a)", {"a": "soon"}, 'cannot be computed: should be a date like 2026-12-24, not "soon"'),
        ("a.b", {"a": 5}, "cannot be computed: 5 has no field `b`"),
    ],
)
def test_what_cannot_be_computed_is_told_and_is_never_null(text: str, facts: dict[str, Any], message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        computed(text, **facts)
    assert str(raised.value).startswith(message)


def test_a_hyphen_joins_a_bare_choice_and_subtracts_elsewhere() -> None:
    assert [name.name for name in names_in(parse_tests("hygiene-open", hyphens=True))] == ["hygiene-open"]
    assert computed("a-b", a=5, b=3) == 2
    assert parse_tests('"in-time"', hyphens=True) == parse_tests('"in-time"')


@given(st.text(max_size=60))
def test_no_text_whatever_crashes_the_reader(text: str) -> None:
    for read in (parse_expression, parse_tests):
        with suppress(ExpressionError):
            read(text)
