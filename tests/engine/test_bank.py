"""A bank's disputed payments, written from the documents alone: accounts with lists of payments, days, roles.

The book stands in `books/bank`; no code knows what a bank is. The cases say what was changed in one account.
"""

import copy
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goodword import engine

FOLDER = Path(__file__).parent / "books" / "bank"
BOOK = engine.read_book(FOLDER)
TODAY = date(2026, 11, 20)


def payment(number: str, **fields: Any) -> dict[str, Any]:
    """A booked payment of EUR 120 in November."""
    plain = {"on": "2026-11-01", "amount": 12000, "currency": "EUR", "status": "booked", "disputed": False}
    return {"id": number, **plain, "confirmed_by": "none", **fields}


CASE: dict[str, Any] = {
    "today": "2026-11-20",
    "deciding_role": "agent",
    "request": {"kind": "dispute", "account": "A1", "transactions": ["t1"], "ground": "not-me"},
    "session": {"customer": "c1", "identified_by": "app", "agreed": True, "gave_code_away": False},
    "customers": {"c1": {"born": "1980-05-01", "disputes": []}, "c2": {"born": "1990-05-01", "disputes": []}},
    "accounts": {
        "A1": {
            "owner": "c1", "may_use": ["c2"], "state": "open", "fees": [{"amount": 900, "given_back": False}],
            "transactions": [payment("t1"), payment("t2", amount=30000), payment("t3", status="pending")],
        }
    },
}  # fmt: skip
A1 = "accounts.A1"
OPENED = [{"opened": "2026-06-01"}] * 6
OLD_ONES = [{"opened": "2025-06-01"}] * 6
FEE = {"request": {"kind": "fee", "account": "A1", "amount": 900}}
LIMIT = {"request": {"kind": "limit", "account": "A1", "limit": 400000}}
BACK = {"request": {"kind": "withdraw", "account": "A1", "transactions": ["t1"]}}
CHANGES: list[tuple[dict[str, Any], str, tuple[str, ...]]] = [
    ({}, "allow", ()),
    ({"session.identified_by": "date of birth"}, "ask", ("who",)),
    ({"session.customer": None}, "ask", ("who",)),
    ({"session.customer": "c9"}, "ask", ("who",)),
    ({"session.customer": "c2"}, "allow", ()),
    ({"customers.c3": {"born": "2000-01-01", "disputes": []}, "session.customer": "c3"}, "refuse", ("not-hers",)),
    ({"request.account": "A9"}, "refuse", ("no-account",)),
    ({"session.agreed": False}, "ask", ("agree",)),
    ({f"{A1}.state": "frozen"}, "transfer", ("frozen",)),
    ({f"{A1}.state": "frozen", "session.agreed": False}, "transfer", ("frozen",)),
    ({"request.transactions": ["t9"]}, "refuse", ("payments",)),
    ({"request.transactions": []}, "refuse", ("payments",)),
    ({"request.transactions": ["t1", "t3"]}, "refuse", ("pending",)),
    ({f"{A1}.transactions": [payment("t1", status="reversed", disputed=True)]}, "refuse", ("reversed", "disputed")),
    ({f"{A1}.transactions": [payment("t1", on="2025-10-20")]}, "allow", ()),
    ({f"{A1}.transactions": [payment("t1", on="2025-09-20")]}, "refuse", ("late",)),
    ({f"{A1}.transactions": [payment("t1", on="2025-09-20", status="pending")]}, "refuse", ("pending", "late")),
    ({"request.ground": None}, "ask", ("no-ground",)),
    ({"request.ground": "dislike"}, "refuse", ("dislike",)),
    ({"request.ground": "not-delivered"}, "refuse", ("merchant",)),
    ({"request.ground": "not-delivered", "request.merchant_asked": True}, "allow", ()),
    ({"session.gave_code_away": True}, "transfer", ("gave-away",)),
    (
        {f"{A1}.transactions": [payment("t1"), payment("t2", currency="SEK")], "request.transactions": ["t1", "t2"]},
        "refuse",
        ("currencies",),
    ),
    ({"customers.c1.disputes": OPENED}, "transfer", ("often",)),
    ({"customers.c1.disputes": OLD_ONES}, "allow", ()),
    ({"request.transactions": ["t2"]}, "approve", ()),
    ({"request.transactions": ["t2"], "deciding_role": "specialist"}, "allow", ()),
    (FEE, "allow", ()),
    ({"request": {**FEE["request"], "amount": 901}}, "refuse", ("no-fee",)),
    ({**FEE, f"{A1}.fees": [{"amount": 900, "given_back": True}]}, "refuse", ("no-fee", "fee-again")),
    (LIMIT, "allow", ()),
    ({"request": {**LIMIT["request"], "limit": 500001}}, "refuse", ("limit-high",)),
    ({**LIMIT, "session.customer": "c2"}, "refuse", ("only-owner",)),
    (BACK, "refuse", ("not-disputed",)),
    ({**BACK, f"{A1}.transactions": [payment("t1", disputed=True)]}, "allow", ()),
    ({"request.kind": "loan"}, "transfer", ("not-ours",)),
]


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    case = copy.deepcopy(CASE)
    for path, value in changes.items():
        *way, last = path.split(".")
        inside = case
        for name in way:
            inside = inside[name]
        inside[last] = value
        if value is ...:
            del inside[last]
    return case


