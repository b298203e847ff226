"""An answer that is not known to have gone: shown with what can be done about it."""

import pytest
from django.test import Client

from goodword.channels.models import OutgoingMail
from goodword.channels.sending import mark_unknown
from goodword.desk.actions.conversations import reply
from goodword.desk.models import Message
from tests.world import World


@pytest.fixture
def lost(world: World) -> Message:
    """Ida's answer, in the middle of whose sending the desk died."""
    letter = world.write(world.freja, "Hello")
    answer = reply(letter.conversation, "Good day!", by=world.ida)
    for mail in answer.outgoing.all():
        mark_unknown(mail)
    return answer


def test_it_is_shown_and_sent_again_by_a_click(lost: Message, ida: Client) -> None:
    page = ida.get(f"/desk/c/{lost.conversation.number}/").content.decode()
    assert "Not known to be sent" in page
    assert "Send it again" in page
    ida.post(f"/desk/c/{lost.conversation.number}/message/{lost.pk}/again/")
    assert OutgoingMail.objects.get().state == OutgoingMail.QUEUED
    assert "Send it again" not in ida.get(f"/desk/c/{lost.conversation.number}/").content.decode()


def test_it_counts_as_sent_once_she_says_that_it_arrived(lost: Message, ida: Client) -> None:
    ida.post(f"/desk/c/{lost.conversation.number}/message/{lost.pk}/arrived/")
    assert OutgoingMail.objects.get().state == OutgoingMail.SENT
    lost.refresh_from_db()
    assert lost.delivery == "sent"


def test_what_has_gone_is_not_sent_again(lost: Message, ida: Client) -> None:
    path = f"/desk/c/{lost.conversation.number}/message/{lost.pk}/"
    ida.post(f"{path}arrived/")
    assert ida.post(f"{path}again/").status_code == 409
    assert OutgoingMail.objects.get().state == OutgoingMail.SENT


def test_a_message_of_another_conversation_is_not_found(world: World, lost: Message, ida: Client) -> None:
    other = world.write(world.oliver, "My bed").conversation.number
    assert ida.post(f"/desk/c/{other}/message/{lost.pk}/again/").status_code == 404
