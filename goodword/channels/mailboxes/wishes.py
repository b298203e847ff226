"""What a manager wants a mailbox to be, as she enters it; checked before anything is stored."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from goodword.accounts.models import Team
from goodword.channels.models import Mailbox, MailServer
from goodword.lib.errors import Invalid

PORTS = {
    (MailServer.IN, MailServer.TLS): 993,
    (MailServer.IN, MailServer.STARTTLS): 143,
    (MailServer.IN, MailServer.PLAIN): 143,
    (MailServer.OUT, MailServer.TLS): 465,
    (MailServer.OUT, MailServer.STARTTLS): 587,
    (MailServer.OUT, MailServer.PLAIN): 25,
}


@dataclass(frozen=True)
class ServerWish:
    """One server. `port` None: the usual one for its security. `password` None: as it was."""

    host: str
    port: int | None = None
    security: str = MailServer.TLS
    verifies_certificate: bool = True
    user: str = ""
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class GrantWish:
    """An application registered at a provider. `client_secret` None: as it was; empty addresses: the provider's own."""

    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    authorize_url: str = ""
    token_url: str = ""


@dataclass(frozen=True)
class MailboxWish:
    """An inbox and its plumbing. `outgoing` None: through GOODWORD_SMTP_OUT; `incoming` None: over SMTP, to us."""

    address: str
    name: str
    language: str
    languages: tuple[str, ...] = ()
    team: Team | None = None
    signature: str = ""
    aliases: tuple[str, ...] = ()
    uses_plus_addresses: bool = True
    sign_in: str = Mailbox.PASSWORD
    folders: tuple[str, ...] = ("INBOX",)
    reads_from: date | None = None
    incoming: ServerWish | None = None
    outgoing: ServerWish | None = None
    grant: GrantWish | None = None


def check(wish: MailboxWish, languages: Collection[str]) -> None:
    """Raises Invalid for the first field that makes no sense, naming it."""
    _check_address(wish.address, "address")
    for alias in wish.aliases:
        _check_address(f"x{alias}" if alias.startswith("@") else alias, "aliases")
    if not wish.name.strip():
        raise Invalid(_("The mailbox needs a name: customers see it as the sender."), field="name")
    unknown = [code for code in (wish.language, *wish.languages) if code not in languages]
    if unknown:
        told = {"language": unknown[0], "known": ", ".join(languages)}
        raise Invalid(_("The book does not speak %(language)s. Choose among %(known)s.") % told, field="language")
    if wish.incoming and not wish.folders:
        raise Invalid(_("Name a folder at least; new mail is mostly in INBOX."), field="folders")
    if wish.incoming:
        _check_server(wish.incoming, "incoming")
    if wish.outgoing:
        _check_server(wish.outgoing, "outgoing")
    _check_sign_in(wish)


def _check_address(text: str, field: str) -> None:
    try:
        validate_email(text)
    except ValidationError:
        raise Invalid(
            _("%(address)s is no mail address; it must be like hello@example.com.") % {"address": text or "“”"},
            field=field,
        ) from None


def _check_server(server: ServerWish, name: str) -> None:
    if not server.host.strip() or any(letter.isspace() or letter in "/@" for letter in server.host.strip()):
        raise Invalid(_("Enter the server's name only, like mail.example.com."), field=f"{name}_host")
    if server.port is not None and not 0 < server.port < 65536:
        raise Invalid(_("A port is a whole number from 1 to 65535."), field=f"{name}_port")
    if server.security not in {MailServer.TLS, MailServer.STARTTLS, MailServer.PLAIN}:
        raise Invalid(_("Choose TLS, STARTTLS or no encryption."), field=f"{name}_security")


def _check_sign_in(wish: MailboxWish) -> None:
    if wish.sign_in == Mailbox.PASSWORD:
        return
    if wish.sign_in not in {Mailbox.GOOGLE, Mailbox.MICROSOFT}:
        raise Invalid(_("Choose a password, Google or Microsoft to sign in with."), field="sign_in")
    if wish.grant is None or not wish.grant.client_id.strip():
        raise Invalid(_("Enter the client id of the application you registered at the provider."), field="client_id")
    for url in (wish.grant.authorize_url, wish.grant.token_url):
        if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise Invalid(_("The addresses of the sign-in begin with https://."), field="authorize_url")
