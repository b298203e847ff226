"""A conversation that was brought in from another desk, as an agent sees it."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from goodword.desk.models import Conversation
from tests.imports.desk_lines import FULL, import_lines, line
from tests.world import World


@pytest.fixture
def mette(client: Client, world: World) -> Client:
    """Signed in as the manager."""
    world.mette.language = "en"
    world.mette.save()
    client.force_login(world.mette, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page_of(client: Client, key: str) -> str:
    number = Conversation.objects.get(imported__key=key).number
    answer = client.get(reverse("web:conversation", args=[number]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def thread_of(page: str) -> str:
    return page[page.index('<ol role="list" class="messages"') : page.index('id="story"')]


def test_it_says_where_it_comes_from_what_was_decided_and_when_things_were_said(mette: Client, tmp_path: Path) -> None:
    import_lines(tmp_path, FULL)
    page = page_of(mette, "T-17")
    assert "This conversation was brought in from old-desk." in page
    assert "Where no time stands" not in page
    assert "order: 10001" in page
    assert "Decided there on" in page
    assert "Wed, 1 May 2024 10:00" in thread_of(page)
    assert "Bo Holt" in thread_of(page)


def test_no_time_is_shown_where_the_source_has_none(mette: Client, tmp_path: Path) -> None:
    import_lines(tmp_path, line())
    page = page_of(mette, "1")
    assert "Where no time stands, the source has none." in page
    assert "<time" not in thread_of(page)
    assert "1970" not in page
    lists = mette.get(reverse("web:queue_view", args=["closed"])).content.decode()
    assert ("1970" in lists, "years" in lists) == (False, False)


def test_the_customer_s_earlier_contacts_name_no_day_that_nobody_knows(mette: Client, tmp_path: Path) -> None:
    person: dict[str, Any] = {"id": "7", "mails": ["vera@lund.example"]}
    import_lines(tmp_path, line(person=person, subject="Without a day"), line(id="2", person=person))
    page = page_of(mette, "2")
    assert "Without a day" in page
    assert "1970" not in page


@pytest.mark.parametrize("state", ["open", "waiting", "closed"])
def test_a_situation_the_book_does_not_know_is_shown_by_its_code(mette: Client, tmp_path: Path, state: str) -> None:
    import_lines(tmp_path, line(state=state, situations=["lamp-trouble", "returns"]))
    assert "lamp-trouble" in page_of(mette, "1")


def test_an_open_one_is_in_the_queue_and_can_be_answered(mette: Client, world: World, tmp_path: Path) -> None:
    import_lines(tmp_path, {**FULL, "state": "open"})
    conversation = Conversation.objects.get(imported__key="T-17")
    assert str(conversation.number) in mette.get(reverse("web:queue")).content.decode()
    said = {"text": "It is on its way.", "seen": conversation.messages.last().pk, "confirmed": "yes"}  # type: ignore[union-attr]
    mette.post(reverse("web:reply", args=[conversation.number]), said)
    answer = conversation.messages.order_by("pk").last()
    assert answer is not None
    assert (answer.text, answer.to_addresses) == ("It is on its way.", ["vera@lund.example"])
