"""How often, how much, of what kind: what every address refuses alike."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goodword.accounts.api_keys import SCOPES, count_request, end_api_key, make_api_key
from goodword.accounts.models import ApiKey
from goodword.desk.models import Matter
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid
from goodword.orders.models import Import
from goodword.policies.models import Publication
from tests.api.conftest import Program
from tests.world import NOW, World


def test_a_key_may_ask_so_often_in_a_minute_and_then_waits(world: World) -> None:
    _, secret = make_api_key("eager", world.ida, SCOPES, None, per_minute=3)
    program = Program(secret)
    answers = [program.get("/policies") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    last = answers[-1]
    assert (last["RateLimit-Policy"], last["RateLimit"]) == ('"minute";q=3;w=60', '"minute";r=0;t=60')
    assert (last["Retry-After"], last.json()["type"]) == ("60", "urn:goodword:problem:too-many-requests")
    with clock.stopped_at(NOW + timedelta(seconds=60)):
        assert program.get("/policies").status_code == 200


def test_the_count_is_a_row_that_every_process_adds_to(world: World) -> None:
    key, _ = make_api_key("eager", world.ida, SCOPES, None, per_minute=2)
    other_process = ApiKey.objects.get()
    assert [count_request(each).is_over for each in (key, other_process, key)] == [False, False, True]
    assert ApiKey.objects.get().last_used_at == NOW


def test_a_key_that_has_run_out_or_was_ended_opens_nothing(world: World) -> None:
    key, secret = make_api_key("short", world.ida, SCOPES, None, expires_at=NOW + timedelta(hours=1))
    assert Program(secret).get("/policies").status_code == 200
    with clock.stopped_at(NOW + timedelta(hours=1)):
        assert Program(secret).get("/policies").status_code == 401
    end_api_key(key, by=None)
    assert Program(secret).get("/policies").status_code == 401
    with pytest.raises(Invalid):
        make_api_key("late", world.ida, SCOPES, None, expires_at=NOW)


def raw(program: Program, body: bytes, content_type: str, path: str = "/decisions/preview") -> Any:
    return program.client.post(f"/api/v1{path}", body, content_type=content_type)


def test_a_body_that_is_too_large_is_413_before_it_is_read(world: World, program: Program) -> None:
    answer = raw(program, b'{"policy": "' + b"x" * 1024 * 1024 + b'"}', "application/json")
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:goodword:problem:too-large")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"])
def test_a_body_of_another_kind_is_415(world: World, program: Program, content_type: str) -> None:
    answer = raw(program, b'{"policy": "returns"}', content_type)
    assert (answer.status_code, answer["Accept"]) == (415, "application/json")
    assert answer.json()["type"] == "urn:goodword:problem:content-type"


@pytest.mark.parametrize(
    "body",
    [b"{", b"[" * 100_000, b'{"policy": NaN}', b"\xff\xfe\xfd", b'{"facts": {"n": ' + b"9" * 5000 + b"}}", b"nul"],
)
def test_what_is_not_json_is_400(world: World, program: Program, body: bytes) -> None:
    answer = raw(program, body, "application/json")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:goodword:problem:not-json")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"policy": "returns", "facts": {"a/b": ["x", "\\u0000"]}}', "#/facts/a~1b/1"),
        (b'{"policy": "returns", "facts": {"x": "\\ud800"}}', "#/facts/x"),
        (b'{"policy": "returns", "facts": {"x": 9223372036854775808}}', "#/facts/x"),
        (b'{"policy": "returns", "facts": {"x": 1e999}}', "#/facts/x"),
        (b'"\\u0000"', "#"),
        (b'{"policy": 7}', "#/policy"),
        (b"[]", "#"),
    ],
)
def test_what_no_database_can_keep_is_named_by_a_pointer(
    world: World, program: Program, body: bytes, pointer: str
) -> None:
    answer = raw(program, body, "application/json")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "path",
    ["/conversations/0", "/conversations/-1", "/conversations/99999999999999999999", "/conversations/1.5",
     "/people/99999999999999999999", "/orders/%00", "/policies/%ED%A0%80", "/conversations/1000/matters/0"],
)  # fmt: skip
def test_an_address_that_can_lead_nowhere_is_404(world: World, program: Program, path: str) -> None:
    answer = program.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("query", "field"),
    [({"limit": "0"}, "limit"), ({"limit": "101"}, "limit"), ({"limit": "x"}, "limit"), ({"limt": "5"}, "limt"),
     ({"limit": ["5", "6"]}, "limit"),
     ({"cursor": "é"}, "cursor"), ({"cursor": "W10"}, "cursor"), ({"cursor": "Wy0xXQ"}, "cursor"),
     ({"cursor": "WzllOTldCg"}, "cursor")],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/conversations", "/people", "/orders", "/imports", "/versions"])
def test_a_query_that_makes_no_sense_is_named(
    world: World, program: Program, path: str, query: dict[str, Any], field: str
) -> None:
    answer = program.get(path, **query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, f"query.{field}")


def test_a_get_with_a_body_or_a_strange_method_is_harmless(world: World, program: Program, lamp: Matter) -> None:
    assert program.client.generic("GET", "/api/v1/policies", b"{", content_type="application/json").status_code == 200
    for method in ("OPTIONS", "HEAD", "TRACE", "DELETE"):
        assert program.client.generic(method, "/api/v1/policies").status_code == 405


def test_a_scope_is_named_when_it_is_missing(world: World, program_with: Callable[..., Program]) -> None:
    for path, scope in (
        ("/people", "people:read"), ("/orders", "orders:read"), ("/imports", "orders:read"),
        ("/versions", "policies:read"),
        ("/policies/returns/text", "policies:read"), ("/policies/returns/clauses/hygiene", "policies:read"),
    ):  # fmt: skip
        answer = program_with("events:read").get(path)
        assert (answer.status_code, scope in answer.json()["detail"]) == (403, True)


def test_the_open_pages_take_nothing_but_a_look(world: World) -> None:
    for path in ("docs", "openapi.json"):
        assert Client().get(f"/api/v1/{path}").status_code == 200
        answer = Client().post(f"/api/v1/{path}", {})
        assert (answer.status_code, answer["Allow"]) == (405, "GET")


def three_of(path: str, world: World) -> None:
    for number in range(3):
        if path == "/imports":
            Import.objects.create(kind="orders", name=str(number), actor="system", made_at=clock.now())
        elif path == "/versions":
            same = {"rules_hash": "r", "text_hash": "t", "files": world.publication.files}
            Publication.objects.create(hash=str(number), published_by=world.mette, published_at=clock.now(), **same)
        else:
            record("test.happened", world.write(world.freja, "Hello").conversation.about, by="system")


@pytest.mark.parametrize("path", ["/imports", "/versions", "/events"])
def test_lists_ask_the_database_as_often_for_three_as_for_one(world: World, program: Program, path: str) -> None:
    begun = program.get("/events", limit=500).json()["next"]
    three_of(path, world)
    program.get("/events")  # numbers what has happened, once
    after = {"after": begun} if path == "/events" else {}
    asked = []
    for limit in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            page = program.get(path, limit=limit, **after).json()
        rows = next(value for value in page.values() if isinstance(value, list))
        assert len(rows) == limit
        asked.append(len(queries))
    assert asked[0] == asked[1]
