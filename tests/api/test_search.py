"""Search by API: the same as the desk's own, with the key's eyes and scopes."""

from collections.abc import Callable
from typing import Any

from goodword.desk.models import Conversation, Matter
from tests.api.conftest import Program
from tests.search.conftest import make_the_index
from tests.world import World


def test_conversations_customers_and_orders_are_found(world: World, program: Program, lamp: Matter) -> None:
    make_the_index()
    told = program.get("/search", q="send back").json()
    assert [each["number"] for each in told["conversations"]] == [lamp.conversation.number]
    assert told["conversations"][0]["words"] == "I would like to send back the lamp, order 10452."
    assert [each["name"] for each in program.get("/search", q="freja").json()["people"]] == ["Freja Holm"]
    assert program.get("/search", q="10452").json()["orders"] == [{"number": "10452", "bought_on": "2026-10-30"}]


def test_pages_follow_each_other_and_filters_narrow(world: World, program: Program) -> None:
    numbers = [world.write(world.freja, "hums").conversation.number for _ in range(3)]
    make_the_index()
    first = program.get("/search", q="hums", limit=2).json()
    second = program.get("/search", q="hums", limit=2, cursor=first["next"]).json()
    assert [each["number"] for page in (first, second) for each in page["conversations"]] == numbers[::-1]
    assert second["next"] is None
    assert program.get("/search", q="hums", state="closed").json()["conversations"] == []
    assert program.get("/search", q="hums", person="nobody@post.example").json()["conversations"] == []
    assert len(program.get("/search", person="freja@holm.example").json()["conversations"]) == 3
    assert program.get("/search", q="hums", cursor="x").status_code == 422


def test_a_key_finds_only_what_its_agent_may_see_and_what_it_was_made_for(
    world: World, hidden: Conversation, program: Program, program_with: Callable[..., Program]
) -> None:
    make_the_index()
    nothing: dict[str, Any] = {"conversations": [], "people": [], "orders": [], "next": None}
    for q in ("hello", "oliver", str(hidden.number), "10471"):
        assert program.get("/search", q=q).json() == nothing
    narrow = program_with("conversations:read")
    assert narrow.get("/search", q="freja").json()["people"] == []
    assert program_with("people:read").get("/search", q="freja").status_code == 403
