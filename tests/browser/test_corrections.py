"""At the page: each of the five put right in one choice, a wrong answer corrected, a case handed over, two made one."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.guests import PIA, QUINN, RUTH, SAUL, TESS, write_again, write_mail
from tests.browser.steps import accept, advice, answer_question, expect_in_outbox, reply_box, send
from tests.browser.visitors import Visitor, Visits

pytestmark = pytest.mark.browser
UNDO = "Take the correction back"


def test_language_situation_order_and_matter_are_one_choice_each_and_one_click_back(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = write_mail(ida.desk, PIA, "The lamp", "Hello, I would like to return the lamp of order 20031.")
    ida.goes_to(f"/desk/c/{number}/")

    ida.page.locator("#language-of-it").select_option("da")
    ida.sees("Language corrected: English became Danish.")
    expect(ida.page.locator("#reply")).to_contain_text("It goes in Danish to pia@norton.example.")
    take_back(ida)
    expect(ida.page.locator("#language-of-it")).to_have_value("en")

    matter = ida.page.locator(".matter").first
    chosen(matter, "policy", "complaints")
    ida.sees("Matter corrected.")
    expect(advice(ida)).to_contain_text("Is it a first complaint")
    take_back(ida)
    expect(matter.locator("[name=policy]").first).to_have_value("returns")

    chosen(matter, "line", "")
    expect(advice(ida)).to_contain_text("One thing is still to be asked.")
    take_back(ida)
    expect(matter.locator("select[name=line]")).not_to_have_value("")

    ida.page.locator("#add-matter > summary").click()
    ida.presses("Add this matter")
    expect(ida.page.locator(".matter")).to_have_count(2)
    take_back(ida)
    expect(ida.page.locator(".matter")).to_have_count(1)
    ida.presses("This is no matter of its own")
    expect(ida.page.locator(".matter")).to_have_count(0)
    take_back(ida)
    expect(ida.page.locator(".matter")).to_have_count(1)


def test_the_customer_is_corrected_in_one_click_and_the_draft_names_nobody(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    text = "Hello, my neighbour's lamp of order 20031 is to go back, she asked me to write."
    number = write_mail(ida.desk, QUINN, "For my neighbour", text)
    ida.goes_to(f"/desk/c/{number}/")
    expect(ida.page.locator(".person-name")).to_have_text(QUINN.name)
    ida.page.locator("#person").get_by_role("button", name=PIA.name).click()
    expect(ida.page.locator(".person-name")).to_have_text(PIA.name)
    ida.presses("Offer the words again")
    expect(reply_box(ida)).to_have_value(re.compile(r"^Good day,\s+Thank you for writing to us\."))
    expect(ida.page.locator("#thread")).to_contain_text("We do not know yet that the writer is the buyer.")
    take_back(ida)
    expect(ida.page.locator(".person-name")).to_have_text(QUINN.name)


def test_a_wrong_answer_is_corrected_and_the_customer_is_told_so(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = write_mail(ida.desk, RUTH, "The topper", "Hello, I would like to return the topper of order 20033.")
    ida.goes_to(f"/desk/c/{number}/")
    answer_question(ida, "No")
    answer_question(ida, "Yes")
    accept(ida)
    send(ida)

    ida.page.locator("[id^=correct-fold] > summary").click()
    ida.page.locator("[id^=correct-why]").fill("The seal was whole after all.")
    ida.presses("Begin the correction")
    ida.sees("This decision is being corrected.")
    opened = ida.page.locator(".known > li").filter(has_text="Seal broken")
    opened.get_by_role("button").click()
    answer_question(ida, "No")
    words = accept(ida)
    assert "I have to correct what I wrote to you" in words
    assert "you shall not lose by it" in words
    send(ida)
    ida.sees("An earlier decision, corrected")
    ida.page.locator("[id^=earlier-] > summary").click()
    ida.sees("The seal was whole after all.")
    expect_in_outbox(ida, RUTH.address, "Dear Ruth Price, I have to correct")


def test_a_conversation_is_handed_to_the_warehouse_and_taken_over_there(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = write_mail(ida.desk, SAUL, "Another lamp", "Hello, is the lamp of order 20034 still to be had in white?")
    ida.goes_to(f"/desk/c/{number}/")
    ida.page.locator("#transfer-fold > summary").click()
    ida.page.locator("#transfer-to").select_option("warehouse")
    ida.page.locator("#transfer-note").fill("Is there a white one on the shelf?")
    ida.presses("Offer it to them")
    ida.sees("It is offered to them. You see it until they have answered.")

    palle = visits.signed_in("palle@nordhvile.example", "da")
    palle.goes_to(f"/desk/c/{number}/")
    expect(palle.page.locator(".case-strip").first).to_contain_text("Is there a white one on the shelf?")
    palle.presses("Take it over")
    palle.sees("It is yours now.")
    ida.goes_to(f"/desk/c/{number}/")
    expect(ida.page.locator("#case-head")).to_contain_text("Take over from Palle Juhl")


def test_two_conversations_become_one_late_mail_follows_and_a_letter_is_split_off(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    kept = write_mail(ida.desk, TESS, "My lamp", "Hello, I would like to return the lamp of order 20035.")
    gone = write_mail(ida.desk, TESS, "Any news?", "Hello, have you got my letter?")
    ida.goes_to(f"/desk/c/{gone}/")
    ida.page.locator("#merge-fold > summary").click()
    ida.page.locator("#merge-fold").get_by_role("button", name=f"{kept} · My lamp").click()
    ida.sees("The two conversations are one now. The old number leads here.")
    assert ida.page.url.endswith(f"/desk/c/{kept}/")
    ida.goes_to(f"/desk/c/{gone}/")
    assert ida.page.url.endswith(f"/desk/c/{kept}/")

    write_again(ida.desk, TESS, "Any news?", "And one thing more: is it raining?")
    late = ida.page.locator(".message-in").filter(has_text="is it raining?")
    expect(late).to_have_count(1)

    ida.page.reload()
    ida.page.locator("#split-fold > summary").click()
    ida.page.locator("#split-fold label").filter(has_text="And one thing more").locator("input").check()
    ida.presses("Split it")
    ida.sees("This is the new conversation. Mail that answers its messages comes here.")
    expect(ida.page.locator(".message-in")).to_have_count(1)
    ida.presses("Undo this")
    ida.sees("It is as it was before.")
    assert ida.page.url.endswith(f"/desk/c/{kept}/")
    expect(ida.page.locator(".message-in")).to_have_count(3)


def chosen(matter: Locator, what: str, value: str) -> None:
    """One choice at the card itself."""
    matter.locator(f"select[name={what}]").first.select_option(value)


def take_back(visitor: Visitor) -> None:
    """One click at the head of the page."""
    visitor.page.locator("#case-standing").get_by_role("button", name=UNDO).click()
    expect(visitor.page.locator("#case-standing").get_by_role("button", name=UNDO)).to_have_count(0)
