"""The test button: each step towards a mailbox's servers in turn, and in plain words where it ends.

Nothing is sent and nothing on the server is changed: a mail is announced to the sending server and withdrawn again.
"""

import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from imap_tools.errors import MailboxFolderSelectError

from goodword.channels.mailboxes.connecting import reading, server_of, tls_context
from goodword.channels.mailboxes.fetching import can_idle
from goodword.channels.mailboxes.problems import MailboxProblem, Place, Problem, explained, words_for
from goodword.channels.models import Mailbox, MailServer
from goodword.channels.tokens import reply_to_address
from goodword.channels.transport import own_hostname, signed_in

SECONDS_TO_ANSWER = 10.0
_SECONDS_TO_GREET = 6.0
_GREETINGS = {MailServer.IN: b"* ", MailServer.OUT: b"220"}
_NOT_ONE = {MailServer.IN: "not_imap", MailServer.OUT: "not_smtp"}


@dataclass(frozen=True)
class Step:
    """One thing that was tried; where it is not `fine`, `what` is wrong and what to `do`, with the server's words."""

    name: str
    fine: bool
    code: str = ""
    what: str = ""
    do: str = ""
    detail: str = ""


def try_mailbox(mailbox: Mailbox) -> list[Step]:
    """Everything that the mailbox needs, in order, until something fails on its way in and on its way out."""
    return [*_try_way_in(mailbox), *_try_way_out(mailbox)]


def is_fine(steps: list[Step]) -> bool:
    """Whether every step went well."""
    return all(step.fine for step in steps)


def _try_way_in(mailbox: Mailbox) -> list[Step]:
    if mailbox.receives == Mailbox.SMTP:
        place = Place("127.0.0.1", settings.SMTP_PORT)
        return [_tried(_("The desk's own mail receiver takes mail for this address"), place, lambda: _offer(mailbox))]
    server = server_of(mailbox, MailServer.IN)
    steps = [_tried(_("The server for reading answers"), _place(server), lambda: reach(server))]
    if is_fine(steps):
        steps += _read(mailbox, _place(server))
    return steps


def _try_way_out(mailbox: Mailbox) -> list[Step]:
    server = mailbox.servers.filter(way=MailServer.OUT).first()
    name = _("The server for sending answers")
    if server is None:
        place = Place("", 0, mailbox.inbox.address)
        return [_tried(_("The desk has a server to send through"), place, _require_the_setting)]
    steps = [_tried(name, _place(server), lambda: reach(server))]
    if is_fine(steps):
        steps += _send(mailbox, server)
    return steps


def _place(server: MailServer) -> Place:
    return Place(server.host, server.port, server.user, server.security)


def _tried(name: str, place: Place, step: Callable[[], object]) -> Step:
    try:
        step()
    except Exception as error:  # whatever happens is what we were asked to find out
        return _failed(name, place, explained(error))
    return Step(name, True)


def _failed(name: str, place: Place, problem: Problem) -> Step:
    what, do = words_for(problem, place)
    return Step(name, False, problem.code, what, do, problem.detail)


def reach(server: MailServer) -> None:
    """Look the server up, connect, encrypt, hear its greeting. Raises MailboxProblem, or what the network raises."""
    with socket.create_connection((server.host, server.port), timeout=SECONDS_TO_ANSWER) as plain:
        if server.security != MailServer.TLS:
            _expect_greeting(server, plain)
            return
        with tls_context(server).wrap_socket(plain, server_hostname=server.host) as encrypted:
            _expect_greeting(server, encrypted)


def _expect_greeting(server: MailServer, connection: socket.socket) -> None:
    connection.settimeout(_SECONDS_TO_GREET)
    try:
        said = connection.recv(512)
    except TimeoutError:
        # A server that waits for TLS says nothing either: which of the two it is, a handshake tells.
        speaks_tls = server.security != MailServer.TLS and _speaks_tls(server)
        raise MailboxProblem("tls_from_the_start" if speaks_tls else "no_greeting") from None
    if not said:
        raise MailboxProblem("hung_up")
    if not said.startswith(_GREETINGS[server.way]):
        raise MailboxProblem(_NOT_ONE[server.way], said.decode("ascii", "replace").strip())


def _speaks_tls(server: MailServer) -> bool:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with suppress(OSError), socket.create_connection((server.host, server.port), timeout=SECONDS_TO_ANSWER) as plain:
        context.wrap_socket(plain, server_hostname=server.host).close()
        return True
    return False


def _read(mailbox: Mailbox, place: Place) -> list[Step]:
    """Sign in and open each folder, over one connection."""
    steps, name = [], _("Signing in for reading")
    try:
        with reading(mailbox, timeout=SECONDS_TO_ANSWER) as connection:
            steps.append(Step(name, True))
            for folder in mailbox.folders.order_by("id").values_list("name", flat=True):
                name = _("The folder %(folder)s") % {"folder": folder}
                try:
                    connection.folder.set(folder, readonly=True)
                    steps.append(Step(name, True))
                except MailboxFolderSelectError as error:
                    there = ", ".join(each.name for each in connection.folder.list())
                    found = explained(error)
                    told = _("There are: %(folders)s") % {"folders": there}
                    steps.append(_failed(name, place, Problem(found.code, told[:300])))
            detail = (
                "" if can_idle(connection) else _("The server does not tell of new mail: it is asked every 20 seconds.")
            )
            steps.append(Step(_("Hearing of new mail at once"), True, detail=detail))
    except Exception as error:
        steps.append(_failed(name, place, explained(error)))
    return steps


def _send(mailbox: Mailbox, server: MailServer) -> list[Step]:
    """Sign in, and announce a mail from and to the inbox's own address; it is withdrawn before its first word."""
    steps, name, place = [], _("Signing in for sending"), _place(server)
    try:
        connection = signed_in(mailbox, server, timeout=SECONDS_TO_ANSWER)
        try:
            steps.append(Step(name, True))
            name = _("Sending as %(address)s") % {"address": mailbox.inbox.address}
            _announce(connection, mailbox)
            steps.append(Step(name, True))
        finally:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
    except Exception as error:
        steps.append(_failed(name, place, explained(error)))
    return steps


def _announce(connection: smtplib.SMTP, mailbox: Mailbox) -> None:
    address = mailbox.inbox.address
    sender = reply_to_address(0, address) if mailbox.uses_plus_addresses else address
    code, answer = connection.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, answer, sender)
    code, answer = connection.rcpt(address)
    connection.rset()
    if code not in {250, 251}:
        raise MailboxProblem("recipient_refused", f"{code} {answer.decode('utf-8', 'replace')}")


def _require_the_setting() -> None:
    if not settings.SMTP_OUT:
        raise MailboxProblem("no_server")


def _offer(mailbox: Mailbox) -> None:
    """Ask our own receiver whether it takes mail for the inbox."""
    host = settings.CONFIGURATION.host if settings.CONFIGURATION.host not in {"0.0.0.0", "::"} else "127.0.0.1"
    try:
        with smtplib.SMTP(host, settings.SMTP_PORT, own_hostname(), timeout=SECONDS_TO_ANSWER) as receiver:
            receiver.helo()
            receiver.mail("")
            taken = receiver.rcpt(mailbox.inbox.address)[0] == 250
    except (smtplib.SMTPException, OSError) as error:
        raise MailboxProblem("receiver_silent") from error
    if not taken:
        raise MailboxProblem("receiver_refuses")
