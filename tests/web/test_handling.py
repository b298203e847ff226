"""Corrections, transfers, complaints, merging and splitting at the page, and who may not."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goodword.accounts.models import Agent, Team
from goodword.desk.actions.conversations import reply
from goodword.desk.actions.corrections import correct_customer, correct_language
from goodword.desk.actions.regrouping import merge_conversations
from goodword.desk.actions.transfers import offer_transfer
from goodword.desk.models import Conversation, Correction, Decision, Matter, Transfer
from goodword.journal.models import Event
from goodword.journal.queries import number_events
from goodword.people.models import Person
from goodword.policies.actions import publish
from goodword.policies.queries import current_publication
from tests.desk.cases import plain_yes, refusal
from tests.desk.test_corrections import wrote
from tests.web.conftest import HTMX
from tests.world import World


@pytest.fixture
def conversation(world: World) -> Conversation:
    """Freja wants to return her lamp."""
    return wrote(world, world.freja, "Jeg vil returnere ordre 10452.")


def again(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def path(conversation: Conversation, rest: str = "") -> str:
    return f"/desk/c/{conversation.number}/{rest}"


def test_the_language_is_one_choice_away_and_one_click_takes_it_back(ida: Client, conversation: Conversation) -> None:
    ida.post(path(conversation, "language/"), {"language": "en"})
    page = ida.get(path(conversation)).content.decode()
    assert "Language corrected: Danish became English." in page
    ida.post(path(conversation, f"undo/{Correction.objects.get().pk}/"))
    assert again(conversation).language == "da"


def test_the_buyer_of_the_order_is_offered_as_the_customer(world: World, ida: Client) -> None:
    conversation = wrote(world, world.oliver, "I write for my wife: order 10452 came broken.")
    page = ida.get(path(conversation)).content.decode()
    assert f'name="person" value="{world.freja.pk}"' in page
    ida.post(path(conversation, "customer/"), {"person": world.freja.pk}, headers=HTMX)
    assert again(conversation).person == world.freja


def test_a_customer_the_conversation_does_not_speak_of_is_not_opened_by_her_number(
    world: World, ida: Client, conversation: Conversation
) -> None:
    assert ida.post(path(conversation, "customer/"), {"person": world.karen.pk}).status_code == 404
    assert again(conversation).person == world.freja
    ida.post(path(conversation, "customer/"), {"who": "karen@dahl.example"})
    assert again(conversation).person == world.karen


def test_somebody_new_gets_a_record_of_her_own(ida: Client, conversation: Conversation) -> None:
    ida.post(path(conversation, "customer/"), {"name": "Britta Ny", "address": "britta@ny.example"})
    person = again(conversation).person
    assert person is not None
    assert (person.name, person.language) == ("Britta Ny", "da")
    assert [address.value for address in person.addresses.all()] == ["britta@ny.example"]


def test_two_records_become_one_only_once_it_is_confirmed(world: World, ida: Client) -> None:
    stranger = Person.objects.create(name="Freja H", language="da", made_at=world.freja.made_at)
    stranger.addresses.create(value="freja@nyt.example")
    conversation = wrote(world, stranger, "Hej")
    assert ida.post(path(conversation, "customer/same/"), {"who": "freja@holm.example"}).status_code == 422
    ida.post(path(conversation, "customer/same/"), {"who": "freja@holm.example", "sure": "yes"})
    assert again(conversation).person == world.freja
    assert "Merged with the record of Freja H" in ida.get(path(conversation)).content.decode()


def test_a_wrong_answer_is_corrected_at_its_card(world: World, ida: Client) -> None:
    first = refusal(world)
    conversation, matter = first.matter.conversation, first.matter
    reply(conversation, first.draft_offered, by=world.ida)
    ida.post(path(conversation, f"matters/{matter.pk}/correct/"), {"reason": "The seal was whole."}, headers=HTMX)
    page = ida.get(path(conversation)).content.decode()
    assert "This decision is being corrected." in page
    assert "The seal was whole." in page
    ida.post(path(conversation, f"matters/{matter.pk}/fact/"), {"fact": "opened", "value": "no"}, headers=HTMX)
    ida.post(path(conversation, f"matters/{matter.pk}/accept/"), headers=HTMX)
    second = Decision.objects.latest("pk")
    assert (second.corrects, second.outcome, second.state) == (first, "allow", "final")
    page = ida.get(path(conversation)).content.decode()
    assert "An earlier decision, corrected" in page
    assert "I have to correct what I wrote to you" in page


def test_a_begun_correction_is_left_again(world: World, ida: Client) -> None:
    first = plain_yes(world)
    matter = first.matter
    ida.post(path(matter.conversation, f"matters/{matter.pk}/correct/"), {"reason": "Hm."})
    ida.post(path(matter.conversation, f"matters/{matter.pk}/leave/"))
    assert Matter.objects.get(pk=matter.pk).state == Matter.DECIDED


def test_a_matter_is_moved_to_another_of_her_conversations(
    world: World, ida: Client, conversation: Conversation
) -> None:
    other, matter = wrote(world, world.freja, "En anden ting."), conversation.matters.get()
    ida.post(path(conversation, f"matters/{matter.pk}/move/"), {"into": other.number})
    assert Matter.objects.get(pk=matter.pk).conversation == other


def test_it_is_handed_over_and_taken_by_two_agents(
    world: World, ida: Client, signed_in: Callable[[Agent], Client], conversation: Conversation
) -> None:
    nora = Agent.objects.create_user("nora@nordhvile.example", name="Nora Friis", role="agent")
    nora.teams.add(Team.objects.create(name="Warehouse", department="warehouse"))
    ida.post(path(conversation, "transfer/"), {"department": "warehouse", "note": "Is it there?"})
    page = signed_in(nora).get(path(conversation)).content.decode()
    assert "On offer to Warehouse, by Ida Lund" in page
    assert "Take it over" in page
    assert "Take it over" not in ida.get(path(conversation)).content.decode()
    signed_in(nora).post(path(conversation, f"transfer/{Transfer.objects.get().pk}/"), {"answer": "accept"})
    assert again(conversation).assignee == nora


def test_a_complaint_is_marked_and_unmarked_in_one_click_each(ida: Client, conversation: Conversation) -> None:
    ida.post(path(conversation, "complaint/"), {"reason": ""})
    assert "Marked as a complaint by Ida Lund." in ida.get(path(conversation)).content.decode()
    ida.post(path(conversation, "complaint/"), {"marked": "no"})
    assert "Mark as a complaint" in ida.get(path(conversation)).content.decode()


def test_a_merged_number_leads_to_the_one_that_was_kept_and_it_can_be_undone(
    world: World, ida: Client, conversation: Conversation
) -> None:
    other = wrote(world, world.freja, "Hej igen.")
    answer = ida.post(path(other, "merge/"), {"into": conversation.number})
    assert answer["Location"] == path(conversation)
    assert ida.get(path(other))["Location"] == path(conversation)
    page = ida.get(path(conversation)).content.decode()
    assert f"Conversation {other.number} was merged into this one." in page
    assert page.count("The conversation began.") == 2  # the story of both
    regrouping = again(conversation).regroupings_in.get()
    ida.post(path(conversation, f"regroup/{regrouping.pk}/undo/"))
    assert ida.get(path(other)).status_code == 200


def test_whoever_looks_at_a_conversation_that_is_merged_meanwhile_is_led_to_the_other(
    world: World, ida: Client, conversation: Conversation
) -> None:
    other = wrote(world, world.freja, "Hej igen.")
    merge_conversations(other, conversation, by=world.theo)
    answer = ida.get("/desk/live/", {"after": "0", "watch": f"conversation:{other.number}"}, headers=HTMX)
    assert answer["HX-Redirect"] == path(conversation)


def test_a_colleague_at_the_same_page_sees_the_customer_change(
    world: World, ida: Client, conversation: Conversation
) -> None:
    after = number_events()
    correct_customer(conversation, world.oliver, by=world.theo)
    query = {"after": str(after), "watch": f"conversation:{conversation.number}"}
    parts = ida.get("/desk/live/", query, headers=HTMX).content.decode()
    assert 'id="person"' in parts
    assert "Oliver Grant" in parts


def test_a_message_is_split_off(world: World, ida: Client, conversation: Conversation) -> None:
    last = world.write_again(conversation, "Og en ting til.")
    answer = ida.post(path(conversation, "split/"), {"messages": [last.pk]})
    new = Conversation.objects.latest("pk")
    assert answer["Location"] == path(new)
    assert [message.text for message in new.messages.all()] == ["Og en ting til."]


def test_over_something_undecided_the_page_asks_for_a_word_of_why(ida: Client, conversation: Conversation) -> None:
    assert "Why it ends all the same" in ida.get(path(conversation)).content.decode()
    assert ida.post(path(conversation, "close/"), {"outcome": "solved"}).status_code == 409
    ida.post(path(conversation, "close/"), {"outcome": "solved", "why": "By telephone."})
    assert again(conversation).state == "closed"


ACTS = {
    "language/": {"language": "en"},
    "customer/": {"who": "oliver@grant.example"},
    "customer/same/": {"who": "oliver@grant.example", "sure": "yes"},
    "customer/apart/1/": {},
    "undo/{correction}/": {},
    "transfer/": {"department": "warehouse", "note": "Go"},
    "transfer/{transfer}/": {"answer": "accept"},
    "complaint/": {},
    "merge/": {"into": "{other}"},
    "split/": {"messages": "{message}"},
    "regroup/{regrouping}/undo/": {},
    "matters/{matter}/correct/": {"reason": "Wrong"},
    "matters/{matter}/leave/": {},
    "matters/{matter}/move/": {"into": "{other}"},
}


@pytest.mark.parametrize("act", list(ACTS))
def test_whoever_may_not_see_it_is_told_that_there_is_no_such_thing_and_nothing_happens(
    world: World, signed_in: Callable[[Agent], Client], conversation: Conversation, act: str
) -> None:
    names = _everything_in(world, conversation)
    files = dict(current_publication().files)
    publish({**files, "book.yaml": files["book.yaml"] + "\naccess: team\n"}, by=None)
    stranger = Agent.objects.create_user("sam@nordhvile.example", name="Sam", role="agent")
    stranger.teams.add(Team.objects.create(name="Elsewhere", department="quality"))
    before = Event.objects.count()
    filled = {key: value.format(**names) for key, value in ACTS[act].items()}
    answer = signed_in(stranger).post(path(conversation, act.format(**names)), filled)
    assert (answer.status_code, Event.objects.count()) == (404, before)


def _everything_in(world: World, conversation: Conversation) -> dict[str, object]:
    """One of each: a correction, an offer, a merger that could be undone; all of Ida's team."""
    other = wrote(world, world.freja, "Hej igen.")
    third = wrote(world, world.freja, "Hej for tredje gang.")
    Team.objects.create(name="Warehouse", department="warehouse")
    team = world.ida.teams.get()
    Conversation.objects.all().update(team=team, assignee=world.ida)
    correct_language(conversation, "en", by=world.ida)
    regrouping = merge_conversations(third, conversation, by=world.ida)
    transfer = offer_transfer(again(conversation), "warehouse", "Go", by=world.ida)
    return {
        "correction": Correction.objects.get().pk, "transfer": transfer.pk, "regrouping": regrouping.pk,
        "other": other.number, "matter": conversation.matters.first().pk,  # type: ignore[union-attr]
        "message": conversation.messages.first().pk,  # type: ignore[union-attr]
    }  # fmt: skip


