"""The customer's own page: reached from our mail, read, answered, and replaced when its link has ended."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.browser.guests import UMA, Guest, write_mail
from tests.browser.steps import accept, answer_question, expect_in_outbox, send
from tests.browser.test_looks import LOOKS, serious_faults
from tests.browser.visitors import Visitor, Visits

pytestmark = pytest.mark.browser
LINK = re.compile(r"https?://[^/\s]+(/c/[\w.-]+/)")


def test_she_follows_her_matter_answers_and_gets_a_fresh_link(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = write_mail(ida.desk, UMA, "The lamp", "Hello, I would like to return the lamp of order 20036.")
    ida.goes_to(f"/desk/c/{number}/")
    ida.page.locator("#note-fold > summary").click()
    ida.page.locator("#note").fill("A word among ourselves.")
    ida.presses("Keep the note")
    answer_question(ida, "No")
    accept(ida)
    send(ida)

    uma = visits.visitor()
    uma.goes_to(link_in_the_mail(ida, UMA, "Dear Uma Sharp"))
    expect(uma.page.get_by_role("heading", level=1)).to_have_text("The lamp")
    expect(uma.page.locator(".own-steps")).to_contain_text("Refund")
    expect(uma.page.locator(".own-message")).to_have_count(3)
    expect(uma.page.locator("main")).not_to_contain_text("A word among ourselves.")
    assert list(faults_of(uma)) == []

    uma.page.locator("#answer-text").fill("Thank you! The parcel is packed.")
    uma.page.locator("#answer-attachments").set_input_files(
        files=[{"name": "parcel.txt", "mimeType": "text/plain", "buffer": b"a picture in words"}]
    )
    uma.presses("Send")
    uma.sees("Thank you, your message has reached us.")
    ida.goes_to(f"/desk/c/{number}/")
    expect(ida.page.locator(".message-in").last).to_contain_text("Thank you! The parcel is packed.")
    expect(ida.page.locator(".message-in").last).to_contain_text("parcel.txt")

    old = uma.page.url.partition("?")[0]
    revoke(ida, number)
    uma.page.goto(old)
    uma.sees("This link no longer works")
    assert list(faults_of(uma)) == []
    uma.presses("Mail me a fresh link")
    uma.sees("A fresh link is on its way")
    uma.goes_to(link_in_the_mail(ida, UMA, "Here is the fresh link"))
    expect(uma.page.get_by_role("heading", level=1)).to_have_text("The lamp")


def link_in_the_mail(visitor: Visitor, guest: Guest, words: str) -> str:
    """The link below the mail to this guest that says these words."""
    expect_in_outbox(visitor, guest.address, words)
    visitor.page.get_by_role("listitem").filter(has_text=guest.address).filter(has_text=words).first.click()
    text = visitor.page.locator("main").text_content() or ""
    found = LINK.search(text)
    assert found, text
    return found[1]


def revoke(ida: Visitor, number: int) -> None:
    """The conversation is taken for another customer's for a moment: every link made before is dead."""
    ida.goes_to(f"/desk/c/{number}/")
    ida.page.locator("#customer-fold > summary").click()
    ida.page.locator("#customer-who").fill("karen@dahl.example")
    ida.presses("It is this one")
    expect(ida.page.locator(".person-name")).to_have_text("Karen Dahl")
    ida.presses("Take the correction back")
    expect(ida.page.locator(".person-name")).to_have_text(UMA.name)


def faults_of(visitor: Visitor) -> Iterator[str]:
    """What axe finds serious on the page, by day and by night, on a desk and on a phone; and whether it is too wide."""
    page = visitor.page
    page.evaluate(AXE_SCRIPT)
    for scheme, size, options in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        for each in serious_faults(page, options):
            yield f"({scheme}, {size['width']}): {each['id']} at {each['nodes'][0]['target']}"
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            yield f"wider than {size['width']}"
