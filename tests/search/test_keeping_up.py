"""The index follows what happens, forgets the erased, and catches up after whatever died in the middle."""

from argparse import Namespace
from typing import Any

import pytest
from django.db import connection

from goodword.desk.actions.conversations import add_note
from goodword.desk.actions.regrouping import merge_conversations
from goodword.desk.models import Conversation, Message
from goodword.journal.actions import record
from goodword.ops.reindexing import reindex
from goodword.people.actions import correct_person, erase_person
from goodword.people.merging import merge_people
from goodword.policies.queries import current_book
from goodword.search import actions
from goodword.search.actions import begin_anew, index_some, progress_now
from goodword.search.models import Entry, Progress
from goodword.search.queries import Wanted, search_for
from goodword.search.tasks import index_due
from tests.search.conftest import catch_up, make_the_index
from tests.world import World


def found(world: World, text: str) -> list[Conversation]:
    return [hit.conversation for hit in search_for(world.ida, Wanted(text)).hits]


def received(message: Message) -> Conversation:
    record("conversation.opened", message.conversation.about, by="system")
    return message.conversation


def test_a_new_letter_and_a_note_are_found_after_the_next_turn(world: World) -> None:
    make_the_index()
    conversation = received(world.write(world.freja, "The lamp hums"))
    assert found(world, "hums") == []
    catch_up()
    assert found(world, "hums") == [conversation]
    add_note(conversation, "She sounded kind", by=world.ida)
    assert index_due() == 1
    assert found(world, "kind") == [conversation]


def test_a_conversation_that_goes_on_moves_to_the_top(world: World) -> None:
    first = received(world.write(world.freja, "lamp"))
    second = received(world.write(world.oliver, "lamp"))
    make_the_index()
    assert found(world, "lamp") == [second, first]
    later = first.last_message_at.replace(hour=11)
    Conversation.objects.filter(pk=first.pk).update(last_message_at=later)
    record("message.received", first.about, by="system", message=first.messages.get().pk)
    catch_up()
    assert found(world, "lamp") == [first, second]
    assert Entry.objects.filter(kind=Entry.CONVERSATION).count() == 2


def test_what_changes_no_words_costs_nothing(world: World) -> None:
    conversation = received(world.write(world.freja, "lamp"))
    make_the_index()
    record("conversation.assigned", conversation.about, by="system", agent=None)
    last = record("record.opened", f"person:{world.freja.pk}", by="system")
    assert index_some() == 1  # the events are noted as read
    last.refresh_from_db()
    assert (progress_now().seq, index_some()) == (last.seq, 0)


def test_a_corrected_name_and_a_merged_record_find_her_conversations(world: World) -> None:
    conversation = received(world.write(world.freja, "lamp"))
    make_the_index()
    correct_person(world.freja, by=world.ida, name="Freja Birkholm")
    catch_up()
    assert found(world, "birkholm") == [conversation]
    correct_person(world.freja, by=world.ida, name="Freja Lund")
    catch_up()
    assert found(world, "birkholm") == []
    merge_people(world.freja, world.oliver, by=world.mette)
    catch_up()
    assert found(world, "oliver") == [Conversation.objects.get(pk=conversation.pk)]
    assert search_for(world.ida, Wanted("freja@holm.example")).people == [world.oliver]


def test_a_merged_conversation_leads_to_where_it_went(world: World) -> None:
    gone, kept = (received(world.write(world.freja, text)) for text in ("lamp hums", "bed creaks"))
    make_the_index()
    merge_conversations(gone, kept, by=world.ida)
    assert found(world, str(gone.number)) == [kept]
    catch_up()
    assert [found(world, text) for text in ("hums", "creaks", str(gone.number))] == [[kept], [kept], [kept]]


def test_whoever_is_erased_is_out_of_the_index_in_the_same_moment(world: World) -> None:
    hers = received(world.write(world.freja, "The lamp hums"))
    Message.objects.create(conversation=hers, direction="note", text="A note on humming", at=hers.opened_at)
    received(world.write(world.oliver, "The bed creaks"))
    make_the_index()
    assert found(world, "hums") == [hers]
    erase_person(world.freja, book=current_book(), by=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_words")
        assert cursor.fetchone()[0] == Entry.objects.count() == 1 + 2 + len(world.purchases)
    catch_up()
    for text in ("hums", "freja", "holm.example", "humming"):
        answer = search_for(world.ida, Wanted(text))
        assert not answer, text
    assert found(world, str(hers.number)) == [hers]


def test_a_turn_that_dies_stores_nothing_and_the_next_one_catches_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_the_index()
    conversations = [received(world.write(world.freja, f"lamp number{each}")) for each in range(3)]
    before = progress_now().seq

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(actions.Entry.objects, "bulk_create", die)
        with pytest.raises(KeyboardInterrupt):
            index_some()
    assert (progress_now().seq, found(world, "lamp")) == (before, [])
    catch_up()
    assert found(world, "lamp") == conversations[::-1]


def test_the_slower_of_two_workers_stores_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    make_the_index()
    conversation = received(world.write(world.freja, "old words"))
    read = actions.words_of

    def read_and_be_overtaken(kind: str, pks: list[int]) -> Any:
        words = read(kind, pks)
        if pks == [conversation.pk] and progress_now().seq == before:
            monkeypatch.setattr(actions, "words_of", read)
            Message.objects.update(text="new words")
            record("message.received", conversation.about, by="system", message=conversation.messages.get().pk)
            catch_up()
        return words

    before = progress_now().seq
    monkeypatch.setattr(actions, "words_of", read_and_be_overtaken)
    index_some()
    assert (found(world, "new"), found(world, "old")) == ([conversation], [])


def test_making_it_anew_finds_all_there_is_and_forgets_what_is_gone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ROWS_AT_A_TIME", 2)
    kept = [world.write(world.freja, "lamp").conversation for _ in range(5)]
    make_the_index()
    kept[0].delete()
    assert Entry.objects.filter(kind=Entry.CONVERSATION).count() == 5
    begin_anew()
    assert found(world, "lamp") == kept[:0:-1]
    catch_up()
    assert found(world, "lamp") == kept[:0:-1]
    assert Entry.objects.filter(kind=Entry.CONVERSATION).count() == 4


def test_a_desk_that_moved_to_another_database_makes_its_index_anew(world: World) -> None:
    conversation = world.write(world.freja, "lamp").conversation
    make_the_index()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_words")
    Progress.objects.update(vendor="another")
    assert found(world, "lamp") == []
    catch_up()
    assert found(world, "lamp") == [conversation]


def test_the_command_makes_the_index_and_says_what_is_in_it(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    conversation = world.write(world.freja, "lamp").conversation
    assert reindex(Namespace()) == 0
    assert capsys.readouterr().out == f"In the index: 1 conversations, 3 customers, {len(world.purchases)} orders.\n"
    assert found(world, "lamp") == [conversation]
