"""Starting, stopping and starting again."""

import signal
from pathlib import Path

import pytest

from tests.ops.conftest import NewDemo
from tests.ops.process import Desk, desk_in, run_command, running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(new_demo: NewDemo) -> Desk:
    """A demo's folder and ports; each test starts and stops it."""
    return new_demo()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_within_three_seconds(home: Desk, number: int) -> None:
    with running(home) as desk:
        status, seconds = desk.stop(number)
    assert status == 0
    assert seconds < 5  # three on a machine of its own


def test_a_restart_keeps_everything_and_the_key(home: Desk) -> None:
    with running(home) as desk:
        before = (desk.card(), desk.api("conversations?limit=100"))
        desk.stop()
    with running(home) as desk:
        assert (desk.card(), desk.api("conversations?limit=100")) == before


def test_a_second_process_on_the_same_folder_is_refused(home: Desk, tmp_path: Path) -> None:
    with running(home):
        other = desk_in(tmp_path)
        done = run_command(Desk(home.data, other.port, other.smtp_port), "run")
    assert done.returncode == 2
    assert "another goodword runs on" in done.stderr


def test_the_health_command_says_what_is_down_when_nothing_runs(home: Desk) -> None:
    done = run_command(home, "health")
    assert done.returncode in {0, 1}
    assert "Goodword is" in done.stdout


def test_a_backup_holds_database_blobs_and_key_and_is_not_overwritten(home: Desk, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    with running(home):
        first = run_command(home, "backup", str(file))
        second = run_command(home, "backup", str(file))
    assert (first.returncode, second.returncode) == (0, 1)
    assert "is there already" in second.stderr


def test_a_fresh_demo_forgets_what_happened_in_the_old_one(new_demo: NewDemo) -> None:
    old = new_demo()
    key = old.card()["api_key"]
    with running(old, "demo", "--fresh") as desk:
        assert desk.card()["api_key"] != key
        assert len(desk.api("conversations?limit=100")["conversations"]) > 50
