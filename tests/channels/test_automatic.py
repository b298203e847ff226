"""Machines are heard and never thanked; a bounce marks what it is about and opens nothing."""

import pytest

from goodword.channels.automatic import Nature, nature_of
from goodword.channels.models import OutgoingMail, RawMail
from goodword.channels.parsing import parse
from goodword.channels.tokens import reply_to_address
from goodword.desk.actions.conversations import reply
from goodword.desk.models import Conversation, Message
from goodword.journal.models import Event
from goodword.people.models import Address
from goodword.promises.models import Promise
from tests.channels.post import FREJA, INBOX, arrive, filed, letter
from tests.world import World

REPORT = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b
Content-Type: text/rfc822-headers

Message-ID: <{mail_id}>
--b--
"""


def report(message: Message, *, recipient: str = FREJA, action: str = "failed", status: str = "5.1.1") -> bytes:
    to = reply_to_address(message.conversation_id, INBOX)
    return REPORT.format(to=to, recipient=recipient, action=action, status=status, mail_id=message.mail_id).encode()


@pytest.fixture
def answer(world: World) -> Message:
    message = reply(filed(letter(mail_id="first@holm.example")).conversation, "Kære Freja", by=world.ida)
    OutgoingMail.objects.update(state="sent")
    return message


@pytest.mark.parametrize(
    ("headers", "nature"),
    [
        ({}, Nature.PERSON),
        ({"auto_submitted": "no"}, Nature.PERSON),
        ({"auto_submitted": "auto-replied (vacation)"}, Nature.AUTO_REPLY),
        ({"x_autoreply": "yes"}, Nature.AUTO_REPLY),
        ({"subject": "Autosvar: jeg er på ferie"}, Nature.AUTO_REPLY),
        ({"subject": "Automatische Antwort: Ihre Lampe"}, Nature.AUTO_REPLY),
        ({"subject": "Otomatik cevap: lamba"}, Nature.AUTO_REPLY),
        ({"subject": "Jawaban otomatis: lampu"}, Nature.AUTO_REPLY),
        ({"subject": "Balasan Automatik: lampu"}, Nature.AUTO_REPLY),
        ({"subject": "Di luar pejabat"}, Nature.AUTO_REPLY),
        ({"subject": "Automatic question about my bed"}, Nature.PERSON),
        ({"subject": "Re: your automatic reply was no help"}, Nature.PERSON),
        ({"auto_submitted": "auto-generated"}, Nature.GENERATED),
        ({"list_id": "<sleep.lists.example>"}, Nature.BULK),
        ({"precedence": "bulk"}, Nature.BULK),
        ({"sender": "no-reply@shop.example"}, Nature.BULK),
        ({"sender": INBOX}, Nature.OURSELVES),
        ({"sender": "MAILER-DAEMON@mx.example", "subject": "failure notice"}, Nature.BOUNCE),
        ({"sender": "postmaster@mx.example", "subject": "E-posta iletilemedi"}, Nature.BOUNCE),
        ({"sender": "postmaster@mx.example", "subject": "Mesej tidak dapat dihantar"}, Nature.BOUNCE),
        ({"subject": "Delivery problem with my order"}, Nature.PERSON),
    ],
)
def test_what_kind_of_mail_it_is(headers: dict[str, str], nature: Nature) -> None:
    assert nature_of(parse(letter(**headers).as_bytes()), FREJA, {INBOX}) == nature


def test_a_mail_that_goes_in_circles_is_stopped(world: World) -> None:
    raw = arrive(b"Received: by x\n" * 61 + letter().as_bytes())
    assert (raw.state, Conversation.objects.count()) == (RawMail.IGNORED, 0)


def test_our_own_mail_coming_round_is_the_message_it_was(answer: Message) -> None:
    from goodword.lib.blobs import read_blob

    raw = arrive(read_blob(answer.raw), envelope_from=INBOX)
    assert (raw.state, raw.message) == (RawMail.FILED, answer)


def test_an_auto_reply_is_kept_in_its_conversation_and_starts_nothing(answer: Message) -> None:
    Promise.objects.all().delete()
    Conversation.objects.update(state=Conversation.CLOSED)
    message = filed(
        letter("I am away.", in_reply_to=f"<{answer.mail_id}>", auto_submitted="auto-replied", mail_id="v@x")
    )
    assert (message.conversation_id, message.automatic) == (answer.conversation_id, True)
    assert message.conversation.state == Conversation.CLOSED
    assert not Promise.objects.exists()
    assert Message.objects.filter(direction="out", automatic=True).count() == 1


def test_an_auto_reply_to_nothing_of_ours_opens_no_conversation(world: World) -> None:
    raw = arrive(letter("I am away.", auto_submitted="auto-replied"))
    assert (raw.state, Conversation.objects.count()) == (RawMail.IGNORED, 0)
    assert raw.problem == "A machine answers something that we did not write."


@pytest.mark.parametrize(
    "header", [{"list_id": "<x.example>"}, {"precedence": "bulk"}, {"x_auto_response_suppress": "All"}]
)
def test_lists_and_bulk_mail_are_answered_by_people_only(world: World, header: dict[str, str]) -> None:
    message = filed(letter(**header))
    assert message.conversation.due_at is not None
    assert not message.conversation.messages.filter(direction="out").exists()


def test_a_bounce_marks_the_message_and_the_address_and_calls_the_agent_back(answer: Message) -> None:
    before = Conversation.objects.count()
    raw = arrive(report(answer), envelope_from="<>")
    answer.refresh_from_db()
    assert (raw.state, raw.message, Conversation.objects.count()) == (RawMail.FILED, answer, before)
    assert (answer.delivery, answer.delivery_note) == ("failed", "5.1.1 550 5.1.1 no such user")
    assert answer.outgoing.get().state == OutgoingMail.FAILED
    assert Address.objects.get(value=FREJA).bounced_at is not None
    assert answer.conversation.state == Conversation.OPEN
    assert Event.objects.filter(kind="message.send_failed").count() == 1


def test_a_delay_is_only_a_note(answer: Message) -> None:
    arrive(report(answer, action="delayed", status="4.4.1"), envelope_from="<>")
    answer.refresh_from_db()
    assert (answer.delivery, answer.delivery_note[:5]) == ("queued", "4.4.1")
    assert Address.objects.get(value=FREJA).bounced_at is None


def test_a_report_about_somebody_we_did_not_write_to_marks_nobody(answer: Message) -> None:
    arrive(report(answer, recipient="karen@dahl.example"), envelope_from="<>")
    assert Address.objects.get(value="karen@dahl.example").bounced_at is None


def test_a_bounce_of_nothing_of_ours_is_kept_aside(world: World) -> None:
    mail = REPORT.format(to=INBOX, recipient="a@b.example", action="failed", status="5.0.0", mail_id="not@ours.example")
    raw = arrive(mail.encode(), envelope_from="<>")
    assert (raw.state, Conversation.objects.count()) == (RawMail.IGNORED, 0)


def test_a_bounce_that_names_only_the_token_is_found(answer: Message) -> None:
    to = reply_to_address(answer.conversation_id, INBOX)
    mail = f"From: postmaster@mx.example\nTo: {to}\nSubject: Returned mail\n\n{FREJA}: 5.7.1 blocked\n"
    assert arrive(mail.encode(), envelope_from="<>", to=to).message == answer
    answer.refresh_from_db()
    assert answer.delivery_note == f"5.7.1 {FREJA}: 5.7.1 blocked"
