"""Settings, Mailboxes: for managers only; passwords go in and never come out; each button does what it says."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from goodword.channels.mailboxes.actions import add_mailbox, change_mailbox, turn_on
from goodword.channels.mailboxes.sealing import CannotOpen, seal, unseal
from goodword.channels.mailboxes.wishes import GrantWish, ServerWish
from goodword.channels.models import Mailbox, MailServer, OutgoingMail, RawMail
from goodword.desk.models import Draft, Inbox
from goodword.lib.errors import Invalid
from tests.channels.mailboxes.conftest import BRAND, wish
from tests.channels.mailboxes.provider import CLIENT, SECRET, running_provider
from tests.channels.post import filed, letter
from tests.world import World

LIST = "/desk/settings/mailboxes/"
ENTERED = {
    "address": BRAND, "name": "Nordhvile Brand", "language": "da", "languages": ["da", "en"], "plus": "on",
    "receives": "imap", "sign_in": "password", "folders": "INBOX, Kunder", "aliases": "info@nordhvile.example",
    "incoming_host": "imap.example.com", "incoming_security": "tls", "incoming_verifies": "on",
    "incoming_user": "brand", "incoming_password": "hemmelig-1", "sends": "own",
    "outgoing_host": "smtp.example.com", "outgoing_security": "starttls", "outgoing_verifies": "on",
    "outgoing_user": "brand", "outgoing_password": "hemmelig-2",
}  # fmt: skip


@pytest.fixture
def mette(client: Client, world: World) -> Client:
    """The manager's browser, with her pages in English."""
    world.mette.language = "en"
    world.mette.save()
    client.force_login(world.mette)
    return client


def stored(way: str) -> MailServer:
    return MailServer.objects.get(way=way)


def test_a_mailbox_is_added_as_it_was_entered_and_rehearses(mette: Client) -> None:
    answer = mette.post(f"{LIST}add/", ENTERED)
    mailbox = Mailbox.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{mailbox.inbox_id}/test/")
    assert (mailbox.inbox.address, mailbox.inbox.sends, mailbox.receives) == (BRAND, False, "imap")
    assert (mailbox.aliases, mailbox.languages) == (["info@nordhvile.example"], ["da", "en"])
    assert list(mailbox.folders.values_list("name", flat=True)) == ["INBOX", "Kunder"]
    assert (stored("in").port, stored("out").port) == (993, 587)
    assert (unseal(stored("in").password), unseal(stored("out").password)) == ("hemmelig-1", "hemmelig-2")


def test_no_password_comes_out_again(mette: Client) -> None:
    mette.post(f"{LIST}add/", ENTERED)
    mailbox = Mailbox.objects.get()
    pages = [mette.get(path).content.decode() for path in (LIST, f"{LIST}{mailbox.inbox_id}/")]
    assert ["hemmelig" in page for page in pages] == [False, False]
    wrong = mette.post(f"{LIST}add/", ENTERED | {"address": "other@nordhvile.example", "incoming_port": "99999"})
    assert wrong.status_code == 422
    assert "hemmelig-1" not in wrong.content.decode()


def test_an_empty_password_leaves_it_as_it_was_and_a_new_one_replaces_it(mette: Client) -> None:
    mette.post(f"{LIST}add/", ENTERED)
    page = f"{LIST}{Mailbox.objects.get().inbox_id}/"
    kept = ENTERED | {"incoming_password": "", "outgoing_password": "", "folders": "INBOX", "name": "Brand"}
    assert mette.post(page, kept).status_code == 302
    assert (unseal(stored("in").password), Inbox.objects.get(address=BRAND).name) == ("hemmelig-1", "Brand")
    mette.post(page, kept | {"incoming_password": "a new word"})
    assert unseal(stored("in").password) == "a new word"