def test_one_merges_only_into_what_one_may_see(
    world: World, signed_in: Callable[[Agent], Client], conversation: Conversation
) -> None:
    other = wrote(world, world.freja, "Hej igen.")
    files = dict(current_publication().files)
    publish({**files, "book.yaml": files["book.yaml"] + "\naccess: team\n"}, by=None)
    elsewhere = Team.objects.create(name="Elsewhere", department="quality")
    Conversation.objects.filter(pk=other.pk).update(team=elsewhere)
    Conversation.objects.filter(pk=conversation.pk).update(team=world.ida.teams.get())
    answer = signed_in(world.ida).post(path(conversation, "merge/"), {"into": other.number})
    assert (answer.status_code, again(conversation).merged_into) == (404, None)


def test_the_page_asks_no_more_questions_for_many_of_hers_than_for_one(
    world: World, ida: Client, conversation: Conversation
) -> None:
    wrote(world, world.freja, "Hej 1.")
    questions(ida, conversation)  # what is read once for the whole process is read now
    few = questions(ida, conversation)
    for number in range(3):
        wrote(world, world.freja, f"Hej {number}.")
    assert questions(ida, conversation) == few


def questions(client: Client, conversation: Conversation) -> int:
    client.get(path(conversation))
    with CaptureQueriesContext(connection) as asked:
        client.get(path(conversation))
    return len(asked)
