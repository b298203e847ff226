"""The queue and the frame: who may see it, what stands on top, how much it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goodword.desk.models import Conversation
from goodword.journal.actions import record
from tests.web.conftest import HTMX
from tests.world import NOW, World

STAFF_PAGES = [
    "/desk/", "/desk/view/mine/", "/desk/c/1000/", "/desk/approvals/", "/desk/actions/", "/desk/policies/",
    "/desk/policies/versions/", "/desk/policies/gaps/", "/desk/policies/read/returns/", "/desk/live/",
]  # fmt: skip


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_a_stranger_is_sent_to_the_sign_in(world: World, client: Client, path: str) -> None:
    world.write(world.freja, "Hello")
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/login/?next={path}")


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_every_page_opens_for_an_agent(world: World, ida: Client, path: str) -> None:
    world.write(world.freja, "Hello")
    assert ida.get(path).status_code in {200, 204}


def test_what_is_due_first_stands_on_top(world: World, ida: Client) -> None:
    for subject, hours in (("later", 20), ("late", -2), ("soon", 1)):
        message = world.write(world.freja, "Hello", subject=subject)
        Conversation.objects.filter(pk=message.conversation_id).update(due_at=NOW + timedelta(hours=hours))
    rows = ida.get("/desk/").context["rows"]
    assert [row.subject for row in rows] == ["late", "soon", "later"]


def test_a_deadline_says_in_words_how_late_it_is(world: World, ida: Client) -> None:
    message = world.write(world.freja, "Hello")
    Conversation.objects.filter(pk=message.conversation_id).update(due_at=NOW - timedelta(hours=3))
    assert "Late by 3" in ida.get("/desk/").content.decode()


def test_the_page_costs_as_many_queries_for_three_rows_as_for_one(world: World, ida: Client) -> None:
    world.write(world.freja, "Hello")
    ida.get("/desk/")
    with CaptureQueriesContext(connection, ) as for_one:
        ida.get("/desk/")
    world.write(world.oliver, "Hello")
    world.write(world.karen, "Hej")
    with CaptureQueriesContext(connection) as for_three:
        ida.get("/desk/")
    assert len(for_three) == len(for_one)


def test_an_agent_reads_the_pages_in_her_own_language(world: World, ida: Client, mette: Client) -> None:
    assert "Nothing waits here." in ida.get("/desk/").content.decode()
    assert "Intet venter her." in mette.get("/desk/").content.decode()


def test_she_can_choose_another_language_and_dark_pages(world: World, ida: Client) -> None:
    ida.post("/desk/language/", {"language": "da"})
    ida.post("/desk/theme/", {"theme": "dark"})
    page = ida.get("/desk/").content.decode()
    assert '<html lang="da" data-theme="dark">' in page


def test_the_live_page_is_silent_until_something_happens(world: World, ida: Client) -> None:
    page = ida.get("/desk/")
    after = page.context["frame"].seq
    assert ida.get(f"/desk/live/?after={after}&watch=queue:queue", headers=HTMX).status_code == 204


def test_the_live_page_brings_the_queue_when_a_customer_wrote(world: World, ida: Client) -> None:
    after = ida.get("/desk/").context["frame"].seq
    message = world.write(world.freja, "Hello", subject="The lamp hums")
    record("message.received", message.conversation.about, by="system", message=message.pk)
    answer = ida.get(f"/desk/live/?after={after}&watch=queue:queue", headers=HTMX)
    text = answer.content.decode()
    assert "The lamp hums" in text
    assert 'id="queue-list" hx-swap-oob="true"' in text


def test_no_page_allows_script_or_style_of_its_own(world: World, ida: Client) -> None:
    policy = ida.get("/desk/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


def test_a_page_that_refreshes_itself_leaves_standing_what_was_said(world: World, ida: Client) -> None:
    after = ida.get("/desk/").context["frame"].seq
    message = world.write(world.freja, "Hello")
    record("conversation.opened", message.conversation.about, by="system")
    answer = ida.get(f"/desk/live/?after={after}&watch=queue:queue", headers=HTMX)
    assert 'id="said"' not in answer.content.decode()
