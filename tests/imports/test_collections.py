"""Two public collections of real dialogues: every conversation and every message in, once."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from goodword.desk.models import Conversation, Message
from goodword.imports.actions import import_history
from tests.imports.sources import (
    MULTIDOGO_CHATS,
    STAR_DIALOGUES,
    multidogo_lines,
    needs_multidogo,
    needs_star,
    star_lines,
    write_history,
)
from tests.ops.postgres import MovedDesk, ask, own_database
from tests.ops.process import Desk, desk_in, run_command, wait_until
from tests.world import World


@needs_star
def test_dialogues_with_times_come_in_whole(world: World, tmp_path: Path) -> None:
    conversations, messages = write_history(tmp_path / "star.jsonl", star_lines(60))
    report = import_history(tmp_path / "star.jsonl")
    assert (report.made, report.messages, report.troubles) == (conversations, messages, [])
    assert Message.objects.filter(conversation__imported__source="star").count() == messages
    first = Conversation.objects.get(imported__source="star", imported__key="1")
    stamps = list(first.messages.filter(at_is_known=True).values_list("at", flat=True))
    assert (stamps[0].isoformat(), stamps == sorted(stamps)) == ("2020-05-13T13:14:57+00:00", True)


@needs_multidogo
def test_chats_without_times_come_in_in_their_order(world: World, tmp_path: Path) -> None:
    conversations, messages = write_history(tmp_path / "chats.jsonl", multidogo_lines(60))
    report = import_history(tmp_path / "chats.jsonl")
    assert (report.made, report.messages, report.without_time) == (conversations, messages, messages)
    for said in multidogo_lines(60):
        stored = Message.objects.filter(conversation__imported__key=said["id"]).values_list("text", flat=True)
        assert list(stored) == [each["text"] for each in said["messages"]]


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def new_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A desk of its own, founded by the command, on each of the two databases."""
    desk = desk_in(tmp_path / "desk")
    if request.param == "SQLite":
        yield founded(desk)
        return
    with own_database() as url:
        yield founded(MovedDesk(desk.data, desk.port, desk.smtp_port, database=url))


def founded(desk: Desk) -> Desk:
    """The desk, made."""
    done = run_command(
        desk, "new", "--name", "Acme", "--languages", "en,da", "--mailbox", "hi@acme.example", "--manager-name", "Ann",
        "--manager-email", "ann@acme.example", "--manager-password", "a long enough word",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return desk


def report_of(desk: Desk, file: Path) -> dict[str, Any]:
    """Import to the end, and what the command says."""
    done = run_command(desk, "import-history", str(file), "--json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.slow
@needs_star
@needs_multidogo
def test_all_16876_come_in_through_kills_and_none_is_doubled(new_desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    stars, star_messages = write_history(tmp_path / "star.jsonl", star_lines())
    chats, chat_messages = write_history(tmp_path / "chats.jsonl", multidogo_lines())
    assert (stars, chats) == (STAR_DIALOGUES, MULTIDOGO_CHATS)
    file.write_bytes((tmp_path / "star.jsonl").read_bytes() + (tmp_path / "chats.jsonl").read_bytes())
    for conversations in (200, 2600, 6000):
        killed_at(conversations, new_desk, file)
    report = report_of(new_desk, file)
    assert 6000 <= report["as_before"] < stars + chats
    assert (report["read"], report["made"] + report["as_before"]) == (stars + chats, stars + chats)
    assert (report["wrong"], report["changed"]) == (0, 0)
    again = report_of(new_desk, file)
    assert (again["made"], again["as_before"]) == (0, stars + chats)
    assert exported_counts(new_desk, tmp_path) == (stars + chats, star_messages + chat_messages)


@pytest.mark.slow
@needs_star
def test_two_who_import_the_same_at_once_double_nothing(new_desk: Desk, tmp_path: Path) -> None:
    stars, messages = write_history(tmp_path / "star.jsonl", star_lines(1200))
    arguments = [sys.executable, "-m", "goodword", "import-history", str(tmp_path / "star.jsonl")]
    both = [
        subprocess.Popen(arguments, env=new_desk.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert {process.wait(300) for process in both} <= {0, 1}
    report_of(new_desk, tmp_path / "star.jsonl")
    assert exported_counts(new_desk, tmp_path) == (stars, messages)


def killed_at(conversations: int, desk: Desk, file: Path) -> None:
    """Begin to import, and die as if the power had failed, as soon as so many are in."""
    arguments = [sys.executable, "-m", "goodword", "import-history", str(file)]
    process = subprocess.Popen(arguments, env=desk.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: stored(desk) >= conversations, seconds=300)
    process.kill()
    assert process.wait(30) == -signal.SIGKILL


def stored(desk: Desk) -> int:
    """How many conversations have come in so far."""
    question = "SELECT count(*) FROM imports_importedconversation"
    if isinstance(desk, MovedDesk):
        return int(ask(desk.database, question)[0][0])
    with sqlite3.connect(desk.data / "goodword.sqlite3") as database:
        return int(database.execute(question).fetchone()[0])


def exported_counts(desk: Desk, folder: Path) -> tuple[int, int]:
    """What the desk holds, read off its own export: conversations that are there once, and messages."""
    done = run_command(desk, "export-history", str(folder / "out.jsonl"))
    assert done.returncode == 0, done.stderr
    with (folder / "out.jsonl").open(encoding="utf-8") as file:
        lines = [json.loads(each) for each in file]
    assert len({(each["source"], each["id"]) for each in lines}) == len(lines)
    return len(lines), sum(len(each["messages"]) for each in lines)
