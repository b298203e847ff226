"""Customers by API: found, put on record, corrected; the erased never come back."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goodword.accounts.models import ApiKey
from goodword.desk.models import Conversation
from goodword.journal.models import Event
from goodword.people.actions import erase_person
from goodword.people.models import Address, Person, RecordReading
from goodword.policies.queries import current_book
from tests.api.conftest import Program
from tests.world import World


def found(program: Program, **query: Any) -> list[str]:
    return [person["name"] for person in program.get("/people", **query).json()["people"]]


def test_a_customer_is_found_by_an_address_or_part_of_her_name(world: World, program: Program) -> None:
    Address.objects.create(person=world.karen, kind="phone", value="+4512345678")
    assert found(program) == ["Freja Holm", "Oliver Grant", "Karen Dahl"]
    assert found(program, address="FH@arbejde.example") == ["Freja Holm"]
    assert found(program, address="+45 12 34 56 78") == ["Karen Dahl"]
    assert found(program, name="hol") == ["Freja Holm"]
    assert found(program, address="nobody@post.example") == []
    assert found(program, address="") == []


def test_pages_follow_each_other_without_gap_or_double(world: World, program: Program) -> None:
    seen, cursor = [], ""
    for _ in range(4):
        page = program.get("/people", limit=1, **({"cursor": cursor} if cursor else {})).json()
        seen += [person["name"] for person in page["people"]]
        cursor = page["next"] or ""
        if not cursor:
            break
    assert seen == ["Freja Holm", "Oliver Grant", "Karen Dahl"]


def test_one_is_read_whole_and_the_reading_is_logged(world: World, program: Program) -> None:
    told = program.get(f"/people/{world.freja.pk}").json()
    assert (told["name"], told["first_name"], told["since"]) == ("Freja Holm", "Freja", "2024-03-01")
    assert [each["value"] for each in told["reached_at"]] == ["freja@holm.example", "fh@arbejde.example"]
    assert RecordReading.objects.get().reason == "api"


def test_a_new_customer_is_put_on_record_once(world: World, program: Program) -> None:
    sent = {"email": "Nora@Ny.example", "name": "Nora Ny", "country": "SE", "since": "2020-05-17"}
    answer = program.post("/people", sent)
    assert answer.status_code == 201
    nora = Person.objects.get(addresses__value="nora@ny.example")
    assert answer["Location"] == f"/api/v1/people/{nora.pk}"
    assert (nora.name, nora.country, str(nora.since)) == ("Nora Ny", "SE", "2020-05-17")
    assert program.post("/people", {"email": "nora@ny.example"}).status_code == 409
    assert {event.actor for event in Event.objects.filter(about=f"person:{nora.pk}")} == {
        f"api_key:{ApiKey.objects.get().pk}"
    }


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [({"email": "nobody"}, "#/address"), ({}, "#/email"), ({"email": "a@b.example", "country": "Denmark"}, "#/country"),
     ({"email": "a@b.example", "since": "17/5"}, "#/since"),
     ({"email": "a@b.example", "legal_hold": True}, "#/legal_hold"),
     ({"email": "a@b.example", "name": 7}, "#/name")],
)  # fmt: skip
def test_what_makes_no_sense_is_named(world: World, program: Program, sent: dict[str, Any], pointer: str) -> None:
    answer = program.post("/people", sent)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert Person.objects.count() == 3


def test_a_record_is_put_right_and_what_is_not_named_stays(world: World, program: Program) -> None:
    told = program.patch(f"/people/{world.freja.pk}", {"country": "SE", "salutation": None}).json()
    assert (told["country"], told["name"], told["salutation"]) == ("SE", "Freja Holm", "")
    assert Event.objects.get(kind="person.corrected").payload == {"fields": ["country"]}


def test_an_address_is_added_once_and_never_taken_from_somebody(world: World, program: Program) -> None:
    path = f"/people/{world.freja.pk}/addresses"
    for _ in range(2):
        answer = program.post(path, {"value": "+45 87 65 43 21", "kind": "phone", "verified": True})
        assert answer.status_code == 201
    assert [each["value"] for each in answer.json()["reached_at"]][-1] == "+4587654321"
    assert program.post(path, {"value": "oliver@grant.example"}).status_code == 409


def test_whoever_was_erased_never_comes_back(world: World, program: Program) -> None:
    erase_person(world.freja, book=current_book(), by=None)
    assert found(program) == ["Oliver Grant", "Karen Dahl"]
    path = f"/people/{world.freja.pk}"
    answers = [
        program.get(path), program.patch(path, {"name": "Freja"}),
        program.post(f"{path}/addresses", {"value": "a@b.example"}),
        program.post("/conversations", {"person": world.freja.pk}),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert program.get("/orders/10452").json()["person"] is None


def test_a_customer_of_hidden_conversations_only_is_not_there(
    world: World, hidden: Conversation, program: Program
) -> None:
    assert found(program) == ["Freja Holm", "Karen Dahl"]
    assert program.get(f"/people/{world.oliver.pk}").status_code == 404
    assert program.get("/orders/10471").status_code == 404
    assert program.put("/orders/10471", {"bought_on": "2026-01-01", "country": "DK", "currency": "DKK",
                                         "items": [{"sku": "BED-1", "price_cents": 1}]}).status_code == 404  # fmt: skip
    world.write(world.oliver, "Hello again")
    assert "Oliver Grant" in found(program)


def test_the_list_asks_the_database_as_often_for_three_as_for_one(world: World, program: Program) -> None:
    with CaptureQueriesContext(connection) as for_one:
        assert len(found(program, limit=1)) == 1
    with CaptureQueriesContext(connection) as for_three:
        assert len(found(program, limit=3)) == 3
    assert len(for_three) == len(for_one)
