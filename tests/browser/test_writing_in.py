"""How customers come in by other ways than the tour's: the contact form, strangers, and questions of no policy."""

import pytest
from playwright.sync_api import expect

from tests.browser.guests import GIL, conversations_of, write_as, write_mail
from tests.browser.steps import advice, expect_in_outbox, reply_box, send
from tests.browser.visitors import Visits

pytestmark = pytest.mark.browser


def test_a_form_sent_twice_is_one_conversation(visits: Visits) -> None:
    nora = visits.visitor()
    nora.goes_to("/contact/")
    nora.page.get_by_label("Your name").fill("Nora Quist")
    nora.page.get_by_label("Your e-mail address").fill("nora@quist.example")
    nora.page.get_by_label("Your message").fill("Do you still sell the lamp that my grandmother had?")
    expect(nora.page.get_by_role("complementary")).to_contain_text("Version")
    nora.page.get_by_role("button", name="Send").dblclick()
    nora.page.get_by_role("heading", name="Thank you for writing").wait_for()
    number = nora.page.locator(".portal-text strong").inner_text()

    listed = nora.desk.api("conversations?person=nora@quist.example")["conversations"]
    assert [str(each["number"]) for each in listed] == [number]
    ida = visits.behind_door("Be the agent")
    ida.goes_to(f"/desk/c/{number}/")
    expect(ida.page.locator(".message-in")).to_contain_text("my grandmother had")
    expect_in_outbox(ida, "nora@quist.example", "")


def test_a_stranger_with_somebody_elses_order_number_is_told_nothing_of_it(visits: Visits) -> None:
    ida = visits.behind_door("Be the agent")
    text = "Hello, this is Oliver. Where is order 10480, and where do you deliver it? I would like to return it."
    number = write_as(ida.desk, "O. Grant", "somebody@else.example", "Order 10480", text)
    ida.goes_to(f"/desk/c/{number}/")
    ida.sees("We do not know yet that the writer is the buyer.")
    ida.presses("Offer the words again")
    expect(reply_box(ida)).not_to_have_value("")
    draft = reply_box(ida).input_value()
    assert not [word for word in ("Oliver", "Grant", "Harbour", "headboard", "4,200", "production") if word in draft]
    send(ida)
    expect_in_outbox(ida, "somebody@else.example", "")


def test_where_is_my_order_is_answered_from_the_record_and_the_gap_reaches_the_manager(visits: Visits) -> None:
    ida, mette = visits.behind_door("Be the agent"), visits.behind_door("Be the manager")
    number = write_mail(ida.desk, GIL, "Where is my duvet?", "Hello, where is my order 20009?\n\nGil Hardy\n")
    ida.goes_to(f"/desk/c/{number}/")
    ida.sees("No policy applies. See order and delivery beside, and answer as you find right.")
    expect(advice(ida).locator(".journey")).to_contain_text("Nordfragt")
    expect(ida.page.get_by_label("Orders")).to_contain_text("20009")
    ida.page.get_by_label("What is missing in the book?").fill("A clause for where an order is.")
    ida.presses("Report the gap")
    ida.sees("The owner of the policy has been told.")
    reply_box(ida).fill("Dear Gil,\n\nYour duvet has left our warehouse and comes the day after tomorrow.\n")
    send(ida)
    expect_in_outbox(ida, GIL.address, "Your duvet has left our warehouse")

    mette.goes_to("/desk/policies/gaps/")
    mette.sees("A clause for where an order is.")


def test_only_one_conversation_was_made_of_each_mail(visits: Visits) -> None:
    desk = visits.desk
    number = write_mail(desk, GIL, "One more thing", "Could the driver ring twice?")
    assert [each["number"] for each in conversations_of(desk, GIL.address, "One more thing")] == [number]
