"""What a program does to conversations: through the rooms' own actions, in its key's name, with its agent's eyes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from goodword.accounts.models import ApiKey
from goodword.desk.models import Conversation, Decision, FactValue, Matter, Message
from goodword.journal.models import Event
from goodword.people.models import Person
from tests.api.conftest import Program
from tests.world import World


def done(answer: HttpResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    return dict(answer.json())


def refused(answer: HttpResponse, status: int, kind: str = "") -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == (f"urn:goodword:problem:{kind}" if kind else "about:blank")
    return dict(body)


def at(matter: Matter, rest: str = "") -> str:
    return f"/conversations/{matter.conversation.number}/matters/{matter.pk}{rest}"


def test_a_program_opens_a_conversation_and_the_journal_names_its_key(world: World, program: Program) -> None:
    answer = program.post(
        "/conversations",
        {"email": "new@customer.example", "name": "Nora Ny", "text": "Where is 10452?", "language": "da",
         "channel": "chat", "situation": "late-delivery", "subject": "Order"},
    )  # fmt: skip
    told = done(answer, 201)
    conversation = Conversation.objects.get(number=told["number"])
    assert answer["Location"] == f"/api/v1/conversations/{conversation.number}"
    assert (conversation.identity, conversation.language, conversation.subject) == ("unverified", "da", "Order")
    assert [matter.policy for matter in conversation.matters.all()] == ["late-delivery"]
    assert [said["text"] for said in told["messages"] if said["direction"] == "in"] == ["Where is 10452?"]
    key = ApiKey.objects.get()
    assert Event.objects.get(kind="conversation.opened").actor == f"api_key:{key.pk}"
    assert Person.objects.get(addresses__value="new@customer.example").name == "Nora Ny"


def test_without_words_it_is_opened_all_the_same(world: World, program: Program) -> None:
    told = done(program.post("/conversations", {"person": world.freja.pk, "subject": "A call"}), 201)
    assert (told["person"]["name"], told["messages"], told["language"]) == ("Freja Holm", [], "da")


@pytest.mark.parametrize(
    ("sent", "status", "pointer"),
    [
        ({"person": 1, "email": "a@b.example"}, 422, "#/email"),
        ({"email": "nobody"}, 422, "#/address"),
        ({"person": 424242}, 404, None),
        ({"inbox": "no@such.example"}, 404, None),
        ({"language": "xx"}, 422, "#/language"),
        ({"situation": "weather"}, 422, "#/policy"),
        ({"subject": "x\u0000y"}, 422, "#/subject"),
        ({"colour": "red"}, 422, "#/colour"),
    ],
)
def test_what_makes_no_sense_is_refused_whole(
    world: World, program: Program, sent: dict[str, Any], status: int, pointer: str | None
) -> None:
    before = (Conversation.objects.count(), Person.objects.count(), Event.objects.count())
    body = program.post("/conversations", {"text": "Hello", **sent}).json()
    assert body["status"] == status
    assert [error["pointer"] for error in body["errors"]] == ([pointer] if pointer else [])
    assert (Conversation.objects.count(), Person.objects.count(), Event.objects.count()) == before


def test_close_reopen_assign_and_change(world: World, program: Program, lamp: Matter) -> None:
    path = f"/conversations/{lamp.conversation.number}"
    assert done(program.post(f"{path}/assign", {"assignee": "THEO@nordhvile.example"}))["assignee"] == {
        "name": "Theo Bruun", "email": "theo@nordhvile.example",
    }  # fmt: skip
    assert done(program.post(f"{path}/assign", {"assignee": None}))["assignee"] is None
    assert done(program.post(f"{path}/close", {"outcome": "answered", "why": "She called."}))["state"] == "closed"
    assert done(program.post(f"{path}/reopen"))["state"] == "open"
    told = done(program.patch(path, {"language": "en", "situation": "refunds"}))
    assert (told["language"], told["matters"][0]["policy"]) == ("en", "refunds")
    refused(program.post(f"{path}/assign", {"assignee": "nobody@nordhvile.example"}), 404)


def test_an_answer_is_queued_in_the_name_of_the_keys_agent(world: World, program: Program, lamp: Matter) -> None:
    path = f"/conversations/{lamp.conversation.number}/messages"
    seen = lamp.conversation.messages.get()
    told = done(program.post(path, {"text": "Good day, Freja.", "last_seen_message": seen.pk}), 201)
    sent = Message.objects.get(pk=told["id"])
    assert (sent.author, sent.delivery, sent.to_addresses) == (world.ida, "queued", ["freja@holm.example"])
    assert [each["direction"] for each in program.get(path).json()["messages"]] == ["in", "out"]


def test_an_answer_to_what_is_no_longer_the_last_word_is_refused(world: World, program: Program, lamp: Matter) -> None:
    seen = lamp.conversation.messages.get()
    world.write_again(lamp.conversation, "One more thing.")
    path = f"/conversations/{lamp.conversation.number}/messages"
    refused(program.post(path, {"text": "Good day.", "last_seen_message": seen.pk}), 409, "stale")
    other = world.write(world.karen, "Hello")
    body = refused(program.post(path, {"text": "Good day.", "last_seen_message": other.pk}), 422, "unreadable-request")
    assert body["errors"][0]["pointer"] == "#/last_seen_message"
    assert not Message.objects.filter(direction="out").exists()


def test_an_answer_that_differs_from_the_decision_needs_a_second_word(
    world: World, program: Program, lamp: Matter
) -> None:
    done(program.post(at(lamp, "/decisions")), 201)
    path = f"/conversations/{lamp.conversation.number}/messages"
    body = refused(program.post(path, {"text": "You get 300.00 kr. back."}), 409, "differs")
    assert body["errors"][0]["pointer"] == "#/text"
    done(program.post(path, {"text": "You get 300.00 kr. back.", "confirm_differences": True}), 201)


def test_a_note_stays_among_ourselves(world: World, program: Program, lamp: Matter) -> None:
    told = done(program.post(f"/conversations/{lamp.conversation.number}/notes", {"text": "Call her."}), 201)
    assert (told["direction"], told["author"]["name"]) == ("note", "Ida Lund")


def test_matters_are_added_corrected_withdrawn_and_taken_up_again(world: World, program: Program) -> None:
    conversation = world.write(world.freja, "Hello").conversation
    path = f"/conversations/{conversation.number}/matters"
    told = done(program.post(path, {"policy": "returns", "order": "10460", "sku": "TOPPER-1"}), 201)
    assert (told["order"], told["line"]["sku"], told["guessed"]) == ("10460", "TOPPER-1", False)
    one = f"{path}/{told['id']}"
    assert done(program.patch(one, {"order": "10452"}))["line"]["sku"] == "LAMP-1"
    assert done(program.patch(one, {"order": None}))["order"] is None
    assert done(program.patch(one, {"policy": "refunds"}))["policy"] == "refunds"
    assert done(program.post(f"{one}/withdraw"))["state"] == "withdrawn"
    refused(program.post(f"{one}/reopen"), 409)
    assert [each["id"] for each in done(program.get(path))["matters"]] == [told["id"]]
    assert refused(program.post(path, {"order": "10452", "sku": "BED-1"}), 422, "unreadable-request")
    refused(program.post(path, {"order": "99999"}), 404)
    refused(program.get(f"{path}/424242"), 404)


def test_facts_are_recorded_with_their_source_and_taken_back(world: World, program: Program, lamp: Matter) -> None:
    path = at(lamp, "/facts")
    told = done(program.post(path, {"fact": "opened", "value": True, "provenance": "verified"}), 201)
    known = {fact["fact"]: (fact["value"], fact["provenance"]) for fact in told["facts"]}
    assert (known["opened"], known["faulty"], known["category"][1]) == ((True, "verified"), (False, "stated"), "record")
    assert FactValue.objects.get(fact="opened").by == world.ida
    told = done(program.delete(f"{path}/opened"))
    assert "opened" not in {fact["fact"] for fact in told["facts"]}
    for fact, value in (("opened", "perhaps"), ("moon", 1), ("opened", None)):
        refused(program.post(path, {"fact": fact, "value": value}), 422, "wrong-fact")
    refused(program.delete(f"{path}/moon"), 404)


def test_a_matter_is_decided_as_the_book_advises(world: World, program: Program, lamp: Matter) -> None:
    advice = done(program.get(at(lamp, "/advice")))
    assert (advice["status"], advice["outcome"], advice["may_decide"]) == ("decided", "allow", True)
    told = done(program.post(at(lamp, "/decisions")), 201)
    assert (told["state"], told["kind"], told["by"]) == ("final", "followed", "Ida Lund")
    assert Event.objects.get(kind="decision.made").actor == f"api_key:{ApiKey.objects.get().pk}"
    refused(program.post(at(lamp, "/decisions")), 409)
    assert [each["id"] for each in done(program.get(at(lamp, "/decisions")))["decisions"]] == [told["id"]]


def test_a_departure_waits_until_approval_is_asked_and_answered(world: World, program: Program, lamp: Matter) -> None:
    sent = {"outcome": "allow", "reason": "She was promised it.", "outputs": {"refund_percent": 100}}
    told = done(program.post(at(lamp, "/departures"), sent), 201)
    assert (told["state"], told["kind"]) == ("proposed", "departure")
    told = done(program.post(at(lamp, "/approval"), {"reason": "Please."}), 201)
    assert (told["state"], told["approvals"][0]["reason"]) == ("awaiting", "Please.")
    refused(program.post(at(lamp, "/approval"), {}), 409)
    refused(program.post(at(lamp, "/departures"), {**sent, "outcome": "maybe"}), 409)
    assert Decision.objects.count() == 1


def test_a_departure_without_reason_or_with_outputs_of_no_book_is_refused(
    world: World, program: Program, lamp: Matter
) -> None:
    for sent, pointer in (
        ({"outcome": "allow", "reason": ""}, "#/reason"),
        ({"outcome": "maybe", "reason": "x"}, "#/outcome"),
        ({"outcome": "allow", "reason": "x", "outputs": {"refund_percent": 1000}}, "#/refund_percent"),
        ({"outcome": "allow", "reason": "x", "outputs": {"moon": 1}}, "#/outputs"),
    ):
        body = program.post(at(lamp, "/departures"), sent).json()
        assert (body["status"], body["errors"][0]["pointer"]) == (422, pointer)
    refused(program.post(at(lamp, "/approval"), {}), 409)


HIDDEN = [
    ("get", ""), ("patch", ""), ("post", "/close"), ("post", "/reopen"), ("post", "/assign"), ("get", "/messages"),
    ("post", "/messages"), ("post", "/notes"), ("get", "/matters"), ("post", "/matters"), ("get", "/matters/{pk}"),
    ("patch", "/matters/{pk}"), ("post", "/matters/{pk}/withdraw"), ("post", "/matters/{pk}/reopen"),
    ("get", "/matters/{pk}/facts"), ("post", "/matters/{pk}/facts"), ("delete", "/matters/{pk}/facts/opened"),
    ("get", "/matters/{pk}/advice"), ("get", "/matters/{pk}/decisions"), ("post", "/matters/{pk}/decisions"),
    ("post", "/matters/{pk}/departures"), ("post", "/matters/{pk}/approval"),
]  # fmt: skip
BODIES: dict[str, Any] = {
    "/close": {"outcome": "solved"}, "/assign": {"assignee": None}, "/messages": {"text": "x"}, "/notes": {"text": "x"},
    "/facts": {"fact": "opened", "value": True}, "/departures": {"outcome": "allow", "reason": "x"}, "/approval": {},
    "/matters": {}, "": {}, "/matters/{pk}": {},
}  # fmt: skip


def body_of(method: str, rest: str) -> Any:
    return next((BODIES[end] for end in (rest, f"/{rest.rpartition('/')[2]}") if end in BODIES), None)


@pytest.mark.parametrize(("method", "rest"), HIDDEN)
def test_what_the_keys_agent_may_not_see_is_404_on_every_address(
    hidden: Conversation, program: Program, method: str, rest: str
) -> None:
    path = f"/conversations/{hidden.number}" + rest.replace("{pk}", str(hidden.matters.get().pk))
    before = Event.objects.count()
    refused(program.send(method, path, None if method == "get" else body_of(method, rest)), 404)
    assert Event.objects.count() == before


@pytest.mark.parametrize(("method", "rest"), HIDDEN)
def test_a_key_without_the_scope_is_403_on_every_address(
    lamp: Matter, program_with: Callable[..., Program], method: str, rest: str
) -> None:
    narrow = program_with("events:read", "policies:read")
    path = f"/conversations/{lamp.conversation.number}" + rest.replace("{pk}", str(lamp.pk))
    refused(narrow.send(method, path, None if method == "get" else body_of(method, rest)), 403, "scope")


def test_the_etag_protects_every_write_from_what_has_not_been_read(
    world: World, program: Program, lamp: Matter
) -> None:
    path = f"/conversations/{lamp.conversation.number}"
    etag = program.get(path)["ETag"]
    noted = program.post(f"{path}/notes", {"text": "First."}, If_Match=etag)
    assert noted.status_code == 201
    assert noted["ETag"] != etag
    body = refused(program.post(f"{path}/notes", {"text": "Second."}, If_Match=etag), 412, "changed-since")
    assert body["errors"][0]["field"] == "header.If-Match"
    assert program.post(f"{path}/notes", {"text": "Second."}, If_Match=noted["ETag"]).status_code == 201
    refused(program.post(f"{path}/notes", {"text": "Third."}, If_Match="nonsense"), 422, "unreadable-request")
    assert lamp.conversation.messages.filter(direction="note").count() == 2


def test_lists_ask_the_database_as_often_for_three_as_for_one(world: World, program: Program, lamp: Matter) -> None:
    path = f"/conversations/{lamp.conversation.number}/messages"
    with CaptureQueriesContext(connection) as for_one:
        assert len(done(program.get(path))["messages"]) == 1
    world.write_again(lamp.conversation, "And")
    world.write_again(lamp.conversation, "And")
    with CaptureQueriesContext(connection) as for_three:
        assert len(done(program.get(path))["messages"]) == 3
    assert len(for_three) == len(for_one)
