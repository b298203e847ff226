"""Fetching as the desk does it: told by IDLE, come back after a failure, changed by managers, seen by health."""

import smtplib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from goodword.channels.mailboxes import fetching
from goodword.channels.mailboxes.actions import add_mailbox, change_mailbox, pause, plumb, resume, turn_on
from goodword.channels.mailboxes.fetching import fetch_once
from goodword.channels.mailboxes.queries import counts_of
from goodword.channels.models import Mailbox, OutgoingMail, RawMail
from goodword.channels.receiving import start_receiver
from goodword.channels.tasks import send_due, take_in_due
from goodword.desk.actions.conversations import reply
from goodword.desk.models import Message
from goodword.lib import clock
from goodword.ops import health
from goodword.ops.mail_fetcher import fetch_until
from tests.channels.mailboxes.certificates import Authority
from tests.channels.mailboxes.conftest import BRAND, reading_from, sending_by, wish
from tests.channels.mailboxes.dovecot import PASSWORD, USER, Dovecot, free_port
from tests.channels.mailboxes.postfix import Postfix
from tests.channels.post import FREJA, SHARED_MAIL, letter
from tests.channels.test_corpora import mails
from tests.world import NOW, World, build_world

SECONDS = 20


def wait_until(true: Callable[[], object], seconds: float = SECONDS) -> float:
    """Wait for it; the seconds it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it did not come about"
        time.sleep(0.05)
    return time.monotonic() - began


@contextmanager
def fetching_part() -> Iterator[None]:
    """The part of the desk that fetches, in its thread."""
    stop = threading.Event()
    thread = threading.Thread(target=fetch_until, args=[stop])
    thread.start()
    try:
        yield
    finally:
        stop.set()
        began = time.monotonic()
        thread.join(SECONDS)
        assert not thread.is_alive()
        assert time.monotonic() - began < 5


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_WAITS", (0.5, 0.5))
    monkeypatch.setattr("goodword.ops.mail_fetcher._SECONDS_BETWEEN", 0.2)


def put(dovecot: Dovecot, number: int) -> None:
    dovecot.put(letter(f"Brev {number}\n", mail_id=f"{number}@post.example").as_bytes(), str(number))


def no_threads_left() -> bool:
    return not [thread for thread in threading.enumerate() if thread.name.startswith("mailbox-")]


@pytest.mark.django_db(transaction=True)
def test_new_mail_is_fetched_as_soon_as_the_server_tells_and_the_part_ends_in_time(
    dovecot: Dovecot, quick: None
) -> None:
    world = build_world()
    mailbox = add_mailbox(wish(incoming=reading_from(dovecot)), by=world.mette)
    put(dovecot, 1)
    with fetching_part():
        wait_until(lambda: RawMail.objects.count() == 1)
        time.sleep(1)  # now it waits, told nothing
        put(dovecot, 2)
        wait_until(lambda: RawMail.objects.count() == 2)
    wait_until(no_threads_left)
    mailbox.refresh_from_db()
    assert (mailbox.problem, mailbox.looked_at is not None) == ("", True)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_paused_it_fetches_nothing_and_resumed_what_came_meanwhile(dovecot: Dovecot, quick: None) -> None:
    world = build_world()
    mailbox = add_mailbox(wish(incoming=reading_from(dovecot)), by=world.mette)
    with fetching_part():
        wait_until(lambda: Mailbox.objects.exclude(looked_at=None).exists())
        pause(mailbox, by=world.mette)
        wait_until(no_threads_left)
        put(dovecot, 1)
        time.sleep(1)
        assert RawMail.objects.count() == 0
        resume(mailbox, by=world.mette)
        wait_until(lambda: RawMail.objects.count() == 1)
    wait_until(no_threads_left)


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_said_and_mended_without_a_restart(dovecot: Dovecot, quick: None) -> None:
    world = build_world()
    put(dovecot, 1)
    mailbox = add_mailbox(wish(incoming=reading_from(dovecot, password="wrong")), by=world.mette)
    with fetching_part():
        wait_until(lambda: Mailbox.objects.filter(problem="login_refused").exists())
        change_mailbox(mailbox, wish(incoming=reading_from(dovecot)), by=world.mette)
        wait_until(lambda: RawMail.objects.count() == 1)
        wait_until(lambda: Mailbox.objects.filter(problem="", problem_detail="").exists())
    wait_until(no_threads_left)


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_away_is_come_back_to(dovecot: Dovecot, quick: None) -> None:
    world = build_world()
    add_mailbox(wish(incoming=reading_from(dovecot, port=free_port())), by=world.mette)
    with fetching_part():
        wait_until(lambda: Mailbox.objects.filter(problem="refused").exists())
        put(dovecot, 1)
        Mailbox.objects.get().servers.update(port=dovecot.tls)
        wait_until(lambda: RawMail.objects.count() == 1)
    wait_until(no_threads_left)


def test_health_says_what_has_not_been_fetched_for_ten_minutes(mailbox: Mailbox, world: World) -> None:
    def told() -> list[str]:
        return [trouble.what for trouble in health.examine().troubles if "fetched" in trouble.what]

    fetch_once(mailbox)
    with clock.stopped_at(NOW + timedelta(minutes=10)):
        assert told() == []
    with clock.stopped_at(NOW + timedelta(minutes=11)):
        Mailbox.objects.update(problem="timeout")
        assert told() == [f"The mail of {BRAND} has not been fetched for ten minutes (timeout)."]
        pause(mailbox, by=world.mette)
        assert told() == []


def test_health_counts_each_mailbox(mailbox: Mailbox, dovecot: Dovecot) -> None:
    for number in range(3):
        put(dovecot, number)
    fetch_once(mailbox)
    take_in_due(1)
    part = health.examine().parts["mailboxes"][0]
    assert [part[name] for name in ("fetched", "kept", "filed", "waiting")] == [3, 3, 3, 0]
    assert (part["mailbox"], part["rehearsing"], part["minutes_behind"]) == (BRAND, True, 0)
    RawMail.objects.all().delete()
    assert [each.what for each in health.examine().troubles if "kept" in each.what] == [
        f"Of {BRAND} 3 mails were fetched, and 0 are kept."
    ]


@pytest.mark.django_db(transaction=True)
def test_a_letter_and_its_answer_go_round_through_real_servers(
    dovecot: Dovecot, postfix: Postfix, authority: Authority
) -> None:
    """A customer's mail through Postfix into Dovecot, fetched, answered, sent by Postfix with STARTTLS and a login."""
    world = build_world()
    world.inbox.delete()
    wished = wish(address=USER, incoming=reading_from(dovecot), outgoing=sending_by(postfix))
    mailbox = turn_on(add_mailbox(wished, by=world.mette), by=world.mette)
    with smtplib.SMTP("localhost", postfix.submission) as server:
        server.starttls(context=ssl.create_default_context(cafile=str(authority.file)))
        server.ehlo()
        server.sendmail(FREJA, [USER], letter("Hej, hvor er ordre 10490?\n", to=USER).as_bytes())
    wait_until(lambda: fetch_once(mailbox))
    take_in_due()
    message = RawMail.objects.get().message
    assert message is not None
    assert (message.from_address, message.conversation.person) == (FREJA, world.freja)
    answer = reply(message.conversation, "Kære Freja\n\nDen er på vej. Æ ø å.\n", by=world.ida)
    assert send_due() == 2
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent"}
    log = (postfix.folder / "mail.log").read_text()
    assert f"sasl_username={USER}" in log
    assert f"to=<{FREJA}>" in log
    assert f"from=<hello+c{answer.conversation_id}-" in log


