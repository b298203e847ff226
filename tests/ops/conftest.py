"""The demo is made once for all tests and test processes; each that needs a running one gets a copy of its folder."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ops.process import Desk, desk_in, running

NewDemo = Callable[[], Desk]


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that was started in an empty folder, answered, and was stopped. Not to be changed."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    desk = desk_in(shared / "made-demo" / "desk")
    with _alone(shared / "made-demo.lock"):
        if not (desk.data / "demo.json").exists():
            with running(desk):
                assert desk.stop()[0] == 0
    return desk.data


@pytest.fixture(scope="session")
def new_demo(made_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> NewDemo:
    """Makes a demo that is not running yet, with weeks of history, in a folder of its own."""

    def copy() -> Desk:
        folder = tmp_path_factory.mktemp("demo") / "desk"
        shutil.copytree(made_demo, folder)
        return desk_in(folder)

    return copy


@pytest.fixture(scope="session")
def demo(new_demo: NewDemo) -> Iterator[Desk]:
    """One running demo, for the tests that only look at it or write it a mail."""
    with running(new_demo()) as desk:
        yield desk


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