def test_a_stored_password_is_not_passed_on_to_another_server(mette: Client) -> None:
    mette.post(f"{LIST}add/", ENTERED)
    page = f"{LIST}{Mailbox.objects.get().inbox_id}/"
    answer = mette.post(page, ENTERED | {"incoming_password": "", "incoming_host": "thief.example"})
    assert answer.status_code == 422
    assert "Server or user has changed: enter the password again." in answer.content.decode()
    assert stored("in").host == "imap.example.com"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"address": "hello"}, "hello is no mail address"),
        ({"address": "hello@nordhvile.example"}, "There is a mailbox with this address already."),
        ({"incoming_host": "https://imap.example.com"}, "Enter the server&#x27;s name only"),
        ({"incoming_port": "99999"}, "A port is a whole number from 1 to 65535."),
        ({"folders": " , "}, "Name a folder at least"),
        ({"sign_in": "google"}, "Enter the client id"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(mette: Client, change: dict[str, str], words: str) -> None:
    answer = mette.post(f"{LIST}add/", ENTERED | change)
    assert (answer.status_code, words in answer.content.decode(), Mailbox.objects.count()) == (422, True, 0)


@pytest.mark.parametrize("path", ["", "add/", "1/", "1/test/"])
def test_only_managers_see_them(client: Client, world: World, path: str) -> None:
    client.force_login(world.ida)
    assert client.get(LIST + path).status_code == 409


def test_pause_and_rehearsal_are_switched_by_their_buttons(mette: Client, world: World) -> None:
    mailbox = add_mailbox(wish(), by=world.mette)
    for path, field in (("rehearsal", "sends_since"), ("pause", "paused_at")):
        states = []
        for _ in range(2):
            mette.post(f"{LIST}{mailbox.inbox_id}/{path}/")
            mailbox.refresh_from_db()
            states.append(getattr(mailbox, field) is not None)
        assert states == [True, False], path


def test_the_first_inbox_of_an_older_desk_is_shown_and_may_be_given_a_mailbox(mette: Client, world: World) -> None:
    assert world.inbox.address in mette.get(LIST).content.decode()
    entered = ENTERED | {"name": "Nordhvile", "address": world.inbox.address}
    assert mette.post(f"{LIST}{world.inbox.pk}/", entered).status_code == 302
    mailbox = Mailbox.objects.get()
    assert (mailbox.inbox, mailbox.inbox.sends, mailbox.receives) == (world.inbox, True, "imap")


def test_a_test_says_step_by_step_what_is_wrong(mette: Client, world: World) -> None:
    mailbox = add_mailbox(wish(incoming=ServerWish("mail.nowhere.invalid")), by=world.mette)
    assert "There is no server" not in mette.get(f"{LIST}{mailbox.inbox_id}/test/").content.decode()
    page = mette.post(f"{LIST}{mailbox.inbox_id}/test/").content.decode()
    assert "There is no server called mail.nowhere.invalid." in page
    assert "Look for a slip in the name" in page


def test_the_same_in_danish(mette: Client, world: World) -> None:
    world.mette.language = "da"
    world.mette.save()
    mailbox = add_mailbox(wish(incoming=ServerWish("mail.nowhere.invalid")), by=world.mette)
    page = mette.post(f"{LIST}{mailbox.inbox_id}/test/").content.decode()
    assert "Der findes ingen server, der hedder mail.nowhere.invalid." in page


def test_sending_in_rehearsal_says_so_and_keeps_the_answer(client: Client, world: World) -> None:
    add_mailbox(wish(), by=world.mette)
    conversation = filed(letter(to=BRAND), to=BRAND).conversation
    client.force_login(world.ida)
    page = client.get(f"/desk/c/{conversation.number}/").content.decode()
    assert "Rehearsal: nothing is sent from Nordhvile Brand until a manager turns it on." in page
    assert "Rehearsal: nothing is sent from Nordhvile Brand." in client.get("/desk/").content.decode()
    answer = client.post(f"/desk/c/{conversation.number}/reply/", {"text": "Kære Freja"}, follow=True)
    assert "Rehearsal: nothing was sent. Your answer is kept as a draft." in answer.content.decode()
    assert (Draft.objects.get().text, OutgoingMail.objects.count()) == ("Kære Freja", 0)
    turn_on(Mailbox.objects.get(), by=world.mette)
    assert "Rehearsal" not in client.get(f"/desk/c/{conversation.number}/").content.decode()


def test_mail_that_named_no_address_of_ours_is_listed(mette: Client, world: World) -> None:
    raw = filed(letter(to="who@else.example"), to="who@else.example").raw_mails.get()
    RawMail.objects.filter(pk=raw.pk).update(is_unaddressed=True)
    page = mette.get(LIST).content.decode()
    assert "who@else.example" in page
    assert f"/desk/c/{raw.message.conversation.number}/" in page


def test_signing_in_at_a_provider_goes_there_and_back(mette: Client, world: World) -> None:
    with running_provider(BRAND) as provider:
        grant = GrantWish(CLIENT, SECRET, f"{provider.url}/authorize", f"{provider.url}/token")
        mailbox = add_mailbox(wish(sign_in="google", grant=grant), by=world.mette)
        there = mette.get(f"{LIST}{mailbox.inbox_id}/sign-in/")
        back = provider.allow(there["Location"])
        assert back.startswith(f"{settings.PUBLIC_URL}/desk/settings/mailboxes/signed-in/?")
        forged: Any = mette.get(back.replace("state=", "state=x"))
        assert (forged.status_code, provider.tokens) == (409, set())
        there = mette.get(f"{LIST}{mailbox.inbox_id}/sign-in/")
        done = mette.get(provider.allow(there["Location"]))
        assert (done.status_code, len(provider.tokens)) == (302, 1)
        mailbox.refresh_from_db()
        assert mailbox.grant.granted_at is not None
        refused = mette.get(provider.allow(there["Location"]))
        assert refused.status_code == 409  # used


def test_a_sealed_secret_opens_under_its_own_key_only() -> None:
    sealed = seal("hemmelig-1")
    assert (unseal(sealed), "hemmelig" in sealed, seal(""), unseal("")) == ("hemmelig-1", False, "", "")
    with override_settings(SECRET_KEY="another key"), pytest.raises(CannotOpen, match=r"desk\.toml"):
        unseal(sealed)


def test_changing_keeps_what_is_not_asked_for(world: World) -> None:
    mailbox = add_mailbox(wish(incoming=ServerWish("a.example", user="u", password="p")), by=world.mette)
    changed = change_mailbox(mailbox, wish(incoming=ServerWish("a.example", user="u")), by=world.mette)
    assert unseal(changed.servers.get().password) == "p"
    with pytest.raises(Invalid, match="enter the password again"):
        change_mailbox(mailbox, wish(incoming=ServerWish("a.example", user="v")), by=world.mette)
