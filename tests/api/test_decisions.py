"""POST /decisions/preview: the book's answer, and nothing kept of it."""

from typing import Any

import pytest

from goodword.desk.models import Decision
from goodword.journal.models import Event
from tests.api.conftest import Program
from tests.world import World

IN_TIME = {
    "category": "general",
    "days_since_delivery": 13,
    "faulty": False,
    "made_to_measure": False,
    "line_price": 49900,
}


def preview(program: Program, **body: Any) -> dict[str, Any]:
    answer = program.post("/decisions/preview", body)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_a_lamp_within_the_window_comes_back(world: World, program: Program) -> None:
    told = preview(program, policy="returns", facts=IN_TIME)

    assert (told["status"], told["outcome"]) == ("decided", "allow")
    assert told["outputs"]["refund_percent"] == 100
    assert told["fired"][0]["clause"] == "ordinary"
    assert told["fired"][0]["file"] == "returns.md"
    assert told["clauses"][0] == "returns#ordinary"
    assert told["customer"]["summary"]
    assert told["book"] == world.publication.hash


def test_an_opened_topper_is_refused_with_an_alternative_and_its_words(world: World, program: Program) -> None:
    facts = {"category": "hygiene", "sealed": True, "opened": True, "faulty": False, "made_to_measure": False,
             "days_since_delivery": 11, "purchases_last_year": 1}  # fmt: skip
    told = preview(program, policy="returns", facts=facts, language="da")

    assert told["outcome"] == "refuse"
    assert told["outputs"]["alternative"] == "discount-voucher"
    assert told["language"] == "da"
    assert told["words_need"] == ["line_name"]


def test_the_words_come_filled_in_when_nothing_they_need_is_missing(world: World, program: Program) -> None:
    told = preview(program, policy="privacy", facts={"privacy_request": "no-marketing"}, language="en")
    assert told["words"].startswith("You do not want any more advertising from us")
    assert told["words_need"] == []


def test_what_is_not_known_is_asked_and_never_refused(world: World, program: Program) -> None:
    told = preview(program, policy="returns", facts={"category": "hygiene", "sealed": True, "days_since_delivery": 11})

    assert (told["status"], told["outcome"]) == ("ask", None)
    assert told["asks"] in told["open"]
    assert told["question"].endswith("?")


def test_an_unknown_fact_is_named_with_what_was_probably_meant(world: World, program: Program) -> None:
    answer = program.post("/decisions/preview", {"policy": "returns", "facts": {"categry": "general", "zzz": 1}})

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == "urn:goodword:problem:unknown-fact"
    assert [(error["field"], error["near"][:1]) for error in body["errors"]] == [
        ("facts.categry", ["category"]),
        ("facts.zzz", []),
    ]


def test_a_value_that_the_fact_cannot_have_is_named(world: World, program: Program) -> None:
    answer = program.post("/decisions/preview", {"policy": "returns", "facts": {"category": "elephants"}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "facts.category"


def test_an_unknown_policy_is_404_with_what_was_probably_meant(world: World, program: Program) -> None:
    answer = program.post("/decisions/preview", {"policy": "retruns"})
    assert answer.status_code == 404
    assert "returns" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"policy": "returns", "language": "xx"}, "language"),
        ({"policy": "returns", "role": "king"}, "role"),
        ({"policy": "returns", "days": {"yesterday": "2026-11-01"}}, "days.yesterday"),
        ({"policy": "returns", "on": "soon"}, "on"),
        ({"policy": "returns", "days": {"today": 0}}, "days.today"),
        ({"facts": {}}, "policy"),
    ],
)
def test_a_name_or_day_that_makes_no_sense_is_named(
    world: World, program: Program, body: dict[str, Any], field: str
) -> None:
    answer = program.post("/decisions/preview", body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_policy_that_decides_nothing_says_so(world: World, program: Program) -> None:
    answer = program.post("/decisions/preview", {"policy": "feedback"})
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:goodword:problem:no-decision"


def test_a_key_of_the_body_that_is_misspelt_is_named(world: World, program: Program) -> None:
    answer = program.post("/decisions/preview", {"policy": "returns", "fact": {}})
    assert [error["field"] for error in answer.json()["errors"]] == ["fact"]


def test_a_body_that_is_no_json_is_a_problem(world: World, program: Program) -> None:
    answer = program.client.post("/api/v1/decisions/preview", "{", content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_a_preview_stores_nothing(world: World, program: Program) -> None:
    before = (Decision.objects.count(), Event.objects.count())
    preview(program, policy="returns", facts=IN_TIME)
    assert (Decision.objects.count(), Event.objects.count()) == before


def test_the_day_picks_the_version_of_every_table(world: World, program: Program) -> None:
    told = preview(program, policy="returns", facts=IN_TIME, days={"purchase": "2026-03-01"})
    assert told["tables"][0]["day"] == "2026-03-01"
    assert told["rules_hash"] == told["tables"][0]["rules_hash"]
