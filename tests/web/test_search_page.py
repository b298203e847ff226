"""The search page: with and without JavaScript, what it shows and what it escapes."""

import pytest
from django.test import Client

from goodword.desk.models import Conversation
from tests.search.conftest import make_the_index
from tests.web.conftest import HTMX
from tests.world import World


@pytest.fixture
def lamp(world: World) -> Conversation:
    message = world.write(world.freja, "The lamp <script>hums</script> & glows", subject="The <b>lamp</b>")
    Conversation.objects.filter(pk=message.conversation_id).update(state=Conversation.CLOSED)
    make_the_index()
    return message.conversation


def test_a_search_looks_in_all_views_and_marks_what_it_found_escaped(ida: Client, lamp: Conversation) -> None:
    page = ida.get("/desk/search/?q=hums").content.decode()
    assert f'href="/desk/c/{lamp.number}/"' in page
    assert "&lt;script&gt;<mark>hums</mark>&lt;/script&gt; &amp; glows" in page
    assert "The &lt;b&gt;lamp&lt;/b&gt;" in page


def test_htmx_gets_what_was_found_only_and_a_restored_page_the_whole(ida: Client, lamp: Conversation) -> None:
    assert ida.get("/desk/search/?q=hums", headers=HTMX).content.decode().strip().startswith('<div id="found"')
    restored = ida.get("/desk/search/?q=hums", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<!doctype html>" in restored.content.decode().lower()


def test_customers_and_orders_lead_to_their_conversations(world: World, ida: Client, lamp: Conversation) -> None:
    page = ida.get("/desk/search/?q=freja").content.decode()
    assert f'href="/desk/search/?person={world.freja.pk}"' in page
    hers = ida.get(f"/desk/search/?person={world.freja.pk}")
    assert [row.number for row, _ in hers.context["hits"]] == [lamp.number]
    assert '"found-orders"' in ida.get("/desk/search/?q=10452").content.decode()


def test_the_next_page_keeps_the_question_and_its_filters(
    world: World, ida: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(27):
        world.write(world.freja, "hums")
    make_the_index()
    first = ida.get("/desk/search/?q=hums&state=open")
    second = ida.get(first.context["further"])
    assert [len(page.context["hits"]) for page in (first, second)] == [25, 2]
    assert "q=hums&state=open&after=" in first.context["further"]
    assert second.context["further"] == ""


@pytest.mark.parametrize(
    "asked",
    ["", "q=", "q=%00", "q=%22", "q=x&state=nonsense&whose=nobody&person=abc&since=never&until=9999-12-31",
     "q=x&since=0001-01-01&after=99999999999999999999", "person=999999999999999999", "inbox=%00", "after=-1",
     "q=%ED%A0%80"],
)  # fmt: skip
def test_no_address_breaks_the_page(ida: Client, lamp: Conversation, asked: str) -> None:
    assert ida.get(f"/desk/search/?{asked}").status_code == 200


def test_the_queues_own_box_asks_this_page(ida: Client, lamp: Conversation) -> None:
    page = ida.get("/desk/").content.decode()
    assert 'action="/desk/search/"' in page
    assert 'hx-get="/desk/search/"' in page


def test_a_stranger_is_sent_to_the_sign_in(world: World, client: Client) -> None:
    assert client.get("/desk/search/?q=x")["Location"].startswith("/sign-in/login/")
