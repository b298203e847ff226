"""The words of `goodword mailbox`, apart from what they do: a command line is read before Django is up."""

import argparse
from datetime import date
from pathlib import Path


def describe(parser: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    whats = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    whats.add_parser("list", help="all mailboxes, their counts and what is wrong with them")
    for name, words in {
        "test": "try everything it needs, and say what is wrong and what to do",
        "pause": "fetch and send nothing",
        "resume": "go on where it was paused",
        "turn-on": "end the rehearsal: it sends from now on",
        "rehearse": "send nothing from now on",
    }.items():
        whats.add_parser(name, help=words, description=words).add_argument("address")
    _describe_add(whats.add_parser("add", help="a new inbox with its mailbox, in rehearsal"))


def _describe_add(add: argparse.ArgumentParser) -> None:
    add.add_argument("address")
    add.add_argument("--name", required=True, help="the brand, as customers see it")
    add.add_argument("--language", required=True, help="what most customers write there")
    add.add_argument("--alias", action="append", default=[], help="a further address; @example.com is a whole domain")
    add.add_argument("--folder", action="append", default=[], help="a folder to read (default: INBOX)")
    add.add_argument("--reads-from", type=date.fromisoformat, metavar="DAY", help="leave older mail on the server")
    for way, words in {"imap": "read by IMAP from", "smtp": "send by SMTP through"}.items():
        add.add_argument(f"--{way}-host", metavar="HOST", help=f"{words} this server")
        add.add_argument(f"--{way}-port", type=int, metavar="PORT")
        add.add_argument(f"--{way}-security", choices=["tls", "starttls", "plain"], default="tls")
        add.add_argument(f"--{way}-user", metavar="USER", help="default: the address")
    add.add_argument("--password-file", type=Path, help="a file with the password (default: it is asked for)")
    add.add_argument("--unchecked-certificates", action="store_true", help="for servers on your own network only")
