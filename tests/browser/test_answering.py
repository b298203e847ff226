"""At the conversation page: what is kept, stopped, marked, asked and decided while an answer is written."""

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.guests import BEN, CORA, DORA, EVAN, FAY, HOPE, JACK, LEO, write_again, write_mail
from tests.browser.steps import accept, advice, answer_question, drafted, expect_in_outbox, reply_box, send
from tests.browser.visitors import Visitor, Visits

pytestmark = pytest.mark.browser


def test_the_question_answered_changes_the_advice_without_a_page_load(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = write_mail(ida.desk, EVAN, "Linen bed set", "Hello, I would like to return the linen of order 20007.")
    ida.goes_to(f"/desk/c/{number}/")
    expect(advice(ida)).to_contain_text("One thing is still to be asked.")
    before = ida.page.evaluate("performance.timeOrigin")
    answer_question(ida, "No")
    expect(advice(ida)).to_contain_text(re.compile(r"Yes\s*DKK.1,199"))
    assert ida.page.evaluate("performance.timeOrigin") == before


def test_a_typed_draft_survives_a_reload_and_leaving_the_page(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = write_mail(ida.desk, DORA, "My blanket", "Hello, I would like to return the blanket of order 20006.")
    ida.goes_to(f"/desk/c/{number}/")
    reply_box(ida).press_sequentially("Dear Dora,")
    ida.sees("Draft kept.")
    ida.page.reload()
    expect(reply_box(ida)).to_have_value("Dear Dora,")

    # She leaves before the seconds are over in which it is kept anyway; at another machine it is there.
    reply_box(ida).fill("Dear Dora, half a thought")
    ida.follows("Policies")
    elsewhere = visits.behind_door("Be the agent")
    elsewhere.goes_to(f"/desk/c/{number}/")
    expect(reply_box(elsewhere)).to_have_value("Dear Dora, half a thought")


def test_an_answer_to_what_is_no_longer_the_last_word_is_stopped(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = write_mail(ida.desk, BEN, "Reading lamp", "Hello, I would like to return the lamp of order 20004.")
    ida.goes_to(f"/desk/c/{number}/")
    reply_box(ida).fill("Dear Ben,\n\nPlease tell me more.\n")
    write_again(ida.desk, BEN, "Reading lamp", "I found the receipt meanwhile!")
    expect(ida.page.locator(".message-in")).to_have_count(2)
    ida.presses("Send")
    ida.sees("Not sent: the customer wrote while you were writing.")
    expect(ida.page.locator("#stale blockquote")).to_contain_text("I found the receipt meanwhile!")
    expect(reply_box(ida)).to_have_value("Dear Ben,\n\nPlease tell me more.\n")
    expect(answers(ida)).to_have_count(0)
    send(ida)


def test_what_differs_from_the_decision_is_marked_before_it_is_sent(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = write_mail(ida.desk, CORA, "Moon lamp", "Hello, I would like to return the lamp of order 20005.")
    ida.goes_to(f"/desk/c/{number}/")
    answer_question(ida, "No")
    words = accept(ida)
    changed = re.sub(r"no later than [^.]+\.", "no later than 24 December 2031.", words.replace("499", "599"))
    reply_box(ida).fill(changed + "\n\nBut we cannot give you a refund.")
    ida.presses("Send")
    ida.sees("Not sent yet: this differs from the decision.")
    marks = ida.page.locator("#differences li")
    expect(marks.filter(has_text="Amount").locator("mark")).to_have_text(re.compile("599"))
    expect(marks.filter(has_text="Amount")).to_contain_text("499")
    expect(marks.filter(has_text="Date").locator("mark")).to_have_text("24 December 2031")
    expect(marks.filter(has_text="Yes or no").locator("mark")).to_have_text("refund")
    expect(answers(ida)).to_have_count(0)
    ida.presses("Offer the words again")
    expect(reply_box(ida)).to_have_value(words)
    send(ida)


def test_a_departure_is_kept_with_its_reason_and_its_authority(visits: Visits) -> None:
    ida, mette = visits.behind_door("Be the agent"), visits.behind_door("Be the manager")
    text = "Hello, I was in hospital. May I still return the lamp of order 20008? Nothing is wrong with it."
    number = write_mail(ida.desk, FAY, "Too late?", text)
    ida.goes_to(f"/desk/c/{number}/")
    answer_question(ida, "No")
    expect(advice(ida)).to_contain_text("No, but")
    ida.page.locator("summary").filter(has_text="Depart from the policy").click()
    form = ida.page.locator("[id^=depart-fold] form")
    form.get_by_role("radio", name="Yes", exact=True).check()
    form.get_by_label("Why", exact=True).fill("She was in hospital until yesterday.")
    form.get_by_role("button", name="Decide against the policy").click()
    ida.sees("The departure waits for approval.")

    mette.goes_to("/desk/approvals/")
    request = mette.page.locator(".request").filter(has_text=FAY.name)
    expect(request).to_contain_text("She was in hospital until yesterday.")
    expect(request).to_contain_text("Departure from the policy")
    request.get_by_role("button", name="Approve").click()
    mette.sees("Approved. Whoever asked has been told.")
    expect(advice(ida)).to_contain_text("Approved by Mette Krogh.")
    expect(advice(ida)).to_contain_text("Departure from the policy")
    ida.presses("Draft the answer")
    drafted(ida)
    send(ida)
    expect_in_outbox(ida, FAY.address, "Dear Fay Gordon")


def test_a_conversation_is_opened_accepted_and_sent_without_the_mouse(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    write_mail(ida.desk, HOPE, "Lamp of order 20010", "Hello, I would like to return the lamp of order 20010.")
    ida.goes_to("/desk/")
    ida.clicks.clear()
    press_until_focused(ida, "j", HOPE.name)
    ida.page.keyboard.press("Enter")
    ida.page.wait_for_url(re.compile(r"/desk/c/\d+/$"))
    ida.page.keyboard.press("a")
    press_until_focused(ida, "Tab", "No")
    ida.page.keyboard.press("Enter")
    expect(advice(ida)).to_contain_text("Yes")
    press_until_focused(ida, "Tab", "Accept")
    ida.page.keyboard.press("Enter")
    expect(reply_box(ida)).to_be_focused()
    ida.page.keyboard.press("Control+Enter")
    ida.sees("Your answer is on its way.")
    assert ida.clicks == []


def test_a_reply_box_drawn_larger_by_hand_breaks_no_rule_when_it_is_replaced(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = write_mail(ida.desk, JACK, "Lamp of order 20012", "Hello, I would like to return the lamp of order 20012.")
    ida.goes_to(f"/desk/c/{number}/")
    # What dragging the corner does: the browser writes the size into a style of the element.
    reply_box(ida).evaluate("box => { box.style.height = '300px' }")
    ida.presses("Offer the words again")
    expect(reply_box(ida)).not_to_have_value("")


def test_what_comes_by_itself_does_not_swallow_the_answer_to_a_click(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    number = write_mail(ida.desk, LEO, "Two lamps", "Hello, do you have two more of the lamp of order 20014?")
    ida.goes_to(f"/desk/c/{number}/")
    held: list[Route] = []
    ida.page.route("**/take/", lambda route: held.append(route))
    with ida.page.expect_response(lambda answer: "/live/" in answer.url and answer.status == 200):
        ida.presses("Take it")
        write_again(ida.desk, LEO, "Two lamps", "In white, if you can!")
    held[0].continue_()
    ida.sees("This one is yours.")
    expect(ida.page.locator(".message-in")).to_have_count(2)


def test_she_chooses_her_own_language_in_her_menu(visits: Visits) -> None:
    grace = visits.signed_in("grace@nordhvile.example")
    for language, title in (("Dansk", "Alt der skal svares på"), ("English", "All that is due")):
        grace.page.locator("#own-menu summary").click()
        grace.page.get_by_role("button", name=language).click()
        expect(grace.page.get_by_role("heading", level=1)).to_have_text(title)


def answers(visitor: Visitor) -> Locator:
    """What we wrote in the thread, the automatic acknowledgement aside."""
    return visitor.page.locator(".message-out").filter(has_not_text="Automatic")


def press_until_focused(visitor: Visitor, key: str, text: str) -> None:
    """Press a key until the focus is on what bears this text."""
    focused = "document.activeElement ? document.activeElement.innerText.trim() : ''"
    for _press in range(80):
        visitor.page.keyboard.press(key)
        if visitor.page.evaluate(focused) == text:
            return
    raise AssertionError(f"{key} never came to {text!r}")
