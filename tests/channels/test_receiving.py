"""Real SMTP: a mail is durable before its sender hears 250, and refused for its size only."""

import smtplib
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from django.test import override_settings

from goodword.channels import receiving
from goodword.channels.models import RawMail
from goodword.channels.receiving import Receiver, start_receiver
from goodword.channels.tasks import take_in_due
from goodword.lib.blobs import read_blob
from tests.channels.post import FREJA, INBOX, letter
from tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)
MB = 1024 * 1024


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = start_receiver()
    yield receiver
    receiver.stop()


def send(receiver: Receiver, content: bytes, sender: str = FREJA, to: str = INBOX) -> None:
    with smtplib.SMTP("127.0.0.1", receiver.port) as server:
        server.sendmail(sender, [to], content)


def test_a_mail_is_kept_byte_by_byte_before_250(receiver: Receiver) -> None:
    content = b"From: a@x.example\r\nSubject: dots\r\n\r\n.\r\n..two\r\n\xe6\xf8\xe5 \xff 8 bit\r\nend\r\n"
    send(receiver, content)
    raw = RawMail.objects.get()
    assert read_blob(raw.blob) == content
    assert (raw.envelope_from, raw.envelope_to, raw.size, raw.state) == (FREJA, [INBOX], len(content), "stored")


def test_a_mail_over_the_limit_is_refused_at_its_announced_size(receiver: Receiver) -> None:
    with smtplib.SMTP("127.0.0.1", receiver.port) as server:
        server.ehlo()
        assert server.esmtp_features["size"] == str(50 * MB)
        code, _ = server.mail(FREJA, [f"size={50 * MB + 1}"])
        assert code == 552
    assert not RawMail.objects.exists()


def test_a_mail_that_hid_its_size_is_refused_when_it_exceeds_it() -> None:
    with override_settings(MAIL_LIMIT_BYTES=MB):
        small = start_receiver()
    try:
        with smtplib.SMTP("127.0.0.1", small.port) as server:
            server.helo()
            server.mail(FREJA)
            server.rcpt(INBOX)
            assert server.data(b"Subject: x\r\n\r\n" + b"x" * 70 * 1000 * 30)[0] == 552
            assert server.noop()[0] == 250
    finally:
        small.stop()
    assert not RawMail.objects.exists()


def test_thirty_megabytes_are_kept(receiver: Receiver) -> None:
    content = b"Subject: big\r\n\r\n" + (b"x" * 998 + b"\r\n") * (30 * MB // 1000)
    send(receiver, content)
    assert RawMail.objects.get().size == len(content)


def test_a_line_longer_than_the_standard_allows_is_no_reason_to_lose_a_mail(receiver: Receiver) -> None:
    content = b"Subject: long\r\n\r\n" + b"x" * 3_000_000 + b"\r\n"
    send(receiver, content)
    assert read_blob(RawMail.objects.get().blob) == content


def test_the_null_sender_is_told_from_an_unknown_one(receiver: Receiver) -> None:
    send(receiver, b"Subject: bounce\r\n\r\nx\r\n", sender="")
    assert RawMail.objects.get().envelope_from == "<>"


def test_a_mail_that_cannot_be_kept_is_not_acknowledged(receiver: Receiver) -> None:
    full = patch.object(receiving, "keep_blobs", side_effect=OSError("disk full"))
    with full, pytest.raises(smtplib.SMTPDataError, match="451"):
        send(receiver, b"Subject: x\r\n\r\nx\r\n")
    send(receiver, b"Subject: x\r\n\r\nx\r\n")
    assert RawMail.objects.count() == 1


def test_one_mail_that_cannot_be_kept_does_not_hold_up_its_batch() -> None:
    bad = receiving.Arrived(b"bad", "", [], receiving.clock.now())
    good = receiving.Arrived(b"good", "", [], receiving.clock.now())
    keep_blobs = receiving.keep_blobs

    def refuse_bad(contents: list[bytes]) -> list[str]:
        if b"bad" in contents:
            raise OSError
        return keep_blobs(contents)

    with patch.object(receiving, "keep_blobs", refuse_bad):
        receiving._keep_and_answer([bad, good])
    assert bad.answer.result().startswith("451")
    assert good.answer.result().startswith("250")


def test_many_senders_at_once_are_each_kept_once(receiver: Receiver) -> None:
    def send_some(sender: int) -> None:
        with smtplib.SMTP("127.0.0.1", receiver.port) as server:
            for number in range(10):
                server.sendmail(FREJA, [INBOX], letter(mail_id=f"{sender}.{number}@x.example").as_bytes())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send_some, range(8)))
    assert RawMail.objects.count() == 80


def test_more_recipients_than_any_honest_mail_has_are_refused(receiver: Receiver) -> None:
    with smtplib.SMTP("127.0.0.1", receiver.port) as server:
        server.helo()
        server.mail(FREJA)
        codes = [server.rcpt(f"{number}@nordhvile.example")[0] for number in range(101)]
    assert codes == [250] * 100 + [452]


def test_a_port_in_use_is_said_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        start_receiver(port=taken.getsockname()[1])


def test_from_smtp_to_a_filed_conversation(receiver: Receiver) -> None:
    world = build_world()
    send(receiver, letter("Hej, hvor er ordre 10490?\n").as_bytes())
    assert take_in_due() == 1
    message = RawMail.objects.get().message
    assert message is not None
    assert message.conversation.person == world.freja
