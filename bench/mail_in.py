"""Mails a second, from SMTP and from IMAP, to filed conversations with guess, promise and thank-you.

`python -m bench.mail_in [--mails 200] [--by smtp|imap] [--processes 1] [--postgresql NAME]`

Every mail is durable before its sender hears 250 (SQLite synchronous=FULL, PostgreSQL synchronous_commit=on, blobs
fsynced). The rival is a bare loop: Python's `email` reads each mail and one row with its words is written to SQLite,
one commit a mail under synchronous=FULL. Elapsed time on this machine: other work on it slows both, so read the ratio
and the two measures that no load changes: how often the database is asked for one mail, and how many functions run.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import smtplib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

INBOX = "hello@bench.example"
CONNECTIONS = 4
TEXTS = (
    "Hello, I would like to send the lamp back. It is still in its box.",
    "Where is my order? I am looking forward to it.",
    "Hej, jeg vil gerne have pengene tilbage for sengen.",
    "The bed should have arrived on Monday and nobody came.",
)


def mails(number: int) -> list[bytes]:
    """So many letters, each from somebody else."""
    return [_mail(each).as_bytes() for each in range(number)]


def goodword(letters: Sequence[bytes], folder: Path, *, by: str, processes: int) -> tuple[float, float]:
    """Seconds until the desk has filed every letter, and those for which this process worked (user and system).

    Further `processes` only take in; this one receives, too.
    """
    from goodword.channels.queries import counts
    from goodword.channels.tasks import take_in_due

    before = counts()["filed"]
    with ExitStack() as stack:
        deliver = stack.enter_context(_by_smtp(letters) if by == "smtp" else _by_imap(letters, folder))
        for _ in range(processes - 1):
            stack.enter_context(_worker())
        began, worked = time.perf_counter(), time.process_time()
        arriving = threading.Thread(target=deliver)
        arriving.start()
        while counts()["filed"] - before < len(letters):
            if not take_in_due():
                time.sleep(0.005)
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
        arriving.join()
    return seconds, worked


def parse_and_insert(letters: Sequence[bytes], file: Path) -> float:
    """Seconds for the rival: Python's `email` reads each mail, one row is written and committed as durably as ours."""
    database = sqlite3.connect(file, isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE mail (a, b, c, d BLOB);")
    began = time.perf_counter()
    for content in letters:
        mail = message_from_bytes(content, policy=policy.default)
        body = mail.get_body(("plain",))
        row = [str(mail["From"]), str(mail["Subject"]), body.get_content() if body else "", content]
        database.execute("INSERT INTO mail VALUES (?, ?, ?, ?)", row)
    seconds = time.perf_counter() - began
    database.close()
    return seconds


def cost_of_one_mail(first: int) -> tuple[float, float]:
    """Statements and function calls for one mail, on the average of twenty that are taken in together."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from goodword.channels.intake import claim_due, take_in_claimed
    from goodword.channels.receiving import Arrived, keep_mails
    from goodword.lib import clock

    def claimed(begin: int) -> list[int]:
        letters = [_mail(each).as_bytes() for each in range(begin, begin + 20)]
        keep_mails([Arrived(each, "one@post.example", [INBOX], clock.now()) for each in letters])
        return claim_due(20)

    pks = claimed(first)
    with CaptureQueriesContext(connection) as asked:
        take_in_claimed(pks)
    pks, profile = claimed(first + 20), cProfile.Profile()
    profile.runcall(take_in_claimed, pks)
    return len(asked) / 20, pstats.Stats(profile).total_calls / 20  # type: ignore[attr-defined]  # not in the stubs


def main() -> None:
    """Print one line for the desk, one for the rival, and what one mail costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=200)
    parser.add_argument("--by", choices=("smtp", "imap"), default="smtp")
    parser.add_argument("--processes", type=int, default=1, help="more than one wants PostgreSQL")
    parser.add_argument(
        "--postgresql", metavar="NAME", default="", help="a database that is made anew, socket and trust"
    )
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--post", type=int, default=0, help=argparse.SUPPRESS)
    wish = parser.parse_args()
    if wish.work or wish.post:
        _work() if wish.work else _post(wish.post, wish.mails)
        return
    letters = mails(wish.mails)
    with _folder() as folder, _database(wish.postgresql):
        _found_desk(folder / "desk")
        ours, worked = goodword(letters, folder, by=wish.by, processes=wish.processes)
        theirs = parse_and_insert(letters, folder / "rival.sqlite3")
        asked, called = cost_of_one_mail(len(letters))
    kind = f"{'PostgreSQL' if wish.postgresql else 'SQLite'}, {wish.processes} process(es)"
    name = f"goodword, {wish.by.upper()} to filed"
    for who, seconds in ((f"{name}, {kind}", ours), ("rival: parse and insert, bare loop", theirs)):
        print(f"{who:52} {len(letters) / seconds:10.1f} mails/s")
    print(f"{'processor time of this process for one mail, in ms':52} {worked / len(letters) * 1000:10.1f}")
    print(f"{'the rival is as many times as fast':52} {ours / theirs:10.1f}")
    print(f"{'statements for one mail':52} {asked:10.1f}\n{'function calls for one mail':52} {called:10.0f}")


