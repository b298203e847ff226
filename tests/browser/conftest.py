"""One real desk and one Chromium for all these tests; every test brings its own people and conversations."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.guests import let_them_buy
from tests.browser.visitors import LONGEST_WAIT_MS, Visits
from tests.ops.process import Desk, desk_in, running

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

expect.set_options(timeout=LONGEST_WAIT_MS)


# For the package, not the session: other rooms' browser tests start a Playwright of their own, and two cannot be.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"There is no Chromium at {CHROMIUM}.")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


@pytest.fixture(scope="package")
def desk(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """`goodword run` in an empty folder, on free ports, with the demo made and our guests' orders imported."""
    folder = tmp_path_factory.mktemp("browser")
    with running(desk_in(folder / "desk")) as desk:
        let_them_buy(desk, folder)
        yield desk


@pytest.fixture
def visits(chromium: Browser, desk: Desk) -> Iterator[Visits]:
    """People at browsers; the test fails if a console had anything to complain of."""
    visits = Visits(chromium, desk)
    yield visits
    assert visits.end() == []
