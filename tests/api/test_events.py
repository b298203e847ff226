"""GET /events: the journal from a cursor on."""

from goodword.accounts.models import Team
from goodword.journal.actions import record
from goodword.policies.actions import publish
from tests.api.conftest import Program
from tests.world import World, shop_files


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
