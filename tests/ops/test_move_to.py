"""`goodword move-to`: the desk goes on in PostgreSQL as if nothing had happened, or it stays where it is."""

import difflib
import hashlib
import json
import os
import shlex
import shutil
import signal
import smtplib
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.imports.desk_lines import FULL, line
from tests.ops.conftest import NewDemo
from tests.ops.pages import Visitor
from tests.ops.postgres import MovedDesk, ask, own_database
from tests.ops.process import Desk, desk_in, run_command, running, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def target() -> Iterator[str]:
    """An empty PostgreSQL database."""
    with own_database() as url:
        yield url


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A founded desk with two conversations of another desk in it. Not to be changed."""
    folder = tmp_path_factory.mktemp("founded")
    desk = desk_in(folder / "desk")
    done = run_command(
        desk, "new", "--name", "Acme", "--languages", "en,da", "--mailbox", "hi@acme.example", "--manager-name", "Ann",
        "--manager-email", "ann@acme.example", "--manager-password", "a long enough word",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (folder / "history.jsonl").write_text(json.dumps(FULL) + "\n" + json.dumps(line()) + "\n", encoding="utf-8")
    done = run_command(desk, "import-history", str(folder / "history.jsonl"))
    assert done.returncode == 0, done.stderr
    return desk


@pytest.fixture
def small_desk(founded: Desk, tmp_path: Path) -> Desk:
    """A copy of it."""
    shutil.copytree(founded.data, tmp_path / "desk")
    return desk_in(tmp_path / "desk")


def sqlite(desk: Desk, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run one statement on the desk's SQLite file."""
    with sqlite3.connect(desk.data / "goodword.sqlite3") as database:
        return database.execute(statement, values).fetchall()


