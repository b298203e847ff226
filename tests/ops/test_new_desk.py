"""Founding a desk of one's own."""

import sqlite3
import tomllib
from pathlib import Path

import pytest

from tests.ops.process import Desk, desk_in, run_command, running

ANSWERS = {
    "--name": "Søvn & Co.",
    "--languages": "da,en",
    "--mailbox": "Hej@Soevn.example",
    "--manager-name": "Ann Dahl",
    "--manager-email": "ann@soevn.example",
    "--manager-password": "a long enough word",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder without a desk."""
    return desk_in(tmp_path / "desk")


def new(desk: Desk, **other: str) -> list[str]:
    """The command with all its answers, some of them replaced."""
    answers = ANSWERS | {f"--{name.replace('_', '-')}": value for name, value in other.items()}
    return ["new", str(desk.data), *(part for pair in answers.items() for part in pair)]


@pytest.mark.slow
def test_a_new_desk_has_its_book_its_mailbox_and_its_first_manager_and_nothing_else(desk: Desk) -> None:
    done = run_command(desk, *new(desk))
    assert done.returncode == 0, done.stderr
    kept = tomllib.loads((desk.data / "desk.toml").read_text())
    assert (kept["demo"], len(kept["secret_key"]) > 40) == (False, True)
    rows = sqlite3.connect(desk.data / "goodword.sqlite3")
    assert rows.execute("SELECT email, name, role, language FROM accounts_agent").fetchall() == [
        ("ann@soevn.example", "Ann Dahl", "owner", "da")
    ]
    assert rows.execute("SELECT address, name, language FROM desk_inbox").fetchall() == [
        ("hej@soevn.example", "Søvn & Co.", "da")
    ]
    assert rows.execute("SELECT count(*) FROM people_person").fetchone() == (0,)
    assert rows.execute("SELECT count(*) FROM policies_publication").fetchone() == (1,)
    rows.close()
    assert f"GOODWORD_DATA={desk.data} goodword run" in done.stdout


@pytest.mark.slow
def test_a_desk_that_is_there_is_not_overwritten(desk: Desk) -> None:
    run_command(desk, *new(desk))
    before = (desk.data / "desk.toml").read_text()
    done = run_command(desk, *new(desk, name="Somebody Else"))
    assert (done.returncode, "holds a desk already" in done.stderr) == (2, True)
    assert (desk.data / "desk.toml").read_text() == before


@pytest.mark.slow
def test_a_folder_with_something_in_it_is_not_used(desk: Desk) -> None:
    desk.data.mkdir()
    (desk.data / "letters.txt").write_text("mine")
    done = run_command(desk, *new(desk))
    assert (done.returncode, "is not an empty folder" in done.stderr) == (2, True)
    assert [file.name for file in desk.data.iterdir()] == ["letters.txt"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"languages": "en,tlh"}, "the starter book is written in en, da"),
        ({"mailbox": "hello"}, "--mailbox is 'hello'; it must be a mail address"),
        ({"manager_email": "ann at soevn"}, "--manager-email is 'ann at soevn'; it must be a mail address"),
        ({"manager_password": "short"}, "the password is too short: 10 characters or more"),
        ({"name": "  "}, "--name is empty"),
    ],
)
def test_an_answer_that_makes_no_sense_is_named_and_nothing_is_made(
    desk: Desk, answers: dict[str, str], words: str
) -> None:
    done = run_command(desk, *new(desk, **answers))
    assert (done.returncode, words in done.stderr) == (2, True)
    assert not desk.data.exists()


@pytest.mark.slow
def test_a_question_nobody_is_there_to_answer_is_named(desk: Desk) -> None:
    done = run_command(desk, "new", str(desk.data), "--name", "Acme")
    assert (done.returncode, "--languages is missing" in done.stderr) == (2, True)


@pytest.mark.slow
def test_a_new_desk_runs_without_doors_and_asks_for_a_password(desk: Desk) -> None:
    run_command(desk, *new(desk))
    with running(desk):
        front = desk.get("/")[1]
        assert "Søvn &amp; Co." in front
        assert "/desk/demo/" not in front
        assert desk.get("/desk/demo/outbox/")[0] == 404
        assert "/sign-in/" in desk.landing("/desk/")
        assert not (desk.data / "demo.json").exists()
        assert not (desk.data / "demo-book").exists()
        assert desk.health()["status"] == "ok"
