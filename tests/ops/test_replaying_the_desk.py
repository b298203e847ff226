"""`goodword replay --desk`: the desk's own decisions by another version of its book."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.ops.conftest import NewDemo
from tests.ops.process import Desk, desk_in, run_command

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(new_demo: NewDemo) -> Desk:
    """A demo that does not run."""
    return new_demo()


def other_version(desk: Desk, folder: Path) -> Path:
    """The desk's book with agents who may refund nothing."""
    run_command(desk, "export-book", str(folder))
    file = folder / "parameters.yaml"
    text = file.read_text("utf-8")
    assert "{DKK: 500000}" in text
    file.write_text(text.replace("{DKK: 500000}", "{DKK: 0}"), encoding="utf-8")
    return folder


def final_decisions(desk: Desk) -> int:
    with sqlite3.connect(desk.data / "goodword.sqlite3") as database:
        query = "SELECT count(*) FROM desk_decision WHERE state = 'final' AND trace != '{}'"
        return int(database.execute(query).fetchone()[0])


def departed(desk: Desk) -> int:
    with sqlite3.connect(desk.data / "goodword.sqlite3") as database:
        query = "SELECT count(*) FROM desk_decision WHERE state = 'final' AND kind = 'departure'"
        return int(database.execute(query).fetchone()[0])


def test_what_would_have_come_out_differently_is_told(desk: Desk, tmp_path: Path) -> None:
    book = other_version(desk, tmp_path / "book")
    done = run_command(desk, "replay", str(book), "--desk", "--json", "--show", "1000")
    found = json.loads(done.stdout)
    assert (done.returncode, found["cases"]) == (1, final_decisions(desk))
    signed = [change for change in found["changes"] if change["after"].get("authority") == "team-lead"]
    departures = found["changed"] - len(signed)  # decided against the policy, and so not as the policy would have it
    assert len(signed) > 0
    assert departures == departed(desk)


def test_where_there_is_no_desk_it_says_so(tmp_path: Path) -> None:
    done = run_command(desk_in(tmp_path / "none"), "replay", str(tmp_path), "--desk")
    assert (done.returncode, "there is no desk in" in done.stderr) == (2, True)


def test_cases_and_desk_exclude_each_other(desk: Desk, tmp_path: Path) -> None:
    done = run_command(desk, "replay", str(tmp_path), "--desk", "--cases", "cases.csv")
    assert (done.returncode, "leave out --cases" in done.stderr) == (2, True)
