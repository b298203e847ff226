"""What follows from what: each line of the table, seen from outside."""

from datetime import timedelta

import pytest

from goodword.desk.actions.approvals import approve, ask_approval, decline
from goodword.desk.actions.conversations import assign, reply
from goodword.desk.actions.decisions import decide
from goodword.desk.actions.matters import open_matters, report_gap, state_fact
from goodword.desk.models import Approval, Conversation, Message
from goodword.engine import Finding
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.notifications.actions import mark_conversation_read, mark_read
from goodword.notifications.models import Notice
from goodword.notifications.queries import notices_for, unread_count
from goodword.policies.actions import report_problem
from goodword.promises.models import Promise
from goodword.promises.queries import open_promise
from tests.world import NOW, World


def arrive(world: World, message: Message) -> Conversation:
    """Record what `desk.receive` records for a message that is there already."""
    conversation = message.conversation
    record("message.received", conversation.about, by=f"person:{message.person_id}", message=message.pk, channel="mail")
    return Conversation.objects.get(pk=conversation.pk)


@pytest.fixture
def conversation(world: World) -> Conversation:
    return arrive(world, world.write(world.freja, "Hej, min lampe fra ordre 10452 er kommet."))


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def told(world: World) -> list[tuple[str, str]]:
    return [(notice.agent.name, notice.kind) for notice in Notice.objects.select_related("agent").order_by("id")]


def test_a_customers_message_is_promised_an_answer_and_sorted_by_it(conversation: Conversation) -> None:
    promise = Promise.objects.get()
    assert (conversation.waiting_on, conversation.due_at) == ("us", promise.by_at)


def test_a_machines_message_is_promised_nothing(world: World) -> None:
    message = world.write(world.freja, "I am away")
    message.automatic = True
    message.save()
    assert arrive(world, message).due_at is None
    assert not Promise.objects.exists()


def test_an_answer_that_has_left_keeps_the_promise_and_waits_for_the_customer(
    world: World, conversation: Conversation
) -> None:
    with clock.stopped_at(NOW + timedelta(hours=1)):
        message = reply(conversation, "Kære Freja Holm. Hvad er der galt med lampen?", by=world.ida)
        assert open_promise(conversation)  # queued is not yet sent
        record("message.sent", conversation.about, by="system", message=message.pk)
    assert Promise.objects.get().state == Promise.KEPT
    assert (fresh(conversation).waiting_on, fresh(conversation).due_at) == ("customer", None)


def test_an_automatic_mail_keeps_no_promise(conversation: Conversation) -> None:
    message = Message.objects.create(conversation=conversation, direction=Message.OUT, automatic=True, at=clock.now())
    record("message.sent", conversation.about, by="system", message=message.pk)
    assert Promise.objects.get().state == Promise.OPEN
    assert fresh(conversation).waiting_on == "us"


def test_an_answer_that_did_not_leave_comes_back_to_us_and_its_author_is_told(
    world: World, conversation: Conversation
) -> None:
    message = reply(conversation, "Kære Freja Holm. Hvad er der galt?", by=world.ida)
    Message.objects.filter(pk=message.pk).update(delivery="failed")
    record("message.send_failed", conversation.about, by="system", message=message.pk)
    assert fresh(conversation).waiting_on == "us"
    assert fresh(conversation).due_at == Promise.objects.get().by_at
    assert told(world) == [("Ida Lund", "message.send_failed")]


def test_whoever_is_given_a_conversation_is_told_and_nobody_of_her_own_doing(
    world: World, conversation: Conversation
) -> None:
    assign(conversation, world.ida, by=world.ida)
    assert told(world) == []
    assign(conversation, world.theo, by=world.ida)
    assert told(world) == [("Theo Bruun", "conversation.assigned")]


def test_a_new_message_is_told_to_whoever_answers_and_once_as_long_as_she_has_not_read(
    world: World, conversation: Conversation
) -> None:
    assign(conversation, world.ida, by=None)
    Notice.objects.all().delete()
    for _ in range(3):
        arrive(world, world.write_again(conversation, "Og?"))
    assert told(world) == [("Ida Lund", "message.received")]
    assert unread_count(world.ida) == 1
    assert mark_conversation_read(world.ida, conversation) == 1
    arrive(world, world.write_again(conversation, "Og nu?"))
    assert [notice.read_at is None for notice in notices_for(world.ida)] == [True, False]
    assert mark_read(world.ida) == 1


