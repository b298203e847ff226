"""Deciding: exceptions, chains, governing days, money, unknown facts, and decisions that can be stored and repeated."""

import json
from datetime import date
from typing import Any

import pytest

from goodword import engine
from tests.engine.example import changed, example_book, example_files, small_book, table

DAY = date(2026, 12, 15)
OUTCOME = "outcome: {type: choice, values: [refuse, approve, allow]}"
KNOWN: dict[str, Any] = {
    "category": "general", "faulty": False, "price": 49900,
    "delivered_on": date(2026, 12, 1), "requested_on": date(2026, 12, 5),
}  # fmt: skip


def test_an_exception_beats_its_rule_whichever_way_it_goes() -> None:
    facts = {"category": "hygiene", "opened": True, "days_since_delivery": 3, "price": 100}
    refused = engine.decide(example_book(), "returns", {**facts, "faulty": False}, DAY)
    allowed = engine.decide(example_book(), "returns", {**facts, "faulty": True}, DAY)
    assert (refused.outcome, allowed.outcome) == ("refuse", "allow")
    assert [ref.id for ref in allowed.overridden] == ["returns#hygiene:1", "returns#authority:2"][:1]


def test_an_exception_to_an_exception_beats_both() -> None:
    rows = (
        "1 | yes | - | - | | refuse",
        "1.1 | yes | yes | - | | allow",
        "1.1.1 | yes | - | yes | | approve",
        "2 | no | - | - | | allow",
    )
    book = small_book(
        "a: {type: yes/no}, b: {type: yes/no}, c: {type: yes/no}", OUTCOME, table("U | a | b | c | => | outcome", *rows)
    )
    assert engine.decide(book, "p", {"a": True, "b": True, "c": True}, DAY).outcome == "approve"
    assert engine.decide(book, "p", {"a": True, "b": False, "c": True}, DAY).outcome == "approve"
    assert engine.decide(book, "p", {"a": True, "b": True, "c": False}, DAY).outcome == "allow"


def test_a_parameter_changes_with_the_governing_day() -> None:
    facts = {**KNOWN, "requested_on": date(2026, 12, 21)}
    before = engine.decide(example_book(), "returns", facts, {"contact": date(2026, 11, 30), "today": DAY})
    after = engine.decide(example_book(), "returns", facts, {"contact": date(2026, 12, 1), "today": DAY})
    assert (before.outcome, after.outcome) == ("refuse", "allow")


def test_the_governing_day_may_come_from_a_fact() -> None:
    decision = engine.decide(example_book(), "returns", KNOWN, {"today": DAY})
    assert decision.tables[0].day == date(2026, 12, 5)


def test_a_governing_day_that_nobody_knows_is_asked_for() -> None:
    facts = {name: value for name, value in KNOWN.items() if name != "requested_on"}
    assert engine.decide(example_book(), "returns", facts, {"today": DAY}).question == "requested_on"


class TwoVersions:
    """A shelf on which the returns policy changed on the first of December."""

    def __init__(self) -> None:
        self.old = example_book()
        files = changed("returns.md", '| 2.1 | "allow"  | > agent_limit  |', '| 2.1 | "allow"  | > 100          |')
        self.new = engine.parse_book(files)

    def book_on(self, policy: str, day: date) -> engine.Book:
        return self.new if day >= date(2026, 12, 1) else self.old


def test_each_table_is_read_in_the_book_of_its_own_day() -> None:
    shelf = TwoVersions()
    early = engine.decide(shelf, "returns", KNOWN, {"contact": date(2026, 11, 1), "today": DAY})
    late = engine.decide(shelf, "returns", KNOWN, {"contact": date(2026, 12, 5), "today": DAY})
    assert (early.authority, late.authority) == ("agent", "manager")
    assert [use.rules_hash for use in late.tables] == [shelf.new.rules_hash] * 2
    assert early.hash == shelf.old.rules_hash != late.hash


def test_a_stricter_outcome_later_in_the_chain_stands_and_keeps_the_first_reason() -> None:
    decision = engine.decide(example_book(), "returns", {**KNOWN, "price": 900000}, DAY)
    assert (decision.outcome, decision.authority) == ("approve", "manager")
    assert decision.outputs["reason"] == "in-time"
    assert decision.clauses == ("returns#window", "returns#authority")
    assert decision.facts["refund_amount"] == 900000


def test_a_decision_of_the_chain_can_be_asked_alone() -> None:
    decision = engine.decide(example_book(), "returns/authority", {"outcome": "allow", "refund_amount": 1}, DAY)
    assert (decision.status, decision.authority) == ("decided", "agent")
    assert engine.ask(example_book(), "returns/authority", {"outcome": "allow"}, DAY) == "price"


def test_unknown_asks_and_never_refuses() -> None:
    decision = engine.decide(example_book(), "returns", {"category": "hygiene"}, DAY)
    assert (decision.status, decision.outcome) == ("ask", None)
    assert decision.open == ("faulty", "opened", "delivered_on", "requested_on")


