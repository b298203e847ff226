"""`goodword mailbox`: the same as the pages, for whoever sits at the machine."""

from pathlib import Path

import pytest
from django.test import override_settings

from goodword.channels.mailboxes.sealing import unseal
from goodword.channels.models import Mailbox, MailServer
from goodword.lib.errors import Invalid, NotFound
from goodword.ops.cli import _parser
from goodword.ops.mailbox_commands import run
from tests.channels.mailboxes.conftest import BRAND
from tests.channels.mailboxes.dovecot import PASSWORD, USER, Dovecot
from tests.world import World


def mailbox(*words: str) -> int:
    return run(_parser().parse_args(["mailbox", *words]))


@pytest.fixture
def password(tmp_path: Path) -> str:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n", encoding="utf-8")
    return str(file)


def add(dovecot: Dovecot, password: str) -> int:
    return mailbox(
        "add", BRAND, "--name", "Brand", "--language", "da", "--imap-host", "localhost", "--imap-port",
        str(dovecot.tls), "--imap-user", USER, "--password-file", password, "--alias", "@brand.example",
    )  # fmt: skip


def test_a_mailbox_is_added_tried_and_turned_on(
    world: World, dovecot: Dovecot, password: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(dovecot, password) == 0
    made = Mailbox.objects.get()
    assert (made.inbox.sends, made.aliases, unseal(MailServer.objects.get().password)) == (
        False, ["@brand.example"], PASSWORD,
    )  # fmt: skip
    with override_settings(SMTP_OUT="smtp://127.0.0.1:1"):
        assert mailbox("test", BRAND) == 0
    assert mailbox("turn-on", BRAND) == 0
    assert mailbox("list") == 0
    said = capsys.readouterr().out
    assert "ok   The folder INBOX" in said
    assert f"{BRAND} sends from now on." in said
    assert f"{BRAND}: imap, sends; fetched 0 = kept 0 = filed 0 + set aside 0 + waiting 0" in said
    assert f"{world.inbox.address}: smtp, sends; no mailbox of its own" in said
    assert PASSWORD not in said


def test_what_is_wrong_is_printed_and_the_status_says_so(
    world: World, dovecot: Dovecot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text("not the word")
    add(dovecot, str(tmp_path / "password"))
    assert mailbox("test", BRAND) == 1
    assert f"     The server localhost refuses the login of {USER}." in capsys.readouterr().out


def test_without_a_password_or_with_an_unknown_address_nothing_is_done(world: World, dovecot: Dovecot) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        add(dovecot, "/nowhere")
    with pytest.raises(NotFound, match="names all"):
        mailbox("pause", "nobody@else.example")
    assert Mailbox.objects.count() == 0
