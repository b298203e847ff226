"""Whoever may see nothing finds nothing: no conversation, no customer, no order, no word of a letter."""

from typing import Any

import pytest

from goodword.accounts.models import Agent, Team
from goodword.desk.models import Conversation
from goodword.policies.actions import publish
from goodword.search import queries
from goodword.search.queries import Wanted, search_for
from tests.search.conftest import make_the_index
from tests.world import World, shop_files

QUESTIONS = ("hums", "lamp", "freja", "freja@holm.example", "1000", "#1000", "10452", '"lamp hums"', "hu")


@pytest.fixture
def hidden(world: World) -> Conversation:
    """Freja's letter belongs to a team of others, by a book that keeps conversations in their teams."""
    files = shop_files()
    publish({**files, "book.yaml": "access: team\n" + files["book.yaml"]}, by=None)
    conversation = world.write(world.freja, "The lamp hums", subject="Lamp, order 10452").conversation
    Conversation.objects.filter(pk=conversation.pk).update(
        team=Team.objects.create(name="Another team", department="finance")
    )
    make_the_index()
    return conversation


@pytest.mark.parametrize("text", QUESTIONS)
def test_an_agent_who_may_see_nothing_finds_nothing(world: World, hidden: Conversation, text: str) -> None:
    found = search_for(world.ida, Wanted(text))
    assert (found.hits, found.people, found.orders, found.after) == ([], [], [], None)


@pytest.mark.parametrize("filters", [{"state": "open"}, {"language": "da"}, {"whose": "team"}])
def test_no_filter_alone_shows_what_is_hidden(world: World, hidden: Conversation, filters: dict[str, Any]) -> None:
    assert search_for(world.ida, Wanted(**filters)).hits == []
    assert search_for(world.ida, Wanted(person=world.freja.pk)).hits == []


@pytest.mark.parametrize("text", ["hums", "freja", "1000"])
def test_the_highest_role_and_the_team_find_it(world: World, hidden: Conversation, text: str) -> None:
    colleague = Agent.objects.create_user("bo@nordhvile.example", "x", name="Bo", role="agent", language="en")
    colleague.teams.add(Team.objects.get(name="Another team"))
    owner = Agent.objects.create_user("eva@nordhvile.example", "x", name="Eva", role="owner", language="en")
    for agent in (owner, colleague):
        assert [hit.conversation for hit in search_for(agent, Wanted(text)).hits] == [hidden]


def test_what_is_hidden_leaves_no_hole_in_the_page(
    world: World, hidden: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty hidden ones are newer than the two she may see; pieces of three are looked at."""
    team = Team.objects.get(name="Another team")
    seen = [world.write(world.oliver, "bed hums").conversation for _ in range(2)]
    others = [world.write(world.karen, "bed hums").conversation.pk for _ in range(40)]
    Conversation.objects.filter(pk__in=others).update(team=team)
    make_the_index()
    monkeypatch.setattr(queries, "_FIRST_LOOK", 3)
    found = search_for(world.ida, Wanted("hums"))
    assert ([hit.conversation for hit in found.hits], found.after) == (seen[::-1], None)
    assert search_for(world.ida, Wanted("karen")).people == []