def decided(changes: dict[str, Any], day: date = TODAY) -> engine.Decision:
    return engine.decide(BOOK, "disputes", engine.facts_from_json(BOOK, changed(changes)), day)


def run(changes: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "goodword", "decide", str(FOLDER), "disputes", "--facts", "-"]
    done = subprocess.run(
        [*command, "--on", str(TODAY), "--json"], input=json.dumps(changed(changes)), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return dict(json.loads(done.stdout))


def test_the_book_is_free_of_findings() -> None:
    assert [str(finding) for finding in engine.check(FOLDER, TODAY)] == []


@pytest.mark.parametrize(("changes", "outcome", "reasons"), CHANGES)
def test_a_dispute_is_decided_as_the_policy_says(
    changes: dict[str, Any], outcome: str, reasons: tuple[str, ...]
) -> None:
    decision = decided(changes)
    assert (decision.status, decision.outcome, decision.outputs.get("reasons", ())) == ("decided", outcome, reasons)


def test_the_command_line_says_the_same() -> None:
    for changes, outcome, reasons in CHANGES[::7]:
        told = run(changes)
        assert (told["outcome"], tuple(told["outputs"].get("reasons", ()))) == (outcome, reasons)


def test_credit_authority_and_department_follow_from_the_outcome() -> None:
    much = decided({"request.transactions": ["t1", "t2"]})
    assert (much.outputs["credit"], much.authority, much.facts["given_back"]) == (100, "specialist", 42000)
    assert decided({f"{A1}.transactions": [payment("t1", confirmed_by="app")]}).outputs["credit"] == 50
    assert decided({"session.gave_code_away": True}).outputs["department"] == ("fraud",)
    assert decided({}).outputs["remind"] == ("block-card", "police")
    assert decided({}).outputs["answer_within"] == 15


def test_the_window_is_that_of_the_day_of_contact() -> None:
    ten_months = {f"{A1}.transactions": [payment("t1", on="2025-02-01")], "today": "2025-12-20"}
    assert decided(ten_months, date(2025, 12, 20)).outputs["reasons"] == ("late",)
    assert decided(ten_months | {"today": "2026-01-05"}, date(2026, 1, 5)).outcome == "allow"


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"deciding_role": ..., "request.transactions": ["t2"]}, "deciding_role"),
        ({"session.agreed": ...}, "session"),
        ({"session.gave_code_away": ...}, "session"),
        ({f"{A1}.transactions": ...}, "accounts"),
        ({"customers.c1.disputes": ...}, "customers"),
        ({"request.kind": ...}, "request"),
    ],
)
def test_what_was_not_told_is_asked_for(changes: dict[str, Any], question: str) -> None:
    decision = decided(changes)
    assert (decision.status, decision.question) == ("ask", question)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({f"{A1}.transactions": [payment("t1", disputed="no")]}, 'not "no" (text: a record says true or false)'),
        ({f"{A1}.transactions": [payment("t1", on="11/01/26")]}, 'should be a date like 2026-12-24, not "11/01/26"'),
        ({"request.ground": "whim"}, "whim"),
        ({"accounts": []}, "fact `accounts` should be a record with named fields, not []"),
    ],
)
def test_records_that_make_no_sense_are_told_on_one_line(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(engine.EngineError) as caught:
        decided(changes)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
