"""What people do at the desk, each step in the words that stand on its buttons."""

import re
import time

from playwright.sync_api import Locator, expect

from tests.browser.guests import Guest
from tests.browser.visitors import Visitor

SECONDS_TO_GO_OUT = 30


def open_conversation(visitor: Visitor, name: str) -> int:
    """From the queue: click on the customer's name. The conversation's number."""
    visitor.page.locator("#queue-list").get_by_role("link", name=name, exact=True).first.click()
    visitor.page.wait_for_url(re.compile(r"/desk/c/\d+/$"))
    return int(visitor.page.url.rstrip("/").rsplit("/", 1)[1])


def advice(visitor: Visitor) -> Locator:
    """The card with what the policy says, or what was decided."""
    return visitor.page.locator("#work .advice").first


def reply_box(visitor: Visitor) -> Locator:
    """Where the answer is written."""
    return visitor.page.locator("#reply-text")


def accept(visitor: Visitor) -> str:
    """Accept the advice; the words that are drafted for it."""
    visitor.presses("Accept")
    return drafted(visitor)


def drafted(visitor: Visitor) -> str:
    """Wait until words stand drafted in the reply box and the keyboard is there; the words."""
    expect(reply_box(visitor)).not_to_have_value("")
    expect(reply_box(visitor)).to_be_focused()
    return reply_box(visitor).input_value()


def send(visitor: Visitor) -> None:
    """Send what stands in the reply box."""
    visitor.presses("Send")
    visitor.sees("Your answer is on its way.")


def mark_done(visitor: Visitor, action: str) -> None:
    """Press "Done" beside an action (its name as it stands there) and wait until it is."""
    line = visitor.page.locator("#work .to-do > li").filter(has_text=action)
    line.get_by_role("button", name=re.compile(f"^{visitor.say('Done')}")).click()
    expect(line).to_have_class("to-do-done")
    visitor.sees("Done, and the customer is told.")


def close(visitor: Visitor, ending: str) -> None:
    """Choose how the conversation ended: one of the book's endings, by its code."""
    visitor.page.locator("#close-menu summary").filter(has_text=visitor.say("Close")).click()
    visitor.page.locator(f"#close-menu button[value={ending}]").click()


def expect_in_outbox(visitor: Visitor, address: str, words: str) -> None:
    """Look at the outbox until a mail to this address with these words (of its first line) lies there."""
    end = time.monotonic() + SECONDS_TO_GO_OUT
    mail = visitor.page.get_by_role("listitem").filter(has_text=address).filter(has_text=words)
    while True:
        visitor.goes_to("/desk/demo/outbox/")
        if mail.count():
            return
        assert time.monotonic() < end, f"no mail to {address} says {words!r}"


def write_as_customer(visitor: Visitor, guest: Guest, subject: str, text: str) -> None:
    """Open the customer's mailbox from the first page and write a new mail in it."""
    visitor.goes_to("/")
    visitor.follows("Be the customer")
    visitor.page.get_by_role("link", name=guest.name).click()
    visitor.page.locator("#subject").fill(subject)
    visitor.page.locator("#text").fill(text)
    visitor.presses("Send the mail")
    visitor.sees("The mail has left. It reaches the desk in a moment.")


def reply_as_customer(visitor: Visitor, name: str, words: str, text: str) -> None:
    """Open her mailbox, find the mail with these words, and answer it."""
    visitor.goes_to("/")
    visitor.follows("Be the customer")
    visitor.page.get_by_role("link", name=name).click()
    mail = visitor.page.get_by_role("article").filter(has_text=words)
    mail.get_by_role("link", name=visitor.say("Reply as the customer")).click()
    visitor.page.locator("#text").fill(text)
    visitor.presses("Send the mail")
    visitor.sees("The mail has left. It reaches the desk in a moment.")


def answer_question(visitor: Visitor, answer: str) -> None:
    """Press one of the answers to the one question, and wait until the question is another or gone."""
    question = visitor.page.locator("#work form.question").first
    asked = question.locator(".question-text").inner_text()
    question.get_by_role("button", name=answer, exact=True).click()
    expect(visitor.page.locator("#work .question-text").filter(has_text=asked)).to_have_count(0)
