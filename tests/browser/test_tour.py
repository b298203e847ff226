"""The README's five minutes, word for word, on a desk that was just started: real mail in, real mail out."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    accept,
    advice,
    close,
    drafted,
    expect_in_outbox,
    mark_done,
    open_conversation,
    reply_as_customer,
    send,
)
from tests.browser.visitors import Visits
from tests.browser.words import words_of_the_tour

pytestmark = pytest.mark.browser
FOLLOWED_IN = ("test_tour.py", "test_changing_the_book.py", "steps.py")


def test_every_word_that_the_tour_sets_in_italics_is_followed_here() -> None:
    followed = "".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in FOLLOWED_IN)
    assert words_of_the_tour()
    assert [word for word in sorted(words_of_the_tour()) if f'"{word}' not in followed] == []


def test_a_plain_yes_takes_three_clicks_and_is_done_when_the_money_is_back(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    expect(ida.page.locator(".row-link").first).to_have_text("Freja Holm")
    ida.clicks.clear()

    open_conversation(ida, "Freja Holm")
    expect(advice(ida)).to_contain_text(re.compile(r"Yes\s*DKK.499"))
    expect(advice(ida).get_by_role("link", name="Ordinary goods and furniture")).to_be_visible()
    for step in ("Return label", "Goods received", "Refund"):
        expect(advice(ida).locator(".steps")).to_contain_text(step)
    words = accept(ida)
    assert words.startswith("Kære Freja") or words.startswith("Hej Freja")
    send(ida)
    assert len(ida.clicks) == 3

    for action, told in (
        ("Return label", "Her er din returlabel."),
        ("Goods received", "Vi har fået"),
        ("Refund", "Vi har i dag sendt 499"),
    ):
        mark_done(ida, action)
        number = ida.page.url
        expect_in_outbox(ida, "freja@holm.example", told)
        ida.page.goto(number)
    close(ida, "solved")
    ida.sees("The conversation is closed.")
    ida.follows("Outbox")
    ida.page.get_by_role("link", name="freja@holm.example").first.click()
    expect(ida.page.locator("article")).to_contain_text("Venlig hilsen")


def test_a_no_with_something_better_is_taken_by_the_customer_in_the_same_thread(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = open_conversation(ida, "Amelia Clarke")
    expect(advice(ida)).to_contain_text("No, but")
    expect(advice(ida)).to_contain_text("20")
    accept(ida)
    send(ida)

    amelia = visits.visitor()
    expect_in_outbox(amelia, "amelia@clarke.example", "It is a nuisance")
    reply_as_customer(amelia, "Amelia Clarke", "a voucher of 20 per cent", "Yes please, I take the voucher.")

    expect(ida.page.locator(".message-in").last).to_contain_text("I take the voucher")
    ida.goes_to("/desk/")
    assert open_conversation(ida, "Amelia Clarke") == number
    ida.page.get_by_role("button", name="The customer takes it").click()
    mark_done(ida, "voucher")
    close(ida, "alternative")
    ida.sees("The conversation is closed.")


def test_one_that_needs_a_manager_goes_through_her_hands_to_its_end(visits: Visits) -> None:
    ida, mette = visits.behind_door("Be the agent"), visits.behind_door("Be the manager")
    open_conversation(ida, "Oliver Grant")
    expect(advice(ida)).to_contain_text("Yes, with approval")
    ida.presses("Ask for approval")
    ida.sees("Approval is asked for. You are told as soon as it is answered.")

    mette.follows("Approvals")
    request = mette.page.locator(".request").filter(has_text="Oliver Grant")
    expect(request.locator(".request-reason")).to_contain_text("Fault: money back")
    request.get_by_label("A word to the agent").fill("Of course. Give them a good night.")
    request.get_by_role("button", name="Approve").click()
    mette.sees("Approved. Whoever asked has been told.")

    expect(advice(ida)).to_contain_text("Of course. Give them a good night.")
    expect(ida.page.locator("#notices .count")).to_be_visible()
    ida.presses("Draft the answer")
    drafted(ida)
    send(ida)
    expect_in_outbox(mette, "oliver@grant.example", "Dear Oliver Grant")
    close(ida, "solved")
    ida.sees("Something promised here is not done yet. Finish or cancel its actions, then close it.")
    for action in ("Collection", "Goods received", "Refund"):
        mark_done(ida, action)
    expect_in_outbox(mette, "oliver@grant.example", "18,999")
    close(ida, "solved")
    ida.sees("The conversation is closed.")
