"""A form posted twice, two agents who answer the same letter, and a refusal that both can read."""

import pytest
from django.utils import translation

from goodword.desk.actions.conversations import close_conversation, reply
from goodword.desk.errors import StaleReply
from goodword.desk.models import Message
from goodword.lib.errors import Refused
from tests.desk.cases import plain_yes
from tests.world import World


def test_an_answer_posted_twice_leaves_once(world: World) -> None:
    letter = world.write(world.freja, "Hello, may I ask you something?")
    conversation = letter.conversation
    first = reply(conversation, "Of course.", by=world.ida, seen_message=letter.pk)
    assert reply(conversation, "Of course.", by=world.ida, seen_message=letter.pk) == first
    assert conversation.messages.filter(direction=Message.OUT).count() == 1


def test_the_same_words_said_again_later_are_another_answer(world: World) -> None:
    letter = world.write(world.freja, "Hello, may I ask you something?")
    first = reply(letter.conversation, "Of course.", by=world.ida, seen_message=letter.pk)
    assert reply(letter.conversation, "Of course.", by=world.ida, seen_message=first.pk) != first


def test_an_answer_is_stopped_if_a_colleague_has_answered_meanwhile(world: World) -> None:
    letter = world.write(world.freja, "Hello, may I ask you something?")
    answer = reply(letter.conversation, "Of course.", by=world.mette, seen_message=letter.pk)
    with pytest.raises(StaleReply) as stale:
        reply(letter.conversation, "I am sorry, no.", by=world.ida, seen_message=letter.pk)
    assert stale.value.message == answer
    assert reply(letter.conversation, "Just as my colleague says.", by=world.ida, seen_message=answer).pk


def test_a_refusal_speaks_the_language_of_whoever_reads_it(world: World) -> None:
    conversation = plain_yes(world).matter.conversation
    with translation.override("da"), pytest.raises(Refused, match="ikke gjort endnu"):
        close_conversation(conversation, "solved", by=world.mette)