@pytest.mark.skipif(not SHARED_MAIL.exists(), reason="../shared/data/mail is not here")
def test_every_mail_made_by_others_is_fetched_over_imap_and_none_is_lost(mailbox: Mailbox, dovecot: Dovecot) -> None:
    contents = {path: path.read_bytes() for path in mails()}
    for number, content in enumerate(contents.values()):
        dovecot.put(content, f"{number:05}")
    different = len(set(contents.values()))
    assert fetch_once(mailbox) == len(contents)
    while take_in_due():
        pass
    counted = counts_of(mailbox)
    assert (counted.fetched + counted.again, counted.withheld, counted.cut) == (len(contents), 0, 0)
    assert counted.fetched <= different
    assert (counted.add_up, counted.waiting) == (True, 0)
    states = RawMail.objects.values_list("state", flat=True)
    assert set(states) == {RawMail.FILED, RawMail.IGNORED}
    assert RawMail.objects.filter(state=RawMail.FILED, message=None).count() == 0
    assert Message.objects.filter(direction=Message.OUT).count() == 0
    print(f"{len(contents)} mails over IMAP: {counted}")
    assert PASSWORD not in str(Mailbox.objects.values().get())


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not SHARED_MAIL.exists(), reason="../shared/data/mail is not here")
def test_every_mail_made_by_others_is_received_over_smtp_and_none_is_lost() -> None:
    world = build_world()
    mailbox = plumb(world.inbox)
    contents = [path.read_bytes() for path in mails()]
    receiver = start_receiver()
    try:
        with smtplib.SMTP("127.0.0.1", receiver.port) as server:
            for content in contents:
                server.sendmail(FREJA, [world.inbox.address], content, ["size=" + str(len(content))])
    finally:
        receiver.stop()
    assert RawMail.objects.count() == len(contents)
    while take_in_due():
        pass
    counted = counts_of(mailbox)
    assert (counted.fetched, counted.kept, counted.waiting, counted.add_up) == (len(contents), len(contents), 0, True)
    assert set(RawMail.objects.values_list("state", flat=True)) == {RawMail.FILED, RawMail.IGNORED}
    print(f"{len(contents)} mails over SMTP: {counted}")