def ask(world: World) -> Approval:
    """Oliver's bed is faulty; the refund is more than an agent may grant."""
    conversation = arrive(world, world.write(world.oliver, "My bed from order 10471 is broken, I want my money back."))
    matter = open_matters(conversation.messages.get(direction=Message.IN))[0]
    for fact, value in {"faulty": True, "wish": "money-back", "opened": True}.items():
        state_fact(matter, fact, value, by=world.ida)
    return ask_approval(decide(matter, by=world.ida), by=world.ida)


def test_approval_is_asked_of_those_who_may_and_the_conversation_waits_for_it(world: World) -> None:
    approval = ask(world)
    conversation = fresh(approval.decision.matter.conversation)
    assert conversation.waiting_on == "approval"
    assert ("Mette Krogh", "approval.asked") in told(world)
    assert all(name != "Ida Lund" for name, _ in told(world))


@pytest.mark.parametrize("answer", ["approved", "declined"])
def test_the_asker_is_told_at_once_and_the_customer_is_still_to_hear_it(world: World, answer: str) -> None:
    approval = ask(world)
    Notice.objects.all().delete()
    if answer == "approved":
        approve(approval, "Of course.", by=world.mette)
    else:
        decline(approval, "Ask the workshop first.", by=world.mette)
    assert told(world) == [("Ida Lund", f"approval.{answer}")]
    conversation = fresh(approval.decision.matter.conversation)
    assert (conversation.state, conversation.waiting_on) == (Conversation.OPEN, "us")
    assert conversation.due_at is not None


def test_after_an_interim_answer_the_outcome_is_promised_anew(world: World) -> None:
    approval = ask(world)
    conversation = fresh(approval.decision.matter.conversation)
    message = Message.objects.create(
        conversation=conversation, direction=Message.OUT, author=world.ida, at=clock.now(), text="I am asking."
    )
    record("message.sent", conversation.about, by="system", message=message.pk)
    Conversation.objects.filter(pk=conversation.pk).update(state=Conversation.WAITING)
    assert open_promise(conversation) is None
    with clock.stopped_at(NOW + timedelta(days=2)):
        approve(approval, by=world.mette)
    promise = open_promise(conversation)
    assert promise
    assert fresh(conversation).state == Conversation.OPEN
    assert fresh(conversation).due_at == promise.by_at > NOW + timedelta(days=2)


def test_a_broken_promise_is_told_to_whoever_answers_or_to_those_above(
    world: World, conversation: Conversation
) -> None:
    record("promise.broken", conversation.about, by="system", promise=1, what="reply")
    assert told(world) == [("Theo Bruun", "promise.broken"), ("Mette Krogh", "promise.broken")]
    Notice.objects.all().delete()
    assign(conversation, world.ida, by=world.ida)
    record("promise.broken", conversation.about, by="system", promise=1, what="reply")
    assert told(world) == [("Ida Lund", "promise.broken")]


def test_a_gap_and_a_mistake_in_the_book_are_told_to_its_keepers(world: World, conversation: Conversation) -> None:
    report_gap(open_matters(conversation.messages.get(direction=Message.IN))[0], by=world.ida)
    report_problem([Finding("error", "x", "returns.md", 3, "no such fact")])
    assert told(world) == [("Mette Krogh", "policy.gap_reported"), ("Mette Krogh", "book.problem")]


def test_notices_hold_codes_and_ids_only(world: World, conversation: Conversation) -> None:
    ask(world)
    for notice in Notice.objects.all():
        assert all(isinstance(value, int | bool | None) or " " not in value for value in notice.details.values())


def test_an_agent_who_left_is_told_nothing(world: World, conversation: Conversation) -> None:
    assign(conversation, world.theo, by=world.ida)
    Notice.objects.all().delete()
    world.theo.is_active = False
    world.theo.save()
    arrive(world, world.write_again(conversation, "Og?"))
    assert told(world) == []
