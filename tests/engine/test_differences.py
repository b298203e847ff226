"""What would have to be otherwise: every sentence is true, none could be shorter, and nobody is taught to lie."""

from datetime import date
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import engine
from goodword.engine.differing import Otherwise, differences
from tests.engine.example import small_book, table

DAY = date(2026, 12, 1)
FACTS = (
    "days: {type: days, range: [0, 60], source: order.delivered_on}, opened: {type: yes/no, source: ask}, "
    "kind: {type: choice, values: [lamp, bed, topper], source: line.category}"
)
OUTCOME = "outcome: {type: choice, values: [allow, approve, refuse]}"


@st.composite
def books(draw: Any) -> engine.Book:
    """A complete table over three facts: a partition by days and kind, and by the seal."""
    cut = sorted(draw(st.sets(st.integers(1, 58), min_size=1, max_size=2)))
    spans = [f"<= {cut[0]}", *(f"({low}..{high}]" for low, high in pairwise(cut)), f"> {cut[-1]}"]
    rows = []
    for span, kind, opened in product(spans, ("lamp", "bed", "topper"), ("yes", "no")):
        outcome = draw(st.sampled_from(["allow", "approve", "refuse"]))
        rows.append(f'{len(rows) + 1} | {span} | "{kind}" | {opened} | | "{outcome}"')
    return small_book(FACTS, OUTCOME, table("U | days | kind | opened | => | outcome", *rows))


def situation() -> Any:
    return st.fixed_dictionaries(
        {"days": st.integers(0, 60), "kind": st.sampled_from(["lamp", "bed", "topper"]), "opened": st.booleans()}
    )


def meant(change: Otherwise) -> list[Any]:
    """The values a change speaks of."""
    if change.values:
        return list(change.values)
    low, high = 0 if change.low is None else change.low, 60 if change.high is None else change.high
    return [low, high, (low + high) // 2]


@settings(max_examples=120, deadline=None)
@given(books(), situation())
def test_every_difference_is_true_and_none_could_be_shorter(book: engine.Book, facts: dict[str, Any]) -> None:
    outcome = engine.decide(book, "p", facts, DAY).outcome
    compiled = book.compiled("p", "outcome", DAY, "EUR")
    found = differences(compiled, facts, str(outcome), lambda name: True)
    order = ["refuse", "approve", "allow"]
    alone = {
        engine.decide(book, "p", {**facts, name: value}, DAY).outcome
        for name, values in (("days", range(61)), ("kind", ("lamp", "bed", "topper")), ("opened", (True, False)))
        for value in values
    }
    for one in found:
        assert order.index(one.outcome) > order.index(str(outcome))
        for nearest in zip(*(meant(change)[:1] for change in one.changes), strict=True):
            changed = {change.fact: value for change, value in zip(one.changes, nearest, strict=True)}
            assert engine.decide(book, "p", {**facts, **changed}, DAY).outcome == one.outcome
        if len(one.changes) == 1:
            for value in meant(one.changes[0]):
                assert engine.decide(book, "p", {**facts, one.changes[0].fact: value}, DAY).outcome == one.outcome
        assert (len(one.changes) == 1) == (one.outcome in alone)
    told = {one.outcome for one in found}
    assert {other for other in alone if order.index(str(other)) > order.index(str(outcome))} <= told


def opened_topper() -> tuple[engine.Book, engine.Decision]:
    """Refused because the customer opened it, which only she can tell."""
    rows = ('1 | "topper" | yes | | "refuse"', '2 | "topper" | no | | "allow"', '3 | not("topper") | - | | "allow"')
    book = small_book(FACTS, OUTCOME, table("U | kind | opened | => | outcome", *rows))
    return book, engine.decide(book, "p", {"kind": "topper", "opened": True}, DAY)


def test_an_agent_is_told_everything_that_would_change_it() -> None:
    book, decision = opened_topper()
    said = engine.explain(decision, book, "en", to="agent").differences
    assert said == [f"It would be “allow” if this held: {change}." for change in ("kind: lamp or bed", "opened: no")]


def test_a_customer_is_told_only_what_records_verify() -> None:
    book, decision = opened_topper()
    assert engine.explain(decision, book, "en").differences == ["It would be “allow” if this held: kind: lamp or bed."]


def test_what_the_nearest_boundary_says_is_not_said_again() -> None:
    rows = ('1 | <= 30 | | "allow"', '2 | > 30 | | "refuse"')
    book = small_book(FACTS, OUTCOME, table("U | days | => | outcome", *rows))
    told = engine.explain(engine.decide(book, "p", {"days": 34}, DAY), book, "en")
    assert told.boundary is not None
    assert told.differences == []


def test_several_reasons_are_told_in_one_sentence_each_once() -> None:
    rows = (
        '1 | yes | - | | "refuse" | "opened"',
        '2 | - | > 30 | | "refuse" | "late"',
        '3 | yes | > 40 | | - | "late"',
    )
    book = small_book(
        FACTS, f"{OUTCOME}, reason: {{type: list, of: text}}", table("C | opened | days | => | outcome | reason", *rows)
    )
    told = engine.explain(engine.decide(book, "p", {"opened": True, "days": 50}, DAY), book, "en")
    assert told.summary == "We are sorry, this is not possible. The reasons: opened and late."


@pytest.mark.parametrize("language", ["en", "da", "id", "ms", "tr"])
def test_every_language_says_it_in_a_sentence(language: str) -> None:
    from goodword.engine.languages import phrases

    words = phrases(language)
    said = words.would_be.format(outcome="X", changes="Y")
    assert "X" in said
    assert "Y" in said
    assert said.endswith(".")
    assert words.because_all.format(reason="Z").endswith("Z.")
