"""The test button against real servers, right and wrong: each failure has its name, its sentence and its next step."""

import dataclasses
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import override_settings

from goodword.channels.mailboxes import trying
from goodword.channels.mailboxes.actions import add_mailbox, change_mailbox
from goodword.channels.mailboxes.trying import Step, is_fine, try_mailbox
from goodword.channels.mailboxes.wishes import ServerWish
from goodword.channels.models import Mailbox
from goodword.channels.receiving import start_receiver
from tests.channels.mailboxes.certificates import Authority, make_certificate
from tests.channels.mailboxes.conftest import reading_from, sending_by, wish
from tests.channels.mailboxes.dovecot import PASSWORD, USER, Dovecot, free_port, running_dovecot
from tests.channels.mailboxes.postfix import Postfix
from tests.world import World


def tried(world: World, **servers: object) -> list[Step]:
    """What the button says of a mailbox with these servers."""
    with override_settings(SMTP_OUT="smtp://127.0.0.1:1"):
        return try_mailbox(add_mailbox(wish(**servers), by=world.mette))


def failure(world: World, server: ServerWish, way: str = "incoming") -> Step:
    """The one step that failed."""
    steps = tried(world, **{way: server})
    failed = [step for step in steps if not step.fine and step.code != "receiver_silent"]
    assert len(failed) == 1, steps
    assert all((failed[0].what, failed[0].do))
    return failed[0]


@contextmanager
def talking(words: bytes) -> Iterator[int]:
    """A plain TCP server that says this and then listens; its port."""
    stop = threading.Event()

    def serve(listening: socket.socket) -> None:
        listening.settimeout(0.1)
        open_ones = []
        while not stop.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            connection.sendall(words)
            open_ones.append(connection)
        for connection in open_ones:
            connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=[listening])
        thread.start()
        yield listening.getsockname()[1]
        stop.set()
        thread.join()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "_SECONDS_TO_GREET", 0.5)
    monkeypatch.setattr(trying, "SECONDS_TO_ANSWER", 8.0)