def _mail(number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Customer {number} <c{number}@post.example>", INBOX
    mail["Subject"], mail["Message-ID"] = f"Letter {number}", f"<{number}@post.example>"
    mail.set_content(f"{TEXTS[number % len(TEXTS)]}\n\nKind regards\nCustomer {number}\n")
    return mail


@contextmanager
def _by_smtp(letters: Sequence[bytes]) -> Iterator[Callable[[], None]]:
    """The letters sent over SMTP by a process of its own: the senders are not part of the desk."""
    from goodword.channels.receiving import start_receiver

    receiver = start_receiver("127.0.0.1", 0)
    command = [sys.executable, "-m", "bench.mail_in", "--post", str(receiver.port), "--mails", str(len(letters))]
    sender = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert sender.stdin is not None
    assert sender.stdout is not None
    sender.stdout.readline()  # it has made its letters
    yield lambda: (print("go", file=sender.stdin, flush=True), sender.wait(), None)[-1]
    receiver.stop()


@contextmanager
def _by_imap(letters: Sequence[bytes], folder: Path) -> Iterator[Callable[[], None]]:
    """The letters fetched from a Dovecot in which they wait."""
    from bench.imap_source import imap_source

    os.environ["SSL_CERT_FILE"] = ""
    folder.chmod(0o755)
    with imap_source(letters, folder / "imap", INBOX) as fetch:

        def deliver() -> None:
            from django.db import connection

            while fetch():
                pass
            connection.close()

        yield deliver


@contextmanager
def _worker() -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.mail_in", "--work"], stdout=subprocess.PIPE, env=os.environ, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()  # it is ready
    yield
    process.kill()
    process.wait()


def _work() -> None:
    """A further process of the desk: takes in what waits until it is ended."""
    from goodword.ops.database import start_django

    start_django()
    from goodword.channels.languages import language_of
    from goodword.channels.tasks import take_in_due
    from goodword.policies.queries import current_book

    language_of("Hello, where is it?", current_book().languages)
    print("ready", flush=True)
    while True:
        if not take_in_due():
            time.sleep(0.005)


def _post(port: int, number: int) -> None:
    letters = mails(number)
    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda part: _send(port, letters[part::CONNECTIONS]), range(CONNECTIONS)))


def _send(port: int, letters: Sequence[bytes]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for content in letters:
            server.sendmail("post@post.example", [INBOX], content)


@contextmanager
def _database(name: str) -> Iterator[None]:
    """A PostgreSQL database of that name for the desk; without one, SQLite in the desk's folder."""
    os.environ.pop("GOODWORD_DATABASE", None)
    if name:
        import psycopg

        with psycopg.connect(dbname="postgres", autocommit=True) as server:
            server.execute(f'drop database if exists "{name}" with (force)')
            server.execute(f'create database "{name}"')
        os.environ["GOODWORD_DATABASE"] = f"postgresql://{os.environ.get('USER', 'root')}@/{name}"
    yield


def _found_desk(data: Path) -> None:
    os.environ["GOODWORD_DATA"] = str(data)
    from goodword.ops.database import bring_up_to_date, start_django
    from goodword.ops.folder import write_desk_file

    write_desk_file(data, demo=False)
    start_django()
    bring_up_to_date()
    from goodword.channels.languages import language_of
    from goodword.desk.models import Inbox
    from goodword.ops.starter_book import starter_folder
    from goodword.policies.actions import publish_folder
    from goodword.policies.queries import current_book

    publish_folder(starter_folder())
    Inbox.objects.create(address=INBOX, name="Bench", language="en")
    language_of("Hello, where is it?", current_book().languages)  # the model is loaded once in a desk's life


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
