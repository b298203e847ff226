"""What a conversation is about, whose it is and its language, put right; and taken back."""

import pytest

from goodword.desk.actions.conversations import open_conversation, receive, save_draft
from goodword.desk.actions.corrections import (
    add_by_hand,
    correct_by_hand,
    correct_customer,
    correct_language,
    move_matter,
    undo_correction,
    withdraw_by_hand,
)
from goodword.desk.actions.decisions import decide
from goodword.desk.actions.identity import prove_identity
from goodword.desk.actions.matters import state_fact
from goodword.desk.arriving import Said
from goodword.desk.drafting import draft_reply
from goodword.desk.identity import identity_of
from goodword.desk.models import Conversation, Correction, Decision, Draft, Matter, Message
from goodword.journal.models import Event
from goodword.lib.errors import Invalid, Refused
from goodword.people.models import Person
from tests.desk.cases import plain_yes, returned, too_large
from tests.world import NOW, World


def wrote(world: World, person: Person, text: str, *, address: str = "", identity: str = "known") -> Conversation:
    """A conversation that began with this letter."""
    conversation = open_conversation(world.inbox, person, "My order", person.language, by=None, identity=identity)
    known = person.addresses.first()
    said = Said(text=text, at=NOW, from_address=address or (known.value if known else ""), language=person.language)
    receive(conversation, person, said)
    conversation.refresh_from_db()
    return conversation


def last_correction(conversation: Conversation) -> Correction:
    found = Correction.objects.filter(conversation=conversation).order_by("pk").last()
    assert found is not None
    return found


def kinds(conversation: Conversation) -> list[str]:
    return list(Event.objects.filter(about=conversation.about).order_by("id").values_list("kind", flat=True))


def test_a_corrected_language_changes_the_offered_draft_and_every_later_letter(world: World) -> None:
    conversation = returned(world, "10452", faulty=False).conversation
    save_draft(conversation, world.ida, offered := draft_reply(conversation, world.ida), offered=offered)
    correct_language(conversation, "da", by=world.ida)
    conversation.refresh_from_db()
    draft = Draft.objects.get(conversation=conversation)
    assert (conversation.language, world.freja.language) == ("da", "da")
    assert draft.text == draft.offered == draft_reply(conversation, world.ida, "da") != offered
    assert "conversation.language_corrected" in kinds(conversation)


def test_words_of_her_own_stay_when_the_language_is_corrected(world: World) -> None:
    conversation = returned(world, "10452", faulty=False).conversation
    save_draft(conversation, world.ida, "Dear Freja, my own words.", offered="Dear Freja")
    correct_language(conversation, "da", by=world.ida)
    assert Draft.objects.get(conversation=conversation).text == "Dear Freja, my own words."


def test_the_wrong_guess_on_her_record_is_put_right_with_the_letter_and_both_come_back(world: World) -> None:
    conversation = wrote(world, world.oliver, "Where is my bed?")
    correct_language(conversation, "da", by=world.ida)
    world.oliver.refresh_from_db()
    assert (world.oliver.language, conversation.messages.get(direction="in").language) == ("da", "da")
    undo_correction(last_correction(conversation), by=world.theo)
    world.oliver.refresh_from_db()
    conversation.refresh_from_db()
    message = conversation.messages.get(direction="in")
    assert (world.oliver.language, conversation.language, message.language) == ("en", "en", "en")


def test_a_language_that_the_book_does_not_speak_is_no_correction(world: World) -> None:
    with pytest.raises(Invalid, match="does not speak"):
        correct_language(wrote(world, world.oliver, "Hello"), "xx", by=world.ida)


def test_the_wrong_customers_name_and_order_stay_out_of_the_new_ones_letters(world: World) -> None:
    conversation = returned(world, "10452", faulty=False).conversation
    assert "Freja Holm" in draft_reply(conversation, world.ida)
    correct_customer(conversation, world.oliver, by=world.ida)
    conversation.refresh_from_db()
    words = draft_reply(conversation, world.ida)
    assert (conversation.person, conversation.identity) == (world.oliver, "unverified")
    assert [word for word in ("Freja", "Holm", "10452", "499", "Moon") if word in words] == []
    assert "I do not yet know that the order is yours" in words


def test_what_was_proved_of_the_first_customer_does_not_hold_for_the_next(world: World) -> None:
    conversation = returned(world, "10452", faulty=False).conversation
    correct_customer(conversation, world.oliver, by=world.ida)
    prove_identity(conversation, "code", by=world.ida)
    assert identity_of(Conversation.objects.get(pk=conversation.pk)).is_met
    correct_customer(Conversation.objects.get(pk=conversation.pk), world.karen, by=world.ida)
    assert identity_of(Conversation.objects.get(pk=conversation.pk)).state == "unverified"


def test_an_address_on_the_new_customers_record_makes_her_known(world: World) -> None:
    conversation = wrote(world, world.oliver, "Hej, hvor er min dyne?", address="karen@dahl.example")
    correct_customer(conversation, world.karen, by=world.ida)
    conversation.refresh_from_db()
    assert conversation.identity == "known"


