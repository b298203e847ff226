"""On PostgreSQL: pages, worker and mail receiver as processes of their own. On SQLite: refused with a reason."""

import os
import smtplib
import subprocess
import sys
import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.ops.process import Desk, desk_in, run_command, wait_until

pytestmark = pytest.mark.slow
POSTGRES = os.environ.get("GOODWORD_DATABASE", "")


@pytest.mark.parametrize("command", ["web", "worker", "mail"])
def test_on_sqlite_a_part_alone_is_refused_with_the_reason(tmp_path: Path, command: str) -> None:
    desk = desk_in(tmp_path / "desk")
    new = {"name": "Acme", "languages": "en", "mailbox": "hi@acme.example", "manager-name": "Ann",
           "manager-email": "ann@acme.example", "manager-password": "a long enough word"}  # fmt: skip
    run_command(desk, "new", str(desk.data), *(part for key, value in new.items() for part in (f"--{key}", value)))
    done = run_command(desk, command)
    assert done.returncode == 2
    assert "is kept in SQLite and runs in one process: use `goodword run`" in done.stderr


@pytest.fixture
def database() -> Iterator[str]:
    """A database of one's own beside the one the tests run on; its address."""
    if not POSTGRES:
        pytest.skip("needs GOODWORD_DATABASE, a PostgreSQL")
    import psycopg

    name = f"goodword_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_pages_worker_and_mail_run_apart_and_a_mail_goes_through_all(tmp_path: Path, database: str) -> None:
    desk = desk_in(tmp_path / "desk")
    founded = run_command(
        desk, "new", str(desk.data), "--name", "Acme", "--languages", "en", "--mailbox", "hi@acme.example",
        "--manager-name", "Ann", "--manager-email", "ann@acme.example", "--manager-password", "a long enough word",
        GOODWORD_DATABASE=database,
    )  # fmt: skip
    assert founded.returncode == 0, founded.stderr
    key = run_command(desk, "api-key", "tests", "--agent", "ann@acme.example", GOODWORD_DATABASE=database)
    processes = [start(desk, part, database) for part in ("web", "worker", "mail")]
    try:
        wait_until(desk.is_well, seconds=60)
        write_to(desk)
        header = {"Authorization": f"Bearer {key.stdout.strip()}"}
        wait_until(lambda: "Opening hours" in desk.get("/api/v1/conversations", **header)[1], seconds=20)
    finally:
        for process in processes:
            process.terminate()
    assert [process.wait(10) for process in processes] == [0, 0, 0]


def start(desk: Desk, part: str, database: str) -> "subprocess.Popen[bytes]":
    """One part as a process."""
    environment = desk.environment(GOODWORD_DATABASE=database)
    return subprocess.Popen([sys.executable, "-m", "goodword", part], env=environment, stdout=subprocess.DEVNULL)


def write_to(desk: Desk) -> None:
    """A customer's mail."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Bo <bo@post.example>", "hi@acme.example", "Opening hours"
    mail["Message-ID"] = "<one@post.example>"
    mail.set_content("Hello, when are you open?\n\nBo\n")
    with smtplib.SMTP("127.0.0.1", desk.smtp_port) as server:
        server.send_message(mail)
