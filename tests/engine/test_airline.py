"""A trade quite unlike a shop, with its records as facts, through the library and the command line as they stand.

The book stands in `books/airline`; no code knows what an airline is. The cases say what was changed in one reservation.
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

FOLDER = Path(__file__).parent / "books" / "airline"
DAY = date(2024, 5, 15)
BOOK = engine.read_book(FOLDER)
CASE: dict[str, Any] = {
    "now": "2024-05-15T15:00:00",
    "action": "cancel_reservation",
    "arguments": {"reservation_id": "R1"},
    "session": {"user_id": "mia", "confirmed": True, "reason": "weather"},
    "users": {"mia": {"membership": "regular"}},
    "reservations": {
        "R1": {
            "user_id": "mia", "cabin": "economy", "insurance": "no", "created_at": "2024-05-10T09:00:00",
            "total_baggages": 2, "passengers": [{"name": "Mia"}, {"name": "Ole"}],
            "flights": [{"flight_number": "S1", "date": "2024-05-20"}, {"flight_number": "S2", "date": "2024-05-22"}],
        }
    },
    "flights": {
        "S1": {"dates": [{"date": "2024-05-20", "status": "available"}]},
        "S2": {"dates": [{"date": "2024-05-22", "status": "available"}]},
    },
}  # fmt: skip
LANDED = {"dates": [{"date": "2024-05-20", "status": "landed"}]}
CANCELLED = {"dates": [{"date": "2024-05-22", "status": "cancelled"}]}
CHANGES: list[tuple[dict[str, Any], str, tuple[str, ...]]] = [
    ({}, "refuse", ("no-ground",)),
    ({"reservations.R1.created_at": "2024-05-14T15:00:00"}, "allow", ()),
    ({"reservations.R1.created_at": "2024-05-14T14:59:59"}, "refuse", ("no-ground",)),
    ({"reservations.R1.insurance": "yes"}, "allow", ()),
    ({"reservations.R1.insurance": "yes", "session.reason": "change of plan"}, "refuse", ("no-ground",)),
    ({"reservations.R1.insurance": "yes", "session.reason": None}, "refuse", ("no-ground",)),
    ({"reservations.R1.cabin": "business"}, "allow", ()),
    ({"flights.S2": CANCELLED}, "allow", ()),
    ({"flights.S1": LANDED, "reservations.R1.cabin": "business"}, "transfer", ("flown",)),
    ({"session.confirmed": False, "reservations.R1.cabin": "business"}, "ask", ("agree-first",)),
    ({"session.user_id": None}, "ask", ("who-is-it",)),
    ({"users": {}}, "ask", ("who-is-it",)),
    ({"arguments.reservation_id": "R9"}, "refuse", ("not-found",)),
    ({"reservations.R1.user_id": "ole", "session.confirmed": False}, "refuse", ("not-hers",)),
    ({"action": "update_reservation_flights"}, "allow", ()),
    ({"action": "update_reservation_flights", "reservations.R1.cabin": "basic_economy"}, "refuse", ("basic",)),
    ({"action": "update_reservation_baggages", "arguments.total_baggages": 1}, "refuse", ("fewer-bags",)),
    ({"action": "update_reservation_baggages", "arguments.total_baggages": 5}, "allow", ()),
    ({"action": "send_certificate"}, "refuse", ("not-cancelled", "not-foreseen")),
    ({"action": "send_certificate", "flights.S2": CANCELLED}, "refuse", ("not-foreseen",)),
    ({"action": "send_certificate", "flights.S2": CANCELLED, "users.mia.membership": "gold"}, "allow", ()),
    ({"action": "sing"}, "transfer", ("not-ours",)),
]


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    case = copy.deepcopy(CASE)
    for path, value in changes.items():
        *way, last = path.split(".")
        inside = case
        for name in way:
            inside = inside[name]
        if value is ...:
            del inside[last]
        else:
            inside[last] = value
    return case


def decided(changes: dict[str, Any]) -> engine.Decision:
    return engine.decide(BOOK, "travel", engine.facts_from_json(BOOK, changed(changes)), DAY)


def test_the_book_is_free_of_findings() -> None:
    assert [str(finding) for finding in engine.check(FOLDER, DAY)] == []


@pytest.mark.parametrize(("changes", "outcome", "reasons"), CHANGES)
def test_a_journey_is_decided_as_the_policy_says(
    changes: dict[str, Any], outcome: str, reasons: tuple[str, ...]
) -> None:
    decision = decided(changes)
    assert (decision.status, decision.outcome, decision.outputs["reason_said"]) == ("decided", outcome, reasons)


def test_amounts_come_with_the_outcome() -> None:
    bags = decided({"action": "update_reservation_baggages", "arguments.total_baggages": 5})
    assert (bags.outputs["fee"], bags.currency) == (5000, "USD")
    gold = {"action": "send_certificate", "flights.S2": CANCELLED, "users.mia.membership": "gold"}
    assert decided(gold).outputs["certificate"] == 10000


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"action": ...}, "action"),
        ({"session.confirmed": ..., "reservations.R1.cabin": "business"}, "session"),
        ({"reservations.R1.created_at": ...}, "reservations"),
        ({"reservations.R1.flights": ...}, "reservations"),
        ({"arguments": {}}, "arguments"),
    ],
)
def test_what_was_not_told_is_asked_for(changes: dict[str, Any], question: str) -> None:
    decision = decided(changes)
    assert (decision.status, decision.question) == ("ask", question)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"flights": {}}, "there is nothing (null) whose `dates` could be read: test it with `= null` first"),
        ({"reservations.R1.created_at": "yesterday"}, 'should be a moment like 2026-12-24T10:00:00Z, not "yesterday"'),
        (
            {"now": "2024-05-15T15:00:00Z"},
            "2024-05-15T15:00:00+00:00 and 2024-05-10T09:00:00: one has a zone and the other has none",
        ),
        ({"reservations.R1.insurance": True}, 'yes and "yes" do not go together'),
        ({"arguments": [1]}, "fact `arguments` should be a record with named fields, not [1]"),
        ({"flights": [{"flight_number": "S1"}]}, 'with named fields, not [{"flight_number": "S1"}]'),
        ({"actoin": "sing"}, "unknown fact `actoin`: did you mean `action`?"),
    ],
)
def test_records_that_make_no_sense_are_told_on_one_line(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(engine.EngineError) as caught:
        decided(changes)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def run(changes: dict[str, Any], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "goodword", "decide", str(FOLDER), "travel", "--facts", "-", "--on", "2024-05-15"]
    return subprocess.run([*command, *options], input=json.dumps(changed(changes)), capture_output=True, text=True)


def test_the_command_line_says_the_same() -> None:
    done = run({"reservations.R1.cabin": "business"}, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["outcome"], told["outputs"]["reason_said"]) == (0, "allow", [])
    words = run({}).stdout
    assert words.startswith("No. What we can do instead: Other flights.\n")
    assert "No ground to cancel" in words
    assert "alternative" not in run({"reservations.R1.cabin": "business"}).stdout
    wrong = run({"flights": {}})
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("facts.yaml:40: fact `legs`, `if booking = null then [] else for leg in")
