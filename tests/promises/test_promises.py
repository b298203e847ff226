"""The life of a promise: made, kept, broken, released; and where it puts the conversation."""

from datetime import timedelta

import pytest

from goodword.desk.actions.conversations import close_conversation
from goodword.desk.models import Conversation, Message
from goodword.journal.models import Event
from goodword.lib import clock
from goodword.promises.actions import keep_reply_promise, promise_a_reply, release, tick
from goodword.promises.models import Promise
from goodword.promises.queries import open_promise, promises_due
from goodword.promises.tasks import tick as tick_now
from tests.world import NOW, World


@pytest.fixture
def conversation(world: World) -> Conversation:
    return world.write(world.freja, "Hej").conversation


@pytest.fixture
def promise(conversation: Conversation) -> Promise:
    promise = promise_a_reply(conversation, at=NOW, channel="mail")
    assert promise
    return promise


def standing(conversation: Conversation) -> tuple[str, object]:
    conversation = Conversation.objects.get(pk=conversation.pk)
    return conversation.waiting_on, conversation.due_at


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="promise.").order_by("id").values_list("kind", flat=True))


def test_a_second_letter_does_not_put_the_first_answer_off(conversation: Conversation, promise: Promise) -> None:
    again = promise_a_reply(conversation, at=NOW + timedelta(hours=5), channel="mail")
    assert again == promise
    assert Promise.objects.count() == 1


def test_an_answer_in_time_keeps_the_promise(conversation: Conversation, promise: Promise) -> None:
    keep_reply_promise(conversation, at=promise.by_at)
    kept = Promise.objects.get()
    assert (kept.state, kept.settled_at) == (Promise.KEPT, promise.by_at)
    assert kinds() == ["promise.made", "promise.kept"]


def test_an_answer_a_minute_late_breaks_it(conversation: Conversation, promise: Promise) -> None:
    keep_reply_promise(conversation, at=promise.by_at + timedelta(minutes=1))
    assert Promise.objects.get().state == Promise.BROKEN
    assert kinds() == ["promise.made", "promise.broken", "promise.settled_late"]


def test_when_its_time_is_up_it_is_broken_once_and_still_owed(conversation: Conversation, promise: Promise) -> None:
    assert not promises_due(promise.by_at).exists()
    late = promise.by_at + timedelta(seconds=1)
    assert (tick(late), tick(late)) == (1, 0)
    assert open_promise(conversation) == promise
    assert standing(conversation) == ("us", promise.by_at)
    keep_reply_promise(conversation, at=late)
    assert open_promise(conversation) is None
    assert Promise.objects.get().state == Promise.BROKEN


def test_the_worker_counts_what_it_has_settled(promise: Promise) -> None:
    assert tick_now() == 0
    with clock.stopped_at(promise.by_at + timedelta(minutes=1)):
        assert tick_now() == 1


def test_the_customer_may_let_us_off(world: World, conversation: Conversation, promise: Promise) -> None:
    release(promise, by=world.ida)
    assert Promise.objects.get().state == Promise.RELEASED
    event = Event.objects.get(kind="promise.released")
    assert (event.about, event.actor) == (conversation.about, world.ida.actor)
    assert event.payload == {"promise": promise.pk, "what": "reply"}


def test_closing_the_conversation_releases_what_was_owed(
    world: World, conversation: Conversation, promise: Promise
) -> None:
    close_conversation(conversation, "answered", by=world.ida)
    assert Promise.objects.get().state == Promise.RELEASED
    assert standing(conversation) == ("nobody", None)


def test_a_promise_is_told_apart_from_a_thank_you(world: World, conversation: Conversation, promise: Promise) -> None:
    # The lesson of other desks: a snooze would be cancelled by this.
    world.write_again(conversation, "Thanks!", at=NOW + timedelta(minutes=5))
    assert open_promise(conversation) == promise


def test_answers_of_a_machine_keep_nothing(world: World, conversation: Conversation, promise: Promise) -> None:
    Message.objects.create(
        conversation=conversation, direction=Message.OUT, automatic=True, at=NOW + timedelta(minutes=1)
    )
    promise_a_reply(conversation, at=NOW, channel="mail")
    assert open_promise(conversation) == promise
