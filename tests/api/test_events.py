"""GET /events: the journal from a cursor on."""

from threading import Timer
from time import monotonic

import pytest
from django.db import connection

from goodword.accounts.api_keys import make_api_key
from goodword.accounts.models import Agent, Team
from goodword.journal.actions import record
from goodword.policies.actions import publish
from tests.api.conftest import Program
from tests.world import World, publish_shop, shop_files


def test_the_cursor_goes_through_all_events_once_and_in_order(world: World, program: Program) -> None:
    for number in range(5):
        record("test.happened", f"thing:{number}", by="system", step=number)

    seen, after = [], 0
    while page := program.get("/events", after=after, limit=2).json():
        seen += [event["seq"] for event in page["events"]]
        if page["next"] == after:
            break
        after = page["next"]

    assert seen == sorted(set(seen))
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) >= 5


def test_an_event_says_what_happened_to_what_and_by_whom(world: World, program: Program) -> None:
    record("test.happened", "thing:7", by="agent:3", step=1)
    event = program.get("/events", limit=500).json()["events"][-1]
    assert {name: event[name] for name in ("kind", "about", "actor", "payload")} == {
        "kind": "test.happened",
        "about": "thing:7",
        "actor": "agent:3",
        "payload": {"step": 1},
    }


def test_at_the_end_the_page_is_empty_and_the_cursor_stays(world: World, program: Program) -> None:
    end = program.get("/events", limit=500).json()["next"]
    assert program.get("/events", after=end).json() == {"events": [], "next": end}


def test_an_event_names_the_number_of_its_conversation(world: World, program: Program) -> None:
    conversation = world.write(world.freja, "Hello").conversation
    record("test.happened", conversation.about, by="system")
    event = program.get("/events", limit=500).json()["events"][-1]
    assert event["conversation"] == conversation.number


def test_a_conversation_that_the_agent_may_not_see_has_no_events_for_her(world: World, program: Program) -> None:
    files = shop_files()
    publish({**files, "book.yaml": "access: team\n" + files["book.yaml"]}, by=None)
    hidden = world.write(world.freja, "Hello").conversation
    hidden.team = Team.objects.create(name="Another team", department="finance")
    hidden.save()
    record("test.happened", hidden.about, by="system")
    record("test.happened", "thing:1", by="system", conversation=hidden.pk)
    record("test.happened", "thing:2", by="system")

    page = program.get("/events", limit=500).json()

    assert [event["about"] for event in page["events"] if event["kind"] == "test.happened"] == ["thing:2"]
    assert program.get(f"/conversations/{hidden.number}").status_code == 404
    assert program.get("/conversations").json()["conversations"] == []


def test_whoever_waits_hears_as_soon_as_something_happens(world: World, program: Program) -> None:
    end = program.get("/events", limit=500).json()["next"]
    began = monotonic()
    assert program.get("/events", after=end, wait=1).json() == {"events": [], "next": end}
    assert 1 <= monotonic() - began < 5
    record("test.happened", "thing:1", by="system")
    began = monotonic()
    assert [event["about"] for event in program.get("/events", after=end, wait=20).json()["events"]] == ["thing:1"]
    assert monotonic() - began < 5
    assert program.get("/events", wait=26).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_wakes_whoever_waits() -> None:
    agent = Agent.objects.create_user("ida@nordhvile.example", name="Ida Lund", role="agent")
    publish_shop()
    _, secret = make_api_key("waiting", agent, ["events:read"], None)
    program = Program(secret)
    end = program.get("/events", limit=500).json()["next"]

    def write() -> None:
        record("test.happened", "thing:1", by="system")
        connection.close()

    writing = Timer(0.5, write)
    began = monotonic()
    writing.start()
    heard = program.get("/events", after=end, wait=20).json()["events"]
    writing.join()
    assert ([event["about"] for event in heard], monotonic() - began < 10) == (["thing:1"], True)
