"""The quick way gives what the careful way gives, whatever it is asked."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import engine
from goodword.engine.deciding import decide_carefully
from tests.engine.example import example_book, small_book, table
from tests.engine.random_tables import DOMAINS, LIMIT, RandomTable, tables
from tests.engine.test_tables_against_a_plain_reader import SLOW

DAY = date(2026, 12, 15)
BOOK = example_book()
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "category": st.sampled_from(["general", "hygiene", None, "nonsense"]),
    "opened": st.sampled_from([True, False, None]),
    "faulty": st.booleans(),
    "price": st.one_of(st.integers(0, 900_000), st.just(engine.Money(70_000, "EUR")), st.just("dear")),
    "days_since_delivery": st.sampled_from([0, 14, 15, 30, 31, 4000, -1]),
    "delivered_on": st.dates(date(2026, 11, 1), date(2026, 12, 20)),
    "requested_on": st.dates(date(2026, 11, 1), date(2026, 12, 20)),
    "outcome": st.sampled_from(["allow", "refuse"]),
    "refund_amount": st.integers(0, 900_000),
    "refund_percent": st.just(50),
}


def whole(decide: Any) -> Any:
    """A decision as plain values, or what was raised."""
    try:
        return decide().to_json()
    except engine.EngineError as error:
        return type(error), str(error)


@given(st.fixed_dictionaries({}, optional=FACTS), st.sampled_from(["returns", "returns/authority", "returns/nothing"]))
def test_any_facts_of_the_example_are_decided_alike(facts: dict[str, Any], policy: str) -> None:
    for day in (DAY, date(2026, 11, 1)):
        quick, careful = (
            whole(lambda day=day, decide=decide: decide(BOOK, policy, facts, day, role="agent"))
            for decide in (engine.decide, decide_carefully)
        )
        assert quick == careful


@SLOW
@given(tables(), st.sampled_from(sorted(LIMIT)), st.data())
def test_any_table_is_decided_alike(table: RandomTable, day: date, data: st.DataObject) -> None:
    book = table.book()
    ready = engine.decider(book, "p", day)
    for _ in range(5):
        facts = {name: data.draw(st.sampled_from([*DOMAINS[name], None])) for name in table.columns}
        assert whole(lambda facts=facts: ready(facts)) == whole(
            lambda facts=facts: decide_carefully(book, "p", facts, day)
        )


def test_the_record_is_of_the_facts_as_they_were() -> None:
    facts = {"category": "hygiene", "opened": True, "faulty": False, "price": 49900, "days_since_delivery": 12}
    decision = engine.decide(BOOK, "returns", facts, DAY)
    facts["category"] = "general"
    assert decision.facts["category"] == "hygiene"
    assert decision.outcome == "refuse"


def test_what_is_granted_can_be_had_without_a_record() -> None:
    ready = engine.decider(BOOK, "returns", DAY)
    known = {"category": "hygiene", "opened": True, "faulty": False, "price": 49900, "days_since_delivery": 12}
    granted = ready.outputs(known)
    assert granted is not None
    assert granted["outcome"] == "refuse"
    assert ready.outputs({"category": "hygiene"}) is None
    assert dict(granted) == ready(known).outputs


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 8, 9, 17])
def test_any_number_of_columns_is_looked_up(count: int) -> None:
    names = [f"f{number}" for number in range(count)]
    heading = " | ".join(["U", *names, "=>", "outcome"])
    book = small_book(
        ", ".join(f"{name}: {{type: yes/no}}" for name in names),
        "outcome: {type: choice, values: [refuse, allow]}",
        table(
            heading, " | ".join(["1", *["-"] * count, "", "refuse"]), " | ".join(["1.1", *["yes"] * count, "", "allow"])
        ),
    )
    ready = engine.decider(book, "p", DAY)
    assert ready(dict.fromkeys(names, True)).outcome == "allow"
    for name in names:
        assert ready.outputs({**dict.fromkeys(names, True), name: False}) == {"outcome": "refuse"}


def test_a_chain_works_out_again_what_an_earlier_table_changed() -> None:
    book = small_book(
        "price: {type: money}, back: {type: money, from: price * percent / 100}",
        "percent: {type: percent}, band: {type: text}, outcome: {type: choice, values: [refuse, allow]}",
        table("U | price | => | outcome | percent", "1 | - | | allow | 100")
        + table("U | back | => | percent", "1 | > 50 | | 50", "2 | <= 50 | | 100", clause="cap", keys="decides: cap")
        + table("U | back | => | band", '1 | > 50 | | "high"', '2 | <= 50 | | "low"', clause="b", keys="decides: band"),
        front="then: [cap, band]\n",
    )
    decision = engine.decide(book, "p", {"price": 80}, DAY)
    assert decision.outputs["band"] == "low"
    assert decision == decide_carefully(book, "p", {"price": 80}, DAY)
