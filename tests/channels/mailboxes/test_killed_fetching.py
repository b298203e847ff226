"""kill -9 while fetching: every mail of the server is there exactly once."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.channels.mailboxes.dovecot import Dovecot
from tests.channels.post import letter
from tests.channels.test_killed import ROOT

MAILS, KILLS, SECONDS = 400, 6, 120
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("postgresql" in settings.DATABASES["default"]["ENGINE"], reason="it brings its own SQLite"),
]


def test_killed_while_fetching_nothing_is_lost_and_nothing_doubled(dovecot: Dovecot, tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text('secret_key = "the same at every start of this test"\n')
    for number in range(MAILS):
        dovecot.put(letter(f"Brev {number}\n", mail_id=f"{number}@x.example").as_bytes(), f"{number:05}")
    run(tmp_path, "add", str(dovecot.plain))
    for kill in range(KILLS):
        process = start(tmp_path)
        time.sleep(0.15 + 0.2 * kill)
        process.kill()
        process.wait()
    process = start(tmp_path)
    end = time.monotonic() + SECONDS
    while (found := report(tmp_path))["filed"] < MAILS and time.monotonic() < end:
        time.sleep(0.5)
    process.kill()
    process.wait()
    assert (found["fetched"], found["kept"], found["filed"]) == (MAILS, MAILS, MAILS)
    assert sorted(found["mail_ids"]) == sorted(f"{number}@x.example" for number in range(MAILS))


def run(folder: Path, *what: str) -> str:
    done = subprocess.run(command(*what), env=environment(folder), cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


def start(folder: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        command("fetch"),
        env=environment(folder),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as said:
        assert said.readline().strip() == "fetching"
    return process


def report(folder: Path) -> dict[str, Any]:
    return dict(json.loads(run(folder, "report").strip().split("\n")[-1]))


def command(*what: str) -> list[str]:
    return [sys.executable, "-m", "tests.channels.mailboxes.killable_fetcher", *what]


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "GOODWORD_DATA": str(folder), "GOODWORD_TESTING": "1"}
