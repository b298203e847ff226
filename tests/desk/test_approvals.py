"""A second pair of eyes: asked with the reason, answered by whoever has the authority, never by the asker."""

import pytest

from goodword.desk.actions.approvals import approve, ask_approval, decline, may_answer, withdraw
from goodword.desk.actions.conversations import close_conversation, reply
from goodword.desk.actions.decisions import decide
from goodword.desk.actions.matters import state_fact
from goodword.desk.drafting import draft_reply
from goodword.desk.models import Approval, Decision, Matter
from goodword.journal.models import Event
from goodword.lib.errors import Invalid, Refused
from tests.desk.cases import plain_yes, returned, too_large
from tests.world import World


def asked(world: World) -> Approval:
    return ask_approval(too_large(world), "The bed does not fit the room.", by=world.ida)


def test_asking_names_the_role_and_the_reason(world: World) -> None:
    approval = asked(world)
    approval.decision.refresh_from_db()
    assert (approval.role, approval.reason, approval.state) == ("manager", "The bed does not fit the room.", "waiting")
    assert approval.decision.state == Decision.AWAITING
    event = Event.objects.get(kind="approval.asked")
    assert (event.actor, event.payload["approval"]) == (world.ida.actor, approval.pk)
    assert "bed" not in str(event.payload)


def test_without_a_reason_of_her_own_the_books_reason_stands_in(world: World) -> None:
    assert "Manager" in ask_approval(too_large(world), by=world.ida).reason


def test_approval_makes_the_decision_final_and_opens_its_actions(world: World) -> None:
    approval = approve(asked(world), "Of course.", by=world.mette)
    decision = approval.decision
    decision.matter.refresh_from_db()
    assert (approval.state, approval.word, approval.answered_by) == ("approved", "Of course.", world.mette)
    assert (decision.state, decision.matter.state) == (Decision.FINAL, Matter.DECIDED)
    assert [action.amount_cents for action in decision.actions.all()] == [None, None, 1899900]


def test_declining_opens_the_matter_again_with_a_word(world: World) -> None:
    approval = decline(asked(world), "Offer the workshop first.", by=world.mette)
    approval.decision.refresh_from_db()
    approval.decision.matter.refresh_from_db()
    assert (approval.decision.state, approval.decision.matter.state) == (Decision.DECLINED, Matter.OPEN)
    assert approval.decision.actions.count() == 0
    assert decide(approval.decision.matter, by=world.mette).state == Decision.FINAL


def test_a_no_without_a_word_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="why not"):
        decline(asked(world), "", by=world.mette)


def test_nobody_approves_her_own_request_whatever_her_role(world: World) -> None:
    approval = asked(world)
    world.ida.role = "owner"
    world.ida.save()
    assert not may_answer(approval, world.ida)
    with pytest.raises(Refused, match="her own"):
        approve(approval, by=world.ida)


def test_whoever_decided_it_cannot_approve_it_through_a_colleague(world: World) -> None:
    approval = ask_approval(too_large(world), by=world.theo)
    with pytest.raises(Refused, match="her own"):
        approve(approval, by=world.ida)


def test_without_the_authority_there_is_nothing_to_approve(world: World) -> None:
    approval = asked(world)
    assert not may_answer(approval, world.theo)
    with pytest.raises(Refused, match="Manager"):
        approve(approval, by=world.theo)


def test_a_request_is_answered_once(world: World) -> None:
    approval = asked(world)
    approve(approval, by=world.mette)
    with pytest.raises(Refused, match="answered already"):
        decline(approval, "Too late.", by=world.mette)


def test_the_asker_may_take_it_back_and_a_bystander_may_not(world: World) -> None:
    approval = asked(world)
    with pytest.raises(Refused, match="take this request back"):
        withdraw(approval, by=world.theo)
    withdraw(approval, by=world.ida)
    approval.decision.refresh_from_db()
    assert approval.decision.state == Decision.DECLINED


def test_a_final_decision_needs_no_approval(world: World) -> None:
    with pytest.raises(Refused, match="no longer waits"):
        ask_approval(plain_yes(world), by=world.ida)


def test_it_is_asked_once(world: World) -> None:
    approval = asked(world)
    with pytest.raises(Refused, match="already"):
        ask_approval(approval.decision, by=world.ida)


def test_while_it_waits_nothing_changes_under_it(world: World) -> None:
    matter = asked(world).decision.matter
    with pytest.raises(Refused, match="Withdraw the request"):
        state_fact(matter, "faulty", True, by=world.ida)
    with pytest.raises(Refused, match="approve this matter"):
        decide(matter, by=world.mette)


def test_no_conversation_closes_over_a_waiting_approval(world: World) -> None:
    with pytest.raises(Refused, match="approve"):
        close_conversation(asked(world).decision.matter.conversation, "answered", by=world.ida)


def test_the_letter_promises_nothing_before_the_approval(world: World) -> None:
    approval = asked(world)
    conversation = approval.decision.matter.conversation
    before = draft_reply(conversation, world.ida)
    approve(approval, by=world.mette)
    conversation.refresh_from_db()
    after = draft_reply(conversation, world.ida)
    assert "a colleague has to confirm it" in before
    assert "18,999" not in before
    assert "18,999" in after


def test_before_anybody_is_asked_the_letter_promises_nothing_either(world: World) -> None:
    matter = returned(world, "10471", faulty=False)
    assert "18,999" not in draft_reply(matter.conversation, world.ida)
    assert "18,999" in draft_reply(matter.conversation, world.mette)


def test_after_the_approval_the_letter_offered_is_the_one_with_the_yes(world: World) -> None:
    approval = approve(asked(world), by=world.mette)
    decision = approval.decision
    assert "18,999" in decision.draft_offered
    sent = reply(decision.matter.conversation, decision.draft_offered, by=world.ida)
    decision.refresh_from_db()
    assert (decision.message, decision.text_sent) == (sent, sent.text)
    assert [action.owner for action in decision.actions.all()] == [world.ida] * 3
