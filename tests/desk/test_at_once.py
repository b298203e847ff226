"""Two people at the same moment: one of them is told that the other was first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from goodword.desk.actions.approvals import approve, ask_approval
from goodword.desk.actions.decisions import decide
from goodword.desk.actions.work import finish_action
from goodword.desk.models import Action, Decision, Message
from goodword.lib.errors import Refused
from tests.desk.cases import plain_yes, returned, too_large
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run the acts in threads of their own; "done" or "refused" for each, sorted."""

    def run(act: Callable[[], Any]) -> str:
        try:
            act()
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_a_matter_is_decided_once_even_by_two_at_once(world: World) -> None:
    matter = returned(world, "10452", faulty=False)
    assert at_once(lambda: decide(matter, by=world.ida), lambda: decide(matter, by=world.theo)) == ["done", "refused"]
    assert Decision.objects.filter(state=Decision.FINAL).count() == 1
    assert Action.objects.count() == 3


def test_a_request_is_answered_once_even_by_two_at_once(world: World) -> None:
    world.theo.role = "owner"
    world.theo.save()
    approval = ask_approval(too_large(world), by=world.ida)
    assert at_once(lambda: approve(approval, by=world.mette), lambda: approve(approval, by=world.theo)) == [
        "done", "refused",
    ]  # fmt: skip
    assert Action.objects.count() == 3


def test_the_customer_is_told_once_even_if_two_finish_at_once(world: World) -> None:
    action = plain_yes(world).actions.get(kind="refund")
    assert at_once(lambda: finish_action(action, by=world.ida), lambda: finish_action(action, by=world.theo)) == [
        "done", "refused",
    ]  # fmt: skip
    assert Message.objects.filter(direction="out").count() == 1
