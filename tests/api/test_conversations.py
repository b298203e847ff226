"""GET /conversations and one of them, through the same permission as the desk's pages."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from goodword.desk.models import Conversation
from goodword.lib import clock
from goodword.people.models import RecordReading
from tests.api.conftest import Program
from tests.world import World


def numbers(answer: Any) -> list[int]:
    return [conversation["number"] for conversation in answer.json()["conversations"]]


def due(conversation: Conversation, hours: int | None) -> None:
    at = None if hours is None else clock.now() + timedelta(hours=hours)
    Conversation.objects.filter(pk=conversation.pk).update(due_at=at)


def three(world: World) -> list[Conversation]:
    """Due in five hours, without a deadline, due in one hour."""
    people = (world.freja, world.oliver, world.karen)
    opened = [world.write(person, "Hello", subject="A question").conversation for person in people]
    for conversation, hours in zip(opened, (5, None, 1), strict=True):
        due(conversation, hours)
    return opened


def test_what_is_due_first_stands_first_and_what_has_no_deadline_last(world: World, program: Program) -> None:
    first, second, third = three(world)
    assert numbers(program.get("/conversations")) == [third.number, first.number, second.number]


def test_the_cursor_goes_through_all_pages_without_a_gap_or_a_double(world: World, program: Program) -> None:
    three(world)
    whole = numbers(program.get("/conversations"))

    paged, cursor = [], None
    for _ in range(5):
        answer = program.get("/conversations", limit=1, **({"cursor": cursor} if cursor else {}))
        paged += numbers(answer)
        cursor = answer.json()["next"]
        if cursor is None:
            break

    assert paged == whole


def test_a_cursor_from_elsewhere_is_refused(world: World, program: Program) -> None:
    for cursor in ("nonsense", "WzEsMiwzXQ", "WyJ4IiwieSJd", "bnVsbA"):
        answer = program.get("/conversations", cursor=cursor)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "query.cursor"


def test_the_list_can_be_narrowed_by_state_person_and_order(world: World, program: Program) -> None:
    first, second, third = three(world)
    Conversation.objects.filter(pk=third.pk).update(state=Conversation.CLOSED)
    second.matters.create(policy="returns", purchase=world.purchases["10471"], opened_at=clock.now())

    assert numbers(program.get("/conversations", state="closed")) == [third.number]
    assert numbers(program.get("/conversations", person="FREJA@holm.example")) == [first.number]
    assert numbers(program.get("/conversations", order="10471")) == [second.number]
    assert numbers(program.get("/conversations", order="99999")) == []


def test_the_list_asks_the_database_as_often_for_three_as_for_one(world: World, program: Program) -> None:
    world.write(world.freja, "Hello")
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        program.get("/conversations")
    three(world)
    with CaptureQueriesContext(connection) as for_four:
        program.get("/conversations")
    assert len(for_four) == len(for_one)


def test_a_conversation_comes_with_its_thread_its_customer_and_its_advice(world: World, program: Program) -> None:
    message = world.write(world.freja, "I would like to send back the lamp, order 10452.", subject="Lamp")
    matter = message.conversation.matters.create(
        policy="returns", purchase=world.purchases["10452"], line=world.line("10452"), opened_at=clock.now()
    )
    matter.facts.create(fact="faulty", value=False, provenance="stated", at=clock.now())

    body = program.get(f"/conversations/{message.conversation.number}").json()

    assert [said["text"] for said in body["messages"]] == [message.text]
    assert body["person"]["addresses"] == ["freja@holm.example", "fh@arbejde.example"]
    told = body["matters"][0]
    assert (told["order"], told["line"]["sku"]) == ("10452", "LAMP-1")
    facts = {fact["fact"]: fact for fact in told["facts"]}
    assert (facts["category"]["value"], facts["category"]["provenance"]) == ("general", "record")
    assert (facts["faulty"]["value"], facts["faulty"]["provenance"]) == (False, "stated")
    assert (told["advice"]["status"], told["advice"]["outcome"]) == ("decided", "allow")
    assert told["advice"]["clauses"][0]["anchor"] == "returns#ordinary"
    assert told["advice"]["words"]


def test_reading_a_customers_record_is_logged(world: World, program: Program) -> None:
    message = world.write(world.freja, "Hello")
    program.get(f"/conversations/{message.conversation.number}")
    reading = RecordReading.objects.get(person=world.freja)
    assert (reading.agent, reading.reason) == (world.ida, "api")


def test_a_stranger_without_a_record_is_shown_as_nobody(world: World, program: Program) -> None:
    message = world.write(None, "Where is my order 10452?", identity=Conversation.UNVERIFIED)
    body = program.get(f"/conversations/{message.conversation.number}").json()
    assert (body["person"], body["identity"]) == (None, "unverified")


def test_a_number_that_nobody_has_is_404(world: World, program: Program) -> None:
    assert program.get("/conversations/424242").status_code == 404
