"""The watched book of the demo: saved is in force, a mistake is named, and the last good version runs on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodword.ops.demo.waiting import A_PLAIN_YES
from tests.ops.conftest import NewDemo
from tests.ops.process import Desk, running, wait_until

pytestmark = pytest.mark.slow
# Two seconds is the promise, on a machine of its own; here several test processes share one.
SECONDS = 30


@pytest.fixture(scope="module")
def desk(new_demo: NewDemo) -> Iterator[Desk]:
    """A demo of one's own, because its book is changed."""
    with running(new_demo()) as desk:
        yield desk


@pytest.fixture
def desk_at_rest(desk: Desk) -> Desk:
    """The desk with the book it began with in force, whatever an earlier test did to it."""
    set_window(desk, "30")
    wait_until(lambda: "30 days" in public_page(desk) and desk.health()["status"] == "ok", seconds=SECONDS)
    return desk


def parameters(desk: Desk) -> Path:
    """The file that holds the return window."""
    return desk.data / "demo-book" / "parameters.yaml"


def set_window(desk: Desk, days: str) -> None:
    """Save the book with another return window, as an editor would."""
    text = parameters(desk).read_text(encoding="utf-8")
    changed, times = re.subn(
        r"(from: 2025-06-01, value: )[^,]+(, source: \"Management, 2025-04-24)", rf"\g<1>{days}\2", text
    )
    assert times == 1
    parameters(desk).write_text(changed, encoding="utf-8")


def test_a_saved_change_reaches_the_public_page(desk_at_rest: Desk) -> None:
    desk = desk_at_rest
    set_window(desk, "45")
    wait_until(lambda: "45 days" in public_page(desk), seconds=SECONDS)
    assert "30 days" not in public_page(desk)


def test_a_saved_change_reaches_the_advice(desk_at_rest: Desk) -> None:
    desk = desk_at_rest
    assert advised_on_the_lamp(desk) == "allow"
    set_window(desk, "14")
    wait_until(lambda: advised_on_the_lamp(desk) == "refuse", seconds=SECONDS)


def test_a_mistake_is_named_with_file_and_line_and_the_last_good_version_stays(desk_at_rest: Desk) -> None:
    desk = desk_at_rest
    in_force = desk.health()["book"]["hash"]
    set_window(desk, "a while")
    wait_until(lambda: desk.health()["book"]["findings"], seconds=SECONDS)
    health = desk.health()
    line = next(n for n, text in enumerate(parameters(desk).read_text("utf-8").splitlines(), 1) if "a while" in text)
    finding = health["book"]["findings"][0]
    assert (finding["file"], finding["line"], health["book"]["hash"]) == ("parameters.yaml", line, in_force)
    assert f"parameters.yaml:{line}:" in health["problems"][0]["what"]
    assert (health["status"], desk.get("/healthz")[0]) == ("attention", 200)
    assert "30 days" in public_page(desk)


def public_page(desk: Desk) -> str:
    """The words of the returns policy as customers read them."""
    status, text = desk.get("/policies/returns/?language=en")
    assert status == 200
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def advised_on_the_lamp(desk: Desk) -> str:
    """What the policy says of the lamp that came 17 days ago."""
    listed = desk.api("conversations?limit=100")["conversations"]
    number = next(row["number"] for row in listed if row["subject"] == A_PLAIN_YES.subject)
    return str(desk.api(f"conversations/{number}")["matters"][0]["advice"]["outcome"])
