"""Random tables and facts, unknown ones among them, inside SQLite, PostgreSQL and DuckDB: the same answers."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword import engine
from goodword.engine.deciding import decide_carefully
from goodword.engine.replay.results import NO_RULE, NOT_DECIDABLE, TWO_RULES, label_of
from goodword.engine.replay.sql.dialects import DIALECTS
from goodword.engine.replay.sql.statement import Compiler
from goodword.engine.replay.version import Version, When
from tests.engine.example import small_book, table
from tests.engine.random_tables import FIRST, LIMIT, RandomTable, tables
from tests.engine.replay.databases import PLACES, fill, opened, wrapped

SLOW = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
KINDS: dict[str, type] = {"kind": str, "open": bool, "days": int, "rate": Decimal, "on": date}
VALUES: Mapping[str, Sequence[Any]] = {
    "kind": ["a", "b", "c", None],
    "open": [True, False, None],
    "days": [*range(10), None, -1, 11],  # some of them outside the range: no rule was proved there
    "rate": [*(Decimal(number) / 2 for number in range(9)), None, Decimal(5)],
    "on": [*(FIRST + timedelta(days=number) for number in range(6)), None, FIRST - timedelta(days=1)],
}
Said = tuple[str, dict[str, Any]]


def said_by_the_library(book: engine.Book, facts: dict[str, Any], days: Any, role: str | None = None) -> Said:
    """What careful deciding says, in the words of a replay."""
    known = {name: value for name, value in facts.items() if value is not None}
    try:
        decision = decide_carefully(book, "p", known, days, role=role)
    except engine.NotUnique:
        return TWO_RULES, {}
    if decision.status != "decided":
        return (NOT_DECIDABLE if decision.status == "ask" else NO_RULE), {}
    return label_of(decision.outputs), dict(decision.outputs)


def said_by_a_database(
    place: str, connection: Any, book: engine.Book, columns: frozenset[str], when: When
) -> list[Said]:
    """What the CASE says about each case of the table, in order."""
    compiler = Compiler(DIALECTS[place], columns, when, "agent")
    case = compiler.case(book, "p")
    rows = wrapped(place, connection).rows(f"SELECT {case.text} FROM cases AS c ORDER BY c.id")
    results = [case.numbers.results[int(number)] for (number,) in rows]
    return [(result.label, dict(result.outputs)) for result in results]


@pytest.mark.parametrize("place", PLACES)
def test_any_table_is_decided_alike_inside_a_database(place: str) -> None:
    with opened(place) as connection:

        @SLOW
        @given(tables(most_columns=4), st.sampled_from(sorted(LIMIT)), st.data())
        def holds(table: RandomTable, day: date, data: st.DataObject) -> None:
            one = st.fixed_dictionaries({name: st.sampled_from(VALUES[name]) for name in table.columns})
            rows = data.draw(st.lists(one, min_size=1, max_size=25))
            book = table.book()
            fill(place, connection, {name: KINDS[name] for name in table.columns}, rows)
            told = said_by_a_database(place, connection, book, frozenset(table.columns), When(day, day))
            assert told == [said_by_the_library(book, row, day) for row in rows]

        holds()


@SLOW
@given(tables(most_columns=4), st.sampled_from(sorted(LIMIT)), st.data())
def test_any_table_is_decided_alike_in_process(table: RandomTable, day: date, data: st.DataObject) -> None:
    book = table.book()
    version = Version(book, "p", When(day, day))
    one = st.fixed_dictionaries({name: st.sampled_from(VALUES[name]) for name in table.columns})
    for row in data.draw(st.lists(one, min_size=1, max_size=25)):
        result, _ = version.decide({name: value for name, value in row.items() if value is not None})
        assert (result.label, dict(result.outputs)) == said_by_the_library(book, row, day)


CHAIN_FACTS = (
    "kind: {type: choice, values: [a, 'b''s', c]}, price: {type: money, range: [0, 100000]}, open: {type: yes/no}, "
    "bought_on: {type: date, source: order.bought_on}, came_on: {type: date, source: message.received_on}, "
    "late: {type: days, range: [-400, 400], from: 'days_between(bought_on, came_on) - grace'}, "
    "weeks: {type: number, whole: yes, range: [-60, 60], from: floor(late / 7)}, "
    "grown: {type: yes/no, from: 'late > 20 and not(open) or price > 900'}, "
    "paid: {type: money, range: [0, 100000], from: price * percent / 100}, role: {type: role, source: agent.role}"
)
CHAIN_OUTPUTS = (
    "outcome: {type: choice, values: [refuse, approve, allow]}, percent: {type: percent}, note: {type: text}, "
    "fee: {type: money}, do: {type: list, of: text}, by: {type: role}, label: {type: choice, values: [x, y]}"
)
CHAIN_PARAMETERS = """
grace: {type: days, values: [{value: 3}, {from: 2026-01-15, value: 10}]}
share: {type: percent, values: [{value: 12.5}, {from: 2026-02-01, value: 50}]}
limit: {type: money, values: [{value: {EUR: 300}}, {from: 2026-01-20, value: {EUR: 450}}]}
"""
CHAIN = (
    table(
        "P | kind | weeks | open | => | outcome | percent | note | fee | do",
        "1 | a | <= 2 | - | | allow | 100 | \"it's \\\\ fine\" | 10 | [\"one\"]",
        "1.1 | a | <= 2 | yes | | approve | share | - | - | [\"one\", \"two\"]",
        '2 | "b\'s" | - | - | | refuse | 0 | - | - | []',
        "3 | - | > 1 | - | | approve | - | - | - | [\"three\"]",
        '4 | not(c) | > 3 | no | | refuse | share * 2 | "late" | 5 | []',
    )
    + table(
        "U | outcome | paid | role | => | by",
        "1 | not(refuse) | <= limit | - | | agent",
        "2 | not(refuse) | > limit | agent | | lead",
        "3 | not(refuse) | > limit | not(agent) | | manager",
        "4 | refuse | - | - | | agent",
        clause="by",
        keys="decides: by",
    )
    + table("A | grown | fee | => | label", "1 | yes | - | | x", "2 | no | - | | y", clause="l", keys="decides: label")
    + table(
        "C | open | late | => | do",
        "1 | yes | - | | [\"four\"]",
        "2 | - | < 0 | | [\"one\"]",
        clause="d",
        keys="decides: do",
    )
)
CASES = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["a", "b's", "c"]),
        "price": st.sampled_from([0, 1, 299, 300, 301, 449, 450, 451, 599, 600, 601, 900, 901, 99_999]),
        "open": st.booleans(),
        "bought_on": st.dates(date(2025, 12, 20), date(2026, 2, 10)),
        "came_on": st.dates(date(2025, 12, 20), date(2026, 3, 20)),
        "late": st.integers(-5, 30),
    },
)
CHAIN_KINDS: dict[str, type] = {
    "kind": str, "price": int, "open": bool, "bought_on": date, "came_on": date, "late": int,
}  # fmt: skip


def chain_book() -> engine.Book:
    """Four tables with exceptions, dated parameters, derived facts and outputs left empty, by two governing days."""
    front = "governed_by: purchase\nthen: [by, label, do]\n"
    return small_book(CHAIN_FACTS, CHAIN_OUTPUTS, CHAIN, CHAIN_PARAMETERS, front)


def without_what_is_worked_out(facts: dict[str, Any]) -> dict[str, Any]:
    """A stored derived fact gives way where all it is derived from is known: what a replay promises."""
    both = {"bought_on", "came_on"} <= facts.keys()
    return {name: value for name, value in facts.items() if name != "late" or not both}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("own_days", [False, True])
def test_a_chain_with_exceptions_and_dated_parameters_is_decided_alike(place: str, own_days: bool) -> None:
    book, today = chain_book(), date(2026, 1, 18)
    when = When(today, None if own_days else today)
    version = Version(book, "p", when, role="agent")
    with opened(place) as connection:

        @settings(deadline=None, max_examples=30)
        @given(st.lists(CASES, min_size=1, max_size=30))
        def holds(rows: list[dict[str, Any]]) -> None:
            fill(place, connection, CHAIN_KINDS, rows)
            told = said_by_a_database(place, connection, book, frozenset(CHAIN_KINDS), when)
            kept = [without_what_is_worked_out(row) for row in rows]
            days: Any = {"today": today} if own_days else today
            wanted = [said_by_the_library(book, row, days, "agent") for row in kept]
            assert told == wanted
            results = [version.decide(row)[0] for row in kept]
            assert [(result.label, dict(result.outputs)) for result in results] == wanted

        holds()
