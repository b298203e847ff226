"""Handing a conversation to another department: offered with a note, accepted there, or sent back with a reason."""

import pytest

from goodword.accounts.models import Agent, Team
from goodword.desk.actions.complaints import complaint_of, mark_complaint, unmark_complaint
from goodword.desk.actions.conversations import close_conversation, reply
from goodword.desk.actions.decisions import decide
from goodword.desk.actions.matters import state_fact
from goodword.desk.actions.transfers import accept_transfer, offer_transfer, send_back, withdraw_transfer
from goodword.desk.actions.work import finish_action
from goodword.desk.models import Conversation, Matter, Message, Transfer
from goodword.desk.queries.conversations import counts_for, queue_for, visible_to
from goodword.lib.errors import Invalid, Refused
from goodword.notifications.models import Notice
from goodword.policies.actions import publish
from goodword.policies.queries import current_publication
from goodword.promises.models import Promise
from tests.desk.test_corrections import kinds, wrote
from tests.world import World


@pytest.fixture
def nora(world: World) -> Agent:
    """Nora works in the warehouse."""
    warehouse = Team.objects.create(name="Warehouse", department="warehouse")
    nora = Agent.objects.create_user("nora@nordhvile.example", name="Nora Friis", role="agent")
    nora.teams.add(warehouse)
    return nora


def asked(world: World) -> Conversation:
    """A letter that Ida has taken."""
    conversation = wrote(world, world.karen, "Hvor er min dyne, ordre 10490?")
    Conversation.objects.filter(pk=conversation.pk).update(assignee=world.ida, team=world.ida.teams.get())
    return Conversation.objects.get(pk=conversation.pk)


def notices(agent: Agent) -> list[str]:
    return list(Notice.objects.filter(agent=agent).order_by("pk").values_list("kind", flat=True))


def test_an_offer_lies_in_the_other_teams_queue_with_its_note_and_the_clock_runs_on(world: World, nora: Agent) -> None:
    conversation = asked(world)
    due = conversation.due_at
    offer_transfer(conversation, "warehouse", "Please look where it is.", by=world.ida)
    conversation.refresh_from_db()
    assert (conversation.team, conversation.assignee, conversation.department) == (
        nora.teams.get(), None, "warehouse",
    )  # fmt: skip
    assert conversation.due_at == due is not None
    assert conversation.messages.get(direction=Message.NOTE).text == "Please look where it is."
    assert notices(nora) == ["transfer.offered"]
    assert list(queue_for(nora, "offered")) == [conversation]
    assert (counts_for(nora)["offered"], counts_for(world.ida)["offered"]) == (1, 0)


def test_it_is_hers_who_takes_it_over_and_whoever_offered_it_is_told(world: World, nora: Agent) -> None:
    conversation = asked(world)
    accept_transfer(offer_transfer(conversation, "warehouse", "Where is it?", by=world.ida), by=nora)
    conversation.refresh_from_db()
    assert (conversation.assignee, Transfer.objects.get().state) == (nora, "accepted")
    assert notices(world.ida) == ["transfer.accepted"]
    assert kinds(conversation)[-2:] == ["transfer.offered", "transfer.accepted"]


def test_sent_back_it_lies_where_it_lay_with_the_reason(world: World, nora: Agent) -> None:
    conversation = asked(world)
    send_back(offer_transfer(conversation, "warehouse", "Where is it?", by=world.ida), "It is with Bring.", by=nora)
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.team, conversation.department) == (
        world.ida, world.ida.teams.get(), "",
    )  # fmt: skip
    assert [note.text for note in conversation.messages.filter(direction=Message.NOTE)][-1] == "It is with Bring."
    assert notices(world.ida) == ["transfer.sent_back"]


def test_only_the_department_answers_and_only_the_offerer_takes_it_back(world: World, nora: Agent) -> None:
    offer = offer_transfer(asked(world), "warehouse", "Where is it?", by=world.ida)
    with pytest.raises(Refused, match="another department"):
        accept_transfer(offer, by=world.theo)
    with pytest.raises(Refused, match="Only whoever offered"):
        withdraw_transfer(offer, by=nora)
    withdraw_transfer(offer, by=world.ida)
    with pytest.raises(Refused, match="answered already"):
        accept_transfer(offer, by=nora)


