"""What is known of a matter, and where it comes from."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation

from goodword import engine
from goodword.desk.actions.matters import open_matters, state_fact, withdraw_fact
from goodword.desk.models import Action, Conversation, FactValue, Matter
from goodword.desk.queries.facts import days_of, facts_of, frozen_record, goodwill_left, record_of
from goodword.lib.errors import Invalid, Refused
from goodword.policies.queries import current_book
from tests.world import NOW, World


def matter_of(world: World, text: str = "Ordre 10452 skal retur.") -> Matter:
    return open_matters(world.write(world.freja, text))[0]


def test_facts_of_an_order_come_from_its_record_and_say_so(world: World) -> None:
    known = facts_of(matter_of(world))
    assert known["category"].value == "general"
    assert known["category"].provenance == "record"
    assert known["category"].source_text == "order 10452"
    assert known["delivered_on"].value == date(2026, 11, 3)
    assert known["line_price"].value == engine.Money(49900, "DKK")


def test_facts_of_the_message_say_which_message(world: World) -> None:
    known = facts_of(matter_of(world))["requested_on"]
    assert (known.value, known.provenance) == (date(2026, 11, 16), "message")
    assert known.source_text == "the customer's message of 16 November 2026"


def test_a_day_is_a_day_in_the_books_time_zone(world: World) -> None:
    late = NOW.replace(hour=23, minute=30)  # half past midnight of the next day in Copenhagen
    (matter,) = open_matters(world.write(world.freja, "Ordre 10452 skal retur.", at=late))
    assert days_of(matter)["contact"] == date(2026, 11, 17)


def test_what_the_customer_states_is_marked_as_her_word(world: World) -> None:
    matter = matter_of(world)
    state_fact(matter, "opened", True, by=world.ida)
    known = facts_of(matter)["opened"]
    assert (known.value, known.provenance, known.source_text) == (True, "stated", "said by the customer")


def test_a_record_outweighs_the_customers_word_but_not_what_an_agent_found_out(world: World) -> None:
    matter = matter_of(world)
    state_fact(matter, "delivered_on", "2026-11-10", by=world.ida)
    assert facts_of(matter)["delivered_on"].value == date(2026, 11, 3)
    state_fact(matter, "delivered_on", "2026-11-10", FactValue.VERIFIED, by=world.ida)
    known = facts_of(matter)["delivered_on"]
    assert (known.value, known.source_text) == (date(2026, 11, 10), "found out by Ida Lund")


def test_a_fact_withdrawn_is_unknown_again(world: World) -> None:
    matter = matter_of(world)
    state_fact(matter, "opened", True, by=world.ida)
    withdraw_fact(matter, "opened", by=world.ida)
    assert "opened" not in facts_of(matter)


def test_an_unknown_fact_is_refused_with_what_was_probably_meant(world: World) -> None:
    with pytest.raises(Invalid, match="opened"):
        state_fact(matter_of(world), "opend", True, by=world.ida)


def test_a_value_the_fact_cannot_have_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="yes or no"):
        state_fact(matter_of(world), "opened", "perhaps", by=world.ida)


def test_a_derived_fact_cannot_be_stated(world: World) -> None:
    with pytest.raises(Invalid, match="worked out"):
        state_fact(matter_of(world), "days_since_delivery", 3, by=world.ida)


def test_only_a_record_says_that_the_writer_is_the_buyer(world: World) -> None:
    with pytest.raises(Refused, match="record"):
        state_fact(matter_of(world), "sender_verified", True, by=world.ida)


def test_the_customers_language_is_kept_from_every_decision(world: World) -> None:
    matter = matter_of(world)
    assert record_of(matter)["message.language"] == "da"
    assert "language" in current_book().facts
    assert "language" not in facts_of(matter)


def test_the_frozen_record_holds_what_the_vocabulary_reads_and_no_name(world: World) -> None:
    fields = frozen_record(matter_of(world), world.ida)
    assert fields["line.category"] == "general"
    assert fields["order.delivered_on"] == "2026-11-03"
    assert fields["agent.role"] == "agent"
    assert "Freja" not in str(fields)
    assert "line.name" not in fields


def test_goodwill_given_this_month_is_taken_off_the_budget(world: World) -> None:
    book = current_book()
    assert goodwill_left(world.ida, book) == 300000
    matter = matter_of(world)
    decision = matter.decisions.create(
        made_at=NOW, by=world.ida, policy="refunds/goodwill", outcome="allow", book_hash="x", trace={}
    )
    for at, cents in ((NOW, 20000), (NOW - timedelta(days=40), 90000)):
        Action.objects.create(decision=decision, matter=matter, kind="goodwill", amount_cents=cents, made_at=at)
    assert goodwill_left(world.ida, book) == 280000


def test_a_matter_without_an_order_is_governed_by_the_day_of_contact(world: World) -> None:
    matter = matter_of(world, "Noget helt andet")
    matter.purchase = None
    assert days_of(matter)["purchase"] == date(2026, 11, 16)


def test_waiting_counts_only_the_books_hours_and_ends_with_an_answer(world: World) -> None:
    friday_evening = NOW - timedelta(days=2, hours=11)  # Friday 23:00 in Copenhagen, Monday 10:00 now
    message = world.write(world.freja, "Hvor er min pude?", at=friday_evening)
    (matter,) = open_matters(message)
    assert record_of(matter)["contact.waited_minutes"] == 11 * 60
    message.conversation.messages.create(direction="out", text="Her", at=NOW)
    assert record_of(matter)["contact.waited_minutes"] == 0


def test_known_facts_travel_as_plain_values(world: World) -> None:
    known = facts_of(matter_of(world))["line_price"]
    assert known.to_json()["value"] == {"amount": 49900, "currency": "DKK"}
    assert replace(known, value=date(2026, 1, 1)).to_json()["value"] == "2026-01-01"


def test_identity_is_a_fact_only_once_the_step_is_met(world: World) -> None:
    matter = matter_of(world)
    assert facts_of(matter)["sender_verified"].value is False
    matter.conversation.identity = Conversation.VERIFIED
    assert facts_of(matter)["sender_verified"].value is True


def test_sources_are_told_in_the_agents_language(world: World) -> None:
    with translation.override("da"):
        known = facts_of(matter_of(world))
    assert known["category"].source_text == "ordre 10452"
    assert known["requested_on"].source_text == "kundens henvendelse af 16. november 2026"