def test_a_fact_that_cannot_change_the_answer_is_not_asked_for() -> None:
    facts = {name: value for name, value in KNOWN.items() if name != "opened"}
    assert engine.decide(example_book(), "returns", facts, DAY).status == "decided"


def test_facts_used_are_kept_with_what_they_are_derived_from() -> None:
    decision = engine.decide(example_book(), "returns", {**KNOWN, "opened": False}, DAY)
    assert decision.facts == {**KNOWN, "opened": False, "days_since_delivery": 4, "refund_amount": 49900}


def test_a_stored_decision_can_be_read_and_decided_again() -> None:
    book = example_book()
    first = engine.decide(book, "returns", KNOWN, DAY)
    stored = json.dumps(first.to_json())
    read = engine.Decision.from_json(stored, book)
    again = engine.decide(book, read.policy, read.facts, read.days)
    assert read == first
    assert again == first
    assert read.boundary == first.boundary
    assert json.loads(stored)["hash"] == book.rules_hash


def test_money_carries_its_currency_and_nothing_is_converted() -> None:
    euros = {**KNOWN, "price": engine.Money(80000, "EUR")}
    decision = engine.decide(example_book(), "returns", euros, DAY)
    assert (decision.authority, decision.currency) == ("manager", "EUR")
    assert decision.to_json()["facts"]["price"] == {"amount": 80000, "currency": "EUR"}
    stored = engine.Decision.from_json(decision.to_json(), example_book())
    assert engine.decide(example_book(), "returns", stored.facts, stored.days) == decision


def test_amounts_in_two_currencies_are_refused() -> None:
    facts = {"price": engine.Money(1, "EUR"), "refund_amount": engine.Money(1, "DKK")}
    with pytest.raises(engine.FactError, match="nothing is converted"):
        engine.decide(example_book(), "returns", facts, DAY)


def test_a_parameter_without_this_currency_is_told() -> None:
    with pytest.raises(engine.NotFound, match="`agent_limit` has no value in SEK"):
        engine.decide(example_book(), "returns", {**KNOWN, "price": engine.Money(1, "SEK")}, DAY)


def test_money_is_rounded_half_up() -> None:
    facts = "price: {type: money}, share: {type: percent}, part: {type: money, from: price * share / 100}"
    book = small_book(facts, OUTCOME, table("U | part | => | outcome", "1 | <= 12 | | allow", "2 | > 12 | | refuse"))
    decision = engine.decide(book, "p", {"price": 25, "share": 50}, DAY)
    assert decision.facts["part"] == 13


def test_a_value_outside_its_range_is_a_gap_and_not_an_answer() -> None:
    facts = {**KNOWN, "delivered_on": date(2026, 12, 9)}
    assert engine.decide(example_book(), "returns", facts, DAY).status == "gap"
    collecting = small_book(
        "n: {type: number, range: [0, 9]}", "do: {type: list, of: text}", table("C | n | => | do", '1 | > 5 | | ["x"]')
    )
    assert engine.decide(collecting, "p", {"n": 10}, DAY).status == "gap"
    assert engine.decide(collecting, "p", {"n": 1}, DAY).outputs == {"do": ()}


def test_obligations_are_collected_each_once() -> None:
    rows = ('1 | > 1 | | ["a", "b"]', '2 | > 2 | | ["b", "c"]')
    book = small_book("n: {type: number}", "do: {type: list, of: text}", table("C | n | => | do", *rows))
    assert engine.decide(book, "p", {"n": 3}, DAY).outputs == {"do": ("a", "b", "c")}


def test_rules_of_hit_policy_a_may_differ_in_an_annotation() -> None:
    rows = ("1 | > 1 | | allow | one", "2 | > 2 | | allow | two", "3 | <= 1 | | refuse | ")
    outputs = OUTCOME + ", why: {type: choice, values: [one, two], annotation: yes}"
    book = small_book("n: {type: number}", outputs, table("A | n | => | outcome | why", *rows))
    decision = engine.decide(book, "p", {"n": 3}, DAY)
    assert (decision.outcome, decision.outputs["why"], len(decision.fired)) == ("allow", "one", 2)


def test_two_rules_that_clash_are_told_at_the_call() -> None:
    rows = ("1 | > 1 | | allow", "2 | > 2 | | refuse")
    book = small_book("n: {type: number}", OUTCOME, table("U | n | => | outcome", *rows))
    with pytest.raises(engine.NotUnique, match="the rules p#c:1 and p#c:2 both hold"):
        engine.decide(book, "p", {"n": 3}, DAY)


def test_roles_are_compared_by_rank() -> None:
    rows = ('1 | >= "lead" | | allow', "2 | agent | | refuse")
    book = small_book("who: {type: role, source: agent.role}", OUTCOME, table("U | who | => | outcome", *rows))
    assert engine.decide(book, "p", {}, DAY, role="manager").outcome == "allow"
    assert engine.decide(book, "p", {}, DAY, role="agent").outcome == "refuse"
    assert engine.decide(book, "p", {}, DAY).question == "who"


