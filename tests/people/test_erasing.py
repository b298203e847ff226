"""Erasing a person: her words and names go everywhere, what was decided stays and can be replayed."""

from typing import Any

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from goodword.channels.models import DeliveredMail, OutgoingMail, RawMail
from goodword.desk.actions.decisions import decide
from goodword.desk.actions.matters import open_matters, state_fact
from goodword.desk.models import Attachment, Conversation, Decision, Draft, FrozenRecord, Gap, Message
from goodword.desk.queries.past_cases import past_cases
from goodword.journal.models import Event
from goodword.lib import blobs, clock
from goodword.lib.errors import NotFound, Refused
from goodword.people.actions import erase_person, protect_fact, set_legal_hold
from goodword.people.models import Person, RecordReading
from goodword.people.queries import person_by_address
from goodword.policies.actions import start_draft
from goodword.policies.preview import preview_draft
from goodword.policies.queries import current_book
from tests.world import World

SECRET = "nightingale"


@pytest.fixture(autouse=True)
def _own_blobs(settings: Settings, tmp_path: Any) -> None:
    settings.BLOB_ROOT = tmp_path / "blobs"


@pytest.fixture
def decided(world: World) -> Decision:
    """Freja has written about her lamp, in words that must not outlive her, and it has been decided."""
    message = world.write(
        world.freja, f"Hej, jeg vil gerne sende lampen fra ordre 10452 retur. {SECRET}", subject=f"Retur {SECRET}"
    )
    world.freja.name = f"Freja {SECRET}"
    world.freja.save()
    message.raw = blobs.keep_blob(f"raw {SECRET}".encode())
    message.quoted_text = message.html = message.from_name = SECRET
    message.save()
    matter = open_matters(message)[0]
    for fact, value in {"faulty": False, "opened": False}.items():
        state_fact(matter, fact, value, by=world.ida)
    return decide(matter, by=world.ida)


def everything() -> str:
    """Every value of every row that we keep, as one text."""
    rows = [list(model._default_manager.values()) for model in apps.get_models()]
    return DjangoJSONEncoder(ensure_ascii=False).encode(rows)


def test_nothing_of_hers_can_be_read_afterwards(
    world: World, decided: Decision, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    message = Message.objects.get(direction=Message.IN)
    attached = blobs.keep_blob(f"picture {SECRET}".encode())
    Attachment.objects.create(message=message, name=f"{SECRET}.png", content_type="image/png", size=9, blob=attached)
    raw = RawMail.objects.create(
        blob=message.raw, size=9, envelope_from="freja@holm.example", message=message,
        received_at=clock.now(), due_at=clock.now(),
    )  # fmt: skip
    sent = blobs.keep_blob(f"sent {SECRET}".encode())
    OutgoingMail.objects.create(message=message, recipient="freja@holm.example", blob=sent, due_at=clock.now())
    DeliveredMail.objects.create(blob=sent, recipient="freja@holm.example", received_at=clock.now())
    Draft.objects.create(
        conversation=message.conversation, agent=world.ida, text=SECRET, offered=SECRET, changed_at=clock.now()
    )
    Gap.objects.create(matter=decided.matter, note=SECRET, reported_at=clock.now())
    protect_fact(world.freja, "religion", SECRET, by=None)
    Decision.objects.filter(pk=decided.pk).update(reason=SECRET, text_sent=SECRET, draft_offered=SECRET)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(world.freja, book=current_book(), by=world.mette)
    assert SECRET not in everything()
    assert "freja" not in everything().lower()
    raw.refresh_from_db()
    assert (raw.blob, raw.envelope_from) == ("", "")
    for blob in (message.raw, attached, sent):
        with pytest.raises(NotFound):
            blobs.read_blob(blob)


def test_the_row_stays_empty_so_that_counts_hold_and_she_may_come_back_as_a_stranger(
    world: World, decided: Decision
) -> None:
    erase_person(world.freja, book=current_book(), by=world.mette)
    person = Person.objects.get(pk=world.freja.pk)
    assert (person.name, person.language, person.erased_at) == ("", "", clock.now())
    assert person_by_address("freja@holm.example") is None
    assert Conversation.objects.filter(person=person).count() == 1
    event = Event.objects.get(kind="person.erased")
    assert (event.about, event.actor, event.payload) == (f"person:{person.pk}", world.mette.actor, {})


def test_what_was_decided_can_be_replayed_without_her(world: World, decided: Decision) -> None:
    erase_person(world.freja, book=current_book(), by=world.mette)
    decision = Decision.objects.get(pk=decided.pk)
    assert (decision.outcome, decision.outputs, decision.book_hash) == (
        decided.outcome, decided.outputs, decided.book_hash,
    )  # fmt: skip
    assert (decision.explanation, decision.advice, decision.text_sent) == ({}, {}, "")
    frozen = FrozenRecord.objects.get(decision=decision)
    assert (frozen.person, frozen.fields) == (None, {})
    preview = preview_draft(start_draft(by=world.mette), past_cases())
    assert (preview.replayed, preview.changes) == (1, [])


def test_a_person_under_legal_hold_is_not_erased(world: World, decided: Decision) -> None:
    set_legal_hold(world.freja, held=True, book=current_book(), by=world.mette)
    before = everything()
    with pytest.raises(Refused, match="legal hold"):
        erase_person(world.freja, book=current_book(), by=world.mette)
    assert everything() == before


def test_a_conversation_under_legal_hold_stops_all_of_it(world: World, decided: Decision) -> None:
    Conversation.objects.update(legal_hold=True)
    before = everything()
    with pytest.raises(Refused, match="legal hold"):
        erase_person(world.freja, book=current_book(), by=world.mette)
    assert everything() == before


def test_others_keep_what_is_theirs(
    world: World, decided: Decision, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    theirs = world.write(world.oliver, "My bed is fine.")
    theirs.raw = Message.objects.get(person=world.freja).raw  # the very same bytes, once on disk
    theirs.save()
    RecordReading.objects.create(person=world.oliver, agent=world.ida, at=clock.now(), reason="conversation")
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(world.freja, book=current_book(), by=world.mette)
    theirs.refresh_from_db()
    assert theirs.text == "My bed is fine."
    assert blobs.read_blob(theirs.raw)
    assert person_by_address("oliver@grant.example") == world.oliver


def test_erasing_twice_is_quiet(world: World, decided: Decision) -> None:
    erase_person(world.freja, book=current_book(), by=world.mette)
    erase_person(world.freja, book=current_book(), by=world.mette)
    assert Person.objects.get(pk=world.freja.pk).name == ""


@pytest.mark.parametrize("act", [erase_person, lambda person, **who: set_legal_hold(person, held=True, **who)])
def test_only_the_two_highest_roles_erase_or_hold(world: World, decided: Decision, act: Any) -> None:
    before = everything()
    with pytest.raises(Refused, match="Only a manager"):
        act(world.freja, book=current_book(), by=world.ida)
    assert everything() == before
