"""`access: team` in the book: whose conversation it is, and who still has to do something in it."""

from typing import Any

import pytest

from goodword.accounts.models import Team
from goodword.desk.actions.conversations import reply, take
from goodword.desk.actions.work import finish_action
from goodword.desk.queries.conversations import visible_to
from goodword.desk.queries.waiting import actions_for
from goodword.policies.actions import publish
from goodword.policies.queries import current_publication
from tests.desk.cases import plain_yes
from tests.world import World


@pytest.fixture
def teams(world: World) -> dict[str, Any]:
    """Ida serves customers, Theo sends money back; everybody sees only what her team answers."""
    files = dict(current_publication().files)
    publish({**files, "book.yaml": files["book.yaml"] + "\naccess: team\n"}, by=None)
    serving = Team.objects.create(name="Service", department="customer-service")
    paying = Team.objects.create(name="Money", department="finance")
    world.ida.teams.set([serving])
    world.theo.teams.set([paying])
    return {"serving": serving, "paying": paying}


def test_whoever_answers_first_brings_it_to_her_team(world: World, teams: dict[str, Any]) -> None:
    asked, taken = (world.write(world.freja, "Hello").conversation for _letter in range(2))
    assert set(visible_to(world.theo)) == {asked, taken}
    reply(asked, "Good day!", by=world.ida)
    take(taken, by=world.ida)
    for conversation in (asked, taken):
        conversation.refresh_from_db()
        assert conversation.team == teams["serving"]
    assert not visible_to(world.theo).exists()
    assert visible_to(world.ida).count() == 2


def test_a_department_sees_a_conversation_as_long_as_it_has_to_do_something_in_it(
    world: World, teams: dict[str, Any]
) -> None:
    decision = plain_yes(world)
    conversation = decision.matter.conversation
    take(conversation, by=world.ida)
    refund = decision.actions.get(department="finance")
    assert list(actions_for(world.theo, department="finance")) == [refund]
    assert list(visible_to(world.theo)) == [conversation]
    finish_action(refund, by=world.theo)
    assert not visible_to(world.theo).exists()