def test_an_offer_needs_a_note_a_department_of_the_book_and_somebody_there(world: World, nora: Agent) -> None:
    conversation = asked(world)
    with pytest.raises(Invalid, match="Say in a note"):
        offer_transfer(conversation, "warehouse", " ", by=world.ida)
    with pytest.raises(Invalid, match="no department"):
        offer_transfer(conversation, "moon", "Go.", by=world.ida)
    with pytest.raises(Refused, match="No team works"):
        offer_transfer(conversation, "privacy", "Go.", by=world.ida)
    offer_transfer(conversation, "warehouse", "Go.", by=world.ida)
    with pytest.raises(Refused, match="with that department already"):
        offer_transfer(conversation, "warehouse", "Go.", by=world.ida)


def test_nothing_closes_while_it_is_on_offer(world: World, nora: Agent) -> None:
    conversation = asked(world)
    offer_transfer(conversation, "warehouse", "Where is it?", by=world.ida)
    with pytest.raises(Refused, match="on offer"):
        close_conversation(conversation, "answered", by=world.ida, why="Done.")


def test_where_teams_see_their_own_both_sides_see_an_offer_and_then_only_the_one_that_took_it(
    world: World, nora: Agent
) -> None:
    see_only_their_own()
    conversation = asked(world)
    assert seen_by(nora) == []
    offer = offer_transfer(conversation, "warehouse", "Where is it?", by=world.ida)
    assert (seen_by(nora), seen_by(world.ida)) == ([conversation], [conversation])
    accept_transfer(offer, by=nora)
    assert (seen_by(nora), seen_by(world.ida)) == ([conversation], [])


def seen_by(agent: Agent) -> list[Conversation]:
    return list(visible_to(agent))


def see_only_their_own() -> None:
    """Publish a book that says `access: team`."""
    files = dict(current_publication().files)
    publish({**files, "book.yaml": files["book.yaml"] + "\naccess: team\n"}, by=None)


def test_a_complaint_gets_its_policy_its_time_and_its_mark_in_one_click(world: World) -> None:
    conversation = asked(world)
    complaint = mark_complaint(conversation, "The driver.", by=world.ida)
    assert mark_complaint(conversation, by=world.theo) == complaint
    promise = Promise.objects.get(conversation=conversation, kind="complaint")
    assert complaint.matter is not None
    assert (complaint.matter.policy, complaint.reason) == ("complaints", "The driver.")
    # Five working days from Monday: the end of the next Monday, in Copenhagen.
    assert promise.by_at.isoformat() == "2026-11-23T23:00:00+00:00"


def test_the_promise_of_a_complaint_is_kept_when_its_answer_is_done(world: World) -> None:
    complaint = mark_complaint(asked(world), by=world.ida)
    assert complaint.matter is not None
    for fact, value in (("complaint_stage", "first"), ("complaint_about", "delivery")):
        state_fact(complaint.matter, fact, value, by=world.ida)
    decision = decide(complaint.matter, by=world.ida)
    finish_action(decision.actions.get(), by=world.ida)
    assert Promise.objects.get(kind="complaint").state == Promise.KEPT


def test_unmarked_it_owes_nothing_more_and_its_matter_is_gone(world: World) -> None:
    conversation = asked(world)
    complaint = mark_complaint(conversation, by=world.ida)
    unmark_complaint(conversation, by=world.ida)
    assert complaint_of(conversation) is None
    assert complaint.matter is not None
    complaint.matter.refresh_from_db()
    assert complaint.matter.state == Matter.WITHDRAWN
    assert Promise.objects.get(kind="complaint").state == Promise.RELEASED
    with pytest.raises(Refused, match="not marked"):
        unmark_complaint(conversation, by=world.ida)


def test_marking_takes_a_closed_conversation_up_again(world: World) -> None:
    conversation = asked(world)
    reply(conversation, "Den kommer i morgen.", by=world.ida)
    close_conversation(conversation, "answered", by=world.ida, why="Done.")
    mark_complaint(conversation, by=world.ida)
    conversation.refresh_from_db()
    assert conversation.state == Conversation.OPEN


def test_it_ends_only_as_the_book_lists_it(world: World) -> None:
    conversation = asked(world)
    with pytest.raises(Invalid, match="The policy book knows: solved"):
        close_conversation(conversation, "whatever", by=world.ida, why="Done.")


def test_over_something_undecided_it_is_closed_only_with_a_word_of_why(world: World) -> None:
    conversation = wrote(world, world.freja, "Jeg vil returnere ordre 10452.")
    with pytest.raises(Refused, match="not decided yet"):
        close_conversation(conversation, "answered", by=world.ida)
    close_conversation(conversation, "withdrawn", by=world.ida, why="She keeps it after all.")
    conversation.refresh_from_db()
    assert (conversation.state, conversation.outcome) == ("closed", "withdrawn")
    assert conversation.messages.get(direction=Message.NOTE).text == "She keeps it after all."
