"""Handing mails to the outgoing server, and what its answers mean."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings

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
def connected() -> Iterator[smtplib.SMTP]:
    """A connection to GOODWORD_SMTP_OUT, encrypted where the server offers it. Raises NotSent (not final)."""
    server = _connect()
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


def _connect() -> smtplib.SMTP:
    if not settings.SMTP_OUT:
        raise NotSent("There is no outgoing server. Set GOODWORD_SMTP_OUT.", is_final=False)
    parts = urlsplit(settings.SMTP_OUT)
    try:
        server = _greeted(parts.scheme, parts.hostname or "", parts.port)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(_told(error), is_final=False) from error
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
