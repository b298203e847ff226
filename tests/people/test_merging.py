"""One customer on two records: made one, and two again."""

import pytest

from goodword.desk.identity import identity_of
from goodword.desk.models import Conversation
from goodword.lib.errors import Refused
from goodword.people.actions import erase_person
from goodword.people.merging import merge_people, undo_merger
from goodword.people.models import Person
from goodword.people.queries import person_by_address
from goodword.policies.queries import current_book
from tests.desk.test_corrections import kinds, wrote
from tests.world import World


def second_record(world: World) -> tuple[Person, Conversation]:
    """Freja writes from an address that nobody knows, of the order that she placed."""
    stranger = Person.objects.create(name="Freja H", language="da", made_at=world.freja.made_at)
    stranger.addresses.create(value="freja@nyt.example")
    return stranger, wrote(world, stranger, "Jeg vil returnere ordre 10452.")


def test_her_addresses_conversations_and_orders_are_on_the_one_that_stays(world: World) -> None:
    gone, conversation = second_record(world)
    assert identity_of(conversation).state == "unverified"
    merge_people(gone, world.freja, by=world.ida)
    conversation.refresh_from_db()
    assert person_by_address("freja@nyt.example") == world.freja
    assert conversation.person == world.freja
    assert {message.person for message in conversation.messages.all()} == {world.freja}
    assert world.freja.purchases.count() == 3
    assert "identity.restored" in kinds(conversation)
    world.freja.refresh_from_db()
    assert world.freja.name == "Freja Holm"


def test_two_again_each_has_its_own(world: World) -> None:
    gone, conversation = second_record(world)
    merger = merge_people(gone, world.freja, by=world.ida)
    undo_merger(merger, by=world.theo)
    conversation.refresh_from_db()
    gone.refresh_from_db()
    assert (conversation.person, gone.merged_into) == (gone, None)
    assert person_by_address("freja@nyt.example") == gone
    assert person_by_address("freja@holm.example") == world.freja
    assert identity_of(conversation).state == "unverified"
    with pytest.raises(Refused, match="undone already"):
        undo_merger(merger, by=world.theo)


def test_what_only_the_other_record_knows_is_taken_over_and_given_back(world: World) -> None:
    gone, _conversation = second_record(world)
    Person.objects.filter(pk=gone.pk).update(postcode="8600")
    merger = merge_people(gone, world.freja, by=world.ida)
    world.freja.refresh_from_db()
    assert (world.freja.postcode, world.freja.name) == ("8600", "Freja Holm")
    undo_merger(merger, by=world.ida)
    world.freja.refresh_from_db()
    assert (world.freja.postcode, world.freja.name) == ("", "Freja Holm")


def test_a_record_is_merged_neither_with_itself_nor_twice_nor_across_a_legal_hold(world: World) -> None:
    gone, _conversation = second_record(world)
    with pytest.raises(Refused, match="one and the same"):
        merge_people(world.freja, world.freja, by=world.ida)
    Person.objects.filter(pk=world.oliver.pk).update(legal_hold=True)
    with pytest.raises(Refused, match="legal hold"):
        merge_people(gone, world.oliver, by=world.ida)
    merge_people(gone, world.freja, by=world.ida)
    with pytest.raises(Refused, match="no longer used"):
        merge_people(gone, world.karen, by=world.ida)


def test_erasing_her_blanks_the_record_that_was_merged_into_hers_too(world: World) -> None:
    gone, _conversation = second_record(world)
    merger = merge_people(gone, world.freja, by=world.ida)
    erase_person(world.freja, book=current_book(), by=world.mette)
    gone.refresh_from_db()
    assert (gone.name, gone.erased_at is not None) == ("", True)
    with pytest.raises(Refused, match="changed since"):
        undo_merger(merger, by=world.ida)
