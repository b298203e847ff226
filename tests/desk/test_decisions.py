"""Deciding by the book, against it, and keeping what was decided."""

import pytest

from goodword import engine
from goodword.desk.actions.conversations import reply
from goodword.desk.actions.decisions import decide, depart
from goodword.desk.actions.matters import add_matter, correct_matter, open_matters, reopen_matter, state_fact
from goodword.desk.models import Action, Conversation, Decision, Gap, Matter
from goodword.journal.models import Event
from goodword.lib.errors import Invalid, Refused
from goodword.policies.queries import current_book, shelf
from tests.desk.cases import plain_yes, refusal, returned, too_large
from tests.world import World


def kinds(conversation: Conversation) -> list[str]:
    return list(Event.objects.filter(about=conversation.about).values_list("kind", flat=True))


def test_a_plain_yes_is_final_at_once_with_its_actions(world: World) -> None:
    decision = plain_yes(world)
    decision.matter.refresh_from_db()
    assert (decision.state, decision.kind, decision.outcome) == ("final", "followed", "allow")
    assert decision.matter.state == Matter.DECIDED
    assert [action.kind for action in decision.actions.all()] == ["return-label", "goods-received", "refund"]
    assert [action.owner for action in decision.actions.all()] == [world.ida] * 3


def test_a_decision_keeps_facts_versions_clauses_explanation_advice_and_draft(world: World) -> None:
    decision = plain_yes(world)
    assert decision.book_hash == current_book().hash
    assert decision.trace["facts"]["days_since_delivery"] == 13
    assert decision.trace["tables"][0]["day"] == "2026-10-30"
    assert decision.trace["tables"][0]["rules_hash"] == current_book().rules_hash
    assert "returns#ordinary" in decision.trace["clauses"]
    assert decision.explanation["clauses"][0] == "returns#ordinary"
    assert decision.advice["outcome"] == "allow"
    assert decision.draft_offered.startswith("Dear Freja Holm")
    assert decision.record.fields["order.delivered_on"] == "2026-11-03"
    assert decision.record.person == world.freja


def test_the_frozen_facts_alone_give_the_same_decision_again(world: World) -> None:
    decision = plain_yes(world)
    stored = engine.Decision.from_json(decision.trace)
    facts = engine.facts_from_json(current_book(), decision.trace["facts"])
    again = engine.decide(shelf(), stored.policy, facts, stored.days)
    assert engine.Decision.to_json(again)["outputs"] == decision.trace["outputs"]


def test_what_the_book_still_asks_must_be_found_out_first(world: World) -> None:
    with pytest.raises(Refused, match="sealed bag been opened"):
        decide(returned(world, "10460", faulty=False), by=world.ida)


def test_where_the_book_has_no_answer_nothing_is_decided_by_it(world: World) -> None:
    (matter,) = open_matters(world.write(world.karen, "Hvor er min ordre 10490?"))
    with pytest.raises(Refused, match="no answer"):
        decide(matter, by=world.ida)


def test_nothing_is_decided_for_a_writer_who_is_not_the_buyer(world: World) -> None:
    (matter,) = open_matters(world.write(world.oliver, "I want to return my order 10452."))
    state_fact(matter, "faulty", False, by=world.ida)
    with pytest.raises(Refused, match="not been shown to be the buyer"):
        decide(matter, by=world.ida)
    with pytest.raises(Refused, match="not been shown to be the buyer"):
        depart(matter, "allow", {}, "She sounds honest.", by=world.mette)


def test_a_matter_is_decided_once(world: World) -> None:
    matter = plain_yes(world).matter
    with pytest.raises(Refused, match="decided already"):
        decide(matter, by=world.ida)


def test_beyond_her_authority_it_is_only_proposed(world: World) -> None:
    decision = too_large(world)
    decision.matter.refresh_from_db()
    assert (decision.state, decision.authority) == ("proposed", "manager")
    assert decision.matter.state == Matter.OPEN
    assert not Action.objects.exists()


