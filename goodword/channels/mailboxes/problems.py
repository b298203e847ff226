"""What can be wrong with a mailbox: each kind with a code, a plain sentence, and what to do next.

Codes are stored, words are made for whoever reads them, in her language.
"""

import imaplib
import smtplib
import socket
import ssl
from dataclasses import dataclass

from django.utils.translation import gettext as _
from imap_tools import errors as imap

from goodword.channels.mailboxes.sealing import CannotOpen

MOST_DETAIL = 300


@dataclass(frozen=True)
class Problem:
    """What is wrong: a code, and the server's own words where it said any."""

    code: str
    detail: str = ""


@dataclass(frozen=True)
class Place:
    """Where it is wrong, for the sentence: the server as it was entered."""

    host: str
    port: int
    user: str = ""
    security: str = ""


class MailboxProblem(Exception):
    """A mailbox cannot be used as it is. Its text is the code: words are for people, codes for logs."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.problem = Problem(code, detail[:MOST_DETAIL])


# RFC 5280's checks, as OpenSSL numbers them.
_CERTIFICATE = {9: "not_yet_valid", 10: "expired", 18: "self_signed", 19: "self_signed", 62: "other_name"}
_LOGIN_REFUSED = (smtplib.SMTPAuthenticationError, imap.MailboxLoginError)


def explained(error: BaseException) -> Problem:
    """Which problem an error of the network, of IMAP or of SMTP is."""
    for kind in (error, error.__cause__, error.__context__):
        if kind is not None and (found := _known(kind)):
            return found
    return Problem("unknown", f"{type(error).__name__}: {error}"[:MOST_DETAIL])


def _known(error: BaseException) -> Problem | None:
    if isinstance(error, MailboxProblem):
        return error.problem
    if isinstance(error, CannotOpen):
        return Problem("cannot_open")
    if isinstance(error, _LOGIN_REFUSED):
        return Problem("login_refused", _words(error))
    # The protocol first: smtplib's errors are the network's, too, by Python's tree.
    return _of_the_protocol(error) or _of_the_network(error)


def _of_the_network(error: BaseException) -> Problem | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        code = _CERTIFICATE.get(error.verify_code, "untrusted")
        return Problem(f"certificate_{code}", error.verify_message)
    if isinstance(error, ssl.SSLError):
        plain = error.reason in {"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"}
        return Problem("no_tls_here" if plain else "tls_failed", str(error.reason or ""))
    if isinstance(error, socket.gaierror):
        return Problem("no_such_host")
    if isinstance(error, ConnectionRefusedError):
        return Problem("refused")
    if isinstance(error, TimeoutError):
        return Problem("timeout")
    if isinstance(error, ConnectionError | smtplib.SMTPServerDisconnected):
        return Problem("hung_up", str(error)[:MOST_DETAIL])
    return Problem("unreachable", error.strerror or "") if isinstance(error, OSError) else None


def _of_the_protocol(error: BaseException) -> Problem | None:
    if isinstance(error, imap.MailboxFolderSelectError | imap.MailboxFolderStatusError):
        return Problem("folder_missing", _words(error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Problem("no_starttls" if "STARTTLS" in str(error) else "no_login_offered", _words(error))
    if isinstance(error, smtplib.SMTPSenderRefused):
        return Problem("sender_refused", _words(error))
    if isinstance(error, imaplib.IMAP4.abort):
        return Problem("hung_up", _words(error))
    if isinstance(error, imaplib.IMAP4.error):
        text = _words(error)
        refused = any(sign in text.upper() for sign in ("AUTHENTICATIONFAILED", "AUTHENTICATE", "INVALID CREDENTIALS"))
        return Problem("login_refused" if refused else "imap_refused", text)
    is_smtp = isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected)
    return Problem("smtp_refused", _words(error)) if is_smtp else None


def _words(error: BaseException) -> str:
    """What the server said, as one line."""
    if isinstance(error, imap.UnexpectedCommandStatusError):
        said = error.command_result[1]
        return _line(b" ".join(part for part in said if isinstance(part, bytes)))
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_line(error.smtp_error)}"[:MOST_DETAIL]
    return _line(str(error))


def _line(text: bytes | str) -> str:
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(told.replace("\0", " ").split())[:MOST_DETAIL]


def words_for(problem: Problem, place: Place) -> tuple[str, str]:
    """What is wrong and what to do next: two sentences in the reader's language."""
    sentences = _sentences(place)
    return sentences.get(problem.code, sentences["unknown"])


def _sentences(place: Place) -> dict[str, tuple[str, str]]:
    at = {"host": place.host, "port": place.port, "user": place.user, "name": place.user}
    told = {**_of_reaching(), **_of_the_wrong_port(), **_of_certificates(), **_of_signing_in(), **_of_mail()}
    return {code: (what % at, do % at) for code, (what, do) in told.items()}


def _of_reaching() -> dict[str, tuple[str, str]]:
    return {
        "no_such_host": (
            _("There is no server called %(host)s."),
            _("Look for a slip in the name; your mail provider names it in its help pages."),
        ),
        "refused": (
            _("Nothing answers on port %(port)s of %(host)s."),
            _("Check the port (993 or 143 for IMAP, 465 or 587 for SMTP), and that a firewall lets us through."),
        ),
        "unreachable": (
            _("The server %(host)s cannot be reached from here."),
            _("Check this machine's network and firewall, then try again."),
        ),
        "timeout": (
            _("The server %(host)s does not answer on port %(port)s in time."),
            _("Check the port, and that no firewall swallows the connection; then try again."),
        ),
        "hung_up": (
            _("The server %(host)s ended the connection."),
            _("Try again in a few minutes; if it goes on, ask the server's keeper whether this machine is blocked."),
        ),
    }


