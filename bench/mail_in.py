"""Mails a second from SMTP to filed, with guess, promise and acknowledgement: `python -m bench.mail_in [--mails 200]`.

The rival does what nobody can do without: it writes the same bytes to SQLite, one durable commit a mail, and nothing
else. Elapsed time on this machine; other work on it slows both, so read the ratio as well.
"""

from __future__ import annotations

import argparse
import os
import smtplib
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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


def goodword(letters: Sequence[bytes], data: Path) -> float:
    """Seconds until a desk of its own has filed every letter."""
    _found_desk(data)
    from goodword.channels.queries import counts
    from goodword.channels.receiving import start_receiver
    from goodword.channels.tasks import take_in_due

    receiver = start_receiver("127.0.0.1", 0)
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        sent = [pool.submit(_send, receiver.port, letters[part::CONNECTIONS]) for part in range(CONNECTIONS)]
        while counts()["filed"] < len(letters):
            if not take_in_due():
                time.sleep(0.005)
        for each in sent:
            each.result()
    seconds = time.perf_counter() - began
    receiver.stop()
    return seconds


def plain_sqlite(letters: Sequence[bytes], file: Path) -> float:
    """Seconds to write the same bytes, one commit a mail, as durably as the desk does."""
    database = sqlite3.connect(file, isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE mail (bytes BLOB);")
    began = time.perf_counter()
    for content in letters:
        database.execute("INSERT INTO mail VALUES (?)", [content])
    seconds = time.perf_counter() - began
    database.close()
    return seconds


def queries_of_one_mail(content: bytes) -> int:
    """How often the database is asked while one kept mail is taken in."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from goodword.channels.intake import take_in
    from goodword.channels.models import RawMail
    from goodword.lib import clock
    from goodword.lib.blobs import keep_blob

    now = clock.now()
    raw = RawMail.objects.create(
        blob=keep_blob(content), size=len(content), envelope_from="one@post.example", envelope_to=[INBOX],
        received_at=now, due_at=now,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        take_in(raw.pk)
    return len(asked)


def main() -> None:
    """Print one line for the desk and one for the rival."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=200)
    letters = mails(parser.parse_args().mails)
    with _folder() as folder:
        ours = goodword(letters, folder / "desk")
        theirs = plain_sqlite(letters, folder / "rival.sqlite3")
        asked = queries_of_one_mail(_mail(len(letters)).as_bytes())
    for name, seconds in (("goodword, SMTP to filed", ours), ("plain sqlite, bytes only", theirs)):
        print(f"{name:28} {len(letters) / seconds:10.1f} mails/s")
    print(f"{'queries for one mail':28} {asked:10}")


def _mail(number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Customer {number} <c{number}@post.example>", INBOX
    mail["Subject"], mail["Message-ID"] = f"Letter {number}", f"<{number}@post.example>"
    mail.set_content(f"{TEXTS[number % len(TEXTS)]}\n\nKind regards\nCustomer {number}\n")
    return mail


def _send(port: int, letters: Sequence[bytes]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for content in letters:
            server.sendmail("post@post.example", [INBOX], content)


def _found_desk(data: Path) -> None:
    os.environ["GOODWORD_DATA"] = str(data)
    os.environ.pop("GOODWORD_DATABASE", None)
    from goodword.ops.database import bring_up_to_date, start_django
    from goodword.ops.folder import write_desk_file

    write_desk_file(data, demo=False)
    start_django()
    bring_up_to_date()
    from goodword.desk.models import Inbox
    from goodword.ops.starter_book import starter_folder
    from goodword.policies.actions import publish_folder

    publish_folder(starter_folder())
    Inbox.objects.create(address=INBOX, name="Bench", language="en")


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
