"""OAuth 2 for mail, by contract with a provider of the tests: sign-in, tokens, renewal; reading and sending by them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from goodword.channels.mailboxes import grants
from goodword.channels.mailboxes.actions import add_mailbox, turn_on
from goodword.channels.mailboxes.fetching import fetch_once
from goodword.channels.mailboxes.grants import access_token, ask_for_leave, forget_access, take_leave
from goodword.channels.mailboxes.problems import MailboxProblem, explained
from goodword.channels.mailboxes.trying import is_fine, try_mailbox
from goodword.channels.mailboxes.wishes import GrantWish, ServerWish
from goodword.channels.models import Mailbox, OAuthGrant, OutgoingMail, RawMail
from goodword.channels.tasks import send_due, take_in_due
from goodword.desk.actions.conversations import reply
from goodword.desk.models import Message
from goodword.journal.models import Event
from goodword.lib import clock
from tests.channels.mailboxes.conftest import BRAND, wish
from tests.channels.mailboxes.provider import CLIENT, SECRET, Provider, running_provider
from tests.channels.post import letter
from tests.world import NOW, World

BACK = "https://desk.nordhvile.example/desk/settings/mailboxes/signed-in/"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider(BRAND) as provider:
        yield provider


@pytest.fixture
def mailbox(world: World, provider: Provider) -> Mailbox:
    """A mailbox at the provider; nobody has signed in yet."""
    return add_mailbox(
        wish(
            sign_in="google",
            incoming=ServerWish("127.0.0.1", provider.imap, "plain", user=BRAND),
            outgoing=ServerWish("127.0.0.1", provider.smtp, "plain", user=BRAND),
            grant=GrantWish(CLIENT, SECRET, f"{provider.url}/authorize", f"{provider.url}/token"),
        ),
        by=world.mette,
    )


def sign_in(mailbox: Mailbox, provider: Provider, world: World) -> OAuthGrant:
    asked = ask_for_leave(mailbox, BACK)
    back = provider.allow(asked.url)
    assert back.startswith(BACK)
    assert f"state={asked.state}" in back
    code = back.split("code=")[1].split("&")[0]
    return take_leave(mailbox, code, asked.verifier, BACK, by=world.mette)


def test_the_flow_gives_tokens_that_are_kept_sealed(mailbox: Mailbox, provider: Provider, world: World) -> None:
    sign_in(mailbox, provider, world)
    grant = OAuthGrant.objects.get()
    (token,) = provider.tokens
    (refresh,) = provider.refresh
    stored = "".join(str(value) for value in OAuthGrant.objects.values().get().values())
    assert [each in stored for each in (token, refresh, SECRET)] == [False, False, False]
    assert (access_token(mailbox), grant.granted_at, grant.access_until) == (token, NOW, NOW + timedelta(hours=1))
    assert Event.objects.filter(kind="mailbox.signed_in", about=f"mailbox:{mailbox.pk}").count() == 1


def test_what_is_asked_for_is_what_the_standard_says(mailbox: Mailbox, provider: Provider, world: World) -> None:
    sign_in(mailbox, provider, world)
    (form,) = provider.asked
    assert (form["grant_type"], form["client_id"], form["redirect_uri"]) == ("authorization_code", CLIENT, BACK)
    assert len(form["code_verifier"]) >= 43


def test_a_code_without_its_verifier_is_refused(mailbox: Mailbox, provider: Provider, world: World) -> None:
    back = provider.allow(ask_for_leave(mailbox, BACK).url)
    code = back.split("code=")[1].split("&")[0]
    with pytest.raises(MailboxProblem, match="sign_in_ended"):
        take_leave(mailbox, code, "somebody else's verifier, long enough to be one of them", BACK, by=world.mette)


def test_mail_is_read_and_sent_with_the_token(mailbox: Mailbox, provider: Provider, world: World) -> None:
    sign_in(mailbox, provider, world)
    provider.mails.append(letter(mail_id="a@post.example").as_bytes().replace(b"\n", b"\r\n"))
    assert fetch_once(mailbox) == 1
    assert fetch_once(mailbox) == 0
    take_in_due()
    turn_on(mailbox, by=world.mette)
    message = RawMail.objects.get().message
    assert message is not None
    reply(message.conversation, "Kære Freja, det gør vi.", by=world.ida)
    assert send_due() == 1
    assert OutgoingMail.objects.get().state == "sent"
    assert b"From: Nordhvile Brand <brand@nordhvile.example>" in provider.sent[0]
    assert is_fine(try_mailbox(mailbox))


def test_a_token_is_renewed_before_it_ends_and_once(mailbox: Mailbox, provider: Provider, world: World) -> None:
    sign_in(mailbox, provider, world)
    first = access_token(mailbox)
    with clock.stopped_at(NOW + timedelta(minutes=57)):
        assert access_token(mailbox) == first
    with clock.stopped_at(NOW + timedelta(minutes=59)):
        second = access_token(mailbox)
        assert access_token(mailbox) == second
    assert first != second
    assert [form["grant_type"] for form in provider.asked] == ["authorization_code", "refresh_token"]


def test_a_renewed_refresh_token_is_the_one_used_next(mailbox: Mailbox, provider: Provider, world: World) -> None:
    sign_in(mailbox, provider, world)
    provider.renews_refresh_token = True
    for _ in range(2):
        forget_access(mailbox)
        access_token(mailbox)
    assert len({form.get("refresh_token") for form in provider.asked[1:]}) == 2


def test_leave_that_was_withdrawn_is_said_and_asks_for_a_new_sign_in(
    mailbox: Mailbox, provider: Provider, world: World
) -> None:
    sign_in(mailbox, provider, world)
    forget_access(mailbox)
    provider.refresh.clear()
    step = next(step for step in try_mailbox(mailbox) if not step.fine)
    assert (step.code, step.detail) == ("sign_in_ended", "invalid_grant")
    assert step.do.startswith("Sign in at the provider again")


def test_a_token_the_server_no_longer_takes_is_a_refused_login(
    mailbox: Mailbox, provider: Provider, world: World
) -> None:
    sign_in(mailbox, provider, world)
    provider.tokens.clear()
    codes = [step.code for step in try_mailbox(mailbox) if not step.fine]
    assert codes == ["login_refused", "login_refused"]
    forget_access(mailbox)
    assert is_fine(try_mailbox(mailbox))


def test_a_provider_in_trouble_is_tried_again_later(mailbox: Mailbox, provider: Provider, world: World) -> None:
    sign_in(mailbox, provider, world)
    forget_access(mailbox)
    provider.broken = True
    with pytest.raises(MailboxProblem) as trouble:
        access_token(mailbox)
    assert explained(trouble.value).code == "sign_in_unreachable"
    provider.broken = False
    assert access_token(mailbox) in provider.tokens


def test_nobody_has_signed_in_yet(mailbox: Mailbox) -> None:
    assert [step.code for step in try_mailbox(mailbox) if not step.fine] == ["sign_in_needed", "sign_in_needed"]


def test_the_providers_own_addresses_stand_where_none_are_entered(world: World) -> None:
    made = add_mailbox(wish(sign_in="microsoft", grant=GrantWish("id", "secret")), by=world.mette)
    grant, known = OAuthGrant.objects.get(mailbox=made), grants.PROVIDERS["microsoft"]
    assert (grant.authorize_url, grant.token_url, grant.scope) == (known.authorize_url, known.token_url, known.scope)
    assert Message.objects.count() == 0
