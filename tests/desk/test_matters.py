"""The first guess at what a letter is about, and putting it right."""

import pytest

from goodword.desk.actions.decisions import decide
from goodword.desk.actions.matters import (
    add_matter,
    correct_matter,
    open_matters,
    prove_identity,
    report_gap,
    state_fact,
    withdraw_matter,
)
from goodword.desk.models import Gap, Matter
from goodword.desk.order_numbers import unknown_numbers_in
from goodword.desk.queries.advice import advice_for
from goodword.journal.models import Event
from goodword.lib.errors import Invalid, Refused
from tests.world import World


def test_an_order_number_in_the_text_gives_order_line_and_situation(world: World) -> None:
    (matter,) = open_matters(world.write(world.freja, "Jeg vil gerne returnere ordre 10452, den passer ikke ind."))
    assert (matter.policy, matter.line, matter.guessed) == ("returns", world.line("10452"), True)


def test_without_a_number_the_product_she_speaks_of_is_found_among_her_orders(world: World) -> None:
    (matter,) = open_matters(world.write(world.freja, "Min bordlampe er i stykker. Kan jeg få en ny?"))
    assert matter.line == world.line("10452")
    (matter,) = open_matters(world.write(world.oliver, "My headboard: please cancel it."))
    assert (matter.policy, matter.line) == ("cancellations", world.line("10480"))


def test_without_a_number_or_product_the_one_open_order_is_meant(world: World) -> None:
    (matter,) = open_matters(world.write(world.karen, "Hvor bliver min pakke af?"))
    assert (matter.purchase, matter.policy) == (world.purchases["10490"], "")


def test_two_numbers_in_one_letter_are_two_matters(world: World) -> None:
    matters = open_matters(world.write(world.freja, "Både 10452 og 10460 skal retur."))
    assert [matter.purchase.number for matter in matters if matter.purchase] == ["10452", "10460"]


def test_an_order_number_nobody_has_is_named_and_no_other_order_is_guessed(world: World) -> None:
    (matter,) = open_matters(world.write(world.karen, "Jeg vil returnere ordre nr. 99999."))
    advice = advice_for(matter, world.ida)
    assert matter.purchase is None
    assert advice.unknown_numbers == ("99999",)
    assert advice.order_needed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("order 99999", ["99999"]),
        ("Order number: #88-771", []),
        ("Ordrenummer: #77123 og ordre 77124", ["77123", "77124"]),
        ("ring på 20 30 40 50 i 2026, det kostede 499 kr.", []),
        ("bestilling nr. 10452", []),
    ],
)
def test_only_what_is_called_an_order_counts_as_an_unknown_number(world: World, text: str, found: list[str]) -> None:
    assert unknown_numbers_in(text) == found


def test_a_later_message_opens_a_matter_only_for_another_order(world: World) -> None:
    message = world.write(world.freja, "Ordre 10452 skal retur.")
    open_matters(message)
    assert open_matters(world.write_again(message.conversation, "Tak! Og 10452 står klar.")) == []
    (matter,) = open_matters(world.write_again(message.conversation, "Og så vil jeg returnere 10460."))
    assert matter.purchase == world.purchases["10460"]


def test_a_letter_nobody_can_place_still_opens_a_matter(world: World) -> None:
    (matter,) = open_matters(world.write(None, "Hello there."))
    assert (matter.policy, matter.purchase) == ("", None)


def test_a_corrected_matter_is_no_guess_any_more(world: World) -> None:
    (matter,) = open_matters(world.write(world.freja, "Hej"))
    matter = correct_matter(matter, by=world.ida, policy="returns", line=world.line("10460"))
    assert (matter.purchase, matter.guessed) == (world.purchases["10460"], False)
    matter = correct_matter(matter, by=world.ida, purchase=world.purchases["10452"])
    assert matter.line == world.line("10452")


def test_a_policy_the_book_does_not_have_is_refused(world: World) -> None:
    (matter,) = open_matters(world.write(world.freja, "Hej"))
    with pytest.raises(Invalid, match="no policy"):
        correct_matter(matter, by=world.ida, policy="retruns")


def test_a_decided_matter_is_not_changed_under_its_decision(world: World) -> None:
    (matter,) = open_matters(world.write(world.oliver, "Please cancel order 10480."))
    decide(matter, by=world.ida)
    for change in (
        lambda: correct_matter(matter, by=world.ida, policy="returns"),
        lambda: state_fact(matter, "opened", True, by=world.ida),
        lambda: withdraw_matter(matter, by=world.ida),
    ):
        with pytest.raises(Refused, match="decided"):
            change()


def test_a_withdrawn_matter_is_answered_no_more(world: World) -> None:
    message = world.write(world.freja, "Både 10452 og 10460 skal retur.")
    first, second = open_matters(message)
    withdraw_matter(first, by=world.ida)
    open_now = message.conversation.matters.exclude(state=Matter.WITHDRAWN)
    assert list(open_now) == [second]


def test_what_proves_nothing_is_refused(world: World) -> None:
    message = world.write(world.freja, "Hej")
    with pytest.raises(Invalid, match="proves nothing"):
        prove_identity(message.conversation, "none", by=world.ida)


def test_a_gap_is_reported_once_to_the_owner_of_the_policy(world: World) -> None:
    message = world.write(world.freja, "Hej")
    matter = add_matter(message.conversation, by=world.ida, policy="returns")
    report_gap(matter, by=world.ida, note="what about candles?")
    report_gap(matter, by=world.ida)
    assert [gap.owner for gap in Gap.objects.all()] == ["customer-service manager"]


def test_the_journal_holds_codes_and_no_words_of_the_customer(world: World) -> None:
    (matter,) = open_matters(world.write(world.freja, "Min lampe fra ordre 10452 skal retur, hilsen Freja."))
    state_fact(matter, "opened", True, by=world.ida)
    payloads = str(list(Event.objects.values_list("payload", flat=True)))
    assert "Freja" not in payloads
    assert "lampe" not in payloads
    assert [event.kind for event in Event.objects.filter(about=matter.conversation.about)] == [
        "matter.opened", "fact.stated",
    ]  # fmt: skip
