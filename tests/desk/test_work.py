"""And then it is done: actions, their days, and what the customer hears of it."""

from datetime import date, timedelta

import pytest

from goodword.desk.actions.conversations import close_conversation, reply
from goodword.desk.actions.work import cancel_action, finish_action, hand_over, take_alternative
from goodword.desk.models import Action, Conversation, Decision, Matter, Message
from goodword.journal.models import Event
from goodword.lib import clock
from goodword.lib.errors import Refused
from tests.desk.cases import plain_yes, refusal
from tests.world import NOW, World


def action_of(decision: Decision, kind: str) -> Action:
    return decision.actions.get(kind=kind)


def test_the_customer_is_told_when_it_is_done_in_her_language(world: World) -> None:
    decision = plain_yes(world, "da")
    action = finish_action(action_of(decision, "refund"), by=world.theo)
    assert (action.state, action.done_by) == (Action.DONE, world.theo)
    assert action.told is not None
    assert action.told.automatic
    assert action.told.text.startswith("Kære Freja Holm")
    assert "499,00\xa0kr." in action.told.text
    assert action.told.to_addresses == ["freja@holm.example"]


def test_the_refunds_days_run_from_the_day_the_goods_came_back(world: World) -> None:
    decision = plain_yes(world)
    assert action_of(decision, "refund").due_on == date(2026, 12, 7)
    with clock.stopped_at(NOW + timedelta(days=2)):  # Wednesday, 18 November
        finish_action(action_of(decision, "goods-received"), by=world.theo)
    assert action_of(decision, "refund").due_on == date(2026, 11, 25)


def test_the_matter_is_done_when_its_last_action_is(world: World) -> None:
    decision = plain_yes(world)
    for action in decision.actions.all():
        decision.matter.refresh_from_db()
        assert decision.matter.state == Matter.DECIDED
        finish_action(action, by=world.theo)
    decision.matter.refresh_from_db()
    assert decision.matter.state == Matter.DONE


def test_nothing_is_done_twice(world: World) -> None:
    action = action_of(plain_yes(world), "refund")
    finish_action(action, by=world.theo)
    with pytest.raises(Refused, match="already"):
        finish_action(action, by=world.ida)
    with pytest.raises(Refused, match="already"):
        cancel_action(action, by=world.ida)
    assert Message.objects.filter(direction="out").count() == 1


def test_no_conversation_closes_over_an_open_action(world: World) -> None:
    decision = plain_yes(world)
    conversation = decision.matter.conversation
    reply(conversation, decision.draft_offered, by=world.ida)
    with pytest.raises(Refused, match="not done yet"):
        close_conversation(conversation, "answered", by=world.ida)
    for action in decision.actions.all():
        finish_action(action, by=world.theo)
    assert close_conversation(conversation, "answered", by=world.ida).state == Conversation.CLOSED


def test_a_cancelled_action_holds_nothing_up(world: World) -> None:
    decision = plain_yes(world)
    for action in decision.actions.all():
        cancel_action(action, by=world.ida)
    assert close_conversation(decision.matter.conversation, "answered", by=world.ida).state == Conversation.CLOSED


def test_taking_the_alternative_starts_its_action(world: World) -> None:
    decision = refusal(world)
    reply(decision.matter.conversation, decision.draft_offered, by=world.ida)
    action = take_alternative(decision, by=world.ida)
    decision.matter.refresh_from_db()
    assert (action.kind, action.due_on) == ("discount-voucher", date(2026, 11, 17))
    assert action.department == "customer-service"
    assert decision.matter.state == Matter.DECIDED
    finish_action(action, by=world.ida)
    decision.matter.refresh_from_db()
    assert decision.matter.state == Matter.DONE


def test_the_alternative_is_taken_once(world: World) -> None:
    decision = refusal(world)
    take_alternative(decision, by=world.ida)
    with pytest.raises(Refused, match="already"):
        take_alternative(decision, by=world.ida)


def test_a_yes_has_no_alternative_to_take(world: World) -> None:
    with pytest.raises(Refused, match="no alternative"):
        take_alternative(plain_yes(world), by=world.ida)


def test_an_action_changes_hands(world: World) -> None:
    action = hand_over(action_of(plain_yes(world), "refund"), world.theo, by=world.ida)
    assert action.owner == world.theo


def test_an_inbox_in_rehearsal_keeps_nobody_from_finishing(world: World) -> None:
    world.inbox.sends = False
    world.inbox.save()
    action = finish_action(action_of(plain_yes(world), "refund"), by=world.theo)
    assert (action.state, action.told) == (Action.DONE, None)


def test_the_journal_tells_what_was_done(world: World) -> None:
    action = finish_action(action_of(plain_yes(world), "refund"), by=world.theo)
    event = Event.objects.get(kind="action.done")
    assert (event.actor, event.payload) == (world.theo.actor, {"action": action.pk, "what": "refund"})