def test_a_manager_decides_the_same_at_once(world: World) -> None:
    decision = decide(returned(world, "10471", faulty=False), by=world.mette)
    assert decision.state == Decision.FINAL


def test_a_proposal_falls_when_the_facts_change(world: World) -> None:
    decision = too_large(world)
    state_fact(decision.matter, "faulty", True, by=world.ida)
    decision.refresh_from_db()
    assert decision.state == Decision.CORRECTED


def test_a_departure_needs_its_reason(world: World) -> None:
    matter = returned(world, "10460", faulty=False, opened=True)
    with pytest.raises(Invalid, match="reason"):
        depart(matter, "allow", {"refund_percent": 100}, " ", by=world.theo)


@pytest.mark.parametrize(
    ("outcome", "outputs", "message"),
    [
        ("perhaps", {}, "no outcome"),
        ("allow", {"refund_procent": 100}, "no output"),
        ("allow", {"refund_percent": "all"}, "refund_percent"),
        ("allow", {"do": ["fireworks"]}, "no action"),
    ],
)
def test_a_departure_speaks_the_words_of_the_book(world: World, outcome: str, outputs: dict, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        depart(returned(world, "10452", faulty=False), outcome, outputs, "Because.", by=world.mette)


def test_a_departure_is_marked_and_keeps_what_the_book_said(world: World) -> None:
    outputs = {"refund_percent": 100, "money_for": "goods-back", "do": ["return-label", "goods-received", "refund"]}
    matter = returned(world, "10460", faulty=False, opened=True)
    decision = depart(matter, "allow", outputs, "We advised her wrongly in the shop.", by=world.theo)
    assert (decision.state, decision.kind, decision.outcome) == ("final", "departure", "allow")
    assert decision.reason == "We advised her wrongly in the shop."
    assert decision.trace["advised"]["outcome"] == "refuse"
    assert [(action.kind, action.amount_cents) for action in decision.actions.all()] == [
        ("return-label", None), ("goods-received", None), ("refund", 149900),
    ]  # fmt: skip


@pytest.mark.parametrize("outputs", [{"refund_percent": 1000}, {"refund_percent": -1}, {"refund_amount": -500}])
def test_a_departure_in_impossible_figures_is_refused(world: World, outputs: dict[str, int]) -> None:
    matter = returned(world, "10460", faulty=False, opened=True)
    with pytest.raises(Invalid):
        depart(matter, "allow", outputs, "A slip of the finger.", by=world.mette)
    assert not matter.decisions.exists()


def test_an_agent_alone_does_not_depart_from_the_policy(world: World) -> None:
    matter = returned(world, "10460", faulty=False, opened=True)
    decision = depart(matter, "allow", {"refund_percent": 50}, "A good customer.", by=world.ida)
    assert (decision.state, decision.authority) == ("proposed", "team-lead")


def test_a_departure_over_a_large_amount_needs_the_role_for_the_amount(world: World) -> None:
    matter = returned(world, "10471", faulty=False)
    outputs = {"refund_percent": 100, "money_for": "fault", "do": ["refund"]}
    assert depart(matter, "allow", outputs, "Water damage.", by=world.theo).authority == "manager"


def test_a_new_decision_corrects_the_old_one_and_cancels_what_nobody_has_done(world: World) -> None:
    first = plain_yes(world)
    matter = reopen_matter(first.matter, by=world.theo)
    second = depart(matter, "refuse", {"alternative": "store-credit"}, "It came back worn.", by=world.theo)
    first.refresh_from_db()
    assert (first.state, second.corrects) == (Decision.CORRECTED, first)
    assert {action.state for action in first.actions.all()} == {Action.CANCELLED}
    assert kinds(matter.conversation).count("action.cancelled") == 3


def test_the_reply_is_kept_with_every_decision_it_answers(world: World) -> None:
    decision = plain_yes(world)
    text = decision.draft_offered
    message = reply(decision.matter.conversation, text, by=world.ida)
    decision.refresh_from_db()
    assert (decision.message, decision.text_sent) == (message, text)


def test_a_refusal_without_actions_is_done_once_answered(world: World) -> None:
    decision = refusal(world)
    reply(decision.matter.conversation, decision.draft_offered, by=world.ida)
    decision.matter.refresh_from_db()
    assert decision.matter.state == Matter.DONE


def test_one_reply_answers_several_matters(world: World) -> None:
    message = world.write(world.freja, "Jeg vil returnere 10452, og også 10460.")
    first, second = open_matters(message)
    for matter, opened in ((first, None), (second, True)):
        state_fact(matter, "faulty", False, by=world.ida)
        if opened is not None:
            state_fact(matter, "opened", opened, by=world.ida)
    decide(first, by=world.ida)
    last = decide(second, by=world.ida)
    sent = reply(message.conversation, last.draft_offered, by=world.ida)
    answered = Decision.objects.filter(message=sent)
    assert [decision.outcome for decision in answered] == ["allow", "refuse"]
    assert "Bordlampe Måne" in sent.text
    assert "Topmadras Sky" in sent.text


def test_answering_without_the_book_reports_the_gap(world: World) -> None:
    message = world.write(world.karen, "Hvor er min ordre 10490?")
    open_matters(message)
    reply(message.conversation, "Den kommer i morgen.", by=world.ida)
    assert [gap.owner for gap in Gap.objects.all()] == ["owner"]
    assert "policy.gap_reported" in kinds(message.conversation)


def test_everything_that_happens_stands_in_the_journal_in_its_order(world: World) -> None:
    decision = plain_yes(world)
    assert kinds(decision.matter.conversation) == [
        "matter.opened", "matter.corrected", "fact.stated", "decision.made", "decision.final",
        "action.opened", "action.opened", "action.opened",
    ]  # fmt: skip


def test_changing_an_account_is_decided_by_the_books_own_identity_step(world: World) -> None:
    message = world.write(world.freja, "Jeg er flyttet.")
    matter = add_matter(message.conversation, by=world.ida, policy="account")
    state_fact(matter, "change_kind", "address", by=world.ida)
    state_fact(matter, "identity_proof", "none", by=world.ida)
    decision = decide(matter, by=world.ida)
    assert (decision.outcome, decision.outputs["reason"]) == ("refuse", "proof-needed")


@pytest.mark.parametrize("policy", ["returns", "refunds", ""])
def test_leaving_open_what_the_money_is_for_gains_no_authority(world: World, policy: str) -> None:
    matter = returned(world, "10471", faulty=False)
    if policy != "returns":
        matter = correct_matter(matter, by=world.theo, policy=policy)
    decision = depart(matter, "allow", {"refund_percent": 100, "do": ["refund"]}, "Be kind.", by=world.theo)
    assert (decision.authority, decision.state) == ("manager", "proposed")


def test_a_payment_nobody_can_judge_is_for_the_highest_role(world: World) -> None:
    message = world.write(world.karen, "Jeg vil have penge.")
    (matter,) = open_matters(message)
    matter = correct_matter(matter, by=world.mette, purchase=None)
    decision = depart(matter, "allow", {"do": ["refund"]}, "Be kind.", by=world.mette)
    assert (decision.authority, decision.state) == ("owner", "proposed")


def test_a_refund_of_no_named_amount_is_for_the_highest_role(world: World) -> None:
    decision = depart(returned(world, "10452", faulty=False), "allow", {"do": ["refund"]}, "Be kind.", by=world.mette)
    assert (decision.authority, decision.state) == ("owner", "proposed")


def test_a_refund_in_a_currency_without_limits_is_for_the_highest_role(world: World) -> None:
    purchase = world.purchases["10452"]
    purchase.currency = "SEK"
    purchase.save()
    outputs = {"refund_percent": 100, "do": ["refund"]}
    decision = depart(returned(world, "10452", faulty=False), "allow", outputs, "No rule.", by=world.mette)
    assert (decision.authority, decision.state) == ("owner", "proposed")
