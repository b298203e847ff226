"""A shelf of several versions is read the quick way wherever its books and days are known, with the same answers."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import engine
from goodword.engine import deciding
from goodword.engine.deciding import decide_carefully
from tests.engine.example import example_files
from tests.engine.test_deciding_in_bulk import FACTS, whole

AUTHORITY = """---
policy: grants
title: Who may say yes
valid_from: 2026-01-01
governed_by: purchase
---
## Limits
<!-- #limits decides: grant, audience: staff -->

| U | outcome  | refund_amount | => | authority |
|:--|:---------|:--------------|:--:|:----------|
| 1 | "refuse" | -             |    | "agent"   |
| 2 | not("refuse") | <= agent_limit |    | "agent"   |
| 3 | not("refuse") | > agent_limit |    | "manager" |
"""
DAYS = [date(2026, 1, 15), date(2026, 6, 15), date(2026, 11, 15), date(2026, 12, 15)]


def version(limit: int) -> engine.Book:
    files = {name: text for name, text in example_files().items() if not name.startswith("cases/")}
    files["returns.md"] = files["returns.md"].replace("then: [authority]", "then: [authority, grants/grant]")
    files["facts.yaml"] = files["facts.yaml"].replace(
        "outputs:\n",
        "  bought_on: {type: date, source: order.bought_on}\noutputs:\n",
    )
    files["parameters.yaml"] = files["parameters.yaml"].replace("DKK: 500000", f"DKK: {limit}")
    return engine.parse_book({**files, "grants.md": AUTHORITY})


class Versions:
    """Three versions, each in force from a day on."""

    books = (version(100_000), version(300_000), version(500_000))

    def book_on(self, policy: str, day: date) -> engine.Book:
        if policy not in self.books[0].policies:
            raise engine.NotFound(f"no policy {policy}")
        return self.books[sum(day >= since for since in DAYS[1:3])]


SHELF = Versions()
GOVERNING = st.one_of(
    st.sampled_from(DAYS),
    st.fixed_dictionaries({}, optional={name: st.sampled_from(DAYS) for name in ("purchase", "contact", "today")}),
)


@settings(max_examples=300, deadline=None)
@given(
    st.fixed_dictionaries({}, optional={**FACTS, "bought_on": st.sampled_from(DAYS)}),
    GOVERNING,
    st.sampled_from(["returns", "returns/authority", "grants", "nothing", "returns/nothing"]),
)
def test_any_facts_on_any_days_are_decided_alike(facts: dict[str, Any], days: Any, policy: str) -> None:
    quick = whole(lambda: engine.decide(SHELF, policy, facts, days, role="agent"))
    assert quick == whole(lambda: decide_carefully(SHELF, policy, facts, days, role="agent"))


@settings(max_examples=100, deadline=None)
@given(
    st.fixed_dictionaries({}, optional=FACTS),
    st.fixed_dictionaries({name: st.sampled_from(DAYS) for name in ("purchase", "contact")}),
)
def test_what_is_told_without_the_record_is_what_the_record_says(facts: dict[str, Any], days: dict[str, date]) -> None:
    try:
        quick = engine.decide(SHELF, "returns", facts, days)
    except engine.EngineError:
        return
    fired, overridden, tables, outputs = quick.fired, quick.overridden, quick.tables, quick.outputs
    careful = decide_carefully(SHELF, "returns", facts, days)
    assert (fired, overridden, tables, outputs) == (careful.fired, careful.overridden, careful.tables, careful.outputs)


HYGIENE = {"category": "hygiene", "opened": True, "faulty": True, "price": 200_000}


@pytest.mark.parametrize(("bought", "authority"), [(DAYS[0], "manager"), (DAYS[1], "agent")])
def test_each_table_is_read_in_the_book_of_its_own_day_without_the_careful_way(
    bought: date, authority: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "decide_carefully", None)
    decision = engine.decide(SHELF, "returns", HYGIENE, {"purchase": bought, "contact": DAYS[3]})
    assert (decision.outcome, decision.authority) == ("allow", authority)
    assert [use.day for use in decision.tables] == [DAYS[3], DAYS[3], bought]


def test_a_day_that_nobody_knows_is_asked_for() -> None:
    decision = engine.decide(SHELF, "returns", HYGIENE, {"contact": DAYS[3]})
    assert (decision.status, decision.question) == ("ask", "bought_on")
    assert (
        engine.decide(SHELF, "returns", {**HYGIENE, "bought_on": DAYS[0]}, {"contact": DAYS[3]}).authority == "manager"
    )


def test_what_does_not_matter_may_be_unknown_on_the_quick_way_too(monkeypatch: pytest.MonkeyPatch) -> None:
    book = SHELF.books[2]
    monkeypatch.setattr(deciding, "decide_carefully", None)
    known = {name: value for name, value in HYGIENE.items() if name != "opened"}
    assert engine.decide(book, "returns", known, DAYS[3]).outcome == "allow"
    assert engine.decider(book, "returns", DAYS[3]).outputs(known)["outcome"] == "allow"
