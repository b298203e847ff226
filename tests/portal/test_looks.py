"""The public pages in a real browser: readable for everybody, at every width, by day and by night."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.world import build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ["/", "/policies/", "/policies/returns/", "/policies/returns/?language=da&on=2026-06-01", "/contact/", "/gone/"]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 375, "height": 812}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright runs an event loop in this thread, and Django refuses its database where a loop runs.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def company(live_server: LiveServer) -> LiveServer:
    build_world()
    return live_server


def open_page(browser: Browser, address: str, *, scheme: str, size: dict[str, int]) -> Page:
    page = browser.new_context(color_scheme=scheme, viewport=size, locale="en-GB").new_page()
    page.goto(address)
    return page


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_serious_fault_by_day_or_by_night(browser: Browser, company: LiveServer, path: str) -> None:
    for scheme in ("light", "dark"):
        page = open_page(browser, f"{company.url}{path}", scheme=scheme, size=WIDE)
        faults = Axe().run(page).response["violations"]
        assert [fault["id"] for fault in faults if fault["impact"] in {"serious", "critical"}] == []
        page.context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone_and_breaks_no_rule_of_the_security_policy(
    browser: Browser, company: LiveServer, path: str
) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{company.url}{path}")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [text for text in said if "Content Security Policy" in text] == []
    page.context.close()


def test_a_policy_on_paper_is_its_text_and_its_version_without_buttons(browser: Browser, company: LiveServer) -> None:
    page = open_page(browser, f"{company.url}/policies/returns/", scheme="light", size=WIDE)
    page.emulate_media(media="print")
    assert page.locator(".portal-text").is_visible()
    assert page.locator(".portal-printed").is_visible()
    assert [page.locator(part).first.is_visible() for part in (".portal-links", ".portal-margin", ".button")] == [
        False,
        False,
        False,
    ]
    page.context.close()


def test_the_form_is_filled_in_and_sent_by_keyboard_alone(browser: Browser, company: LiveServer) -> None:
    page = open_page(browser, f"{company.url}/contact/", scheme="light", size=WIDE)
    page.focus("#contact-name")
    for text in ("Freja Holm", "freja@holm.example", "Ret", "10452", "I would like to send back the lamp."):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.focus(".portal-form .button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contact/thanks/**")
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you for writing"
    page.context.close()