def test_a_decision_made_for_the_wrong_customer_is_not_told_to_the_right_one(world: World) -> None:
    decision = plain_yes(world)
    correct_customer(decision.matter.conversation, world.oliver, by=world.ida)
    words = draft_reply(Conversation.objects.get(pk=decision.matter.conversation_id), world.ida)
    assert [word for word in ("499", "Moon", "10452", "label") if word in words] == []


def test_a_draft_in_her_own_words_becomes_a_note_when_the_customer_was_another(world: World) -> None:
    conversation = wrote(world, world.freja, "Jeg vil returnere ordre 10452.")
    save_draft(conversation, world.ida, "Kære Freja, om din lampe …")
    correct_customer(conversation, world.oliver, by=world.theo)
    note = conversation.messages.get(direction=Message.NOTE)
    assert (note.author, "Kære Freja, om din lampe …" in note.text) == (world.ida, True)
    assert "Freja" not in Draft.objects.get(conversation=conversation).text


def test_correcting_the_customer_kills_the_links_to_the_page_and_drops_what_was_proposed(world: World) -> None:
    decision = too_large(world)
    conversation = decision.matter.conversation
    correct_customer(conversation, world.freja, by=world.ida)
    decision.refresh_from_db()
    conversation.refresh_from_db()
    assert decision.state == Decision.CORRECTED
    assert len(conversation.page_word) == 16


def test_the_customer_is_put_back_with_exactly_her_own_letters(world: World) -> None:
    conversation = wrote(world, world.freja, "Jeg vil returnere ordre 10452.")
    first = conversation.messages.get(direction="in")
    correct_customer(conversation, world.oliver, by=world.ida)
    later = receive(
        Conversation.objects.get(pk=conversation.pk), world.oliver,
        Said(text="Hello, me too.", at=NOW, from_address="oliver@grant.example"),
    )  # fmt: skip
    first.refresh_from_db()
    assert first.person == world.oliver
    undo_correction(last_correction(conversation), by=world.ida)
    for message in (first, later):
        message.refresh_from_db()
    conversation.refresh_from_db()
    assert (conversation.person, first.person, later.person) == (world.freja, world.freja, world.oliver)
    assert conversation.identity == "unverified"  # the last letter in it is not hers


def test_a_corrected_order_changes_the_advice_and_comes_back(world: World) -> None:
    matter = returned(world, "10452", faulty=False)
    correct_by_hand(matter, by=world.ida, purchase=world.purchases["10300"], line=world.line("10300"))
    assert decide(Matter.objects.get(pk=matter.pk), by=world.ida).outcome == "refuse"
    with pytest.raises(Refused, match="decided"):
        undo_correction(last_correction(matter.conversation), by=world.ida)


def test_a_corrected_situation_comes_back_in_one_click_and_only_once(world: World) -> None:
    matter = returned(world, "10452")
    correct_by_hand(matter, by=world.ida, policy="complaints")
    correction = last_correction(matter.conversation)
    undo_correction(correction, by=world.ida)
    matter.refresh_from_db()
    assert (matter.policy, matter.purchase) == ("returns", world.purchases["10452"])
    with pytest.raises(Refused, match="taken back"):
        undo_correction(correction, by=world.ida)


def test_nothing_is_kept_of_a_correction_that_changes_nothing(world: World) -> None:
    matter = returned(world, "10452")
    correct_by_hand(matter, by=world.ida, policy="returns")
    assert Correction.objects.count() == 0


def test_a_matter_added_or_withdrawn_by_hand_is_taken_back_in_one_click(world: World) -> None:
    matter = returned(world, "10452")
    added = add_by_hand(matter.conversation, by=world.ida, policy="complaints")
    undo_correction(last_correction(matter.conversation), by=world.ida)
    added.refresh_from_db()
    assert added.state == Matter.WITHDRAWN
    withdraw_by_hand(matter, by=world.ida)
    undo_correction(last_correction(matter.conversation), by=world.ida)
    matter.refresh_from_db()
    assert matter.state == Matter.OPEN


def test_a_matter_goes_to_another_conversation_of_hers_with_its_facts_and_decision(world: World) -> None:
    decision = plain_yes(world)
    matter, source = decision.matter, decision.matter.conversation
    target = wrote(world, world.freja, "Hej igen.")
    move_matter(matter, target, by=world.ida)
    matter.refresh_from_db()
    assert (matter.conversation, matter.decisions.get()) == (target, decision)
    assert [fact.fact for fact in matter.facts.all()] == ["faulty"]
    target.refresh_from_db()
    assert target.due_at is not None
    undo_correction(last_correction(source), by=world.ida)
    matter.refresh_from_db()
    assert matter.conversation == source


def test_no_matter_goes_to_another_customers_conversation(world: World) -> None:
    matter = returned(world, "10452")
    with pytest.raises(Refused, match="another customer"):
        move_matter(matter, wrote(world, world.oliver, "Hello"), by=world.ida)


def test_a_correction_lies_in_the_journal_without_a_word_of_the_customers(world: World) -> None:
    matter = returned(world, "10452")
    state_fact(matter, "faulty", True, by=world.ida)
    correct_customer(matter.conversation, world.oliver, by=world.ida)
    written = str(list(Event.objects.values_list("payload", flat=True)))
    assert [word for word in ("Freja", "Oliver", "holm.example", "grant.example") if word in written] == []
    assert {"identity.reset", "conversation.person_corrected"} <= set(kinds(matter.conversation))
