"""What is refused at start, and whether the sentence helps."""

import socket
from pathlib import Path

import pytest

from tests.ops.process import Desk, desk_in, run_command


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder without a desk."""
    return desk_in(tmp_path / "desk")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("GOODWORD_PORT", "eighty", "GOODWORD_PORT is 'eighty'; it must be a port"),
        ("GOODWORD_SMTP_PORT", "70000", "GOODWORD_SMTP_PORT is '70000'; it must be a port"),
        ("GOODWORD_DATABASE", "mysql://somewhere/x", "GOODWORD_DATABASE must be like postgresql://"),
        ("GOODWORD_MAIL_LIMIT", "12", "GOODWORD_MAIL_LIMIT is '12'; it must be bytes"),
        ("GOODWORD_PROT", "8000", "GOODWORD_PROT is set, but there is no such variable"),
        ("GOODWORD_HOST", "0.0.0.0", "the demo opens doors without passwords and listens on 127.0.0.1 only"),
    ],
)
def test_a_variable_that_makes_no_sense_is_named_and_nothing_starts(
    desk: Desk, variable: str, value: str, words: str
) -> None:
    done = run_command(desk, "run", **{variable: value})
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (desk.data / "goodword.sqlite3").exists()


@pytest.mark.slow
@pytest.mark.parametrize("variable", ["GOODWORD_PORT", "GOODWORD_SMTP_PORT"])
def test_a_port_that_is_taken_is_told_in_one_sentence_with_its_variable(desk: Desk, variable: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", desk.port if variable == "GOODWORD_PORT" else desk.smtp_port))
        other.listen()
        done = run_command(desk, "run")
    assert done.returncode == 2
    assert f"is taken by another program. Stop that program, or set {variable} to a free port" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.slow
def test_a_data_folder_that_is_a_file_is_refused(desk: Desk) -> None:
    desk.data.write_text("not a folder")
    done = run_command(desk, "run")
    assert (done.returncode, "GOODWORD_DATA" in done.stderr) == (2, True)


@pytest.mark.slow
def test_a_command_for_a_desk_says_how_to_get_one_where_there_is_none(desk: Desk) -> None:
    done = run_command(desk, "health")
    assert done.returncode == 2
    assert "Found one with `goodword new`" in done.stderr


@pytest.mark.slow
def test_a_folder_with_a_database_but_without_its_key_is_left_alone(desk: Desk) -> None:
    desk.data.mkdir()
    (desk.data / "goodword.sqlite3").write_bytes(b"rows of years")
    done = run_command(desk, "run")
    assert (done.returncode, "Restore desk.toml from a backup" in done.stderr) == (2, True)
    assert (desk.data / "goodword.sqlite3").read_bytes() == b"rows of years"
