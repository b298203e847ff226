"""A shop that nobody here wrote: its policy as a book, its records as facts, every case as the policy demands."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goodword import engine
from tests.retail.shop import BOOK, DATA, MISSING, cases, facts_of

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"{DATA} lacks {', '.join(MISSING)}")
DAY = date(2024, 5, 15)


def answer(decision: engine.Decision) -> str | None:
    """What the agent may do: the outcome; where a fact is missing, asking."""
    return "ask" if decision.status == "ask" else decision.outcome


@pytest.fixture(scope="module")
def book() -> engine.Book:
    return engine.read_book(BOOK)


def decided(book: engine.Book, case: dict[str, Any], *, everything: bool = False) -> engine.Decision:
    facts = engine.facts_from_json(book, facts_of(case, everything=everything))
    return engine.decide(book, "retail", facts, DAY)


def test_every_case_is_decided_as_the_policy_demands(book: engine.Book) -> None:
    wrong, false_allows, count = [], 0, 0
    for case in cases():
        count += 1
        decision = decided(book, case)
        unnamed = set(case["rules"]) - set(decision.outputs.get("reason", ()))
        false_allows += answer(decision) == "allow" != case["expect"]
        if answer(decision) != case["expect"] or unnamed:
            wrong.append((case["case_id"], case["expect"], case["rules"], answer(decision), decision.outputs))
    print(f"\nretail: {count - len(wrong)} of {count} cases, {false_allows} false allows")
    assert (wrong, false_allows) == ([], 0)


def test_no_case_names_a_reason_that_the_policy_does_not(book: engine.Book) -> None:
    more = {
        case["case_id"]: sorted(extra)
        for case in cases()
        if (extra := set(decided(book, case).outputs.get("reason", ())) - set(case["rules"]))
    }
    assert more == {}


def test_all_records_of_the_shop_at_once_give_the_same_answer(book: engine.Book) -> None:
    for case in list(cases())[:40:10]:
        few, all_of_them = decided(book, case), decided(book, case, everything=True)
        assert (few.outputs, few.fired) == (all_of_them.outputs, all_of_them.fired)


def test_a_decision_that_was_kept_can_be_repeated(book: engine.Book) -> None:
    for case in list(cases())[::8]:
        decision = decided(book, case)
        kept = engine.Decision.from_json(json.dumps(decision.to_json()), book)
        again = engine.decide(book, "retail", kept.facts, kept.days)
        assert (again.status, again.outputs, again.fired) == (decision.status, decision.outputs, decision.fired)


def test_deciding_in_bulk_gives_the_same_answers(book: engine.Book) -> None:
    bulk = engine.decider(book, "retail", DAY)
    for case in list(cases())[::4]:
        decision = decided(book, case)
        assert bulk(engine.facts_from_json(book, facts_of(case))).outputs == decision.outputs


@pytest.mark.parametrize(
    ("action", "changed", "outcome", "reasons"),
    [
        ("cancel_pending_order", {"reason": None}, "ask", ["R-CAN-2"]),
        ("cancel_pending_order", {"order_id": None}, "ask", ["R-REF-2"]),
        ("modify_user_address", {"user_id": "noah_brown_6181"}, "refuse", ["R-AUTH-3"]),
        ("modify_user_address", {"address1": "1 Elm Avenue"}, "ask", ["R-ADR-1"]),
        ("return_delivered_order_items", {}, "refuse", ["R-RET-1"]),
        ("refund_the_shipping", {}, "transfer", ["R-SCOPE-1"]),
        ("get_order_details", {}, "allow", []),
        ("list_all_product_types", {"order_id": None}, "allow", []),
    ],
)
def test_what_no_case_shows_follows_from_the_policy(
    book: engine.Book, action: str, changed: dict[str, Any], outcome: str, reasons: list[str]
) -> None:
    case = next(cases())
    arguments = {name: value for name, value in {**case["arguments"], **changed}.items() if value is not None}
    decision = decided(book, {**case, "action": action, "arguments": arguments})
    assert (decision.outcome, list(decision.outputs["reason"])) == (outcome, reasons)


def test_no_yes_on_record_is_no_yes(book: engine.Book) -> None:
    case = next(cases())
    decision = decided(book, {**case, "session": {**case["session"], "confirmed": None}})
    assert (decision.outcome, decision.outputs["reason"]) == ("ask", ("R-CONF-1",))


def test_without_the_conversation_it_asks_for_it(book: engine.Book) -> None:
    case = next(cases())
    for left_out in ("action", "session", "orders", "users", "arguments"):
        facts = {name: value for name, value in facts_of(case).items() if name != left_out}
        decision = engine.decide(book, "retail", engine.facts_from_json(book, facts), DAY)
        assert (decision.status, decision.question) == ("ask", left_out)


def test_the_book_is_free_of_findings() -> None:
    assert [str(finding) for finding in engine.check(BOOK, DAY)] == []


def test_the_command_line_gives_the_same_answer(tmp_path: Path, book: engine.Book) -> None:
    case = next(case for case in cases() if case["rules"])
    (tmp_path / "facts.json").write_text(json.dumps(facts_of(case), default=float), encoding="utf-8")
    command = [sys.executable, "-m", "goodword", "decide", str(BOOK), "retail", "--on", str(DAY), "--json"]
    run = subprocess.run(
        [*command, "--facts", str(tmp_path / "facts.json")], capture_output=True, text=True, check=False
    )
    told = json.loads(run.stdout)
    assert (told["outcome"], told["outputs"]["reason"]) == (case["expect"], case["rules"])


def test_no_code_knows_this_shop() -> None:
    package = Path(engine.__file__).parent
    shop = ("R-AUTH", "pending_order", "gift_card", "payment_history")
    assert [
        path for path in package.rglob("*.py") if any(word in path.read_text(encoding="utf-8") for word in shop)
    ] == []
