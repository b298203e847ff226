"""Signing in: by mail address and password, with help for whoever has forgotten it."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.test import Client

from goodword.web import sign_in
from tests.world import PASSWORD, World

ADDRESS = "ida@nordhvile.example"


def test_she_signs_in_with_address_and_password(world: World, client: Client) -> None:
    answer = client.post("/sign-in/login/", {"login": ADDRESS, "password": PASSWORD})
    assert answer["Location"] == "/desk/"


def test_a_wrong_password_is_said_in_words_and_opens_nothing(world: World, client: Client) -> None:
    answer = client.post("/sign-in/login/", {"login": ADDRESS, "password": "not the word"})
    assert 'role="alert"' in answer.content.decode()
    assert client.get("/desk/").status_code == 302


def test_nobody_signs_up(world: World, client: Client) -> None:
    form = {"email": "new@nordhvile.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/sign-in/signup/", form)
    assert client.get("/desk/").status_code == 302


def test_the_pages_of_the_second_step_are_in_our_look(world: World, ida: Client) -> None:
    page = ida.get("/sign-in/2fa/").content.decode()
    assert "goodword/css/tokens.css" in page
    assert 'class="card stack stack-s"' in page


def test_a_forgotten_password_is_mailed_from_the_desks_own_address(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str, bytes]] = []

    @contextmanager
    def server(_mailbox: Any) -> Iterator[None]:
        yield None

    def hand_over(_server: Any, sender: str, recipient: str, content: bytes) -> None:
        sent.append((sender, recipient, content))

    monkeypatch.setattr(sign_in, "connected", server)
    monkeypatch.setattr(sign_in, "hand_over", hand_over)
    client.post("/sign-in/password/reset/", {"email": ADDRESS})
    ((sender, recipient, content),) = sent
    assert (sender, recipient) == ("hello@nordhvile.example", ADDRESS)
    assert b"/sign-in/password/reset/key/" in content


@pytest.mark.parametrize(
    ("browser", "words"),
    [
        ("da", "nulstilling"),
        ("id", "kata sandi"),
        ("ms", "Anda menerima e-mel ini kerana anda atau orang lain meminta kata laluan akaun anda ditetapkan semula."),
        ("tr", "Merhaba, burası testserver!"),
    ],
)
def test_the_mail_about_a_forgotten_password_is_in_the_browsers_language(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, browser: str, words: str
) -> None:
    sent: list[bytes] = []

    @contextmanager
    def server(_mailbox: Any) -> Iterator[None]:
        yield None

    monkeypatch.setattr(sign_in, "connected", server)
    monkeypatch.setattr(sign_in, "hand_over", lambda _server, _from, _to, content: sent.append(content))
    client.post("/sign-in/password/reset/", {"email": ADDRESS}, headers={"accept-language": browser})
    text = message_from_bytes(sent[0], policy=policy.default).get_content()
    assert words in text
    assert "receiving this email" not in text


def test_without_an_outgoing_server_it_says_so(world: World, client: Client) -> None:
    answer = client.post("/sign-in/password/reset/", {"email": ADDRESS})
    assert answer.status_code == 409
    assert "The mail could not be sent" in answer.content.decode()


@pytest.mark.parametrize(
    ("browser", "spoken"),
    [("id-ID,id", "id"), ("ms", "ms"), ("tr-TR,tr", "tr"), ("da-DK,da", "da"), ("en", "en"), ("fr", "en")],
)
def test_the_sign_in_page_is_whole_in_one_language(world: World, client: Client, browser: str, spoken: str) -> None:
    page = client.get("/sign-in/login/", headers={"accept-language": browser})
    assert page["Content-Language"] == spoken
    assert f'lang="{spoken}"' in page.content.decode()


def test_an_agent_in_a_language_the_pages_are_not_in_reads_english(world: World, ida: Client) -> None:
    type(world.ida).objects.filter(pk=world.ida.pk).update(language="fr")
    page = ida.get("/desk/").content.decode()
    assert '<html lang="en"' in page
    assert 'value="da" lang="da"' in page
    assert 'value="fr"' not in page


def test_nobody_chooses_a_language_the_pages_are_not_whole_in(world: World, ida: Client) -> None:
    assert ida.post("/desk/language/", {"language": "fr"}).status_code == 422
