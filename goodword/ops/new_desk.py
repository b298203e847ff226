"""`goodword new`: found an empty desk with the starter book, a mailbox and a first manager."""

import argparse
import os
import re
import shutil
import sys
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path

from django.db import transaction
from rich.console import Console

from goodword.lib.configuration import ConfigurationError, read_configuration
from goodword.ops.database import bring_up_to_date, start_django
from goodword.ops.folder import has_desk, write_desk_file

_SHORTEST_PASSWORD = 10


@dataclass(frozen=True)
class Wishes:
    """What somebody wants her desk to be."""

    name: str
    languages: tuple[str, ...]
    mailbox: str
    manager_name: str
    manager_email: str
    manager_password: str


def found_desk(arguments: argparse.Namespace) -> int:
    """Ask what was not given, make the desk, and say what to do next. Never overwrites anything."""
    if arguments.folder:
        os.environ["GOODWORD_DATA"] = str(arguments.folder)
    configuration = read_configuration()
    folder = configuration.data
    _refuse_occupied(folder)
    wishes = _ask(arguments)
    write_desk_file(folder, demo=False)
    try:
        start_django()
        with Console().status("Making the desk"):
            bring_up_to_date()
            _fill(wishes)
    except BaseException:
        # Half a desk would stand in the way of the next try. The folder was empty: only our own files go.
        shutil.rmtree(folder)
        raise
    _say_what_next(folder, configuration.url, wishes)
    return 0


def _refuse_occupied(folder: Path) -> None:
    if has_desk(folder):
        raise ConfigurationError(f"{folder} holds a desk already; it is left as it is. Name another folder.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigurationError(f"{folder} is not an empty folder. Name a new one, so that nothing is overwritten.")


def _ask(arguments: argparse.Namespace) -> Wishes:
    name = _answer(arguments.name, "--name", "Name of the company")
    languages = _languages(_answer(arguments.languages, "--languages", _which_languages(), "en,da"))
    mailbox = _address(_answer(arguments.mailbox, "--mailbox", "Address customers write to"), "--mailbox")
    manager_name = _answer(arguments.manager_name, "--manager-name", "Name of the first manager")
    email = _answer(arguments.manager_email, "--manager-email", "Her address to sign in with")
    password = _password(arguments.manager_password)
    return Wishes(name, languages, mailbox, manager_name, _address(email, "--manager-email"), password)


def _answer(given: str | None, flag: str, question: str, default: str = "") -> str:
    if given is None and not sys.stdin.isatty():
        raise ConfigurationError(f"{flag} is missing, and nobody is here to be asked.")
    hint = f" [{default}]" if default else ""
    answer = (given if given is not None else input(f"{question}{hint}: ") or default).strip()
    if not answer:
        raise ConfigurationError(f"{flag} is empty. {question} is needed.")
    return answer


def _which_languages() -> str:
    from goodword.ops.starter_book import starter_languages

    return f"Languages of your customers ({', '.join(starter_languages())})"


def _languages(text: str) -> tuple[str, ...]:
    from goodword.ops.starter_book import starter_languages

    written = starter_languages()
    wanted = tuple(code.strip().lower() for code in text.split(",") if code.strip())
    unknown = [code for code in wanted if code not in written]
    if unknown or not wanted:
        raise ConfigurationError(
            f"--languages is {text!r}, but the starter book is written in {', '.join(written)}. "
            "Choose from these; others are added by translating the book."
        )
    return tuple(dict.fromkeys(wanted))


def _address(text: str, flag: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text):
        raise ConfigurationError(f"{flag} is {text!r}; it must be a mail address like hello@example.com.")
    return text.lower()


def _password(given: str | None) -> str:
    if given is None and not sys.stdin.isatty():
        raise ConfigurationError("--manager-password is missing, and nobody is here to be asked.")
    password = given if given is not None else getpass("Her password (ten characters or more): ")
    if len(password) < _SHORTEST_PASSWORD:
        raise ConfigurationError(f"the password is too short: {_SHORTEST_PASSWORD} characters or more.")
    if given is None and getpass("Once more: ") != password:
        raise ConfigurationError("the two passwords are not the same; nothing was made.")
    return password


@transaction.atomic
def _fill(wishes: Wishes) -> None:
    from goodword.accounts.actions import invite_agent
    from goodword.accounts.models import Team
    from goodword.channels.mailboxes.actions import add_mailbox
    from goodword.channels.mailboxes.wishes import MailboxWish
    from goodword.ops.starter_book import book_for
    from goodword.policies.actions import publish
    from goodword.policies.queries import current_book

    publish(book_for(wishes.name, wishes.mailbox, wishes.languages), by=None, note="Goodword's starter book")
    book = current_book()
    team = Team.objects.create(name="Customer service", department="customer-service")
    invite_agent(
        wishes.manager_email, wishes.manager_name, book.roles[-1], book=book, by=None,
        password=wishes.manager_password, language=wishes.languages[0], teams=[team],
    )  # fmt: skip
    add_mailbox(MailboxWish(address=wishes.mailbox, name=wishes.name, language=wishes.languages[0]), by=None)


def _say_what_next(folder: Path, url: str, wishes: Wishes) -> None:
    start = "goodword run" if os.environ.get("GOODWORD_DATA") is None else f"GOODWORD_DATA={folder} goodword run"
    print(f"""
The desk of {wishes.name} is in {folder}. What next:

1. Start it:                {start}
2. Sign in as {wishes.manager_email} at {url}/sign-in/login/
3. Read the policy book and make it yours: export-book writes it to a folder, import-book publishes the folder.
   Telephone, postal address and memberships are empty; every number has a source line for you to fill.
4. Settings, Mailboxes: enter the servers of {wishes.mailbox} (IMAP to read, SMTP to send) and press Test. Or have your
   mail server hand its mail on to port 2525 (GOODWORD_SMTP_PORT), and set GOODWORD_SMTP_OUT to the one that sends.
   It is in rehearsal: it reads and advises, and sends nothing until you turn it on there.
5. Bring your orders in:    goodword import-orders FILE.csv --dry-run
All variables are explained in docs/configuration.md.""")
