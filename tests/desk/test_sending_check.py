"""At sending, what differs from the decision is marked."""

import pytest

from goodword.desk.actions.approvals import ask_approval
from goodword.desk.actions.conversations import reply
from goodword.desk.errors import DiffersFromDecision
from goodword.desk.models import Conversation
from goodword.desk.sending_check import Difference, differences
from goodword.desk.spotting import spots_in
from tests.desk.cases import plain_yes, refusal, returned, too_large
from tests.world import World


def marks(text: str, conversation: Conversation, language: str = "en") -> list[tuple[str, str]]:
    return [(mark.kind, mark.found) for mark in differences(text, conversation, language)]


@pytest.mark.parametrize("language", ["en", "da", "id", "ms", "tr"])
def test_the_draft_as_it_was_offered_has_no_mark(world: World, language: str) -> None:
    for decision in (plain_yes(world, language), refusal(world, language), too_large(world, language)):
        assert marks(decision.draft_offered, decision.matter.conversation, language) == []


def test_another_amount_is_marked_with_what_was_decided(world: World) -> None:
    conversation = plain_yes(world).matter.conversation
    (mark,) = differences("You get 599 kr. back.", conversation, "en")
    assert mark == Difference("amount", "599 kr.", "DKK\xa0499.00", 8, 15, "You get 599 kr. back.")


@pytest.mark.parametrize("amount", ["499 kr.", "499,00 kr.", "DKK 499.00", "kr. 499", "499 kroner", "499,- kr"])
def test_the_decided_amount_may_be_written_in_many_ways(world: World, amount: str) -> None:
    assert marks(f"You get {amount} back.", plain_yes(world).matter.conversation) == []


@pytest.mark.parametrize(
    "day", ["9 December", "9. december 2026", "December 9th", "9/12", "09.12.2026", "2026-12-09", "9 Dec 2026"]
)
def test_another_date_is_marked_however_it_is_written(world: World, day: str) -> None:
    assert marks(f"The money comes by {day}.", plain_yes(world).matter.conversation) == [("date", day)]


@pytest.mark.parametrize("day", ["7 December", "7. december 2026", "7/12", "2026-12-07", "3 November", "16.11.2026"])
def test_the_decided_day_and_the_days_of_the_case_are_not(world: World, day: str) -> None:
    assert marks(f"The money comes by {day}.", plain_yes(world).matter.conversation) == []


def test_another_percentage_is_marked(world: World) -> None:
    conversation = refusal(world).matter.conversation
    assert marks("You get a voucher of 25 per cent.", conversation) == [("percent", "25 per cent")]
    assert marks("Du får en rabatkupon på 20 %.", conversation, "da") == []


def test_another_period_is_marked(world: World) -> None:
    conversation = plain_yes(world).matter.conversation
    assert marks("You had 30 days, and we pay within two weeks.", conversation) == [("period", "two weeks")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We will refund you at once."),
        ("en", "You get your money back."),
        ("da", "Du får pengene tilbage."),
        ("da", "Vi refunderer selvfølgelig."),
        ("id", "Uang Anda kami kembalikan penuh."),
        ("ms", "Anda mendapat bayaran balik."),
        ("tr", "Paranızı geri alırsınız."),
    ],
)
def test_a_yes_is_marked_where_a_no_was_decided(world: World, language: str, text: str) -> None:
    (mark,) = differences(text, refusal(world, language).matter.conversation, language)
    assert mark.kind == "outcome"
    no = {"en": "No, but", "da": "Nej, men", "id": "Tidak, tetapi", "ms": "Tidak, tetapi", "tr": "Hayır, ancak"}
    assert mark.expected == no[language]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We cannot take it back."),
        ("en", "I have to refuse this."),
        ("da", "Vi kan ikke tage den retur."),
        ("da", "Det må vi desværre afvise."),
        ("id", "Uangnya tidak dapat kami kembalikan."),
        ("ms", "Kami tidak dapat menerimanya semula."),
        ("tr", "Onu geri alamıyoruz."),
    ],
)
def test_a_no_is_marked_where_a_yes_was_decided(world: World, language: str, text: str) -> None:
    (mark,) = differences(text, plain_yes(world, language).matter.conversation, language)
    assert (mark.kind, mark.sentence) == ("outcome", text)


def test_a_yes_is_marked_while_the_approval_is_waited_for(world: World) -> None:
    decision = too_large(world)
    ask_approval(decision, by=world.ida)
    found = marks("You get the full price back: 18,999 kr.", decision.matter.conversation)
    assert ("outcome", "full price") in found


def test_where_nothing_is_decided_there_is_nothing_to_differ_from(world: World) -> None:
    conversation = returned(world, "10460", faulty=False).conversation
    assert marks("You get 5,000 kr. by 1 January.", conversation) == []


def test_what_the_customer_wrote_and_is_quoted_is_not_looked_at(world: World) -> None:
    conversation = plain_yes(world).matter.conversation
    assert marks("Yes.\n\n> I want 700 kr. by 1 January, or 50 %.", conversation) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "You had 14 days.", "30 days"),
        ("da", "Du havde 14 dage.", "30 dage"),
        ("id", "Anda punya 14 hari.", "30 hari"),
        ("ms", "Anda ada 14 hari.", "30 hari"),
        ("tr", "14 gününüz vardı.", "30 gün"),
    ],
)
def test_the_right_period_is_named_in_the_letters_language(
    world: World, language: str, text: str, expected: str
) -> None:
    (mark,) = differences(text, plain_yes(world, language).matter.conversation, language)
    assert mark.expected == expected


def test_numbers_that_are_no_promise_are_left_alone(world: World) -> None:
    conversation = plain_yes(world).matter.conversation
    assert marks("Your order 10452, phone 20 30 40 50, shelf 12, version 1.2.", conversation) == []


def test_a_mark_stands_exactly_where_it_was_found() -> None:
    text = "Hello,\n\nyou get 1.499,00 kr. (20 %) by 3. marts 2027."
    assert [(spot.kind, text[spot.start : spot.end], spot.value) for spot in spots_in(text)] == [
        ("amount", "1.499,00 kr.", 149900),
        ("percent", "20 %", 20.0),
        ("date", "3. marts 2027", (2027, 3, 3)),
    ]


def test_a_later_letter_may_name_new_days_but_no_other_amount(world: World) -> None:
    decision = plain_yes(world)
    conversation = decision.matter.conversation
    reply(conversation, decision.draft_offered, by=world.ida)
    text = "The truck comes on 18 November, and you get 599 kr."
    assert marks(text, conversation) == [("amount", "599 kr.")]


def test_a_reply_that_differs_is_stopped_until_it_is_confirmed(world: World) -> None:
    conversation = plain_yes(world).matter.conversation
    with pytest.raises(DiffersFromDecision):
        reply(conversation, "You get 599 kr. back.", by=world.ida)
    assert reply(conversation, "You get 599 kr. back.", by=world.ida, expect_differences_confirmed=True).pk
