"""Customers: known by any address, greeted as they wish, looked at through one gate."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from goodword.accounts.models import Agent
from goodword.journal.models import Event
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.people.actions import (
    add_address,
    correct_person,
    find_or_welcome,
    mark_bounced,
    open_record,
    permit_first_name,
    protect_fact,
)
from goodword.people.models import Address, Person, RecordReading
from goodword.people.queries import (
    addresses_of,
    how_to_address,
    person_by_address,
    protected_facts_of,
    record_fields,
    years_known,
)

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def freja(db: None) -> Person:
    return find_or_welcome("freja@holm.example", "Freja Holm", "da")


@pytest.fixture
def ida(db: None) -> Agent:
    return Agent.objects.create_user("ida@nordhvile.example", name="Ida Lund", role="agent")


def test_a_person_is_known_by_any_of_her_addresses_whatever_their_case(freja: Person) -> None:
    add_address(freja, "FH@Arbejde.example", by=None)
    assert person_by_address(" Freja@Holm.Example") == freja
    assert find_or_welcome("fh@arbejde.EXAMPLE", "Somebody Else", "en") == freja
    assert Person.objects.get().name == "Freja Holm"


def test_a_stranger_is_welcomed_with_name_and_language(freja: Person) -> None:
    assert (freja.name, freja.language, freja.first_name_permitted) == ("Freja Holm", "da", False)
    assert person_by_address("nobody@holm.example") is None
    event = Event.objects.get(kind="person.welcomed")
    assert (event.about, event.payload) == (f"person:{freja.pk}", {})


@pytest.mark.parametrize("address", ["", "freja", "a@b", "two@addresses.example, in@one.example"])
def test_what_is_no_address_is_refused(db: None, address: str) -> None:
    with pytest.raises(Invalid):
        find_or_welcome(address, "", "")
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_mails_from_a_stranger_at_the_same_moment_welcome_one_person() -> None:
    gate = threading.Barrier(8)
    found: list[int] = []

    def arrive() -> None:
        gate.wait()
        found.append(find_or_welcome("new@post.example", "New", "en").pk)
        connection.close()

    threads = [threading.Thread(target=arrive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {Person.objects.get().pk}


def test_an_address_that_belongs_to_somebody_else_is_not_taken_away(freja: Person) -> None:
    oliver = find_or_welcome("oliver@grant.example", "Oliver Grant", "en")
    with pytest.raises(Refused, match="belongs to another customer"):
        add_address(oliver, "freja@holm.example", by=None)


def test_proved_mail_addresses_stand_first(freja: Person) -> None:
    add_address(freja, "+45 12 34 56 78", kind=Address.PHONE, by=None)
    add_address(freja, "fh@arbejde.example", verified=True, by=None)
    shown = [address.value for address in addresses_of(freja)]
    assert shown == ["fh@arbejde.example", "freja@holm.example", "+4512345678"]


def test_a_bounce_marks_the_address(freja: Person) -> None:
    assert mark_bounced("Freja@Holm.example") == freja.addresses.get()
    assert freja.addresses.get().bounced_at is not None
    assert mark_bounced("nobody@holm.example") is None


def test_the_first_name_is_used_only_with_permission(freja: Person) -> None:
    correct_person(freja, by=None, first_name="Freja")
    assert how_to_address(freja, "da") == "Freja Holm"
    permit_first_name(freja, by=None)
    assert how_to_address(freja, "da") == "Freja"
    permit_first_name(freja, permitted=False, by=None)
    assert how_to_address(freja, "da") == "Freja Holm"


def test_her_own_wish_goes_before_any_rule_and_a_stranger_has_no_name(freja: Person) -> None:
    correct_person(freja, by=None, salutation="Dr. Holm")
    assert how_to_address(freja, "da") == "Dr. Holm"
    assert how_to_address(None, "en") == ""


def test_a_look_at_the_record_is_noted_once_a_day_for_each_agent(freja: Person, ida: Agent) -> None:
    theo = Agent.objects.create_user("theo@nordhvile.example", name="Theo", role="agent")
    for moment in (MONDAY, MONDAY + timedelta(hours=3), MONDAY + timedelta(days=1)):
        with clock.stopped_at(moment):
            assert open_record(freja, ida, "conversation") == freja
    with clock.stopped_at(MONDAY):
        open_record(freja, theo, "search")
    readings = RecordReading.objects.order_by("id").values_list("agent", "reason")
    assert list(readings) == [(ida.pk, "conversation"), (ida.pk, "conversation"), (theo.pk, "search")]
    assert Event.objects.filter(kind="record.opened").count() == 3


def test_a_correction_names_the_fields_in_the_journal_and_never_the_words(freja: Person, ida: Agent) -> None:
    correct_person(freja, by=ida, name="Freja Holm Lind", country="DK", language="da")
    event = Event.objects.get(kind="person.corrected")
    assert (event.actor, event.payload) == (ida.actor, {"fields": ["country", "name"]})
    with pytest.raises(Invalid, match="cannot be corrected here"):
        correct_person(freja, by=ida, legal_hold=True)


def test_a_protected_fact_is_kept_apart_from_what_advice_reads(freja: Person) -> None:
    protect_fact(freja, "religion", "a secret", by=None)
    assert protected_facts_of(freja) == {"religion": "a secret"}
    assert "secret" not in str(record_fields(freja))
    assert "secret" not in str(list(Event.objects.values()))


def test_what_is_not_known_of_a_person_is_left_out(freja: Person) -> None:
    assert record_fields(freja) == {"person.first_name_permitted": False}
    assert record_fields(None) == {}


@pytest.mark.parametrize(("on", "years"), [("2026-03-01", 2), ("2026-02-28", 1), ("2024-01-01", 0)])
def test_years_as_a_customer_are_counted_to_the_day(freja: Person, on: str, years: int) -> None:
    freja.since = date(2024, 3, 1)
    assert years_known(freja, date.fromisoformat(on)) == years
