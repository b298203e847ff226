"""An AI assistant at the desk: it decides as an agent does, and what it decides is recorded the same way."""

import asyncio
from typing import Any

import pytest

pytest.importorskip("mcp", reason='the extra "mcp" is not installed')

from mcp import Client

from goodword.desk.models import Decision, FactValue, FrozenRecord
from goodword.engine import EngineError
from goodword.engine.assistant.server import server_for
from goodword.engine.assistant.tools import Asked
from goodword.journal.models import Event
from goodword.ops.assistant import DeskTools
from tests.desk.cases import plain_yes, returned
from tests.world import World


def test_what_it_decides_in_a_conversation_is_stored_as_a_persons_is(world: World) -> None:
    matter = returned(world, "10452")
    number = matter.conversation.number
    told = DeskTools(world.ida).decide("returns", {"faulty": False}, Asked(), number)
    decision = Decision.objects.get(pk=told["recorded"]["decision"])
    assert (decision.matter, decision.by, decision.kind, decision.state) == (matter, world.ida, "followed", "final")
    assert told["outcome"] == decision.outcome == "allow"
    assert FactValue.objects.get(matter=matter, fact="faulty").by == world.ida
    assert FrozenRecord.objects.filter(decision=decision).exists()
    assert Event.objects.filter(kind="decision.final", payload__decision=decision.pk).count() == 1


def test_a_person_and_an_assistant_leave_the_same_decision(world: World) -> None:
    person = plain_yes(world)
    matter = returned(world, "10452")
    told = DeskTools(world.ida).decide("returns", {"faulty": False}, Asked(), matter.conversation.number)
    machine = Decision.objects.get(pk=told["recorded"]["decision"])
    same = ("state", "policy", "outcome", "outputs", "authority", "kind", "book_hash", "trace", "explanation")
    assert {name: getattr(machine, name) for name in same} == {name: getattr(person, name) for name in same}


def test_while_something_is_open_it_is_told_the_one_question_and_nothing_is_decided(world: World) -> None:
    matter = returned(world, "10460")
    told = DeskTools(world.ida).decide("returns", {}, Asked(), matter.conversation.number)
    assert (told["status"], told["recorded"]) == ("ask", None)
    assert told["fact"] in {"faulty", "opened"}
    assert matter.decisions.count() == 0


def test_what_needs_a_manager_is_proposed_only(world: World) -> None:
    matter = returned(world, "10471")
    told = DeskTools(world.ida).decide("returns", {"faulty": False}, Asked(), matter.conversation.number)
    assert told["recorded"]["state"] == "proposed"


@pytest.mark.parametrize(
    ("policy", "facts", "words"),
    [
        ("refunds", {}, "has no open matter about `refunds`; open are: returns"),
        ("returns", {"colour": "blue"}, "colour"),
    ],
)
def test_what_it_may_not_say_or_do_is_told(world: World, policy: str, facts: dict[str, Any], words: str) -> None:
    number = returned(world, "10452").conversation.number
    with pytest.raises(EngineError) as caught:
        DeskTools(world.ida).decide(policy, facts, Asked(), number)
    assert words in str(caught.value)
    assert Decision.objects.count() == 0


def test_a_conversation_it_may_not_see_is_not_there(world: World) -> None:
    with pytest.raises(EngineError):
        DeskTools(world.ida).decide("returns", {}, Asked(), 999_999)


def test_without_a_conversation_it_only_tries(world: World) -> None:
    told = DeskTools(world.ida).decide("returns", {"category": "hygiene"}, Asked())
    assert told["status"] == "ask"
    assert Decision.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_client_of_the_protocol_decides_in_a_conversation(stopped_clock: None) -> None:
    from tests.world import build_world

    world = build_world()
    number = returned(world, "10452").conversation.number

    server = server_for(DeskTools(world.ida))

    async def talk() -> Any:
        async with Client(server) as client:
            asked = {"policy": "returns", "facts": {"faulty": False}, "conversation": number}
            return (await client.call_tool("decide", asked)).structured_content

    told = asyncio.run(talk())
    assert Decision.objects.get(pk=told["recorded"]["decision"]).outcome == "allow"
