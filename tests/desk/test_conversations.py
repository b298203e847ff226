"""Receiving, answering, noting, handing over and closing: who waits for whom, and what is refused."""

import threading

import pytest
from django.db import connection

from goodword.desk.actions.approvals import ask_approval
from goodword.desk.actions.conversations import (
    add_note,
    assign,
    close_conversation,
    doubt_identity,
    open_conversation,
    receive,
    reopen,
    reply,
    save_draft,
    take,
    tell,
)
from goodword.desk.actions.decisions import decide
from goodword.desk.actions.matters import correct_matter, state_fact
from goodword.desk.actions.numbering import FIRST_NUMBER
from goodword.desk.arriving import Said
from goodword.desk.errors import DiffersFromDecision, StaleReply
from goodword.desk.models import Conversation, Decision, Draft, Inbox, Message
from goodword.desk.queries.conversations import draft_of, message_in, reply_address, thread
from goodword.journal.models import Event
from goodword.lib.blobs import read_blob
from goodword.lib.errors import Invalid, Refused
from goodword.people.actions import mark_bounced
from goodword.people.models import Person
from tests.world import NOW, World, build_world

RETURN = "Hej, jeg vil gerne returnere lampen fra ordre 10452."


def said(text: str, **more: object) -> Said:
    return Said(text=text, at=NOW, language="da", from_address="freja@holm.example", **more)  # type: ignore[arg-type]


def conversation_of(world: World, text: str = RETURN, person: Person | None = None) -> Conversation:
    """A letter that came the whole way through `receive`."""
    person = person or world.freja
    conversation = open_conversation(
        world.inbox, person, "Min lampe", "da", by=None, identity=Conversation.KNOWN, at=NOW
    )
    address = person.addresses.order_by("id")[0].value
    receive(conversation, person, Said(text=text, at=NOW, language="da", from_address=address))
    conversation.refresh_from_db()
    return conversation


def decided(world: World, conversation: Conversation) -> Decision:
    """Ida grants the return of the lamp."""
    matter = conversation.matters.get()
    state_fact(matter, "faulty", False, by=world.ida)
    return decide(matter, by=world.ida)


def kinds(conversation: Conversation) -> list[str]:
    return list(Event.objects.filter(about=conversation.about).order_by("id").values_list("kind", flat=True))


def test_conversations_are_numbered_without_a_gap(world: World) -> None:
    numbers = [open_conversation(world.inbox, None, "", "en", by=None).number for _ in range(3)]
    assert numbers == [FIRST_NUMBER, FIRST_NUMBER + 1, FIRST_NUMBER + 2]


@pytest.mark.django_db(transaction=True)
def test_conversations_opened_at_once_have_each_a_number_of_their_own() -> None:
    world = build_world()

    def open_some() -> None:
        for _ in range(5):
            open_conversation(world.inbox, None, "", "en", by=None)
        connection.close()

    threads = [threading.Thread(target=open_some) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    numbers = sorted(Conversation.objects.values_list("number", flat=True))
    assert numbers == list(range(FIRST_NUMBER, FIRST_NUMBER + 30))


def test_a_letter_is_a_message_a_contact_and_a_first_guess(world: World) -> None:
    conversation = conversation_of(world)
    message = conversation.messages.get(direction="in")
    assert (message.text, message.contact and message.contact.direction) == (RETURN, "in")
    assert conversation.matters.get().purchase == world.purchases["10452"]
    assert (conversation.state, conversation.waiting_on) == ("open", "us")
    assert kinds(conversation)[0] == "conversation.opened"
    assert "message.received" in kinds(conversation)


def test_no_word_of_the_customer_stands_in_the_journal(world: World) -> None:
    conversation_of(world)
    written = str(list(Event.objects.values_list("payload", "about", "actor")))
    for word in ("lampe", "Freja", "holm.example"):
        assert word not in written


def test_what_a_machine_says_is_kept_and_starts_nothing(world: World) -> None:
    conversation = conversation_of(world)
    close_conversation(conversation, "answered", by=world.ida, why="She called instead.")
    receive(conversation, None, said("I am away.", automatic=True))
    conversation.refresh_from_db()
    assert conversation.state == Conversation.CLOSED
    assert conversation.messages.filter(direction="in").count() == 2


def test_an_answer_waits_for_the_customer_and_makes_the_conversation_hers(world: World) -> None:
    conversation = conversation_of(world)
    message = reply(conversation, "Kære Freja\n\nVi ser på det.", by=world.ida)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.waiting_on, conversation.assignee) == ("waiting", "customer", world.ida)
    assert (message.to_addresses, message.delivery, message.author) == (["freja@holm.example"], "queued", world.ida)
    assert message.outgoing.count() == 1