def test_today_is_a_fact_that_the_call_tells() -> None:
    facts = (
        "now: {type: date, source: today}, until: {type: date}, left: {type: days, from: 'days_between(now, until)'}"
    )
    book = small_book(facts, OUTCOME, table("U | left | => | outcome", "1 | >= 0 | | allow", "2 | < 0 | | refuse"))
    assert engine.decide(book, "p", {"until": date(2026, 12, 20)}, DAY).outcome == "allow"


def test_a_draft_clause_of_a_published_policy_has_no_say() -> None:
    published = table("U | a | => | outcome", "1 | - | | allow")
    draft = table("U | a | => | outcome", "1 | yes | | refuse", clause="d", keys="status: draft, overrides: [c]")
    book = small_book("a: {type: yes/no}", OUTCOME, published + draft)
    assert engine.decide(book, "p", {"a": True}, DAY).outcome == "allow"


def test_a_policy_of_statements_only_cannot_decide() -> None:
    book = small_book("", "", "## Kindness\n<!-- #kindness -->\nBe kind.\n")
    with pytest.raises(engine.NotFound, match="`p` has no decision table"):
        engine.decide(book, "p", {}, DAY)


def test_an_unknown_policy_is_told_with_what_was_meant() -> None:
    with pytest.raises(engine.NotFound, match="did you mean `returns`"):
        engine.decide(example_book(), "return", {}, DAY)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"categori": "hygiene"}, "unknown fact `categori`: did you mean `category`?"),
        ({"category": "shoes"}, 'fact `category` "shoes" is not one of general, hygiene'),
        ({"opened": "maybe"}, 'fact `opened` should be yes or no, not "maybe"'),
        ({"price": 4.5}, "fact `price` should be a whole number, not 4.5"),
        ({"price": {"amount": 5}}, 'fact `price` should be {"amount": 49900, "currency": "DKK"}, in the smallest unit'),
        ({"delivered_on": "1/2/2026"}, 'fact `delivered_on` should be a date like 2026-12-24, not "1/2/2026"'),
        ({"days_since_delivery": True}, "fact `days_since_delivery` should be a number, not yes"),
    ],
)
def test_facts_from_json_are_checked_one_by_one(facts: dict[str, Any], message: str) -> None:
    with pytest.raises(engine.FactError) as raised:
        engine.facts_from_json(example_book(), facts)
    assert str(raised.value) == message


def test_null_means_unknown() -> None:
    assert engine.facts_from_json(example_book(), {"opened": None, "price": 5}) == {"price": 5}


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"category": "shoes"}, '"shoes" is none of its values: general, hygiene'),
        ({"category": "general", "days_since_delivery": "many"}, '"many" is not a days'),
    ],
)
def test_python_values_of_the_wrong_kind_are_told(facts: dict[str, Any], message: str) -> None:
    with pytest.raises(engine.FactError, match=message):
        engine.decide(example_book(), "returns", facts, DAY)


def test_a_derived_fact_that_cannot_be_computed_is_told_with_its_place() -> None:
    facts = "a: {type: number}, b: {type: number, from: 1 / a}"
    book = small_book(facts, OUTCOME, table("U | b | => | outcome", "1 | - | | allow", "2 | > 1 | | allow"))
    with pytest.raises(
        engine.FactError, match=r"facts.yaml:1: fact `b`, `1 / a`: cannot be computed: division by zero"
    ):
        engine.decide(book, "p", {"a": 0}, DAY)


def test_only_rules_change_the_rules_hash() -> None:
    book = example_book()
    prose = engine.parse_book(changed("returns.md", "ours to put right", "ours to mend"))
    spaces = engine.parse_book(changed("returns.md", "| 1 | yes    |", "| 1 |  yes |"))
    rules = engine.parse_book(changed("returns.md", "> return_window     |", "> return_window + 0 |"))
    assert prose.rules_hash == spaces.rules_hash == book.rules_hash != rules.rules_hash
    assert prose.text_hash != book.text_hash
    assert engine.parse_book(example_files()).hash == book.hash != prose.hash


def test_a_table_of_two_thousand_rows_and_twenty_columns_is_answered() -> None:
    names = [f"f{number}" for number in range(20)]
    facts = ", ".join(f"{name}: {{type: number}}" for name in names)
    rows = [
        " | ".join([str(row), *(f"> {(row * 7 + place * 13) % 40}" for place in range(20)), "", "allow"])
        for row in range(1, 2001)
    ]
    from tests.engine.example import small_files

    files = small_files(facts, OUTCOME, table("U | " + " | ".join(names) + " | => | outcome", *rows))
    messages = [finding.message for finding in engine.check(files, DAY) if finding.code in ("proof.budget", "gap")]
    assert messages
