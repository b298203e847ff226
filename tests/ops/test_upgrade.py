"""A desk of an earlier version is started with this one: it brings itself up to date, and nothing is lost."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from tests.ops.pages import Visitor
from tests.ops.postgres import MovedDesk, ask, own_database
from tests.ops.process import Desk, desk_in, ended, running, wait_until
from tests.ops.test_move_to import sqlite

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parents[2]
VERSIONS = {"0.1.0": "3a9ac55"}
# What the framework keeps for itself, and what starting a desk writes.
NOT_THE_DESKS = ("auth_permission", "cache", "django_content_type", "django_migrations", "django_session")
PAGES = ("desk/", "desk/policies/", "desk/approvals/", "desk/actions/", "desk/mail/", "desk/settings/mailboxes/")


@pytest.fixture(scope="module", params=list(VERSIONS.values()), ids=list(VERSIONS))
def earlier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it was then, from the repository's history."""
    folder = tmp_path_factory.mktemp("earlier")
    packed = subprocess.run(
        ["git", "archive", request.param, "goodword"], cwd=REPOSITORY, capture_output=True, check=False
    )
    if packed.returncode:
        pytest.skip(f"commit {request.param} is not in this checkout's history")
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    return folder


@contextmanager
def running_earlier(desk: Desk, code: Path) -> Iterator[None]:
    """`goodword run` of that version until the block ends, and stopped as an operator stops it."""
    desk.data.mkdir(parents=True, exist_ok=True)
    environment = {**desk.environment(), "PYTHONPATH": str(code)}
    with (desk.data.parent / "output.txt").open("a+", encoding="utf-8") as output:
        command = [sys.executable, "-c", "import sys; from goodword.cli import main; sys.exit(main(['run']))"]
        desk.process = subprocess.Popen(command, env=environment, cwd=code, stdout=output, stderr=output, text=True)
        try:
            wait_until(desk.is_well, seconds=300, unless=lambda: ended(desk))
            yield
            desk.stop()
        finally:
            if desk.process.poll() is None:
                desk.process.kill()
            desk.process.wait(30)


def rows_in(desk: Desk) -> dict[str, int]:
    """How many rows each of the desk's own tables has."""
    if isinstance(desk, MovedDesk):
        names = [name for (name,) in ask(desk.database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        counts = {name: ask(desk.database, f'SELECT count(*) FROM "{name}"')[0][0] for name in names}
    else:
        names = [name for (name,) in sqlite(desk, "SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {name: sqlite(desk, f'SELECT count(*) FROM "{name}"')[0][0] for name in names}
    return {name: count for name, count in counts.items() if not name.startswith((*NOT_THE_DESKS, "sqlite_"))}


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_an_earlier_versions_desk_brings_itself_up_to_date_and_loses_nothing(
    database: str, earlier: Path, tmp_path: Path
) -> None:
    desk: Desk = desk_in(tmp_path / "desk")
    with own_database() if database == "PostgreSQL" else nullcontext("") as url:
        if url:
            desk = MovedDesk(desk.data, desk.port, desk.smtp_port, database=url)
        with running_earlier(desk, earlier):
            conversations = desk.api("conversations?limit=100")["conversations"]
        before = rows_in(desk)
        assert (before["desk_message"] > 100, "channels_mailbox" in before) == (True, False)
        with running(desk):
            assert desk.health()["status"] == "ok"
            after = rows_in(desk)
            assert {name: after.get(name) for name in before} == before
            known = [(each["number"], each["subject"], each["state"]) for each in conversations]
            now = desk.api("conversations?limit=100")["conversations"]
            assert sorted((each["number"], each["subject"], each["state"]) for each in now) == sorted(known)
            manager = Visitor(desk)
            manager.enter("manager")
            for path in (*PAGES, *(f"desk/c/{number}/" for number, _, _ in known)):
                assert "</html>" in manager.page(f"/{path}")
