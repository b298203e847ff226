"""The demo's pages: three doors on this machine only, the customer's mailbox, the outbox."""

import email
import smtplib
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from goodword.channels.models import DeliveredMail
from goodword.lib import clock
from goodword.lib.blobs import keep_blob
from tests.world import World

PAGES = ["/desk/demo/customers/", "/desk/demo/outbox/"]
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def demo(world: World, settings: Settings) -> World:
    settings.DEMO = True
    return world


class Postbox:
    """Stands where the mail receiver would: keeps what is handed over."""

    mails: list[tuple[str, EmailMessage]] = []

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def __enter__(self) -> "Postbox":
        return self

    def __exit__(self, *_: object) -> None: ...

    def send_message(self, mail: EmailMessage, from_addr: str) -> None:
        self.mails.append((from_addr, mail))


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, EmailMessage]]:
    Postbox.mails = []
    monkeypatch.setattr(smtplib, "SMTP", Postbox)
    return Postbox.mails


def delivered(recipient: str, text: str) -> DeliveredMail:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Nordhvile <hello@nordhvile.example>", recipient, "Your lamp"
    mail["Message-ID"], mail["Reply-To"] = "<c1@nordhvile.example>", "hello+c1-token@nordhvile.example"
    mail.set_content(text)
    blob = keep_blob(mail.as_bytes())
    return DeliveredMail.objects.create(blob=blob, recipient=recipient, received_at=clock.now())


def test_the_doors_open_without_a_password(demo: World, client: Client) -> None:
    client.post("/desk/demo/enter/", {"door": "agent"})
    assert client.get("/desk/").wsgi_request.user == demo.ida
    client.post("/desk/demo/enter/", {"door": "manager"})
    assert client.get("/desk/").wsgi_request.user == demo.mette


@pytest.mark.parametrize("path", PAGES)
def test_without_a_demo_the_pages_do_not_exist(world: World, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post("/desk/demo/enter/", {"door": "agent"}).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_from_another_machine_the_pages_do_not_exist(demo: World, client: Client, path: str) -> None:
    assert client.get(path, **ELSEWHERE).status_code == 404
    assert client.post("/desk/demo/enter/", {"door": "agent"}, **ELSEWHERE).status_code == 404


def test_a_door_needs_the_token_of_the_page(demo: World) -> None:
    assert Client(enforce_csrf_checks=True).post("/desk/demo/enter/", {"door": "agent"}).status_code == 403


def test_she_sees_her_own_mail_and_nobody_elses(demo: World, client: Client) -> None:
    delivered("freja@holm.example", "Dear Freja")
    delivered("oliver@grant.example", "Dear Oliver")
    page = client.get(f"/desk/demo/customers/{demo.freja.pk}/").content.decode()
    assert "Dear Freja" in page
    assert "Dear Oliver" not in page


def test_her_reply_threads_and_quotes(
    demo: World, client: Client, postbox: list[tuple[str, EmailMessage]]
) -> None:
    mail = delivered("freja@holm.example", "Dear Freja")
    form = {"sender": "freja@holm.example", "answer": mail.pk, "subject": "Re: Your lamp", "text": "Thank you"}
    client.post(f"/desk/demo/customers/{demo.freja.pk}/write/", form)
    ((sender, sent),) = postbox
    assert (sender, sent["To"], sent["In-Reply-To"]) == (
        "freja@holm.example", "hello+c1-token@nordhvile.example", "<c1@nordhvile.example>",
    )  # fmt: skip
    assert "Thank you\n\nOn " in sent.get_content()
    assert "> Dear Freja" in sent.get_content()


def test_she_writes_a_new_mail_from_any_of_her_addresses(
    demo: World, client: Client, postbox: list[tuple[str, EmailMessage]]
) -> None:
    form = {"sender": "fh@arbejde.example", "inbox": "hello@nordhvile.example", "subject": "Lampe", "text": "Hej"}
    client.post(f"/desk/demo/customers/{demo.freja.pk}/write/", form)
    ((sender, sent),) = postbox
    assert (sender, sent["To"]) == ("fh@arbejde.example", "hello@nordhvile.example")
    assert email.utils.parseaddr(str(sent["From"]))[1] == "fh@arbejde.example"


def test_she_writes_from_no_address_but_her_own(demo: World, client: Client) -> None:
    form = {"sender": "oliver@grant.example", "text": "Hello"}
    assert client.post(f"/desk/demo/customers/{demo.freja.pk}/write/", form).status_code == 422


def test_a_receiver_that_is_not_there_is_said_plainly(demo: World, client: Client, settings: Settings) -> None:
    settings.SMTP_PORT = 9
    form = {"sender": "freja@holm.example", "text": "Hello"}
    answer = client.post(f"/desk/demo/customers/{demo.freja.pk}/write/", form)
    assert (answer.status_code, "did not take the mail" in answer.content.decode()) == (409, True)


def test_the_outbox_shows_each_mail_as_the_customer_sees_it(demo: World, client: Client) -> None:
    mail = delivered("freja@holm.example", "Dear Freja")
    assert "Your lamp" in client.get("/desk/demo/outbox/").content.decode()
    page = client.get(f"/desk/demo/outbox/{mail.pk}/").content.decode()
    assert "Dear Freja" in page
    assert "hello+c1-token@nordhvile.example" in page