def everything_in(desk: Desk) -> str:
    """A digest of all that the SQLite file says."""
    digest = hashlib.sha256()
    with sqlite3.connect(desk.data / "goodword.sqlite3") as database:
        for statement in database.iterdump():
            digest.update(statement.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def test_a_demo_that_was_moved_works_on(new_demo: NewDemo, target: str, tmp_path: Path) -> None:
    desk = new_demo()
    history = [{**FULL, "state": "waiting"}, line()]
    (tmp_path / "history.jsonl").write_text("".join(json.dumps(each) + "\n" for each in history), encoding="utf-8")
    assert run_command(desk, "import-history", str(tmp_path / "history.jsonl")).returncode == 0
    visitor = Visitor(desk)
    with running(desk):
        visitor.enter("manager")
        numbers = [row[0] for row in sqlite(desk, "SELECT number FROM desk_conversation ORDER BY number DESC")]
        pages = {path: visitor.page(path) for path in pages_to_compare(numbers)}
        desk.stop()
    before = everything_in(desk)

    moved = run_command(desk, "move-to", target)
    assert moved.returncode == 0, moved.stderr
    assert "rows: all equal." in moved.stdout
    assert f"GOODWORD_DATABASE={target}" in moved.stdout
    assert everything_in(desk) == before

    there = MovedDesk(desk.data, desk.port, desk.smtp_port, database=target)
    with running(there):
        # The same session goes on: she need not sign in again.
        assert {path: lines for path, page in pages.items() if (lines := changed(page, visitor.page(path)))} == {}
        highest = ask(target, "SELECT max(number) FROM desk_conversation")[0][0]
        write(there, "Where is my new bed?")
        wait_until(lambda: ask(target, "SELECT max(number) FROM desk_conversation")[0][0] == highest + 1, seconds=30)
        answers_thread(there, target)


def pages_to_compare(numbers: list[int]) -> list[str]:
    """Lists, every state of a conversation, and the book."""
    lists = [f"/desk/view/{view}/" for view in ("mine", "unassigned", "waiting", "approvals", "closed", "all")]
    return ["/", "/desk/", *lists, "/desk/actions/", "/desk/policies/", *(f"/desk/c/{each}/" for each in numbers[:40])]


def changed(page: str, later: str) -> list[str]:
    """The lines in which two looks at a page differ."""
    lines = difflib.unified_diff(page.splitlines(), later.splitlines(), n=0, lineterm="")
    return [each for each in lines if not each.startswith(("---", "+++", "@@"))]


def write(desk: Desk, subject: str, **headers: str) -> None:
    """A customer's mail over SMTP."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "vera@lund.example", desk.card()["inbox"], subject
    mail["Message-ID"] = f"<{time.time_ns()}@lund.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("It is me again.")
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=20) as server:
        server.send_message(mail)


def answers_thread(desk: Desk, target: str) -> None:
    """A mail that answers one brought in from another desk lands in its conversation."""
    count = "SELECT count(*) FROM desk_message WHERE conversation_id = (SELECT conversation_id FROM desk_message WHERE"
    question = f"{count} mail_id = 'a1@lund.example')"
    before = ask(target, question)[0][0]
    write(desk, "Re: My lamp flickers", In_Reply_To="<a1@lund.example>")
    # Her message, and perhaps our acknowledgement of it.
    wait_until(lambda: ask(target, question)[0][0] > before, seconds=30)


def test_what_sqlite_keeps_and_postgresql_keeps_otherwise_arrives(small_desk: Desk, target: str) -> None:
    first, second = [row[0] for row in sqlite(small_desk, "SELECT id FROM desk_conversation ORDER BY id")]
    sqlite(small_desk, "UPDATE desk_conversation SET merged_into_id = ? WHERE id = ?", second, first)
    sqlite(small_desk, "UPDATE desk_message SET text = ? WHERE conversation_id = ?", "a\x00b \U0001f600", second)
    details = '{"tags": ["\\u0000 \\ud800"], "n": [1.0, 1e3, 0.1, null, true]}'
    sqlite(small_desk, "UPDATE imports_importedconversation SET details = ? WHERE conversation_id = ?", details, second)
    sqlite(small_desk, "UPDATE sqlite_sequence SET seq = 5000 WHERE name = 'people_person'")
    moved = run_command(small_desk, "move-to", target)
    assert moved.returncode == 0, moved.stderr
    assert "desk_message: in 1 rows a NUL" in moved.stdout
    assert ask(target, f"SELECT text FROM desk_message WHERE conversation_id = {second}") == [("a�b \U0001f600",)]
    kept = ask(target, f"SELECT details FROM imports_importedconversation WHERE conversation_id = {second}")[0][0]
    assert kept == {"tags": ["� �"], "n": [1, 1000, 0.1, None, True]}
    assert ask(target, f"SELECT merged_into_id FROM desk_conversation WHERE id = {first}") == [(second,)]
    moment = "SELECT at::text FROM desk_message WHERE text = 'Send it back.'"
    assert ask(f"{target}", moment)[0][0].startswith("2024-05-01 ")
    assert ".123456" in ask(target, moment)[0][0]
    # Ids of customers who are gone are not given again: the journal may still name them.
    assert ask(target, "SELECT nextval(pg_get_serial_sequence('people_person', 'id'))") == [(5001,)]


def test_it_is_refused_while_the_desk_runs(small_desk: Desk, target: str) -> None:
    with running(small_desk):
        done = run_command(small_desk, "move-to", target)
    assert (done.returncode, "another goodword runs on" in done.stderr) == (2, True)
    assert ask(target, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_a_target_with_anything_in_it_is_left_alone(small_desk: Desk, target: str) -> None:
    import psycopg

    with psycopg.connect(target) as connection:
        connection.execute("CREATE TABLE mine (id int)")
    done = run_command(small_desk, "move-to", target)
    assert (done.returncode, "The target is not empty" in done.stderr) == (1, True)
    assert ask(target, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == [("mine",)]


def test_a_text_longer_than_its_column_is_named_and_nothing_moves(small_desk: Desk, target: str) -> None:
    sqlite(small_desk, "UPDATE desk_conversation SET outcome = ? WHERE id = 1", "x" * 61)
    done = run_command(small_desk, "move-to", target)
    assert done.returncode == 1
    assert "desk_conversation, row 1: outcome is 61 characters long, and PostgreSQL takes 60" in done.stderr
    refused = run_command(MovedDesk(small_desk.data, small_desk.port, small_desk.smtp_port, database=target), "health")
    assert refused.returncode == 2
    assert "move-to` that was not finished" in refused.stderr


def test_a_move_that_was_killed_is_begun_again(small_desk: Desk, target: str) -> None:
    before = everything_in(small_desk)
    arguments = [sys.executable, "-m", "goodword", "move-to", target]
    process = subprocess.Popen(arguments, env=small_desk.environment(), stdout=subprocess.DEVNULL)
    unfinished = "SELECT count(*) FROM pg_tables WHERE tablename = 'desk_message'"
    wait_until(lambda: ask(target, unfinished) == [(1,)], seconds=60)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    there = MovedDesk(small_desk.data, small_desk.port, small_desk.smtp_port, database=target)
    assert run_command(there, "health").returncode == 2
    assert everything_in(small_desk) == before
    again = run_command(small_desk, "move-to", target)
    assert again.returncode == 0, again.stderr
    assert ask(target, "SELECT count(*) FROM desk_message") == sqlite(small_desk, "SELECT count(*) FROM desk_message")


def test_a_missing_attachment_is_told(small_desk: Desk, target: str) -> None:
    file = next((small_desk.data / "blobs").glob("??/*"))
    file.write_bytes(b"something else")
    done = run_command(small_desk, "move-to", target)
    assert (done.returncode, "0 missing, 1 damaged" in done.stdout, file.name in done.stderr) == (1, True, True)


def test_a_backup_from_then_on_is_what_its_refusal_says(small_desk: Desk, target: str, tmp_path: Path) -> None:
    there = MovedDesk(small_desk.data, small_desk.port, small_desk.smtp_port, database=target)
    assert run_command(small_desk, "move-to", target).returncode == 0
    refused = run_command(there, "backup", str(tmp_path / "backup.tar.gz"))
    commands = [each.strip() for each in refused.stderr.splitlines() if each.startswith("  ")]
    assert (refused.returncode, [each.split()[0] for each in commands]) == (1, ["pg_dump", "tar"])
    for command in commands:
        subprocess.run(shlex.split(command), cwd=tmp_path, check=True)
    messages = ask(target, "SELECT count(*) FROM desk_message")
    with own_database() as other:
        restore = ["pg_restore", "--no-owner", f"--dbname={other}", str(tmp_path / "goodword.dump")]
        subprocess.run(restore, check=True)
        assert ask(other, "SELECT count(*) FROM desk_message") == messages
    with tarfile.open(tmp_path / "goodword-files.tar.gz") as archive:
        assert "desk.toml" in archive.getnames()


def test_there_is_no_way_back(small_desk: Desk, target: str) -> None:
    there = MovedDesk(small_desk.data, small_desk.port, small_desk.smtp_port, database=target)
    done = run_command(there, "move-to", target)
    assert (done.returncode, "goes from SQLite to PostgreSQL only" in done.stderr) == (1, True)


def test_an_address_that_is_none_or_does_not_answer_is_told(small_desk: Desk) -> None:
    for url, words in (("mysql://x/y", "must be like postgresql://"), ("postgresql://nobody@127.0.0.1:1/x", "answer")):
        done = run_command(small_desk, "move-to", url)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr
