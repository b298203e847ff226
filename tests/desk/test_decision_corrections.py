"""A wrong answer that the customer has been given: corrected by a new decision, where the book lets us."""

from datetime import timedelta

import pytest

from goodword.desk.actions.approvals import approve, ask_approval
from goodword.desk.actions.conversations import reply
from goodword.desk.actions.decision_corrections import begin_correction, leave_decision
from goodword.desk.actions.decisions import decide, depart
from goodword.desk.actions.matters import state_fact
from goodword.desk.actions.work import finish_action
from goodword.desk.drafting import draft_reply
from goodword.desk.models import Action, Conversation, Decision, DecisionCorrection, Matter
from goodword.desk.queries.standing import waits_for
from goodword.desk.standing_by import weigh_word
from goodword.journal.models import Event
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.promises.queries import open_promise
from tests.desk.cases import plain_yes, refusal, returned
from tests.world import NOW, World


def told(decision: Decision, world: World) -> Decision:
    """The customer has been given the answer."""
    reply(decision.matter.conversation, decision.draft_offered, by=world.ida)
    decision.refresh_from_db()
    return decision


def again(decision: Decision) -> Matter:
    return Matter.objects.select_related("conversation__person").get(pk=decision.matter_id)


def test_a_refusal_that_was_wrong_becomes_a_yes_that_names_the_old_decision(world: World) -> None:
    first = told(refusal(world), world)
    correction = begin_correction(first, "The seal was whole after all.", by=world.ida)
    assert again(first).state == Matter.OPEN
    state_fact(again(first), "opened", False, by=world.ida)
    second = decide(again(first), by=world.ida)
    first.refresh_from_db()
    correction.refresh_from_db()
    assert (second.state, second.outcome, second.corrects) == (Decision.FINAL, "allow", first)
    assert (first.state, correction.state, correction.new) == (Decision.CORRECTED, "made", second)
    assert correction.word == {
        "direction": "better", "told_on": "2026-11-16", "stands_by_word": False, "authority": "agent",
        "clauses": ["mistakes#word"],
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "you shall not lose by it"),
        ("da", "den skal ikke koste dig noget"),
        ("id", "Anda tidak akan dirugikan karenanya"),
        ("ms", "anda tidak akan rugi kerananya"),
        ("tr", "bundan zararlı çıkmayacaksınız"),
    ],
)
def test_the_new_letter_says_in_her_language_that_the_old_was_wrong(world: World, language: str, words: str) -> None:
    first = told(refusal(world, language), world)
    begin_correction(first, "The seal was whole after all.", by=world.ida)
    state_fact(again(first), "opened", False, by=world.ida)
    decide(again(first), by=world.ida)
    assert words in draft_reply(Conversation.objects.get(pk=first.matter.conversation_id), world.ida)


def test_it_holds_and_is_owed_until_she_has_heard_what_is_right(world: World) -> None:
    first = told(refusal(world), world)
    conversation = first.matter.conversation
    begin_correction(first, "The seal was whole after all.", by=world.ida)
    conversation.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, conversation.state, conversation.waiting_on) == (Decision.FINAL, "open", "us")
    assert open_promise(conversation) is not None
    state_fact(again(first), "opened", False, by=world.ida)
    second = decide(again(first), by=world.ida)
    assert waits_for(conversation) == "us"
    reply(conversation, second.draft_offered, by=world.ida)
    assert waits_for(conversation) == "department"


def test_on_the_third_day_we_stand_by_our_word(world: World) -> None:
    first = told(plain_yes(world), world)
    with clock.stopped_at(NOW + timedelta(days=3)):
        begin_correction(first, "It came back worn.", by=world.theo)
        state_fact(again(first), "acted_on", False, by=world.theo)
        with pytest.raises(Refused, match="we stand by our word"):
            depart(again(first), "refuse", {}, "It came back worn.", by=world.mette)
    assert [each.state for each in again(first).decisions.all()] == [Decision.FINAL]


def test_whoever_has_acted_on_our_word_may_rely_on_it_at_once(world: World) -> None:
    first = told(plain_yes(world), world)
    begin_correction(first, "It came back worn.", by=world.theo)
    state_fact(again(first), "acted_on", True, by=world.theo)
    with pytest.raises(Refused, match="we stand by our word"):
        depart(again(first), "refuse", {}, "It came back worn.", by=world.mette)


