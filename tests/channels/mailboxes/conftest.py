"""Real mail servers for a test, and the mailbox that reads from and sends by them."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodword.channels.mailboxes.actions import add_mailbox
from goodword.channels.mailboxes.wishes import MailboxWish, ServerWish
from goodword.channels.models import Mailbox
from tests.channels.mailboxes import dovecot as dovecots
from tests.channels.mailboxes import postfix as postfixes
from tests.channels.mailboxes.certificates import Authority, Certificate, make_authority, make_certificate
from tests.channels.mailboxes.dovecot import PASSWORD, USER, Dovecot, running_dovecot
from tests.channels.mailboxes.postfix import Postfix, running_postfix
from tests.world import World

BRAND = "brand@nordhvile.example"


@pytest.fixture(scope="session")
def authority_folder() -> Iterator[Path]:
    """Readable by the servers' own users, as pytest's folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="goodword-mail-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def authority(authority_folder: Path) -> Authority:
    return make_authority(authority_folder)


@pytest.fixture(scope="session")
def certificate(authority: Authority, authority_folder: Path) -> Certificate:
    return make_certificate(authority_folder, "good", authority=authority)


@pytest.fixture
def server_folder(authority_folder: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=authority_folder))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """This machine trusts the tests' authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


@pytest.fixture
def dovecot(server_folder: Path, certificate: Certificate, trusted: Authority) -> Iterator[Dovecot]:
    if not Path(dovecots.PROGRAM).exists():
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd).")
    with running_dovecot(server_folder / "dovecot", certificate) as server:
        yield server


@pytest.fixture
def postfix(server_folder: Path, certificate: Certificate, dovecot: Dovecot) -> Iterator[Postfix]:
    if not postfixes.MAY_RUN:
        pytest.skip("Postfix is not installed (Debian: postfix), or this is not root: it starts as root only.")
    with running_postfix(server_folder / "postfix", certificate, dovecot) as server:
        yield server


def reading_from(server: Dovecot, *, port: int | None = None, security: str = "tls", **other: object) -> ServerWish:
    """The IMAP server as a manager enters it."""
    wish = {"host": "localhost", "port": port or server.tls, "security": security, "user": USER, "password": PASSWORD}
    return ServerWish(**{**wish, **other})  # type: ignore[arg-type]


def sending_by(server: Postfix, **other: object) -> ServerWish:
    """The SMTP server as a manager enters it."""
    wish = {
        "host": "localhost", "port": server.submission, "security": "starttls", "user": USER, "password": PASSWORD,
    }  # fmt: skip
    return ServerWish(**{**wish, **other})  # type: ignore[arg-type]


def wish(**other: object) -> MailboxWish:
    """A second inbox of the company, in Danish."""
    return MailboxWish(**{"address": BRAND, "name": "Nordhvile Brand", "language": "da", **other})  # type: ignore[arg-type]


@pytest.fixture
def mailbox(world: World, dovecot: Dovecot) -> Mailbox:
    """A mailbox that reads Dovecot's INBOX, in rehearsal."""
    return add_mailbox(wish(incoming=reading_from(dovecot)), by=world.mette)
