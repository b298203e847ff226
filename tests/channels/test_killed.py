"""kill -9 in the middle: what was acknowledged is there exactly once, and no answer leaves twice unnoticed."""

import json
import os
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from tests.channels.post import FREJA, INBOX, letter

pytestmark = pytest.mark.slow
MAILS, ANSWERS = 500, 60
ROOT = Path(__file__).parents[2]


class Desk:
    """A desk of its own in a folder of its own, on the database the tests run on."""

    def __init__(self, folder: Path) -> None:
        self.env = {**os.environ, "GOODWORD_DATA": str(folder), "GOODWORD_TESTING": "1"}
        folder.mkdir(exist_ok=True)
        (folder / "desk.toml").write_text('secret_key = "the same at every start of this test"\n')
        self.run("prepare")

    def run(self, *what: str) -> str:
        return subprocess.run(
            self._command(*what), env=self.env, cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    def start(self, *what: str) -> tuple["subprocess.Popen[str]", str]:
        process = subprocess.Popen(self._command(*what), env=self.env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("report").strip().split("\n")[-1])
        return found

    def _command(self, *what: str) -> list[str]:
        return [sys.executable, "-m", "tests.channels.killable", *what]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        yield Desk(tmp_path)
        return
    url, name = os.environ["GOODWORD_DATABASE"], f"goodword_killed_{os.getpid()}"
    psql(f"create database {name}")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GOODWORD_DATABASE", f"{url.rpartition('/')[0]}/{name}")
            yield Desk(tmp_path)
    finally:
        psql(f"drop database {name} with (force)")


def psql(statement: str) -> None:
    import psycopg

    chosen = settings.DATABASES["default"]
    options = {"host": chosen["HOST"], "port": chosen["PORT"], "user": chosen["USER"], "password": chosen["PASSWORD"]}
    known = {key: value for key, value in options.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **known) as connection:
        connection.execute(statement)  # type: ignore[call-overload]  # a statement of our own


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def wait_for(condition: Callable[[], bool], seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.2)


def deliver(port: str, names: list[str], acknowledged: set[str], stop_at: int = MAILS) -> None:
    """Send each mail over SMTP from four senders; whatever is not acknowledged is simply not in the set."""
    lock = threading.Lock()

    def send_some(mine: list[str]) -> None:
        try:
            with smtplib.SMTP("127.0.0.1", int(port), timeout=20) as server:
                for name in mine:
                    server.sendmail(FREJA, [INBOX], letter(f"Brev {name}", mail_id=f"{name}@x.example").as_bytes())
                    with lock:
                        acknowledged.add(name)
        except (OSError, smtplib.SMTPException):
            return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send_some, [names[start::4] for start in range(4)]))


def test_five_hundred_mails_killed_in_the_middle_are_each_there_once(desk: Desk) -> None:
    names, acknowledged = [str(number) for number in range(MAILS)], set[str]()
    for enough in (120, 300):
        process, port = desk.start("receive")
        sender = threading.Thread(
            target=deliver, args=[port, [n for n in names if n not in acknowledged], acknowledged]
        )
        sender.start()
        wait_for(lambda enough=enough: len(acknowledged) >= enough)  # type: ignore[misc]  # bound now
        end(process)
        sender.join()
    process, port = desk.start("receive")
    try:
        before = set(acknowledged)
        assert enough <= len(before) < MAILS
        deliver(port, [name for name in names if name not in acknowledged], acknowledged)
        assert acknowledged == set(names)
        wait_for(lambda: desk.report()["counts"]["stored"] == 0)
    finally:
        end(process)
    found = desk.report()
    assert found["times"] == {f"{name}@x.example": 1 for name in names}
    assert (found["counts"]["unreadable"], found["filed_without"]) == (0, 0)
    assert found["numbers"] == list(range(1001, 1001 + MAILS))


class Mailbox:
    """The customers' server: slow enough to be interrupted, and it counts."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        self.seen[message_from_bytes(content)["Message-ID"].strip("<>")] += 1
        import asyncio

        await asyncio.sleep(0.05)
        return "250 OK"


def test_answers_killed_while_they_are_sent_leave_once_or_are_shown_as_unknown(desk: Desk) -> None:
    desk.run("answer", str(ANSWERS))
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        for enough in (15, 35):
            process, _ = desk.start("send", str(server.port))
            wait_for(lambda enough=enough: sum(mailbox.seen.values()) >= enough)  # type: ignore[misc]  # bound now
            end(process)
        process, _ = desk.start("send", str(server.port))
        wait_for(lambda: desk.report()["counts"]["queued"] == 0)
        wait_for(lambda: desk.report()["counts"]["sending"] == 0)
        end(process)
    finally:
        server.stop()
    sent: dict[str, str] = desk.report()["sent"]
    assert len(sent) == ANSWERS
    assert max(mailbox.seen.values()) == 1
    assert {mail_id for mail_id, state in sent.items() if state == "sent"} <= set(mailbox.seen)
    assert set(mailbox.seen) <= set(sent)
    assert set(sent.values()) <= {"sent", "unknown"}
    assert Counter(sent.values())["unknown"] <= 2


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
