"""The staff pages in a real browser: readable for everybody, at every width, by keyboard, and alive."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from goodword.accounts.models import Agent
from goodword.desk.models import Decision, Draft, Message
from goodword.journal.actions import record
from tests.desk.cases import plain_yes, returned, too_large
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 375, "height": 812}
PAGES = [
    "/desk/", "/desk/c/1000/", "/desk/c/1001/", "/desk/c/1002/", "/desk/approvals/", "/desk/actions/",
    "/desk/policies/", "/desk/policies/read/returns/", "/desk/policies/versions/", "/desk/policies/gaps/",
    "/sign-in/2fa/", "/desk/c/4711/",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright runs an event loop in this thread, and Django refuses its database where a loop runs.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def company(live_server: LiveServer) -> World:
    """An open question, a decision whose work is open, and a proposal: conversations 1000 to 1002."""
    world = build_world()
    returned(world, "10452")
    plain_yes(world)
    too_large(world)
    return world


def at_her_desk(browser: Browser, server: LiveServer, agent: Agent, **options: object) -> Page:
    """A page of a browser in which `agent` is signed in."""
    client = Client()
    client.force_login(agent)
    context: BrowserContext = browser.new_context(reduced_motion="reduce", **options)  # type: ignore[arg-type]
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}])
    return context.new_page()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_serious_fault_by_day_or_by_night(
    browser: Browser, live_server: LiveServer, company: World, path: str
) -> None:
    for scheme in ("light", "dark"):
        page = at_her_desk(browser, live_server, company.mette, color_scheme=scheme, viewport=WIDE)
        page.goto(f"{live_server.url}{path}")
        page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
        faults = Axe().run(page).response["violations"]
        assert [fault["id"] for fault in faults if fault["impact"] in {"serious", "critical"}] == []
        page.context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone_and_breaks_no_rule_of_the_security_policy(
    browser: Browser, live_server: LiveServer, company: World, path: str
) -> None:
    page = at_her_desk(browser, live_server, company.ida, viewport=PHONE)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{live_server.url}{path}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [text for text in said if "Content Security Policy" in text] == []
    page.context.close()


def test_an_answer_takes_three_clicks_where_the_facts_are_known(
    browser: Browser, live_server: LiveServer, company: World
) -> None:
    number = returned(company, "10452", faulty=False).conversation.number
    page = at_her_desk(browser, live_server, company.ida, viewport=WIDE)
    page.goto(f"{live_server.url}/desk/")
    page.locator(f"#row-{number}").click()
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.locator("#reply-text")).to_be_focused()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Your answer is on its way.").wait_for()
    assert Decision.objects.get(matter__conversation__number=number).message == Message.objects.get(
        conversation__number=number, direction=Message.OUT
    )
    page.context.close()


def test_a_conversation_is_answered_by_keyboard_alone(
    browser: Browser, live_server: LiveServer, company: World
) -> None:
    page = at_her_desk(browser, live_server, company.ida, viewport=WIDE)
    page.goto(f"{live_server.url}/desk/")
    for key in ("j", "j", "k", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**/desk/c/*/")
    number = int(page.url.rstrip("/").rsplit("/", 1)[1])
    page.keyboard.press("r")
    page.keyboard.type("Good morning.")
    page.keyboard.press("Control+Enter")
    page.locator(".message-out").wait_for()
    assert Message.objects.get(conversation__number=number, direction=Message.OUT).text == "Good morning."
    page.context.close()


def test_the_list_of_keys_opens_with_a_question_mark(browser: Browser, live_server: LiveServer, company: World) -> None:
    page = at_her_desk(browser, live_server, company.ida)
    page.goto(f"{live_server.url}/desk/")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keyboard").is_visible()
    page.context.close()


def test_a_draft_is_kept_while_she_writes(browser: Browser, live_server: LiveServer, company: World) -> None:
    page = at_her_desk(browser, live_server, company.ida)
    page.goto(f"{live_server.url}/desk/c/1000/")
    page.locator("#reply-text").fill("Half a thought")
    page.get_by_text("Draft kept.").wait_for()
    assert Draft.objects.get(conversation__number=1000).text == "Half a thought"
    page.context.close()


def test_a_new_message_appears_by_itself_and_her_words_stay(
    browser: Browser, live_server: LiveServer, company: World
) -> None:
    page = at_her_desk(browser, live_server, company.ida)
    page.goto(f"{live_server.url}/desk/c/1000/")
    page.locator("#reply-text").fill("Half a thought")
    first = Message.objects.get(conversation__number=1000)
    message = company.write_again(first.conversation, "I found it under the bed!")
    record("message.received", message.conversation.about, by="person:1", message=message.pk)
    page.get_by_text("I found it under the bed!").wait_for()
    assert page.get_by_text("The customer has just written again.").is_visible()
    assert page.locator("#reply-text").input_value() == "Half a thought"
    page.context.close()


def test_without_script_the_same_is_done_with_plain_forms(
    browser: Browser, live_server: LiveServer, company: World
) -> None:
    number = returned(company, "10452", faulty=False).conversation.number
    page = at_her_desk(browser, live_server, company.ida, java_script_enabled=False)
    page.goto(f"{live_server.url}/desk/c/{number}/")
    page.get_by_role("button", name="Accept", exact=True).click()
    page.get_by_role("button", name="Send", exact=True).click()
    assert page.get_by_text("Your answer is on its way.").is_visible()
    page.context.close()