def _of_the_wrong_port() -> dict[str, tuple[str, str]]:
    return {
        "no_tls_here": (
            _("Port %(port)s of %(host)s does not speak TLS from the first byte."),
            _("Choose STARTTLS for this port, or take the TLS port: 993 for IMAP, 465 for SMTP."),
        ),
        "tls_from_the_start": (
            _("Port %(port)s of %(host)s speaks TLS from the first byte, and STARTTLS or no encryption was chosen."),
            _("Choose TLS for this port."),
        ),
        "tls_failed": (
            _("The encrypted connection to %(host)s could not be made."),
            _("The server may be too old for today's TLS: have it brought up to date."),
        ),
        "no_starttls": (
            _("The server %(host)s offers no STARTTLS on port %(port)s."),
            _("Choose TLS and its port (993 or 465). Without encryption only for a server on your own network."),
        ),
        "no_greeting": (
            _("Something answers on port %(port)s of %(host)s, but it says nothing."),
            _("It is no mail server, or not on this port: check host and port."),
        ),
        "not_imap": (
            _("What answers on port %(port)s of %(host)s is no IMAP server."),
            _("Check the port: 993 with TLS, 143 with STARTTLS."),
        ),
        "not_smtp": (
            _("What answers on port %(port)s of %(host)s is no SMTP server."),
            _("Check the port: 465 with TLS, 587 with STARTTLS."),
        ),
    }


def _of_certificates() -> dict[str, tuple[str, str]]:
    return {
        "certificate_expired": (
            _("The certificate of %(host)s has expired."),
            _("Have the server's keeper renew it. Until then nobody can tell whether it is the right server."),
        ),
        "certificate_not_yet_valid": (
            _("The certificate of %(host)s is not valid yet."),
            _("Check the clock of this machine, and then the server's certificate."),
        ),
        "certificate_self_signed": (
            _("The server %(host)s signed its certificate itself, so it proves nothing."),
            _(
                "Have it get a certificate that others trust. "
                "For a server on your own network you may switch the check off."
            ),
        ),
        "certificate_other_name": (
            _("The certificate that %(host)s shows is for another name."),
            _("Enter the server by the name in its certificate, as your provider writes it."),
        ),
        "certificate_untrusted": (
            _("Nobody this machine trusts has signed the certificate of %(host)s."),
            _("The server may leave out a certificate in between: have its keeper send the whole chain."),
        ),
    }


def _of_signing_in() -> dict[str, tuple[str, str]]:
    return {
        "login_refused": (
            _("The server %(host)s refuses the login of %(user)s."),
            _("Check user and password. Many providers want an app password, or IMAP to be switched on first."),
        ),
        "no_login_offered": (
            _("The server %(host)s offers no login on this connection."),
            _(
                "Choose TLS or STARTTLS: servers offer the login on an encrypted connection only. "
                "Or leave the user empty."
            ),
        ),
        "sign_in_needed": (
            _("Nobody has signed in at the provider for this mailbox yet."),
            _("Press the button to sign in there, and allow reading and sending mail."),
        ),
        "sign_in_ended": (
            _("The provider no longer accepts our leave to use this mailbox."),
            _("Sign in at the provider again: the password was changed, or the leave withdrawn."),
        ),
        "sign_in_unreachable": (
            _("The provider's sign-in server does not answer as it should."),
            _("It is tried again by itself. If it goes on, check the addresses of the sign-in."),
        ),
        "cannot_open": (
            _("The stored password cannot be opened: this desk's secret key has changed."),
            _("Restore desk.toml from the backup, or enter the password again."),
        ),
    }


def _of_mail() -> dict[str, tuple[str, str]]:
    return {
        "folder_missing": (
            _("A folder that is to be read is not there."),
            _("Choose the folders again: it was renamed or deleted on the server."),
        ),
        "imap_refused": (
            _("The server %(host)s refused to go on."),
            _("Its own words are below; its keeper knows what they mean."),
        ),
        "smtp_refused": (
            _("The server %(host)s refused to take mail."),
            _("Its own words are below; its keeper knows what they mean."),
        ),
        "sender_refused": (
            _("The server %(host)s does not let %(user)s send as this inbox."),
            _(
                "Allow the inbox's address as a sender there. "
                "If only the address with a plus is refused, switch plus addresses off."
            ),
        ),
        "recipient_refused": (
            _("The server %(host)s does not take mail for the inbox's own address."),
            _("If it sends to others all the same, this does no harm; else check that it may relay for you."),
        ),
        "no_server": (
            _("No server is set to send through."),
            _("Enter a server for sending, or set GOODWORD_SMTP_OUT for the whole desk."),
        ),
        "receiver_silent": (
            _("The desk's own mail receiver does not answer on port %(port)s."),
            _("Start `goodword run`, or `goodword mail`; then have your mail server hand mail on to this port."),
        ),
        "receiver_refuses": (
            _("The desk's own mail receiver does not take mail for this address."),
            _("Check the inbox's address and its further addresses."),
        ),
        "unknown": (
            _("Something went wrong that we have no name for."),
            _("The technical words are below; look into the log of the process."),
        ),
    }
