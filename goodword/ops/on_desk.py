"""Commands on a desk that is there already: its book, its orders, its keys, its health, its backup."""

import argparse
import json
import sys
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from goodword.accounts.api_keys import PER_MINUTE, SCOPES, make_api_key
from goodword.accounts.queries import agent_by_email
from goodword.lib.errors import NotFound, Refused
from goodword.ops.backup import write_backup
from goodword.ops.health import examine
from goodword.people import actions as people
from goodword.people.queries import person_by_address
from goodword.policies.actions import export_folder, publish_folder
from goodword.policies.errors import BookInvalid
from goodword.policies.queries import current_book, current_publication, time_zone


def import_book(arguments: argparse.Namespace) -> int:
    """Publish a folder, or print each finding with file and line and change nothing."""
    try:
        publication = publish_folder(arguments.folder, note=arguments.note)
    except BookInvalid as error:
        for finding in error.findings:
            print(finding)
        print("Nothing was published; the book in force stays as it was.")
        return 1
    print(f"In force: book {publication.hash[:12]}.")
    return 0


def export_book(arguments: argparse.Namespace) -> int:
    """Write the book in force to a folder, byte for byte."""
    publication = current_publication()
    export_folder(publication, arguments.folder)
    print(f"Book {publication.hash[:12]} is in {arguments.folder}.")
    return 0


def api_key(arguments: argparse.Namespace) -> int:
    """Make a key and print its secret, this once."""
    agent = agent_by_email(arguments.agent)
    ends = None
    if arguments.expires:  # the end of that day where the company is
        ends = datetime.combine(arguments.expires + timedelta(days=1), time(), ZoneInfo(time_zone()))
    rate = PER_MINUTE if arguments.per_minute is None else arguments.per_minute
    _, secret = make_api_key(
        arguments.name, agent, arguments.scope or SCOPES, None, expires_at=ends, per_minute=rate
    )
    print(secret)
    return 0


def erase_person(arguments: argparse.Namespace) -> int:
    """Erase a customer once it is confirmed: whoever runs the machine answers for it."""
    person = person_by_address(arguments.email)
    if person is None:
        raise NotFound(f"No customer has the address {arguments.email}. Nothing was erased.")
    if not arguments.yes and not _confirmed(arguments.email):
        print("Nothing was erased.")
        return 1
    people.erase_person(person, book=current_book(), by=None)
    print(f"Customer {person.pk} is erased: name, addresses, letters and files. What was decided stays, without her.")
    return 0


def _confirmed(email: str) -> bool:
    if not sys.stdin.isatty():
        raise Refused("Nobody is here to be asked. Add --yes if everything of this customer is to be erased.")
    return input(f"This cannot be undone. Write {email} again to erase this customer: ").strip() == email.strip()


def health(arguments: argparse.Namespace) -> int:
    """Print what works; 1 if something is down."""
    report = examine()
    if arguments.json:
        print(json.dumps(report.to_json(), indent=2))
        return 0 if report.works else 1
    print(f"Goodword is {report.status}.")
    for trouble in report.troubles:
        print(f"- {trouble.what} {trouble.do}")
    return 0 if report.works else 1


def backup(arguments: argparse.Namespace) -> int:
    """Write database, blobs and desk.toml to one file."""
    size = write_backup(arguments.file)
    print(f"{arguments.file}: {size / 1_000_000:.1f} MB. To restore it: goodword restore {arguments.file}, with")
    print("GOODWORD_DATA naming an empty folder.")
    return 0
