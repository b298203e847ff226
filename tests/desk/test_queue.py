"""The queue: what is due first on top, what one may see, in as many queries for three rows as for one."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from goodword.accounts.models import Team
from goodword.desk.models import Attachment, Conversation, Message
from goodword.desk.queries import conversations as queries
from goodword.desk.queries.conversations import (
    conversation_for,
    counts_for,
    earlier_contacts,
    queue_for,
    thread,
    visible_to,
)
from goodword.lib.errors import NotFound
from tests.world import NOW, World


@pytest.fixture
def three(world: World) -> list[Conversation]:
    """Three letters: the second is due first, the third is nobody's business yet."""
    found = [world.write(person, "Hej", subject=subject).conversation for person, subject in
             ((world.freja, "Lampen"), (world.oliver, "The bed"), (world.karen, "Dynen"))]  # fmt: skip
    for conversation, hours in zip(found, (5, 1, None), strict=True):
        conversation.due_at = NOW + timedelta(hours=hours) if hours else None
        conversation.save()
    return found


def test_what_is_due_first_is_on_top_and_what_is_not_due_comes_last(world: World, three: list[Conversation]) -> None:
    assert list(queue_for(world.ida)) == [three[1], three[0], three[2]]


def test_each_view_holds_what_it_says(world: World, three: list[Conversation]) -> None:
    first, second, third = three
    Conversation.objects.filter(pk=first.pk).update(assignee=world.ida)
    Conversation.objects.filter(pk=second.pk).update(state="waiting", waiting_on="approval")
    Conversation.objects.filter(pk=third.pk).update(state="closed")
    expected = {
        "queue": [first], "mine": [first], "unassigned": [second], "waiting": [second], "approvals": [second],
        "closed": [third], "offered": [],
    }  # fmt: skip
    for view, rows in expected.items():
        assert list(queue_for(world.ida, view)) == rows, view
    assert set(queue_for(world.ida, "all")) == set(three)
    assert counts_for(world.ida) == {view: len(rows) for view, rows in expected.items()} | {"all": 3}


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_one_query_however_long_it_is(
    world: World, three: list[Conversation], rows: int, django_assert_num_queries: Any
) -> None:
    Conversation.objects.exclude(pk__in=[conversation.pk for conversation in three[:rows]]).delete()
    world.ida.refresh_from_db()
    queries.current_book()
    with django_assert_num_queries(2):  # which book is in force, and the rows
        shown = [
            (each.person and each.person.name, each.assignee, each.inbox.name, each.team)
            for each in queue_for(world.ida)
        ]
    assert len(shown) == rows
    with django_assert_num_queries(2):
        counts_for(world.ida)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_thread_costs_two_queries_however_long_it_is(world: World, rows: int, django_assert_num_queries: Any) -> None:
    message = world.write(world.freja, "Hej")
    for _ in range(rows - 1):
        world.write_again(message.conversation, "Og")
    for each in Message.objects.all():
        Attachment.objects.create(message=each, name="a", content_type="text/plain", size=1, blob="x")
    with django_assert_num_queries(2):
        shown = [(each.author, each.person, list(each.attachments.all())) for each in thread(message.conversation)]
    assert len(shown) == rows


def test_a_number_that_does_not_exist_is_not_found(world: World, three: list[Conversation]) -> None:
    assert conversation_for(world.ida, three[0].number) == three[0]
    with pytest.raises(NotFound):
        conversation_for(world.ida, 99)


def test_earlier_contacts_are_the_persons_own_newest_first(world: World) -> None:
    first = world.write(world.freja, "a", at=NOW - timedelta(days=2)).conversation
    second = world.write(world.freja, "b").conversation
    world.write(world.oliver, "c")
    assert list(earlier_contacts(world.ida, world.freja)) == [second, first]


class OnlyTeams:
    """The starter book, were it to say `access: team`."""

    roles = ("agent", "team-lead", "manager", "owner")
    settings = SimpleNamespace(access="team")


def test_where_the_book_restricts_access_every_reader_is_restricted(world: World, three: list[Conversation]) -> None:
    finance = Team.objects.create(name="Finance", department="finance")
    Conversation.objects.filter(pk=three[0].pk).update(team=finance)
    Conversation.objects.filter(pk=three[1].pk).update(team=world.ida.teams.get())
    with patch.object(queries, "current_book", OnlyTeams):
        assert set(visible_to(world.ida)) == set(three[1:])
        assert set(queue_for(world.ida, "all")) == set(three[1:])
        assert counts_for(world.ida)["all"] == 2
        assert list(earlier_contacts(world.ida, world.freja)) == []
        with pytest.raises(NotFound):
            conversation_for(world.ida, three[0].number)
        Conversation.objects.filter(pk=three[0].pk).update(assignee=world.ida)
        assert conversation_for(world.ida, three[0].number) == three[0]


def test_by_default_every_agent_sees_every_customers_history(world: World, three: list[Conversation]) -> None:
    finance = Team.objects.create(name="Finance", department="finance")
    Conversation.objects.update(team=finance)
    assert set(visible_to(world.ida)) == set(three)
