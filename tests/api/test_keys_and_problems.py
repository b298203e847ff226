"""Who may ask, and how the API says no (RFC 9457)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from goodword.accounts.models import ApiKey
from goodword.lib import clock
from tests.api.conftest import Program
from tests.world import World

PATHS = ("/conversations", "/conversations/1000", "/events", "/policies", "/policies/returns")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("header", ["Bearer gw_wrong", "Bearer ", "Basic abc", ""])
def test_a_wrong_key_gets_401_as_a_problem_that_says_what_to_do(world: World, path: str, header: str) -> None:
    answer = Client(headers={"Authorization": header} if header else {}).get(f"/api/v1{path}")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    body = answer.json()
    assert (body["status"], body["title"]) == (401, "Unauthorized")
    assert body["type"] == "urn:goodword:problem:wrong-key"
    assert "key" in body["detail"]


def test_a_preview_with_a_wrong_key_is_refused_before_its_body_is_read(world: World) -> None:
    client = Client(headers={"Authorization": "Bearer gw_wrong"})
    answer = client.post("/api/v1/decisions/preview", "not json", content_type="application/json")
    assert answer.status_code == 401


def test_a_key_that_has_ended_opens_nothing(world: World, program: Program) -> None:
    ApiKey.objects.update(ended_at=clock.now() - timedelta(minutes=1))
    assert program.get("/policies").status_code == 401


def test_a_key_opens_only_what_it_was_made_for(world: World, program_with: Callable[..., Program]) -> None:
    narrow = program_with("events:read")
    assert narrow.get("/events").status_code == 200

    refused = narrow.get("/conversations")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    assert "conversations:read" in refused.json()["detail"]


@pytest.mark.parametrize("path", ["/nothing", "/", "/conversations/x", "/policies/returns/clauses"])
def test_an_address_without_a_route_is_a_problem_too(program: Program, path: str) -> None:
    answer = program.get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_method_that_is_not_there_is_a_problem_that_names_the_right_one(program: Program) -> None:
    answer = program.post("/events", {})
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Allow"] == "GET"


def test_a_query_that_makes_no_sense_names_its_field(program: Program) -> None:
    answer = program.get("/conversations", limit="many", state="asleep")
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {"query.limit", "query.state"}


def test_the_document_is_openapi_3_1_and_lists_the_problems(world: World) -> None:
    document = Client().get("/api/v1/openapi.json").json()

    assert document["openapi"] == "3.1.0"
    assert {"/api/v1/conversations/{number}", "/api/v1/decisions/preview", "/api/v1/events"} <= set(document["paths"])
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["security"] == [{"BearerKey": []}]
            assert "application/problem+json" in operation["responses"]["401"]["content"]


def test_every_reference_of_the_document_leads_somewhere(world: World) -> None:
    document = Client().get("/api/v1/openapi.json").json()
    missing = [reference for reference in references(document) if not leads_somewhere(document, reference)]
    assert missing == []


def references(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for value in part.values() for found in references(value)]
    return [found for value in part for found in references(value)] if isinstance(part, list) else []


def leads_somewhere(document: object, reference: str) -> bool:
    for step in reference.removeprefix("#/").split("/"):
        if not isinstance(document, dict) or step not in document:
            return False
        document = document[step]
    return True


def test_the_page_of_documentation_needs_no_key_and_loads_nothing_from_another_host(world: World) -> None:
    answer = Client().get("/api/v1/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r"""(?:src|href)=["']((?:https?:)?//[^"']*)""", page) == []
    assert "/api/v1/conversations/{number}" in page
    assert "Idempotency-Key" in page
