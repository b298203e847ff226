"""The mail page: what went astray is listed for those who lead, with what can be done about it."""

import pytest
from django.test import Client

from goodword.channels import intake
from goodword.channels.models import OutgoingMail, RawMail
from goodword.channels.parsing import ParsedMail
from goodword.channels.sending import mark_unknown
from goodword.desk.actions.conversations import reply
from goodword.desk.models import Message
from tests.channels.post import arrive, letter
from tests.world import World


@pytest.fixture
def lost(world: World) -> OutgoingMail:
    """Ida's answer, in the middle of whose sending the desk died."""
    reply(world.write(world.freja, "Hello").conversation, "Good day!", by=world.ida)
    return mark_unknown(OutgoingMail.objects.get())


@pytest.fixture
def ignored(world: World) -> RawMail:
    """A machine's answer to nothing of ours."""
    return arrive(letter("I am away.\n", auto_submitted="auto-replied"))


def broken(content: bytes) -> ParsedMail:
    raise ValueError("no such <charset>")


def test_an_ignored_mail_is_listed_with_sender_and_reason_and_filed_by_a_click(ignored: RawMail, mette: Client) -> None:
    page = mette.get("/desk/mail/").content.decode()
    assert "freja@holm.example" in page
    assert "En maskine svarer på noget, vi ikke har skrevet." in page
    assert "Lagt til side: 1" not in page
    assert "Sprunget over: 1" in page
    assert mette.post(f"/desk/mail/in/{ignored.pk}/again/").status_code == 302
    assert RawMail.objects.get(pk=ignored.pk).state == RawMail.FILED
    assert "Sprunget over: 0" in mette.get("/desk/mail/").content.decode()


def test_an_unreadable_mail_can_be_run_again(world: World, mette: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(intake, "parse", broken)
        raw = arrive(letter())
        page = mette.post(f"/desk/mail/in/{raw.pk}/again/", follow=True).content.decode()
    assert "no such &lt;charset&gt;" in page
    mette.post(f"/desk/mail/in/{raw.pk}/again/")
    assert RawMail.objects.get(pk=raw.pk).state == RawMail.FILED


def test_the_bytes_are_a_download_and_never_a_page(ignored: RawMail, mette: Client) -> None:
    answer = mette.get(f"/desk/mail/in/{ignored.pk}/raw/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert b"I am away." in answer.content


def test_erased_bytes_are_not_there(ignored: RawMail, mette: Client) -> None:
    RawMail.objects.update(blob="", envelope_from="")
    assert mette.get(f"/desk/mail/in/{ignored.pk}/raw/").status_code == 404
    assert "/raw/" not in mette.get("/desk/mail/").content.decode()


def test_a_mail_that_may_not_have_gone_is_sent_again(lost: OutgoingMail, mette: Client) -> None:
    page = mette.get("/desk/mail/").content.decode()
    assert lost.recipient in page
    assert "Desken standsede" in page
    mette.post(f"/desk/mail/out/{lost.pk}/again/")
    assert OutgoingMail.objects.get().state == OutgoingMail.QUEUED
    assert mette.post(f"/desk/mail/out/{lost.pk}/arrived/").status_code == 404


def test_it_counts_as_sent_once_she_says_that_it_went(lost: OutgoingMail, mette: Client) -> None:
    mette.post(f"/desk/mail/out/{lost.pk}/arrived/")
    assert OutgoingMail.objects.get().state == OutgoingMail.SENT
    assert Message.objects.get(pk=lost.message.pk).delivery == "sent"


def test_only_who_leads_sees_the_page_and_the_way_to_it(ignored: RawMail, ida: Client, mette: Client) -> None:
    paths = [f"/desk/mail/in/{ignored.pk}/raw/", "/desk/mail/"]
    assert [ida.get(path).status_code for path in paths] == [409, 409]
    assert ida.post(f"/desk/mail/in/{ignored.pk}/again/").status_code == 409
    assert 'href="/desk/mail/"' in mette.get("/desk/").content.decode()
    assert 'href="/desk/mail/"' not in ida.get("/desk/").content.decode()


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in(ignored: RawMail, client: Client) -> None:
    assert client.get("/desk/mail/").status_code == 302
