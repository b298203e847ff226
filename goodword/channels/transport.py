"""Handing mails to the outgoing server, and what its answers mean."""

import base64
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings

from goodword.channels.mailboxes.connecting import tls_context
from goodword.channels.mailboxes.grants import access_token, xoauth2
from goodword.channels.mailboxes.problems import MailboxProblem
from goodword.channels.mailboxes.sealing import unseal
from goodword.channels.models import Mailbox, MailServer
from goodword.lib.errors import GoodwordError

TIMEOUT_SECONDS = 60


class NotSent(Exception):
    """The server did not take the mail. `is_final`: it never will."""

    def __init__(self, problem: str, *, is_final: bool) -> None:
        super().__init__(problem)
        self.is_final = is_final


class MaybeSent(Exception):
    """The connection broke after the mail began to leave: nobody knows whether the server has it."""


def own_hostname() -> str:
    """How we call ourselves among mail servers: by the desk's public address."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


@contextmanager
def connected(mailbox: Mailbox | None = None) -> Iterator[smtplib.SMTP]:
    """A connection to the mailbox's own server, else to GOODWORD_SMTP_OUT, signed in. Raises NotSent (not final)."""
    server = _connect(mailbox)
    try:
        yield server
    finally:
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def hand_over(server: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> None:
    """Give one mail to the server. Raises NotSent before anything could have gone, MaybeSent after."""
    options = ["SMTPUTF8"] if not (sender + recipient).isascii() and server.has_extn("smtputf8") else []
    try:
        server.rset()
        _expect(server.mail(sender, [*options, f"size={len(content)}"] if server.has_extn("size") else options))
        _expect(server.rcpt(recipient))
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise NotSent(_told(error), is_final=isinstance(error, UnicodeError)) from error
    try:
        code, answer = server.data(content)
    except smtplib.SMTPDataError as error:  # the server refused before we sent a byte of it
        raise _refused(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MaybeSent(_told(error)) from error
    if code != 250:
        raise _refused(code, answer)


def _connect(mailbox: Mailbox | None) -> smtplib.SMTP:
    own = mailbox.servers.filter(way=MailServer.OUT).first() if mailbox else None
    try:
        return signed_in(mailbox, own) if mailbox and own else _by_the_setting()
    except MailboxProblem as error:
        raise NotSent(error.problem.code, is_final=False) from error
    except (smtplib.SMTPException, OSError, GoodwordError) as error:
        raise NotSent(_told(error), is_final=False) from error


def signed_in(mailbox: Mailbox, own: MailServer, *, timeout: float = TIMEOUT_SECONDS) -> smtplib.SMTP:
    """Connected and signed in to a mailbox's own server, encrypted as the row says. Raises what smtplib raises."""
    context = tls_context(own)
    if own.security == MailServer.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(own.host, own.port, own_hostname(), timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(own.host, own.port, own_hostname(), timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()
        if own.security == MailServer.STARTTLS:
            server.starttls(context=context)  # without it, nothing is sent: a refusal raises
            server.ehlo()
        if mailbox.sign_in != Mailbox.PASSWORD:
            _with_a_token(server, own.user, access_token(mailbox))
        elif own.user:
            _log_in(server, own.user, unseal(own.password))
    except BaseException:
        server.close()
        raise
    return server


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """As smtplib does; it knows no letters beyond ASCII, and passwords have them (RFC 4616: UTF-8)."""
    if (user + password).isascii():
        server.login(user, password)
        return
    if "PLAIN" not in server.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError("AUTH PLAIN is not offered")
    told = base64.b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
    code, answer = server.docmd("AUTH", f"PLAIN {told}")
    if code not in {235, 503}:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _with_a_token(server: smtplib.SMTP, user: str, token: str) -> None:
    """XOAUTH2. A server that refuses asks once more, in words of its own, and wants an empty answer."""
    if "XOAUTH2" not in server.esmtp_features.get("auth", "").upper():
        raise smtplib.SMTPNotSupportedError("XOAUTH2 is not offered")
    words = xoauth2(user, token)
    server.auth("XOAUTH2", lambda challenge=None: words if challenge is None else "", initial_response_ok=True)


def _by_the_setting() -> smtplib.SMTP:
    if not settings.SMTP_OUT:
        raise NotSent("There is no outgoing server. Set GOODWORD_SMTP_OUT.", is_final=False)
    parts = urlsplit(settings.SMTP_OUT)
    server = _greeted(parts.scheme, parts.hostname or "", parts.port)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _greeted(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        encrypted = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port or 465, own_hostname(), timeout=TIMEOUT_SECONDS, context=encrypted)
    server = smtplib.SMTP(host, port or 25, own_hostname(), timeout=TIMEOUT_SECONDS)
    server.ehlo_or_helo_if_needed()
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    return server


def _expect(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if code not in {250, 251}:
        raise _refused(code, words)


def _refused(code: int, words: bytes | str) -> NotSent:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return NotSent(f"{code} {text}"[:500], is_final=500 <= code < 600)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