def test_whether_she_has_acted_on_it_must_be_found_out_first(world: World) -> None:
    first = told(plain_yes(world), world)
    begin_correction(first, "It came back worn.", by=world.theo)
    with pytest.raises(Refused, match="Has the customer acted on our answer"):
        depart(again(first), "refuse", {}, "It came back worn.", by=world.theo)


def test_within_two_days_a_team_lead_must_agree_to_take_it_back(world: World) -> None:
    first = told(returned_yes(world), world)
    begin_correction(first, "It was faulty only on paper.", by=world.ida)
    state_fact(again(first), "acted_on", False, by=world.ida)
    state_fact(again(first), "opened", True, by=world.ida)
    second = decide(again(first), by=world.ida)
    assert (second.outcome, second.state, second.authority) == ("refuse", "proposed", "team-lead")
    approve(ask_approval(second, by=world.ida), by=world.theo)
    first.refresh_from_db()
    assert first.state == Decision.CORRECTED
    words = draft_reply(first.matter.conversation, world.ida)
    assert "If you have already acted on what I wrote" in words


def returned_yes(world: World) -> Decision:
    """The topper, its seal said to be whole, is taken back."""
    return decide(returned(world, "10460", faulty=False, opened=False), by=world.ida)


def test_open_actions_are_cancelled_kept_or_already_done_as_the_agent_says(world: World) -> None:
    first = told(plain_yes(world), world)
    label, goods, refund = first.actions.all()
    finish_action(label, by=world.ida)
    begin_correction(first, "A fault, not a change of mind.", by=world.ida, keeps=[goods.pk])
    matter = again(first)
    state_fact(matter, "faulty", True, by=world.ida)
    state_fact(matter, "wish", "money-back", by=world.ida)
    second = decide(matter, by=world.ida)
    for action in (label, goods, refund):
        action.refresh_from_db()
    assert (label.state, goods.state, refund.state) == (Action.DONE, Action.OPEN, Action.CANCELLED)
    assert goods.decision == second
    assert [action.kind for action in second.actions.all()].count("return-label") == 0
    assert [action.kind for action in second.actions.filter(state=Action.OPEN)] == ["goods-received", "refund"]


def test_nobody_is_paid_twice_for_a_corrected_decision(world: World) -> None:
    first = told(plain_yes(world), world)
    for action in first.actions.all():
        finish_action(action, by=world.ida)
    begin_correction(first, "The voucher was forgotten.", by=world.theo)
    second = depart(
        again(first), "allow", {"refund_percent": 100, "do": ["refund"]}, "With an apology.", by=world.mette
    )
    assert list(second.actions.filter(kind="refund")) == []


def test_a_correction_is_left_and_all_is_as_it_was(world: World) -> None:
    first = told(refusal(world), world)
    correction = begin_correction(first, "Was it whole?", by=world.ida)
    assert open_promise(first.matter.conversation) is not None
    leave_decision(correction, by=world.ida)
    conversation = Conversation.objects.get(pk=first.matter.conversation_id)
    assert (conversation.state, conversation.waiting_on, conversation.due_at) == ("waiting", "customer", None)
    assert open_promise(conversation) is None
    assert (again(first).state, DecisionCorrection.objects.get().state) == (Matter.DONE, "left")
    assert [event.kind for event in Event.objects.filter(kind__startswith="correction.")] == [
        "correction.begun", "correction.left",
    ]  # fmt: skip


def test_a_correction_needs_its_reason_and_is_begun_once(world: World) -> None:
    first = told(refusal(world), world)
    with pytest.raises(Invalid, match="what was wrong"):
        begin_correction(first, "  ", by=world.ida)
    begin_correction(first, "The seal was whole.", by=world.ida)
    with pytest.raises(Refused, match="Only a decision that holds"):
        begin_correction(first, "The seal was whole.", by=world.theo)


def test_what_she_has_not_been_told_binds_nobody(world: World) -> None:
    first = plain_yes(world)
    begin_correction(first, "Wrong order.", by=world.ida)
    assert weigh_word(again(first), "refuse", {}, []) is None
