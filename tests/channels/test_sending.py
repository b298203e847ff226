"""What we send: threaded, signed, in the customer's language; retried, and never sent twice without a question."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

from goodword.channels import sending
from goodword.channels.models import DeliveredMail, OutgoingMail
from goodword.channels.outbox_sink import start_sink
from goodword.channels.receiving import Receiver
from goodword.channels.sending import claim_queued, give_up_lapsed, mark_sent, send_again
from goodword.channels.tasks import send_due
from goodword.channels.tokens import conversation_in_address, conversation_in_mail_id
from goodword.desk.actions.conversations import reply, tell
from goodword.desk.models import Conversation, Inbox, Message
from goodword.journal.models import Event
from goodword.lib import clock
from goodword.lib.blobs import read_blob
from goodword.lib.errors import Refused
from tests.channels.post import FREJA, INBOX, filed, letter
from tests.world import NOW, World, build_world


@pytest.fixture
def answered(world: World) -> Message:
    """Ida has answered a Danish letter that came with a long Message-ID."""
    mail = letter(mail_id="x" * 120 + "@holm.example", references="<older@holm.example>", subject="Sv: Min lampe")
    return reply(
        filed(mail).conversation,
        "Kære Freja\n\nDet gør vi. Æ, ø og å: <3 https://nordhvile.example/a?b=1.\n",
        by=world.ida,
    )


def sent_mail(message: Message) -> EmailMessage:
    mail = message_from_bytes(read_blob(message.outgoing.get().blob), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_an_answer_is_queued_with_its_conversation(answered: Message) -> None:
    queued = answered.outgoing.get()
    assert (queued.state, queued.recipient, answered.delivery) == ("queued", FREJA, "queued")
    assert answered.conversation.waiting_on == "customer"


def test_an_answer_threads_in_any_mail_program(answered: Message) -> None:
    mail = sent_mail(answered)
    assert mail["In-Reply-To"] == f"<{'x' * 120}@holm.example>"
    thanks = answered.conversation.messages.get(automatic=True)
    assert mail["References"].split() == ["<older@holm.example>", f"<{thanks.mail_id}>", f"<{'x' * 120}@holm.example>"]
    assert mail["Message-ID"] == f"<{answered.mail_id}>"
    assert conversation_in_mail_id(answered.mail_id) == answered.conversation_id
    assert conversation_in_address(mail["Reply-To"].addresses[0].addr_spec) == answered.conversation_id
    assert mail["Subject"] == f"Re: Min lampe [#{answered.conversation.number}]"
    raw = read_blob(answered.outgoing.get().blob)
    assert b"=?" not in raw.split(b"Subject")[0]


def test_an_answer_says_who_writes_and_in_which_language(answered: Message) -> None:
    mail = sent_mail(answered)
    assert str(mail["From"]) == f"Nordhvile <{INBOX}>"
    assert (mail["To"], mail["Content-Language"], mail["Auto-Submitted"]) == (FREJA, "da", None)


def test_an_answer_reads_as_text_and_as_html_with_the_memberships_below(answered: Message) -> None:
    mail = sent_mail(answered)
    text = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert (
        text.get_content()
        .replace("\r", "")
        .startswith("Kære Freja\n\nDet gør vi. Æ, ø og å: <3 https://nordhvile.example/a?b=1.\n")
    )
    assert "Vi følger kodekset for god handel hos Nordic Sleep Traders." in text.get_content()
    assert "<p>Kære Freja</p>" in html.get_content()
    assert '<a href="https://nordhvile.example/a?b=1">' in html.get_content()
    assert "&lt;3" in html.get_content()


def test_no_line_of_a_mail_is_longer_than_servers_take(world: World) -> None:
    message = reply(filed(letter()).conversation, "æ" * 5000 + "\n" + "x" * 5000, by=world.ida)
    raw = read_blob(message.outgoing.get().blob)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_file_goes_with_the_answer(world: World) -> None:
    message = reply(
        filed(letter()).conversation,
        "Her er den.",
        by=world.ida,
        attachments=[("etiket æ.pdf", "application/pdf", b"%PDF")],
    )
    (file,) = sent_mail(message).iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "etiket æ.pdf",
        "application/pdf",
        b"%PDF",
    )


def test_her_answer_to_our_mail_comes_back_to_the_conversation(answered: Message) -> None:
    back = filed(letter("Tak!", in_reply_to=f"<{answered.mail_id}>", mail_id="back@holm.example"))
    assert back.conversation == answered.conversation


def test_an_inbox_in_rehearsal_sends_nothing(world: World) -> None:
    Inbox.objects.update(sends=False)
    conversation = filed(letter()).conversation
    assert not OutgoingMail.objects.exists()
    with pytest.raises(Refused, match="rehearsal"):
        reply(conversation, "Hej", by=world.ida)


def test_what_was_queued_before_the_rehearsal_began_waits(answered: Message) -> None:
    Inbox.objects.update(sends=False)
    assert claim_queued() is None


def test_queueing_twice_makes_one_mail(answered: Message) -> None:
    assert sending.queue_mail(answered) == []
    assert answered.outgoing.count() == 1


def test_what_died_while_sending_is_unknown_and_shown(answered: Message) -> None:
    OutgoingMail.objects.exclude(message=answered).update(state="sent")
    assert claim_queued() is not None
    assert give_up_lapsed() == 0
    with clock.stopped_at(NOW + sending.LEASE + timedelta(seconds=1)):
        assert give_up_lapsed() == 1
    answered.refresh_from_db()
    assert answered.delivery == "unknown"
    assert "may or may not" in answered.delivery_note
    assert list(sending.unsettled()) == [answered.outgoing.get()]
    assert Event.objects.filter(kind="message.send_unknown").count() == 1


def test_an_agent_may_send_an_unknown_mail_again_or_mark_it_as_sent(answered: Message, world: World) -> None:
    OutgoingMail.objects.exclude(message=answered).update(state="sent")
    claim_queued()
    give_up_lapsed(everything=True)
    mail = send_again(answered.outgoing.get(), by=world.ida)
    assert (mail.state, mail.blob) == ("queued", answered.raw)
    with pytest.raises(Refused):
        send_again(mail, by=world.ida)
    mark_sent(mail, by=world.ida)
    answered.refresh_from_db()
    assert answered.delivery == "sent"


class Fussy:
    """A server that answers as it is told to."""

    def __init__(self) -> None:
        self.rcpt, self.data, self.taken = "250 OK", "250 OK", 0
        self.senders: list[str] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken += 1
        self.senders.append(envelope.mail_from or "")
        if self.data == "drop":
            assert server.transport is not None
            server.transport.close()
        return self.data


@pytest.fixture
def fussy() -> Iterator[Fussy]:
    handler = Fussy()
    server = Receiver("127.0.0.1", 0, handler)
    server.start()
    with override_settings(SMTP_OUT=f"smtp://127.0.0.1:{server.port}"):
        yield handler
    server.stop()


def only(message: Message) -> OutgoingMail:
    """The mail of this message; the acknowledgement is out of the way."""
    OutgoingMail.objects.exclude(message=message).update(state="sent")
    return message.outgoing.get()


def test_a_mail_that_is_taken_is_sent(answered: Message, fussy: Fussy) -> None:
    mail = only(answered)
    assert send_due() == 1
    mail.refresh_from_db()
    answered.refresh_from_db()
    assert (mail.state, mail.sent_at, answered.delivery, fussy.taken) == ("sent", NOW, "sent", 1)
    assert send_due() == 0


def test_a_temporary_refusal_is_tried_again_later_and_at_last_given_up(answered: Message, fussy: Fussy) -> None:
    mail, fussy.data = only(answered), "451 come back"
    send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.due_at) == ("queued", 1, NOW + timedelta(minutes=1))
    assert send_due() == 0
    for _ in range(8):
        OutgoingMail.objects.update(due_at=NOW)
        send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.problem) == ("failed", 9, "451 come back")


@pytest.mark.parametrize("part", ["rcpt", "data"])
def test_a_final_refusal_is_shown_on_the_message(answered: Message, fussy: Fussy, part: str) -> None:
    mail = only(answered)
    setattr(fussy, part, "550 5.1.1 nobody here")
    send_due()
    mail.refresh_from_db()
    answered.refresh_from_db()
    assert (mail.state, answered.delivery, answered.delivery_note) == ("failed", "failed", "550 5.1.1 nobody here")
    assert Event.objects.filter(kind="message.send_failed").count() == 1


def test_a_connection_that_breaks_after_the_text_leaves_is_unknown(answered: Message, fussy: Fussy) -> None:
    mail, fussy.data = only(answered), "drop"
    send_due()
    mail.refresh_from_db()
    assert (mail.state, fussy.taken) == ("unknown", 1)
    assert send_due() == 0
    assert fussy.taken == 1


def test_without_a_server_nothing_is_claimed_and_nothing_lost(answered: Message) -> None:
    mail = only(answered)
    with override_settings(SMTP_OUT="smtp://127.0.0.1:1"):
        assert send_due() == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.due_at) == ("queued", 0, NOW + timedelta(seconds=15))
    assert mail.problem.startswith("ConnectionRefusedError")


def test_a_bounce_is_asked_for_at_the_conversations_own_address(answered: Message, fussy: Fussy) -> None:
    only(answered)
    send_due()
    assert [conversation_in_address(sender) for sender in fussy.senders] == [answered.conversation_id]


def test_what_we_tell_later_is_generated_and_not_a_reply(answered: Message) -> None:
    told = tell(answered.conversation, "Pengene er sendt.")
    assert sent_mail(told)["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db(transaction=True)
def test_the_outbox_shows_what_the_customer_gets() -> None:
    world = build_world()
    message = reply(filed(letter()).conversation, "Kære Freja", by=world.ida)
    sink = start_sink()
    try:
        with override_settings(SMTP_OUT=f"smtp://127.0.0.1:{sink.port}"):
            send_due()
    finally:
        sink.stop()
    delivered = DeliveredMail.objects.filter(recipient=FREJA).order_by("id")
    assert read_blob(delivered[len(delivered) - 1].blob) == read_blob(message.outgoing.get().blob)
    assert Conversation.objects.get().state == Conversation.WAITING


def test_smtplib_is_given_nothing_it_would_change(answered: Message) -> None:
    raw = read_blob(answered.outgoing.get().blob)
    assert smtplib._fix_eols(raw.decode("ascii")).encode() == raw  # type: ignore[attr-defined]  # what sending does