def test_an_answer_is_linked_to_the_decisions_it_tells(world: World) -> None:
    conversation = conversation_of(world)
    decision = decided(world, conversation)
    save_draft(conversation, world.ida, "edited", offered="as offered")
    message = reply(conversation, "Ja.", by=world.ida, expect_differences_confirmed=True)
    decision.refresh_from_db()
    assert (decision.state, decision.message, decision.text_sent) == (Decision.FINAL, message, "Ja.")
    assert decision.draft_offered == "as offered"
    assert draft_of(conversation, world.ida) is None


def test_an_answer_that_differs_from_the_decision_is_held_back_until_confirmed(world: World) -> None:
    conversation = conversation_of(world)
    decided(world, conversation)
    with pytest.raises(DiffersFromDecision) as held:
        reply(conversation, "Vi sender dig 9.999,00 kr. tilbage.", by=world.ida)
    assert [difference.kind for difference in held.value.differences] == ["amount"]
    assert not conversation.messages.filter(direction="out", automatic=False).exists()
    reply(conversation, "Vi sender dig 9.999,00 kr. tilbage.", by=world.ida, expect_differences_confirmed=True)


def test_an_answer_is_stopped_if_she_wrote_meanwhile(world: World) -> None:
    conversation = conversation_of(world)
    seen = conversation.messages.get(direction="in")
    newer = receive(conversation, world.freja, said("Vent, jeg har ombestemt mig."))
    with pytest.raises(StaleReply) as stale:
        reply(conversation, "Det gør vi.", by=world.ida, seen_message=seen)
    assert (stale.value.message, stale.value.kind) == (newer, "stale")
    with pytest.raises(StaleReply):
        reply(conversation, "Det gør vi.", by=world.ida, seen_message=seen.pk)
    assert reply(conversation, "Det gør vi ikke.", by=world.ida, seen_message=newer).delivery == "queued"


def test_a_machines_mail_does_not_stop_an_answer(world: World) -> None:
    conversation = conversation_of(world)
    seen = conversation.messages.get(direction="in")
    receive(conversation, None, said("I am away.", automatic=True))
    assert reply(conversation, "Hej", by=world.ida, seen_message=seen).pk


def test_files_go_with_an_answer(world: World) -> None:
    message = reply(conversation_of(world), "Hej", by=world.ida, attachments=[("a.txt", "text/plain", b"a")])
    file = message.attachments.get()
    assert (file.name, file.size, read_blob(file.blob)) == ("a.txt", 1, b"a")


def test_an_empty_answer_or_note_is_refused(world: World) -> None:
    conversation = conversation_of(world)
    for write in (reply, add_note):
        with pytest.raises(Invalid):
            write(conversation, " \n", by=world.ida)


def test_a_buyer_is_answered_at_her_own_address_whatever_the_mail_asks_for(world: World) -> None:
    conversation = conversation_of(world)
    receive(conversation, world.freja, said("Send it there", reply_to="mallory@post.example"))
    assert reply_address(conversation) == "freja@holm.example"
    receive(conversation, world.freja, Said(text="x", at=NOW, from_address="somebody@post.example"))
    assert reply_address(conversation) == "freja@holm.example"


def test_she_is_answered_at_the_address_she_wrote_from(world: World) -> None:
    conversation = conversation_of(world)
    receive(conversation, world.freja, Said(text="x", at=NOW, from_address="fh@arbejde.example"))
    assert reply_address(conversation) == "fh@arbejde.example"


def test_an_address_that_bounced_is_passed_over_for_another_of_hers(world: World) -> None:
    conversation = conversation_of(world)
    receive(conversation, world.freja, Said(text="x", at=NOW, from_address="else@post.example"))
    mark_bounced("freja@holm.example")
    assert reply_address(conversation) == "fh@arbejde.example"


def test_somebody_we_have_no_orders_of_is_answered_where_she_asks(world: World) -> None:
    stranger = Person.objects.create(name="Shop", made_at=NOW)
    stranger.addresses.create(value="noreply@shop.example")
    conversation = open_conversation(world.inbox, stranger, "", "en", by=None)
    receive(
        conversation, stranger, Said(text="x", at=NOW, from_address="noreply@shop.example", reply_to="me@x.example")
    )
    assert reply_address(conversation) == "me@x.example"


def test_nobody_can_be_answered_without_an_address(world: World) -> None:
    conversation = open_conversation(world.inbox, None, "", "en", by=None)
    receive(conversation, None, Said(text="x", at=NOW))
    with pytest.raises(Refused, match="No mail address"):
        reply(conversation, "Hello?", by=world.ida)


def test_an_inbox_in_rehearsal_answers_nobody(world: World) -> None:
    conversation = conversation_of(world)
    Inbox.objects.update(sends=False)
    with pytest.raises(Refused, match="rehearsal"):
        reply(conversation, "Hej", by=world.ida)


