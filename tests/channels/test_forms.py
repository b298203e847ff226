"""The contact form: one conversation however often it is posted; nothing typed in it proves anything."""

import threading

import pytest
from django.db import connection

from goodword.channels.forms import entry_by_token, post_form
from goodword.channels.models import FormEntry
from goodword.desk.models import Conversation, Message
from goodword.lib.blobs import read_blob
from goodword.lib.errors import Invalid
from tests.world import World, build_world


def post(token: str = "t1", **more: object) -> Conversation:
    fields = {"name": "Freja Holm", "email": "Freja@Holm.example", "text": "Min lampe virker ikke.", "language": "da"}
    return post_form(token=token, **(fields | more))  # type: ignore[arg-type]  # a test's shorthand


def test_a_form_becomes_a_conversation(world: World) -> None:
    conversation = post(subject="Lampen", privacy_notice="abc")
    message = conversation.messages.get(direction="in")
    assert (conversation.subject, conversation.language, conversation.person) == ("Lampen", "da", world.freja)
    assert (message.channel, message.from_address, message.text) == (
        "form",
        "freja@holm.example",
        "Min lampe virker ikke.",
    )
    entry = entry_by_token("t1")
    assert entry is not None
    assert (entry.conversation, entry.privacy_notice) == (conversation, "abc")


def test_a_typed_address_proves_nothing(world: World) -> None:
    assert post().identity == Conversation.UNVERIFIED


def test_the_same_form_posted_twice_is_one_conversation(world: World) -> None:
    assert post() == post(text="changed meanwhile")
    assert (Conversation.objects.count(), FormEntry.objects.count()) == (1, 1)
    assert Message.objects.filter(direction="in").count() == 1


def test_a_chosen_situation_comes_before_our_guess(world: World) -> None:
    conversation = post(situation="late-delivery", order="10452")
    matter = conversation.matters.get()
    assert matter.policy == "late-delivery"
    assert conversation.messages.filter(direction="in").get().text == "Min lampe virker ikke.\n\n10452\n"


def test_a_situation_the_book_does_not_know_is_left_to_the_agent(world: World) -> None:
    assert post(situation="nonsense").matters.count() == 1


def test_its_files_are_kept(world: World) -> None:
    conversation = post(attachments=[("foto.jpg", "image/jpeg", b"\xff\xd8")])
    file = conversation.messages.get(direction="in").attachments.get()
    assert (file.name, read_blob(file.blob)) == ("foto.jpg", b"\xff\xd8")


def test_an_empty_form_and_a_wrong_address_are_refused(world: World) -> None:
    with pytest.raises(Invalid, match="empty"):
        post(text="  ")
    with pytest.raises(Invalid, match="mail address"):
        post(email="nobody")
    assert not FormEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one_conversation() -> None:
    build_world()
    found: list[int] = []

    def click() -> None:
        found.append(post().pk)
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(6)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert len(found) == 6
    assert len(set(found)) == Conversation.objects.count() == 1
