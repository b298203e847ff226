"""Which inbox a mail lands in, and which recipients our own receiver refuses."""

import smtplib
from collections.abc import Iterator

import pytest

from goodword.channels.inboxes import is_refused
from goodword.channels.mailboxes.actions import add_mailbox, plumb
from goodword.channels.mailboxes.queries import counts_of, unaddressed
from goodword.channels.models import RawMail
from goodword.channels.receiving import Receiver, start_receiver
from goodword.channels.tasks import take_in_due
from goodword.channels.tokens import reply_to_address
from goodword.desk.models import Inbox, Message
from tests.channels.mailboxes.conftest import BRAND, wish
from tests.channels.post import FREJA, INBOX, filed, letter
from tests.world import World, build_world


@pytest.mark.parametrize(
    ("to", "lands_in"),
    [
        (INBOX, INBOX),
        (BRAND, BRAND),
        (BRAND.upper(), BRAND),
        ("brand+c7-0123@nordhvile.example", BRAND),
        ("info@nordhvile.example", BRAND),
        ("anybody@brand.example", BRAND),
        ("nobody@else.example", INBOX),
    ],
)
def test_a_mail_lands_in_the_inbox_of_its_address(world: World, to: str, lands_in: str) -> None:
    add_mailbox(wish(aliases=("info@nordhvile.example", "@brand.example")), by=world.mette)
    assert filed(letter(to="somebody@else.example"), to=to).conversation.inbox.address == lands_in


def test_nobody_is_refused_before_every_inbox_has_a_mailbox(world: World) -> None:
    assert not is_refused("nobody@else.example")
    add_mailbox(wish(), by=world.mette)
    assert not is_refused("nobody@else.example")
    plumb(world.inbox)
    asked = ["nobody@else.example", INBOX, BRAND, reply_to_address(1, INBOX), "Postmaster@nordhvile.example"]
    assert [is_refused(address) for address in asked] == [True, False, False, False, False]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = start_receiver()
    yield receiver
    receiver.stop()


@pytest.mark.django_db(transaction=True)
def test_our_receiver_refuses_what_is_surely_nobodys_and_keeps_the_rest(receiver: Receiver) -> None:
    world = build_world()
    plumb(world.inbox)
    brand = add_mailbox(wish(), by=world.mette)
    with smtplib.SMTP("127.0.0.1", receiver.port) as server:
        server.helo()
        server.mail(FREJA)
        code, words = server.rcpt("nobody@else.example")
        assert (code, words) == (550, b"5.1.1 There is no mailbox with this address here")
        server.rset()
        refused = server.sendmail(FREJA, [BRAND, "nobody@else.example"], letter(to=BRAND).as_bytes())
        assert list(refused) == ["nobody@else.example"]
        server.sendmail(FREJA, ["postmaster@nordhvile.example"], letter("Nogen der?\n").as_bytes())
    take_in_due()
    rows = RawMail.objects.order_by("id").values_list("mailbox", "is_unaddressed", "state")
    assert list(rows) == [(brand.pk, False, "filed"), (None, True, "filed")]
    assert [raw.message.conversation.inbox for raw in unaddressed() if raw.message] == [world.inbox]
    assert counts_of(brand).add_up


@pytest.mark.django_db(transaction=True)
def test_an_inbox_added_while_the_receiver_runs_is_taken_at_once(receiver: Receiver) -> None:
    world = build_world()
    plumb(world.inbox)
    with smtplib.SMTP("127.0.0.1", receiver.port) as server:
        server.helo()
        server.mail(FREJA)
        assert server.rcpt(BRAND)[0] == 550
        add_mailbox(wish(), by=world.mette)
        assert server.rcpt(BRAND)[0] == 250


def test_an_inboxes_languages_are_the_only_ones_told_apart(world: World) -> None:
    add_mailbox(wish(language="ms", languages=("ms",)), by=world.mette)
    message = filed(
        letter("Where is my order? It has not arrived yet, please help me.\n", sender="x@y.example"), to=BRAND
    )
    assert message.language == "ms"
    assert (Inbox.objects.count(), Message.objects.count()) == (2, 1)
