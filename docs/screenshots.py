"""Take the pictures of the README from a demo that was made this minute.

Run it from the project's folder: `.venv/bin/python docs/screenshots.py`. It needs Debian's Chromium.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))

from tests.browser.conftest import ARGUMENTS, CHROMIUM  # noqa: E402  the tests are no installed package
from tests.browser.steps import advice, open_conversation  # noqa: E402  as above
from tests.browser.visitors import Visits  # noqa: E402  as above
from tests.ops.process import Desk, desk_in, running  # noqa: E402  as above

PICTURE = HOUSE / "docs" / "images" / "conversation.png"
CUSTOMER = "Amelia Clarke"


def main() -> None:
    """Start a demo in a folder of its own, look at it, and throw it away."""
    with tempfile.TemporaryDirectory() as folder, running(desk_in(Path(folder) / "desk")) as desk:
        _picture(desk)
    print(PICTURE.relative_to(HOUSE))


def _picture(desk: Desk) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        ida = Visits(browser, desk).behind_door("Be the agent", color_scheme="light")
        open_conversation(ida, CUSTOMER)
        advice(ida).wait_for()
        ida.page.mouse.move(0, 0)
        ida.page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
