"""Records and lists as facts: what is missing asks, nothing is told apart from it, no error passes for an answer."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from goodword import engine
from goodword.engine.errors import ExpressionError
from goodword.engine.feel import Scope, compile_expression, parse_expression, parse_tests
from goodword.engine.values import UNKNOWN
from tests.engine.example import small_book, table

DAY = date(2026, 12, 1)


def computed(text: str, **facts: Any) -> Any:
    return compile_expression(parse_expression(text), Scope())(facts)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.b", "cannot be computed: there is nothing (null) whose `b` could be read"),
        ("a + 1", "cannot be computed: nothing (null) and 1 do not go together"),
        ("a < 1", "cannot be computed: nothing (null) and 1 do not go together"),
        ("yes + 1", "cannot be computed: yes and 1 do not go together"),
        ('"ab" * 2', 'cannot be computed: "ab" and 2 do not go together'),
        ('"1" = 1', 'cannot be computed: "1" and 1 do not go together'),
        ('on < "2026-12-24"', 'cannot be computed: 2026-12-01 and "2026-12-24" do not go together'),
        ("if 1 then 2 else 3", "yes or no is wanted here, not 1"),
        ("true and 1", "yes or no is wanted here, not 1"),
        ("some x in 5 satisfies x", "a list is wanted here, not 5"),
        ("every x in [1] satisfies x", "yes or no is wanted here, not 1"),
        ("[1, 2][i]", "there is no item 7 in a list of 2"),
        (
            "some id in [1] satisfies count([{id: 2}][id = 2]) = 1",
            "`id` is a field of the item and named outside of it",
        ),
        ("upper case(5)", "cannot be computed: 5 does not fit"),
        ("max([])", "cannot be computed: of an empty list there is no least or most"),
        ('max(1, "a")', 'cannot be computed: 1 and "a" do not go together'),
        ("10 ** 5000", "cannot be computed: a power beyond 999"),
        ("for x in 1..99999999 return x", "cannot be computed: more than 10000 steps"),
        ('duration("P1Y") > duration("P300D")', "cannot be computed: "),
        ('duration("P99999999999D")', "cannot be computed: P99999999999D is longer than any calendar"),
        ('date and time("2026-12-01T10:00:00") < date and time("2026-12-01T10:00:00Z")', "cannot be computed: "),
    ],
)
def test_what_has_no_meaning_is_an_error_and_never_a_null(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        computed(text, a=None, i=7, on=DAY)
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 in (true, 2)", False),
        ("list contains([1, 2], true)", False),
        ("distinct values([1, true, 1])", (1, True)),
        ("null = null", True),
        ("[1, 2] = [1, 2]", True),
        ("no and 1 / 0 > 1", False),
        ("some x in [1, 0] satisfies x = 1 or 1 / x > 1", True),
        ('time("17:30:00") > time("09:00:00")', True),
        ('time("17:30:00") + duration("PT45M") = time("18:15:00")', True),
        ('date and time(on, time("08:00:00")).hour', 8),
        ('on + duration("P1Y2M")', date(2028, 2, 1)),
        ("years and months duration(on, 2028-03-15).months", 3),
        ('duration("P1Y6M") = duration("P18M")', True),
        ('duration("P2D") / duration("PT12H")', 4),
        ("on.weekday", 2),
        ('substring("abcdef", -3, 2) + string(12)', "de12"),
        ('string join(split("a,b", ","), "-")', "a-b"),
        ('number("12.5") * 2', 25),
        ("flatten([1, [2, [3]]])", (1, 2, 3)),
        ("append(concatenate([1], [2]), 3, 4)", (1, 2, 3, 4)),
        ("index of([5, 6, 5], 5)", (1, 3)),
        ("reverse([1, 2])", (2, 1)),
        ("all([true, false]) or any([true, false])", True),
        ('{"two words": 1, b: 2}.b', 2),
        ("not(yes) or if yes then yes else no", True),
        ("sum([]) + count([])", 0),
        ("3..1 = 3", None),
    ],
)
def test_what_has_a_meaning_has_the_expected_one(text: str, expected: Any) -> None:
    if expected is None:
        with pytest.raises(ExpressionError, match="cannot read"):
            computed(text)
        return
    found = computed(text, on=DAY)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1000 + "1" + ")" * 1000, "[" * 900 + "]" * 900, "{a:" * 400 + "1" + "}" * 400, "-" * 1000 + "1",
        "a" + ".b" * 900, "a" + "[1]" * 600, "not(" * 300 + "a" + ")" * 300, "a" + " or a" * 390,
        "if a then " * 150 + "1" + " else 2" * 150, "1" + "+1" * 900, "some a in " * 150 + "b", "a" + "**a" * 500,
    ],
)  # fmt: skip
def test_what_is_nested_a_thousand_deep_is_refused_with_a_message(text: str) -> None:
    for read in (parse_expression, parse_tests):
        with pytest.raises(ExpressionError) as raised:
            read(text)
        assert str(raised.value)


def test_a_record_that_lacks_what_is_read_is_asked_for() -> None:
    book = small_book(
        "session: {type: record}, known: {type: yes/no, from: 'session.user != null'}",
        "outcome: {type: choice, values: [allow, refuse]}",
        table("U | known | => | outcome", "1 | yes | | allow", "2 | no | | refuse"),
    )
    for facts, expected in (
        ({}, ("ask", "session")), ({"session": {}}, ("ask", "session")),
        ({"session": {"user": None}}, ("decided", None)), ({"session": {"user": "ada"}}, ("decided", None)),
    ):  # fmt: skip
        decision = engine.decide(book, "p", engine.facts_from_json(book, facts), DAY)
        assert (decision.status, decision.question) == expected


def test_what_a_derived_record_lacks_is_asked_where_the_record_came_from() -> None:
    book = small_book(
        "orders: {type: record}, wanted: {type: text}, least: {type: number},"
        "order: {type: record, from: 'get value(orders, wanted)'},"
        "found: {type: yes/no, from: 'order != null'},"
        "dear: {type: yes/no, from: 'order != null and (some i in order.items satisfies i.price > least)'}",
        "outcome: {type: choice, values: [allow, refuse]}",
        table(
            "U | found | dear | => | outcome",
            "1 | no | - | | refuse",
            "2 | yes | yes | | refuse",
            "3 | yes | no | | allow",
        ),
    )
    for facts, expected in (
        ({}, {"orders", "wanted"}), ({"wanted": "a"}, {"orders"}), ({"wanted": "a", "orders": {}}, None),
        ({"wanted": "a", "orders": {"a": {}}, "least": 5}, {"orders"}),
        ({"wanted": "a", "orders": {"a": {"items": []}}}, None),
        ({"wanted": "a", "orders": {"a": {"items": [{"price": 7.5}]}}}, {"least"}),
        ({"wanted": "a", "orders": {"a": {"items": [{}]}}, "least": 5}, {"orders"}),
    ):  # fmt: skip
        decision = engine.decide(book, "p", engine.facts_from_json(book, facts), DAY)
        assert (decision.status, set(decision.open) or None) == ("ask" if expected else "decided", expected), facts
        again = engine.Decision.from_json(decision.to_json(), book)
        assert engine.decide(book, "p", again.facts, DAY).outputs == decision.outputs


def test_unknown_stays_unknown_through_lists() -> None:
    assert computed("[1, 2][place]") is UNKNOWN
    assert computed("some x in [1, 2] satisfies x = 1 or far") is True
    assert computed("every x in [1, 2] satisfies x = 1 and far") is False
    assert computed("for x in [1, 2] return x + far") is UNKNOWN
    assert computed("{a: 1, b: far}") is UNKNOWN
    assert computed("get value(order, far)", order={}) is UNKNOWN


def test_moments_with_a_zone_compare_wherever_they_are() -> None:
    assert computed('date and time("2026-12-24T10:00:00@Europe/Copenhagen") = date and time("2026-12-24T09:00:00Z")')
    assert computed('date and time("2026-12-24T10:00:00") - date and time("2026-12-23T10:00:00")') == timedelta(days=1)
    assert computed('date and time("2026-12-24T10:00:00")') == datetime(2026, 12, 24, 10)
    assert computed('time("10:00:00") - time("09:30:00")') == timedelta(minutes=30)
    assert computed('time("10:00")') == time(10)
