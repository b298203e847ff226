"""`goodword restore`: a backup becomes a desk again, or is refused whole."""

import io
import tarfile
from pathlib import Path

import pytest

from goodword.ops.starter_book import starter_files
from tests.ops.conftest import NewDemo
from tests.ops.process import Desk, desk_in, run_command, running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def backup(new_demo: NewDemo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a demo."""
    file = tmp_path_factory.mktemp("backup") / "desk.tar.gz"
    done = run_command(new_demo(), "backup", str(file))
    assert done.returncode == 0, done.stderr
    return file


def test_a_restored_desk_is_checked_and_runs(backup: Path, tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "restored")
    done = run_command(desk, "restore", str(backup))
    assert (done.returncode, done.stderr) == (0, "")
    assert "the database is whole" in done.stdout
    assert "0 missing, 0 damaged" in done.stdout
    with running(desk):
        assert len(desk.api("conversations?limit=10")["conversations"]) == 10
    run_command(desk, "export-book", str(tmp_path / "book"))
    assert {path.name for path in (tmp_path / "book").rglob("*.md")} == {
        Path(name).name for name in starter_files() if name.endswith(".md")
    }


def test_a_folder_with_a_desk_in_it_is_left_alone(backup: Path, tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "desk")
    desk.data.mkdir()
    (desk.data / "mine.txt").write_text("mine")
    done = run_command(desk, "restore", str(backup))
    assert (done.returncode, "is not an empty folder" in done.stderr) == (2, True)
    assert [path.name for path in desk.data.iterdir()] == ["mine.txt"]


def archive(file: Path, **contents: bytes) -> Path:
    with tarfile.open(file, "w:gz") as made:
        for name, content in contents.items():
            member = tarfile.TarInfo(name.replace("__", "."))
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return file


@pytest.mark.parametrize("what", ["cut short", "no archive", "another archive", "a damaged database", "no file"])
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(backup: Path, tmp_path: Path, what: str) -> None:
    file = tmp_path / "file.tar.gz"
    if what == "cut short":
        file.write_bytes(backup.read_bytes()[:20_000])
    elif what == "no archive":
        file.write_text("hello")
    elif what == "another archive":
        archive(file, readme__txt=b"hello")
    elif what == "a damaged database":
        archive(file, desk__toml=b"demo = false\n", goodword__sqlite3=b"not a database at all" * 100)
    desk: Desk = desk_in(tmp_path / "desk")
    done = run_command(desk, "restore", str(file))
    assert (done.returncode, done.stderr.startswith("goodword: ")) == (1, True), done.stderr
    assert not desk.data.exists()
