"""Two conversations become one, one becomes two; late mail follows, and it can be undone."""

from datetime import timedelta

import pytest

from goodword.channels.intake import take_in
from goodword.channels.models import OutgoingMail, RawMail
from goodword.channels.sending import mark_sent
from goodword.channels.tokens import reply_to_address
from goodword.desk.actions.conversations import close_conversation, reply, save_draft
from goodword.desk.actions.decisions import decide
from goodword.desk.actions.matters import state_fact
from goodword.desk.actions.regrouping import merge_conversations, split_conversation, undo_regrouping
from goodword.desk.models import Conversation, Matter, Message, Regrouping
from goodword.desk.queries.conversations import number_after_merging, queue_for, where_it_went
from goodword.lib import clock
from goodword.lib.blobs import keep_blob
from goodword.lib.errors import Invalid, Refused
from goodword.promises.models import Promise
from goodword.promises.queries import unsettled_promises
from goodword.search.queries import Wanted, search_for
from tests.desk.test_corrections import wrote
from tests.world import NOW, World


def again(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def two(world: World) -> tuple[Conversation, Conversation]:
    """Freja has written twice about her lamp."""
    return (
        wrote(world, world.freja, "Jeg vil returnere ordre 10452."),
        wrote(world, world.freja, "Hvor bliver svaret af?"),
    )


def mail_in(world: World, text: str, *, to: str, headers: str = "", subject: str = "Hej") -> Conversation:
    """A mail from Freja arrives and is filed; the conversation it came into."""
    raw = (
        f"From: Freja Holm <freja@holm.example>\r\nTo: {to}\r\nSubject: {subject}\r\n"
        f"Message-ID: <{abs(hash(text))}@holm.example>\r\n{headers}\r\n{text}\r\n"
    ).encode()
    kept = RawMail.objects.create(
        blob=keep_blob(raw), size=len(raw), envelope_from="freja@holm.example", envelope_to=[to],
        received_at=clock.now(), due_at=clock.now(),
    )  # fmt: skip
    filed = take_in(kept.pk)
    assert filed.message is not None, filed.problem
    return filed.message.conversation


def test_merged_everything_is_in_the_one_and_the_other_number_leads_there(world: World) -> None:
    kept, gone = two(world)
    gone.refresh_from_db()
    matter = gone.matters.get()
    merge_conversations(gone, kept, by=world.ida)
    assert Message.objects.filter(conversation=gone).count() == 0
    assert kept.messages.filter(direction="in").count() == 2
    assert Matter.objects.get(pk=matter.pk).conversation == kept
    assert where_it_went(again(gone)) == kept
    assert number_after_merging(world.ida, gone.number) == kept.number
    assert [row.pk for row in queue_for(world.ida, "all")] == [kept.pk]
    found = search_for(world.ida, Wanted(str(gone.number)))
    assert [hit.conversation.pk for hit in found.hits] == [kept.pk]


def test_decisions_actions_and_promises_stay_with_what_they_are_about(world: World) -> None:
    kept, gone = two(world)
    matter = kept.matters.get()
    state_fact(matter, "faulty", False, by=world.ida)
    decision = decide(matter, by=world.ida)
    merge_conversations(kept, gone, by=world.ida)
    decision.refresh_from_db()
    assert Matter.objects.get(pk=matter.pk).conversation == gone
    assert {action.matter.conversation for action in decision.actions.all()} == {gone}
    assert Promise.objects.exclude(conversation=gone).count() == 0
    reply(again(gone), "Svar.", by=world.ida, expect_differences_confirmed=True)
    for message in gone.messages.filter(direction="out", automatic=False):
        mark_sent(OutgoingMail.objects.get(message=message))
    assert list(unsettled_promises(gone)) == []


def test_late_mail_to_the_merged_one_comes_into_the_other_by_token_and_by_number(world: World) -> None:
    kept, gone = two(world)
    token = reply_to_address(gone.pk, world.inbox.address)
    merge_conversations(gone, kept, by=world.ida)
    assert mail_in(world, "Med mærket adresse.", to=token) == kept
    by_number = mail_in(world, "Med nummer.", to=world.inbox.address, subject=f"Re: Hej [#{gone.number}]")
    assert by_number == kept


def test_undone_each_has_its_own_again_and_what_came_since_stays(world: World) -> None:
    kept, gone = two(world)
    state, promises = again(gone).state, set(Promise.objects.filter(conversation=gone))
    regrouping = merge_conversations(gone, kept, by=world.ida)
    later = mail_in(world, "Senere.", to=reply_to_address(kept.pk, world.inbox.address))
    undo_regrouping(regrouping, by=world.theo)
    gone.refresh_from_db()
    assert (gone.merged_into, gone.state, later) == (None, state, kept)
    assert [message.text for message in gone.messages.filter(direction="in")] == ["Hvor bliver svaret af?"]
    assert [message.text.strip() for message in kept.messages.filter(direction="in")] == [
        "Jeg vil returnere ordre 10452.", "Senere.",
    ]  # fmt: skip
    assert set(Promise.objects.filter(conversation=gone)) == promises
    with pytest.raises(Refused, match="undone already"):
        undo_regrouping(regrouping, by=world.theo)


def test_two_customers_conversations_are_not_merged_nor_one_with_itself(world: World) -> None:
    kept, gone = two(world)
    with pytest.raises(Refused, match="two customers"):
        merge_conversations(wrote(world, world.oliver, "Hello"), kept, by=world.ida)
    with pytest.raises(Refused, match="with itself"):
        merge_conversations(kept, kept, by=world.ida)
    merge_conversations(gone, kept, by=world.ida)
    with pytest.raises(Refused, match="merged into another already"):
        merge_conversations(gone, kept, by=world.ida)


def test_a_draft_goes_along_and_no_word_of_it_is_lost(world: World) -> None:
    kept, gone = two(world)
    save_draft(kept, world.ida, "Kære Freja, først dette.")
    save_draft(gone, world.ida, "Og dette.")
    save_draft(gone, world.theo, "Theos ord.")
    merge_conversations(gone, kept, by=world.ida)
    drafts = {draft.agent: draft.text for draft in kept.drafts.all()}
    assert drafts == {world.ida: "Kære Freja, først dette.\n\nOg dette.", world.theo: "Theos ord."}


def test_merging_into_a_closed_one_takes_it_up_again(world: World) -> None:
    kept, gone = two(world)
    close_conversation(kept, "answered", by=world.ida, why="Done.")
    merge_conversations(gone, kept, by=world.ida)
    assert (again(kept).state, again(kept).waiting_on) == ("open", "us")


def test_chosen_messages_become_a_conversation_and_late_mail_to_them_follows(world: World) -> None:
    conversation = wrote(world, world.freja, "Jeg vil returnere ordre 10452.")
    second = mail_in(world, "Og hvor er 10300?", to=reply_to_address(conversation.pk, world.inbox.address))
    assert second == conversation
    message = conversation.messages.filter(direction="in").last()
    assert message is not None
    new = split_conversation(conversation, [message.pk], by=world.ida)
    assert [each.pk for each in new.messages.filter(direction="in")] == [message.pk]
    assert {matter.purchase.number for matter in new.matters.all() if matter.purchase} == {"10300"}
    answer = mail_in(world, "Tak.", to=world.inbox.address, headers=f"In-Reply-To: <{message.mail_id}>\r\n")
    assert answer == new
    assert {promise.conversation for promise in Promise.objects.filter(state="open")} == {conversation, new}


def test_a_matter_goes_along_if_it_is_chosen(world: World) -> None:
    conversation = wrote(world, world.freja, "Jeg vil returnere ordre 10452.")
    mail_in(world, "Og hvor er 10300?", to=reply_to_address(conversation.pk, world.inbox.address))
    message = conversation.messages.filter(direction="in").last()
    moved = conversation.matters.get(purchase__number="10300")
    assert message is not None
    new = split_conversation(conversation, [message.pk], by=world.ida, matters=[moved.pk])
    assert list(new.matters.all()) == [moved]
    assert [matter.purchase for matter in conversation.matters.all()] == [world.purchases["10452"]]


def test_a_split_is_undone_by_putting_the_messages_back(world: World) -> None:
    conversation = wrote(world, world.freja, "Jeg vil returnere ordre 10452.")
    mail_in(world, "En anden ting.", to=reply_to_address(conversation.pk, world.inbox.address))
    message = conversation.messages.filter(direction="in").last()
    assert message is not None
    new = split_conversation(conversation, [message.pk], by=world.ida)
    undo_regrouping(Regrouping.objects.get(target=new), by=world.ida)
    assert conversation.messages.filter(direction="in").count() == 2
    assert where_it_went(again(new)) == conversation
    assert Regrouping.objects.filter(undone_at=None).count() == 0


def test_at_least_one_message_goes_and_one_stays(world: World) -> None:
    conversation = wrote(world, world.freja, "Jeg vil returnere ordre 10452.")
    everything = list(conversation.messages.values_list("pk", flat=True))
    for chosen in ([], everything):
        with pytest.raises(Invalid, match="at least one stays"):
            split_conversation(conversation, chosen, by=world.ida)


def test_a_letter_that_comes_late_takes_it_up_again_and_one_that_comes_too_late_begins_anew(world: World) -> None:
    conversation = wrote(world, world.freja, "Jeg vil returnere ordre 10452.")
    to = reply_to_address(conversation.pk, world.inbox.address)
    close_conversation(conversation, "answered", by=world.ida, why="Done.")
    with clock.stopped_at(NOW + timedelta(days=60)):
        assert mail_in(world, "Stadig i tide.", to=to) == conversation
    assert again(conversation).state == Conversation.OPEN
    close_conversation(again(conversation), "answered", by=world.ida, why="Done.")
    with clock.stopped_at(NOW + timedelta(days=61, hours=1)):
        new = mail_in(world, "For sent.", to=to)
    assert (new.follows, again(conversation).state) == (conversation, Conversation.CLOSED)
