"""The thank-you: where the book says so, plainly automatic, once, with the promised time, never to a machine."""

from email import message_from_bytes, policy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goodword.channels.acknowledging import MOST_PER_DAY, acknowledge
from goodword.channels.forms import post_form
from goodword.channels.intake import take_in
from goodword.channels.models import OutgoingMail
from goodword.channels.own_page import address_of
from goodword.channels.sending import finish, mark_sent
from goodword.desk.models import Conversation, Inbox, Message
from goodword.journal.models import Event
from goodword.lib.blobs import read_blob
from goodword.lib.errors import NotFound
from goodword.people.actions import erase_person
from goodword.policies.queries import current_book
from goodword.promises.models import Promise
from tests.channels.post import FREJA, filed, keep, letter
from tests.world import World


def thanks_for(message: Message) -> Message | None:
    return message.conversation.messages.filter(direction="out", automatic=True).first()


def test_a_first_mail_is_thanked_for_with_the_promised_time_in_her_language(world: World) -> None:
    message = filed(letter())
    thanks = thanks_for(message)
    assert thanks is not None
    assert thanks.text.startswith("Tak, fordi du skriver til os.")
    assert Promise.objects.get().by_at.date().isoformat() == "2026-11-17"
    assert "17. november" in thanks.text
    assert "Freja" not in thanks.text
    assert Event.objects.filter(kind="message.acknowledged").count() == 1


def test_it_is_plainly_automatic(world: World) -> None:
    thanks = thanks_for(filed(letter()))
    assert thanks is not None
    mail = message_from_bytes(read_blob(finish(thanks.outgoing.get()).blob), policy=policy.default)
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"], mail["To"]) == ("auto-replied", "All", FREJA)


def test_its_bytes_are_made_when_it_is_sent_and_say_what_was_settled_before(world: World) -> None:
    thanks = thanks_for(filed(letter(mail_id="one@holm.example")))
    assert thanks is not None
    mail = thanks.outgoing.get()
    assert (thanks.raw, mail.blob, thanks.in_reply_to) == ("", "", "one@holm.example")
    opens = address_of(thanks.conversation).rpartition(".")[0].rpartition(".")[0]
    Conversation.objects.filter(pk=thanks.conversation_id).update(subject="Somebody else's", page_word="another")
    Message.objects.filter(pk=thanks.pk).update(text="Later words")
    sent = message_from_bytes(read_blob(finish(OutgoingMail.objects.get()).blob), policy=policy.default)
    words = sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # there is one
    assert "Tak, fordi du skriver til os." in words
    assert f"{opens}." in words  # and not with the page's later word
    assert (sent["In-Reply-To"], "Min lampe" in sent["Subject"]) == ("<one@holm.example>", True)
    mail.refresh_from_db()
    thanks.refresh_from_db()
    assert (mail.words, mail.blob) == ("", thanks.raw)


def test_of_somebody_erased_meanwhile_no_thank_you_is_made(world: World) -> None:
    filed(letter())
    erase_person(world.freja, book=current_book(), by=world.mette)
    mail = OutgoingMail.objects.get()
    assert (mail.words, mail.blob) == ("", "")
    with pytest.raises(NotFound):
        finish(mail)


def test_an_english_letter_is_thanked_in_english(world: World) -> None:
    mail = letter("I would like to return the bed, please.\n", sender="oliver@grant.example")
    thanks = thanks_for(filed(mail, envelope_from="oliver@grant.example"))
    assert thanks is not None
    assert "A person reads your mail and answers you by" in thanks.text


@pytest.mark.parametrize(
    ("letter_text", "language", "words"),
    [
        ("Halo, saya mau mengembalikan tempat tidur saya.\n", "id", "17 November 2026"),
        ("Salam, saya nak pulangkan katil saya sebab rosak.\n", "ms", "17 November 2026"),
        ("Merhaba, karyolayı iade etmek istiyorum.\n", "tr", "17 Kasım 2026"),
    ],
)
def test_others_are_thanked_in_the_language_of_their_letter(
    world: World, letter_text: str, language: str, words: str
) -> None:
    mail = letter(letter_text, sender="oliver@grant.example")
    thanks = thanks_for(filed(mail, envelope_from="oliver@grant.example"))
    assert thanks is not None
    assert (thanks.language, words in thanks.text) == (language, True)


def test_a_second_letter_in_the_conversation_is_not_thanked_for_again(world: World) -> None:
    first = filed(letter(mail_id="first@holm.example"))
    filed(letter("Og så lige.", mail_id="second@holm.example", in_reply_to="<first@holm.example>"))
    assert first.conversation.messages.filter(direction="out").count() == 1


def test_nobody_is_thanked_more_often_than_two_machines_need_to_be_stopped(world: World) -> None:
    for number in range(MOST_PER_DAY + 3):
        filed(letter(f"Brev {number}", mail_id=f"{number}@holm.example"))
    assert Message.objects.filter(direction="out", automatic=True).count() == MOST_PER_DAY


def test_an_inbox_in_rehearsal_thanks_nobody(world: World) -> None:
    Inbox.objects.update(sends=False)
    assert thanks_for(filed(letter())) is None


def test_a_channel_the_book_does_not_acknowledge_is_not(world: World) -> None:
    message = filed(letter())
    Message.objects.filter(direction="out").delete()
    message.channel = "chat"
    assert acknowledge(message) is None


@pytest.mark.parametrize("field", ["automatic", "may_be_acknowledged"])
def test_machines_and_lists_are_not_thanked(world: World, field: str) -> None:
    message = filed(letter())
    Message.objects.filter(direction="out").delete()
    setattr(message, field, field == "automatic")
    assert acknowledge(message) is None


def test_a_form_is_thanked_for_with_a_copy(world: World) -> None:
    conversation = post_form(token="t", name="Ny", email="ny@post.example", text="Hej\nmed jer", language="da")
    thanks = conversation.messages.get(direction="out")
    assert thanks.text.endswith("> Hej\n> med jer")
    assert thanks.to_addresses == ["ny@post.example"]


def test_our_thanks_change_neither_whom_a_conversation_waits_for_nor_when(world: World) -> None:
    conversation = filed(letter()).conversation
    for mail in OutgoingMail.objects.all():
        mark_sent(mail)
    conversation.refresh_from_db()
    assert conversation.waiting_on == "us"
    assert conversation.due_at == Promise.objects.get().by_at


def test_a_mail_is_taken_in_and_thanked_for_with_few_questions_to_the_database(world: World) -> None:
    filed(letter(mail_id="first@post.example"))
    raw = keep(letter("Where is my lamp?\n", mail_id="second@post.example"))
    with CaptureQueriesContext(connection) as asked:
        take_in(raw.pk)
    assert len(asked) <= 50
