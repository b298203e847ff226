"""Connections to a mailbox's servers: encrypted, with the certificate checked unless a manager switched that off."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from goodword.channels.mailboxes.grants import access_token
from goodword.channels.mailboxes.problems import MailboxProblem
from goodword.channels.mailboxes.sealing import unseal
from goodword.channels.models import Mailbox, MailServer

TIMEOUT_SECONDS = 30


def tls_context(server: MailServer) -> ssl.SSLContext:
    """TLS as the machine's own list of trusted authorities has it. The check is off only where the row says so."""
    context = ssl.create_default_context()
    if not server.verifies_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def reading(mailbox: Mailbox, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[BaseMailBox]:
    """Signed in to the mailbox's IMAP server, no folder chosen yet. Raises what `problems.explained` knows."""
    server = server_of(mailbox, MailServer.IN)
    connection = _connected(server, timeout)
    try:
        _sign_in(connection, mailbox, server)
        yield connection
    finally:
        # A broken connection cannot say goodbye; its socket is closed all the same.
        with suppress(Exception):
            connection.logout()
        with suppress(Exception):
            connection.client.shutdown()


def server_of(mailbox: Mailbox, way: str) -> MailServer:
    """The mailbox's server for one way. Raises MailboxProblem without one."""
    server = mailbox.servers.filter(way=way).first()
    if server is None:
        raise MailboxProblem("no_server")
    return server


def _connected(server: MailServer, timeout: float) -> BaseMailBox:
    context = tls_context(server)
    if server.security == MailServer.TLS:
        return MailBox(server.host, server.port, timeout, ssl_context=context)
    if server.security == MailServer.PLAIN:
        return MailBoxUnencrypted(server.host, server.port, timeout)
    if server.port == 993:  # the library refuses the pair with words for programmers
        raise MailboxProblem("tls_from_the_start")
    try:
        return MailBoxStartTls(server.host, server.port, timeout, ssl_context=context)
    except imaplib.IMAP4.error as error:
        if "TLS not supported" in str(error):
            raise MailboxProblem("no_starttls") from error
        raise


def _sign_in(connection: BaseMailBox, mailbox: Mailbox, server: MailServer) -> None:
    if mailbox.sign_in != Mailbox.PASSWORD:
        connection.xoauth2(server.user, access_token(mailbox), initial_folder=None)
        return
    password = unseal(server.password)
    if (server.user + password).isascii():
        connection.login(server.user, password, initial_folder=None)
    else:
        connection.login_utf8(server.user, password, initial_folder=None)