def test_what_we_tell_by_ourselves_is_automatic_and_waits_for_nobody(world: World) -> None:
    conversation = conversation_of(world)
    message = tell(conversation, "Pengene er sendt.")
    conversation.refresh_from_db()
    assert (message.automatic, message.author, conversation.state) == (True, None, "open")


def test_a_note_stays_among_ourselves(world: World) -> None:
    conversation = conversation_of(world)
    note = add_note(conversation, "Hun ringede også.", by=world.ida)
    assert (note.direction, note.to_addresses, note.outgoing.count()) == ("note", [], 0)
    assert [message.direction for message in thread(conversation) if not message.automatic] == ["in", "note"]


def test_handing_over_is_noted_once(world: World) -> None:
    conversation = conversation_of(world)
    take(conversation, by=world.ida)
    take(conversation, by=world.ida)
    assign(conversation, world.theo, by=world.ida)
    assign(conversation, None, by=world.theo)
    assert kinds(conversation).count("conversation.assigned") == 3
    world.theo.is_active = False
    with pytest.raises(Refused):
        assign(conversation, world.theo, by=world.ida)


def test_nothing_closes_over_an_open_action(world: World) -> None:
    conversation = conversation_of(world)
    decision = decided(world, conversation)
    assert decision.actions.exists()
    with pytest.raises(Refused, match="not done yet"):
        close_conversation(conversation, "answered", by=world.ida)


def test_nothing_closes_over_a_waiting_approval(world: World) -> None:
    conversation = conversation_of(world, "I would like to return the bed of order 10471, it is as new.", world.oliver)
    matter = conversation.matters.get()
    proposed = Decision.objects.create(
        matter=matter, made_at=NOW, by=world.ida, policy="returns", outcome="approve", book_hash="x", trace={}
    )
    ask_approval(proposed, "More than I may grant.", by=world.ida)
    with pytest.raises(Refused, match="approve"):
        close_conversation(conversation, "answered", by=world.ida)
    reply(conversation, "We are asking.", by=world.ida, expect_differences_confirmed=True)
    conversation.refresh_from_db()
    assert conversation.waiting_on == "approval"


def test_closing_and_reopening(world: World) -> None:
    conversation = conversation_of(world)
    closed = close_conversation(conversation, "answered", by=world.ida, why="She called instead.")
    assert (closed.state, closed.waiting_on, closed.outcome, closed.closed_at) == ("closed", "nobody", "answered", NOW)
    close_conversation(conversation, "again", by=world.ida)
    assert kinds(conversation).count("conversation.closed") == 1
    opened = reopen(conversation, by=world.ida)
    assert (opened.state, opened.outcome, opened.closed_at) == ("open", "", None)
    assert kinds(conversation).count("conversation.reopened") == 1


def test_her_next_letter_reopens_it(world: World) -> None:
    conversation = conversation_of(world)
    close_conversation(conversation, "answered", by=world.ida, why="She called instead.")
    receive(conversation, world.freja, said("Tak!"))
    conversation.refresh_from_db()
    assert (conversation.state, conversation.waiting_on) == ("open", "us")


def test_drafts_are_kept_for_each_agent_and_never_lose_what_was_offered(world: World) -> None:
    conversation = conversation_of(world)
    save_draft(conversation, world.ida, "one", offered="offered")
    draft = save_draft(conversation, world.ida, "two")
    save_draft(conversation, world.theo, "mine")
    assert (draft.text, draft.offered, Draft.objects.count()) == ("two", "offered", 2)
    assert draft.seen_message == conversation.messages.order_by("pk").last()


def test_doubt_takes_the_identity_back(world: World) -> None:
    conversation = conversation_of(world)
    assert doubt_identity(conversation).identity == Conversation.UNVERIFIED
    doubt_identity(conversation)
    assert kinds(conversation).count("identity.lost") == 1


def test_doubt_over_the_writer_outlasts_doubt_over_an_order_number(world: World) -> None:
    conversation = conversation_of(world, "Where is order 10471?")
    conversation.refresh_from_db()
    assert conversation.identity == Conversation.UNVERIFIED
    doubt_identity(conversation)
    correct_matter(conversation.matters.get(), by=world.ida, purchase=world.purchases["10452"])
    conversation.refresh_from_db()
    assert conversation.identity == Conversation.UNVERIFIED


def test_a_message_of_another_conversation_is_not_in_this_one(world: World) -> None:
    first, second = conversation_of(world), conversation_of(world)
    message = Message.objects.filter(conversation=second).first()
    assert message is not None
    assert message_in(first, message.pk) is None
    assert message_in(second, str(message.pk)) == message
    assert message_in(second, "nonsense") is None
