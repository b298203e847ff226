"""`goodword mailbox`: what the mailbox pages do, for whoever sits at the machine."""

import argparse
import sys
from getpass import getpass
from pathlib import Path

from goodword.channels.mailboxes import actions
from goodword.channels.mailboxes.queries import all_mailboxes, counts_of, problem_of
from goodword.channels.mailboxes.trying import is_fine, try_mailbox
from goodword.channels.mailboxes.wishes import MailboxWish, ServerWish
from goodword.channels.models import Mailbox
from goodword.desk.models import Inbox
from goodword.lib.errors import Invalid, NotFound

_DONE = {
    "pause": "is paused: nothing is fetched or sent.",
    "resume": "goes on.",
    "turn-on": "sends from now on.",
    "rehearse": "rehearses: it reads and advises, and sends nothing.",
}


def run(arguments: argparse.Namespace) -> int:
    """One of the mailbox commands."""
    if arguments.what == "list":
        return _list()
    if arguments.what == "add":
        return _add(arguments)
    if arguments.what == "test":
        return _test(_mailbox(arguments.address))
    change = {
        "pause": actions.pause, "resume": actions.resume, "turn-on": actions.turn_on, "rehearse": actions.rehearse,
    }[arguments.what]  # fmt: skip
    change(_mailbox(arguments.address), by=None)
    print(f"{arguments.address} {_DONE[arguments.what]}")
    return 0


def _list() -> int:
    for mailbox in all_mailboxes():
        counted = counts_of(mailbox)
        state = "paused" if mailbox.paused_at else "sends" if mailbox.inbox.sends else "rehearses"
        print(
            f"{mailbox.inbox.address}: {mailbox.receives}, {state}; fetched {counted.fetched} = kept {counted.kept} = "
            f"filed {counted.filed} + set aside {counted.set_aside} + waiting {counted.waiting}"
        )
        if problem := problem_of(mailbox):
            print(f"  {problem[0]} {problem[1]} {mailbox.problem_detail}".rstrip())
    for inbox in Inbox.objects.filter(mailbox=None).order_by("id"):
        print(f"{inbox.address}: smtp, {'sends' if inbox.sends else 'rehearses'}; no mailbox of its own")
    return 0


def _add(arguments: argparse.Namespace) -> int:
    needs_password = arguments.imap_host or arguments.smtp_host
    password = _password(arguments.password_file) if needs_password else ""
    wish = MailboxWish(
        address=arguments.address,
        name=arguments.name,
        language=arguments.language,
        aliases=tuple(arguments.alias),
        folders=tuple(arguments.folder) or ("INBOX",),
        reads_from=arguments.reads_from,
        incoming=_server(arguments, "imap", password),
        outgoing=_server(arguments, "smtp", password),
    )
    mailbox = actions.add_mailbox(wish, by=None)
    print(f"{mailbox.inbox.address} is added, in rehearsal: it reads and advises, and sends nothing.")
    print(f"Try it with `goodword mailbox test {mailbox.inbox.address}`; then `goodword mailbox turn-on` lets it send.")
    return 0


def _server(arguments: argparse.Namespace, way: str, password: str) -> ServerWish | None:
    given = vars(arguments)
    if not given[f"{way}_host"]:
        return None
    return ServerWish(
        host=given[f"{way}_host"],
        port=given[f"{way}_port"],
        security=given[f"{way}_security"],
        verifies_certificate=not arguments.unchecked_certificates,
        user=given[f"{way}_user"] or arguments.address,
        password=password,
    )


def _password(file: Path | None) -> str:
    """Never an argument: those are shown to everybody on the machine."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise Invalid(f"The password file cannot be read ({error.strerror}).", field="password_file") from None
    if not sys.stdin.isatty():
        raise Invalid("Nobody is here to be asked for the password: give --password-file.", field="password_file")
    return getpass("Password of the mailbox: ")


def _mailbox(address: str) -> Mailbox:
    """The address's mailbox; an inbox from before mailboxes gets its row now."""
    inbox = Inbox.objects.filter(address=address.strip().lower()).first()
    if inbox is None:
        raise NotFound(f"There is no mailbox {address}. `goodword mailbox list` names all.")
    return actions.plumb(inbox)


def _test(mailbox: Mailbox) -> int:
    steps = try_mailbox(mailbox)
    for step in steps:
        print(f"{'ok  ' if step.fine else 'FAIL'} {step.name}")
        for line in (step.what, step.do, step.detail):
            if line:
                print(f"     {line}")
    return 0 if is_fine(steps) else 1
