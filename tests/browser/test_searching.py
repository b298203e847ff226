"""Searching at the browser: as one types, from the queue's own box, by keyboard, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.guests import UMA, write_mail
from tests.browser.visitors import PHONE, Visits

pytestmark = pytest.mark.browser


def test_a_new_letter_is_found_while_she_types_and_opened_by_keyboard(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = write_mail(ida.desk, UMA, "A xylophone", "Hello, did I leave my xylophones in the parcel of order 20036?")
    ida.goes_to("/desk/")
    ida.page.keyboard.press("/")
    ida.page.keyboard.type("xyloph", delay=20)
    found = ida.page.locator("#found .found-row")
    for _ in range(10):  # the worker indexes it a second later
        ida.page.wait_for_timeout(500)
        if found.count():
            break
        ida.page.keyboard.press("Backspace")
        ida.page.keyboard.type("h")
    expect(found).to_have_count(1)
    expect(found.locator("mark").first).to_have_text("xylophone")
    ida.page.keyboard.press("Escape")
    ida.page.keyboard.press("j")
    ida.page.keyboard.press("Enter")
    ida.page.wait_for_url(f"**/desk/c/{number}/")


def test_the_page_keeps_its_filters_in_its_address(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent", viewport=PHONE)
    ida.goes_to("/desk/search/")
    ida.page.locator("#search").press_sequentially("lamp", delay=20)
    expect(ida.page.locator("#found .found-row").first).to_be_visible()
    ida.page.locator("summary", has_text="Filters").click()
    ida.page.locator("#f-state").select_option("closed")
    ida.page.wait_for_url("**/desk/search/?*state=closed*")
    ida.page.reload()
    expect(ida.page.locator("#search")).to_have_value("lamp")
    expect(ida.page.locator("#f-state")).to_have_value("closed")


def test_without_javascript_the_form_answers(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent", java_script_enabled=False)
    ida.goes_to("/desk/search/")
    ida.page.locator("#search").fill("lamp")
    ida.presses("Search")
    expect(ida.page.locator("#found .found-row").first).to_be_visible()
