"""The watched folder: what is saved is in force within two seconds; a mistake stops nothing."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from goodword.policies.actions import publish
from goodword.policies.folder import read_folder
from goodword.policies.models import Publication
from goodword.policies.queries import current_book, open_problem
from goodword.policies.watch import watch_folder
from tests.policies.small_book import DAY, small_book, write_book

pytestmark = pytest.mark.django_db(transaction=True)
TWO_SECONDS = 2.0


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A watched folder with the small book in force."""
    path, stop = write_book(tmp_path / "book", small_book()), threading.Event()

    def watch() -> None:
        try:
            watch_folder(path, stop)
        finally:
            connection.close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    until(Publication.objects.exists)
    time.sleep(0.3)  # let the watch itself begin
    yield path
    stop.set()
    watcher.join(timeout=10)
    assert not watcher.is_alive()


def window() -> int:
    return int(current_book().parameter("return_window", DAY))


def test_a_save_is_in_force_within_two_seconds(folder: Path) -> None:
    write_book(folder, small_book(window=45))
    assert until(lambda: window() == 45) < TWO_SECONDS


def test_an_editor_that_writes_beside_and_renames_is_seen_too(folder: Path) -> None:
    new = folder / "parameters.yaml.tmp"
    new.write_text(small_book(window=21)["parameters.yaml"])
    new.replace(folder / "parameters.yaml")
    assert until(lambda: window() == 21) < TWO_SECONDS


def test_a_mistake_is_kept_with_its_line_and_the_last_good_version_stays(folder: Path) -> None:
    good = small_book()["returns.md"]
    (folder / "returns.md").write_text(good.replace("<= return_window ", "<= return_windo  "))
    assert until(lambda: open_problem() is not None) < TWO_SECONDS
    problem = open_problem()
    assert problem
    assert (problem.findings[0]["file"], problem.findings[0]["line"] > 1) == ("returns.md", True)
    assert window() == 30
    (folder / "returns.md").write_text(good)
    assert until(lambda: open_problem() is None) < TWO_SECONDS
    assert Publication.objects.count() == 1


def test_what_is_published_in_the_browser_is_written_back_to_the_folder(folder: Path) -> None:
    publish(small_book(window=60), by=None)
    until(lambda: "value: 60" in (folder / "parameters.yaml").read_text())
    time.sleep(0.8)  # the watcher sees its own writing and must not publish it again
    assert Publication.objects.count() == 2


def test_a_folder_with_a_mistake_is_left_to_whoever_is_mending_it(folder: Path) -> None:
    (folder / "facts.yaml").write_text("facts: [")
    until(lambda: open_problem() is not None)
    publish(small_book(window=60), by=None)
    time.sleep(1.2)
    assert (folder / "facts.yaml").read_text() == "facts: ["
    assert window() == 60


def test_a_folder_left_behind_by_a_crash_takes_the_newer_publication(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book", small_book())
    watch_once(path)
    publish(small_book(window=60), by=None)  # in the browser; the desk dies before it is written back
    watch_once(path)
    assert window() == 60
    assert read_folder(path) == small_book(window=60)
    assert Publication.objects.count() == 2


def test_a_folder_half_written_back_is_finished(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book", small_book())
    watch_once(path)
    newer = small_book(window=60)
    publish(newer, by=None)
    (path / "parameters.yaml").write_text(newer["parameters.yaml"])
    watch_once(path)
    assert (window(), Publication.objects.count()) == (60, 2)


def test_a_folder_changed_on_an_older_version_is_shown_and_published_only_when_saved_again(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book", small_book())
    watch_once(path)
    publish(small_book(window=60), by=None)
    write_book(path, small_book(window=21))
    watch_once(path)
    problem = open_problem()
    assert problem
    assert (window(), problem.findings[0]["file"]) == (60, "parameters.yaml")
    assert read_folder(path) == small_book(window=21)


def watch_once(path: Path) -> None:
    """One start of the desk, stopped before anything is saved."""
    stop = threading.Event()
    stop.set()
    watch_folder(path, stop)


def until(condition: Callable[[], bool], seconds: float = 6) -> float:
    """Wait until `condition()` holds and return how many seconds that took."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() < begin + seconds
        time.sleep(0.02)
    return time.monotonic() - begin
