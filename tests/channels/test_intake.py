"""Each mail becomes one message, exactly once; what cannot be filed is kept, listed, and can be run again."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goodword.channels import intake
from goodword.channels.intake import claim_due, forget_leases, run_again, take_in
from goodword.channels.models import RawMail
from goodword.channels.queries import counts, set_aside
from goodword.channels.tasks import take_in_due
from goodword.desk.models import Conversation, Message
from goodword.journal.models import Event
from goodword.lib import clock
from goodword.lib.blobs import erase_blob, read_blob
from goodword.lib.errors import Refused
from goodword.people.models import Person
from tests.channels.post import FREJA, INBOX, arrive, filed, keep, letter
from tests.world import NOW, World


def test_a_mail_becomes_a_conversation_with_its_person_language_and_inbox(world: World) -> None:
    message = filed(letter("Hej, jeg vil gerne sende lampen fra ordre 10452 tilbage.\n", mail_id="a@holm.example"))
    conversation = message.conversation
    assert conversation.person == world.freja
    assert conversation.inbox == world.inbox
    assert (conversation.language, conversation.subject, conversation.state) == ("da", "Min lampe", "open")
    assert conversation.identity == Conversation.KNOWN
    assert message.text == "Hej, jeg vil gerne sende lampen fra ordre 10452 tilbage.\n"
    assert (message.mail_id, message.from_address, message.at) == ("a@holm.example", FREJA, NOW)
    assert message.contact is not None
    assert (message.contact.channel, message.contact.direction) == ("mail", "in")
    assert conversation.matters.get().purchase == world.purchases["10452"]
    assert conversation.due_at is not None


def test_a_mail_from_any_of_her_addresses_is_hers(world: World) -> None:
    assert filed(letter(sender="Freja <FH@Arbejde.example>")).conversation.person == world.freja


def test_a_stranger_is_welcomed_and_stays_unverified(world: World) -> None:
    conversation = filed(letter("Where is order 10452?", sender="Mallory <m@post.example>")).conversation
    assert conversation.identity == Conversation.UNVERIFIED
    assert conversation.person is not None
    assert conversation.person.name == "Mallory"


def test_a_reply_to_elsewhere_makes_a_known_writer_unverified(world: World) -> None:
    conversation = filed(letter(reply_to="freja@elsewhere.example")).conversation
    assert conversation.person == world.freja
    assert conversation.identity == Conversation.UNVERIFIED


def test_the_same_message_id_twice_is_one_message(world: World) -> None:
    first = filed(letter(mail_id="twice@holm.example"))
    second = filed(b"Received: from elsewhere\n" + letter(mail_id="twice@holm.example").as_bytes())
    assert first == second
    assert Message.objects.count() == 1 + first.conversation.messages.filter(automatic=True).count()
    assert first.raw_mails.count() == 2


def test_the_same_bytes_without_a_message_id_are_one_message(world: World) -> None:
    first = filed(letter())
    assert filed(b"Received: from another server\n" + letter().as_bytes()) == first
    assert first.mail_id.endswith("@no-message-id.invalid")


def test_somebody_else_with_the_same_message_id_is_not_swallowed(world: World) -> None:
    first = filed(letter(mail_id="same@x.example"))
    other = filed(letter("Something else", sender="m@post.example", mail_id="same@x.example"))
    assert other != first
    assert other.mail_id.endswith("@no-message-id.invalid")
    assert filed(letter("Something else", sender="m@post.example", mail_id="same@x.example")) == other


def test_a_mail_for_nobody_we_know_goes_to_the_default_inbox(world: World) -> None:
    message = filed(letter(to="nobody@nordhvile.example"), to="nobody@nordhvile.example")
    assert message.conversation.inbox == world.inbox


def test_taking_in_twice_changes_nothing(world: World) -> None:
    raw = arrive(letter())
    before = Event.objects.count()
    assert take_in(raw.pk).message == raw.message
    assert Event.objects.count() == before


def test_what_cannot_be_read_is_kept_listed_and_can_be_run_again(world: World) -> None:
    raw = keep(letter())
    with patch.object(intake, "parse", side_effect=IndexError("what nobody thought of")):
        take_in(raw.pk)
    raw.refresh_from_db()
    assert (raw.state, raw.problem) == (RawMail.UNREADABLE, "IndexError: what nobody thought of")
    assert list(set_aside()) == [raw]
    assert read_blob(raw.blob) == letter().as_bytes()
    again = run_again(raw.pk, by=world.ida)
    assert again.state == RawMail.FILED
    assert Event.objects.filter(kind="mail.run_again", actor=world.ida.actor).exists()
    with pytest.raises(Refused):
        run_again(raw.pk, by=world.ida)


def test_a_mail_whose_bytes_are_gone_is_unreadable(world: World) -> None:
    raw = keep(letter("Unique words that no other test keeps."))
    erase_blob(raw.blob)
    assert take_in(raw.pk).state == RawMail.UNREADABLE


def test_a_mail_that_cannot_be_filed_now_waits_and_is_at_last_set_aside(world: World) -> None:
    raw = keep(letter())
    with patch.object(intake, "file_mail", side_effect=RuntimeError("something in the house")):
        for _ in range(intake.MOST_ATTEMPTS):
            RawMail.objects.update(due_at=NOW)
            take_in_due()
            raw.refresh_from_db()
    assert raw.state == RawMail.UNREADABLE
    assert Message.objects.count() == 0
    assert run_again(raw.pk, by=None).state == RawMail.FILED


def test_one_bad_mail_does_not_stop_the_others(world: World) -> None:
    bad, good = keep(letter("bad", mail_id="bad@x.example")), keep(letter("good", mail_id="good@x.example"))
    file_mail = intake.file_mail

    def fails_for_one(raw: RawMail, *args: object, **more: object) -> RawMail:
        if raw.pk == bad.pk:
            raise RuntimeError
        return file_mail(raw, *args, **more)  # type: ignore[arg-type]  # passed on as they came

    with patch.object(intake, "file_mail", fails_for_one):
        take_in_due()
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == (RawMail.FILED, RawMail.STORED)


def test_mails_that_wait_together_are_filed_in_one_transaction(world: World) -> None:
    raws = [keep(letter(f"Letter {number}", sender=f"new{number}@post.example")) for number in range(4)]
    with CaptureQueriesContext(connection) as asked:
        take_in_due()
    taken = [asking["sql"] for asking in asked if 'FROM "channels_rawmail"' in asking["sql"]]
    assert [RawMail.objects.get(pk=raw.pk).state for raw in raws] == [RawMail.FILED] * 4
    assert len(taken) == 4  # claimed, read, locked together; and then none is left
    numbers = [RawMail.objects.get(pk=raw.pk).message.conversation.number for raw in raws]  # type: ignore[union-attr]
    assert numbers == list(range(numbers[0], numbers[0] + 4))


def test_two_letters_of_a_stranger_are_read_one_after_the_other(world: World) -> None:
    first = letter("Halo, saya mau mengembalikan tempat tidur saya.", sender="new@post.example", subject="Tempat tidur")
    second = letter("OK", sender="new@post.example", subject="OK")
    for mail in (first, second):
        keep(mail, envelope_from="new@post.example")
    take_in_due()
    said = Message.objects.filter(direction=Message.IN).order_by("pk")
    assert [(message.language, message.person) for message in said] == [("id", Person.objects.get(language="id"))] * 2


def test_a_handful_that_fails_is_undone_and_each_is_filed_alone(world: World) -> None:
    raws = [keep(letter(f"Letter {number}", sender=f"new{number}@post.example")) for number in range(3)]
    file_mail = intake.file_mail

    def fails_at_the_last(raw: RawMail, *args: object, **more: object) -> RawMail:
        if raw.pk == raws[2].pk:
            assert RawMail.objects.filter(state=RawMail.FILED).count() == 2
            raise RuntimeError
        return file_mail(raw, *args, **more)  # type: ignore[arg-type]  # passed on as they came

    with patch.object(intake, "file_mail", fails_at_the_last):
        take_in_due()
    assert list(RawMail.objects.order_by("pk").values_list("state", flat=True)) == ["filed", "filed", "stored"]
    assert Message.objects.filter(direction=Message.IN).count() == Conversation.objects.count() == 2
    assert Event.objects.filter(kind="message.received").count() == 2


def test_a_leased_mail_is_another_workers_until_the_lease_runs_out(world: World) -> None:
    raw = keep(letter())
    assert claim_due() == [raw.pk]
    assert claim_due() == []
    with clock.stopped_at(NOW + intake.LEASE + timedelta(seconds=1)):
        assert claim_due() == [raw.pk]
    assert forget_leases() == 1
    assert claim_due() == [raw.pk]


def test_every_mail_is_counted_somewhere(world: World) -> None:
    keep(letter("waits", mail_id="1@x.example"))
    arrive(letter("filed", mail_id="2@x.example"))
    arrive(letter("away", subject="Out of office", auto_submitted="auto-replied", mail_id="3@x.example"))
    found = counts()
    assert (found["stored"], found["filed"], found["ignored"], found["unreadable"]) == (1, 1, 1, 0)


def test_an_ignored_mail_can_be_filed_anyway(world: World) -> None:
    raw = arrive(letter("I am away, ask Karen.", subject="Out of office: hello", auto_submitted="auto-replied"))
    assert raw.state == RawMail.IGNORED
    again = run_again(raw.pk, by=world.ida, anyway=True)
    assert again.message is not None
    assert again.message.text == "I am away, ask Karen.\n"


def test_a_mail_without_a_sender_is_a_conversation_without_a_customer(world: World) -> None:
    message = filed(b"Subject: who am I\n\nHello?\n", envelope_from="")
    assert message.conversation.person is None
    assert message.conversation.identity == Conversation.UNVERIFIED


def test_a_nonsense_sender_address_loses_nothing(world: World) -> None:
    before = Person.objects.count()
    message = filed(b"From: me@@nowhere <me@@x>\nSubject: hi\n\nHello?\n")
    assert message.text == "Hello?\n"
    assert Person.objects.count() == before


def test_a_word_of_zero_bytes_can_be_stored_in_any_database(world: World) -> None:
    message = filed(b"From: a\0b@x.example\nSubject: \0hi\nMessage-ID: <\0@x>\n\nHe\0llo\n")
    assert message.text == "He\ufffdllo\n"


def test_attachments_are_kept_to_the_byte(world: World) -> None:
    mail = letter()
    content = bytes(range(256)) * 40
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename="smørrebrød.bin")
    mail.add_attachment("Æbler\nog pærer\n", filename="note.txt")
    first, second = filed(mail).attachments.order_by("id")
    assert (first.name, first.size, read_blob(first.blob)) == ("smørrebrød.bin", len(content), content)
    assert (second.name, read_blob(second.blob).decode()) == ("note.txt", "Æbler\nog pærer\n")


def test_her_answer_reopens_a_closed_conversation(world: World) -> None:
    message = filed(letter(mail_id="first@holm.example"))
    Conversation.objects.filter(pk=message.conversation_id).update(state=Conversation.CLOSED, outcome="answered")
    again = filed(letter("Og en ting til.", mail_id="second@holm.example", in_reply_to="<first@holm.example>"))
    assert again.conversation == message.conversation
    assert again.conversation.state == Conversation.OPEN
    assert Event.objects.filter(kind="conversation.reopened").count() == 1


def test_a_mail_to_two_of_our_inboxes_is_one_message(world: World) -> None:
    mail = letter(to=f"{INBOX}, other@nordhvile.example", mail_id="both@holm.example")
    assert filed(mail) == filed(mail, to="other@nordhvile.example")