def test_a_mailbox_that_works_passes_every_step(world: World, dovecot: Dovecot, postfix: Postfix) -> None:
    steps = tried(world, address=USER.replace("hello", "second"), incoming=reading_from(dovecot))
    assert is_fine(steps)
    assert [step.name for step in steps] == [
        "The server for reading answers",
        "Signing in for reading",
        "The folder INBOX",
        "Hearing of new mail at once",
        "The desk has a server to send through",
    ]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_sending_server_that_works_passes_every_step(
    world: World, postfix: Postfix, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.inbox.delete()
    server = sending_by(postfix, security=security, port=postfix.tls if security == "tls" else postfix.submission)
    mailbox = add_mailbox(wish(address=USER, outgoing=server), by=world.mette)
    assert [(step.name, step.code) for step in try_mailbox(mailbox)[1:]] == [
        ("The server for sending answers", ""),
        ("Signing in for sending", ""),
        (f"Sending as {USER}", ""),
    ]


@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
def test_each_kind_of_encryption_works_where_it_is_offered(world: World, dovecot: Dovecot, security: str) -> None:
    port = dovecot.tls if security == "tls" else dovecot.plain
    assert is_fine(tried(world, incoming=reading_from(dovecot, security=security, port=port)))


def test_a_wrong_password_is_named_with_the_servers_words(world: World, dovecot: Dovecot) -> None:
    step = failure(world, reading_from(dovecot, password="not the word"))
    assert (step.code, step.what) == ("login_refused", f"The server localhost refuses the login of {USER}.")
    assert "app password" in step.do
    assert "AUTHENTICATIONFAILED" in step.detail


def test_a_wrong_password_for_sending_is_named(world: World, postfix: Postfix) -> None:
    step = failure(world, sending_by(postfix, password="not the word"), "outgoing")
    assert (step.name, step.code, step.detail[:3]) == ("Signing in for sending", "login_refused", "535")


def test_a_name_nobody_has(world: World) -> None:
    step = failure(world, ServerWish("mail.nowhere.invalid", user="x", password="y"))
    assert (step.code, step.what) == ("no_such_host", "There is no server called mail.nowhere.invalid.")


def test_a_port_where_nothing_answers(world: World) -> None:
    port = free_port()
    step = failure(world, ServerWish("127.0.0.1", port))
    assert (step.code, step.what) == ("refused", f"Nothing answers on port {port} of 127.0.0.1.")


def test_tls_on_the_port_for_starttls(world: World, dovecot: Dovecot) -> None:
    step = failure(world, reading_from(dovecot, port=dovecot.plain))
    assert (step.code, step.do) == (
        "no_tls_here",
        "Choose STARTTLS for this port, or take the TLS port: 993 for IMAP, 465 for SMTP.",
    )


@pytest.mark.parametrize("security", ["starttls", "plain"])
def test_starttls_or_nothing_on_the_port_for_tls(world: World, dovecot: Dovecot, security: str) -> None:
    step = failure(world, reading_from(dovecot, port=dovecot.tls, security=security))
    assert (step.code, step.do) == ("tls_from_the_start", "Choose TLS for this port.")


def test_the_same_for_sending(world: World, postfix: Postfix) -> None:
    wrong = sending_by(postfix, port=postfix.tls)
    assert failure(world, wrong, "outgoing").code == "tls_from_the_start"


def test_a_sending_server_entered_for_reading_and_the_other_way_round(
    world: World, dovecot: Dovecot, postfix: Postfix
) -> None:
    reads = reading_from(dovecot, port=postfix.submission, security="starttls")
    assert failure(world, reads).code == "not_imap"
    sends = sending_by(postfix, port=dovecot.plain)
    mailbox = add_mailbox(wish(address="third@nordhvile.example", outgoing=sends), by=world.mette)
    assert [step.code for step in try_mailbox(mailbox)][-1] == "not_smtp"


def test_a_server_that_says_nothing(world: World) -> None:
    with talking(b"") as port:
        assert failure(world, ServerWish("127.0.0.1", port, "plain")).code == "no_greeting"


def test_a_server_without_starttls(world: World) -> None:
    from goodword.channels.receiving import Handler, Keeper, Receiver

    keeper = Keeper()
    receiver = Receiver("127.0.0.1", 0, Handler(keeper), keeper=keeper)
    receiver.start()
    try:
        step = failure(world, ServerWish("127.0.0.1", receiver.port, "starttls"), "outgoing")
    finally:
        receiver.stop()
    assert (step.code, step.what) == (
        "no_starttls",
        f"The server 127.0.0.1 offers no STARTTLS on port {receiver.port}.",
    )


def test_an_imap_server_without_starttls(world: World) -> None:
    with talking(b"* OK ready\r\n") as port:
        step = failure(world, ServerWish("127.0.0.1", port, "starttls"))
    assert step.code in {"timeout", "no_starttls"}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("self-signed", "certificate_self_signed"),
        ("expired", "certificate_expired"),
        ("other", "certificate_other_name"),
        ("unknown", "certificate_untrusted"),
    ],
)
def test_a_certificate_that_proves_nothing(
    world: World, authority: Authority, server_folder: Path, trusted: Authority, kind: str, code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    wrong = make_certificate(
        server_folder, kind, authority=None if kind == "self-signed" else authority, expired=kind == "expired",
        host="mail.elsewhere.example" if kind == "other" else "localhost",
    )  # fmt: skip
    if kind == "unknown":
        monkeypatch.delenv("SSL_CERT_FILE")
    with running_dovecot(server_folder / "dovecot", wrong) as server:
        assert failure(world, reading_from(server)).code == code
        starttls = reading_from(server, port=server.plain, security="starttls")
        mailbox = add_mailbox(wish(address="third@nordhvile.example", incoming=starttls), by=world.mette)
        assert [step.code for step in try_mailbox(mailbox) if not step.fine and step.code.startswith("c")] == [code]
        unchecked = wish(address="third@nordhvile.example", incoming=reading_from(server, verifies_certificate=False))
        with override_settings(SMTP_OUT="smtp://127.0.0.1:1"):
            assert is_fine(try_mailbox(change_mailbox(mailbox, unchecked, by=world.mette)))


def test_a_folder_that_is_not_there_and_those_that_are(world: World, dovecot: Dovecot) -> None:
    dovecot.put(b"Subject: x\n\nx\n", "1", folder="Kunder")
    steps = tried(world, incoming=reading_from(dovecot), folders=("Customers",))
    (step,) = [step for step in steps if not step.fine]
    assert (step.name, step.code) == ("The folder Customers", "folder_missing")
    assert step.detail in {"There are: Kunder, INBOX", "There are: INBOX, Kunder"}


def test_a_server_that_lets_nobody_send_as_the_inbox(world: World, postfix: Postfix) -> None:
    step = failure(world, sending_by(postfix), "outgoing")
    assert (step.name, step.code) == ("Sending as brand@nordhvile.example", "sender_refused")
    assert "not owned by user" in step.detail


def test_a_server_that_wants_a_login_and_gets_none(world: World, postfix: Postfix) -> None:
    world.inbox.delete()
    mailbox = add_mailbox(wish(address=USER, outgoing=sending_by(postfix, user="", password="")), by=world.mette)
    assert [step.code for step in try_mailbox(mailbox)][-1] in {"sender_refused", "recipient_refused"}


def test_no_server_to_send_through(world: World, dovecot: Dovecot) -> None:
    mailbox = add_mailbox(wish(incoming=reading_from(dovecot)), by=world.mette)
    with override_settings(SMTP_OUT=""):
        last = try_mailbox(mailbox)[-1]
    assert (last.code, last.do) == (
        "no_server",
        "Enter a server for sending, or set GOODWORD_SMTP_OUT for the whole desk.",
    )


@pytest.mark.django_db(transaction=True)
def test_our_own_receiver_is_asked_whether_it_takes_the_address(world: World) -> None:
    mailbox = add_mailbox(wish(), by=world.mette)
    receiver = start_receiver()
    try:
        with override_settings(SMTP_PORT=receiver.port, SMTP_OUT="smtp://127.0.0.1:1"):
            assert is_fine(try_mailbox(mailbox))
    finally:
        receiver.stop()
    with override_settings(SMTP_PORT=free_port()):
        assert try_mailbox(mailbox)[0].code == "receiver_silent"


def test_no_password_stands_in_what_is_said_or_shown(world: World, dovecot: Dovecot) -> None:
    server = reading_from(dovecot, user="somebody@else.example", password="verysecretword")
    assert "verysecretword" not in repr(server)
    step = failure(world, server)
    assert "verysecretword" not in "".join(str(value) for value in dataclasses.asdict(step).values())
    stored = Mailbox.objects.get().servers.get()
    assert "verysecretword" not in stored.password
    assert PASSWORD not in repr(stored.__dict__)
