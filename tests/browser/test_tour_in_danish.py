"""The tour once more with everything in Danish: the customers' pages, the agent's, the manager's, and the letters."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.guests import AKSEL, ALBA, ASTA, conversation_called
from tests.browser.steps import (
    accept,
    advice,
    answer_question,
    close,
    drafted,
    expect_in_outbox,
    mark_done,
    reply_as_customer,
    send,
    write_as_customer,
)
from tests.browser.visitors import Visits

pytestmark = pytest.mark.browser
JONAS, HENRIK = "jonas@nordhvile.example", "henrik@nordhvile.example"


def test_a_plain_yes_in_danish(visits: Visits) -> None:
    asta, jonas = visits.visitor("da", locale="da-DK"), visits.signed_in(JONAS, "da")
    subject = "Returnering af min lampe"
    write_as_customer(asta, ASTA, subject, "Hej\n\nJeg vil gerne returnere lampen fra ordre 20001. Den er for stor.")
    number = conversation_called(asta.desk, ASTA.address, subject)

    jonas.goes_to(f"/desk/c/{number}/")
    answer_question(jonas, "Nej")
    expect(advice(jonas)).to_contain_text(re.compile(r"Ja\s*499,00\skr"))
    assert accept(jonas).startswith("Kære Asta Lund")
    send(jonas)
    for action, told in (
        ("Returlabel", "Her er din returlabel."),
        ("Vare modtaget retur", "Vi har fået"),
        ("Tilbagebetaling", "Vi har i dag sendt"),
    ):
        mark_done(jonas, action)
        expect_in_outbox(asta, ASTA.address, told)
    close(jonas, "solved")
    jonas.sees("The conversation is closed.")


def test_a_no_with_something_better_in_danish(visits: Visits) -> None:
    aksel, jonas = visits.visitor("da", locale="da-DK"), visits.signed_in(JONAS, "da")
    subject = "Min topmadras er for blød"
    text = "Hej\n\nTopmadrassen fra ordre 20002 er for blød til mig. Jeg har åbnet posen. Kan jeg returnere den?"
    write_as_customer(aksel, AKSEL, subject, text)
    number = conversation_called(aksel.desk, AKSEL.address, subject)

    jonas.goes_to(f"/desk/c/{number}/")
    answer_question(jonas, "Nej")
    answer_question(jonas, "Ja")
    expect(advice(jonas)).to_contain_text("Nej, men")
    accept(jonas)
    send(jonas)
    expect_in_outbox(aksel, AKSEL.address, "Kære Aksel Holt")
    reply_as_customer(aksel, AKSEL.name, "procent", "Ja tak, jeg tager rabatkuponen.")

    expect(jonas.page.locator(".message-in").last).to_contain_text("jeg tager rabatkuponen")
    jonas.page.get_by_role("button", name="Kunden tager det").click()
    mark_done(jonas, "kupon")
    close(jonas, "alternative")
    jonas.sees("The conversation is closed.")


def test_one_that_needs_approval_in_danish(visits: Visits) -> None:
    alba, jonas, henrik = (
        visits.visitor("da", locale="da-DK"),
        visits.signed_in(JONAS, "da"),
        visits.signed_in(HENRIK, "da"),
    )
    subject = "Min seng er gået i stykker"
    text = "Hej\n\nSengen fra ordre 20003 er i stykker: et ben er knækket. Jeg vil have pengene tilbage."
    write_as_customer(alba, ALBA, subject, text)
    number = conversation_called(alba.desk, ALBA.address, subject)

    jonas.goes_to(f"/desk/c/{number}/")
    answer_question(jonas, "Ja")
    answer_question(jonas, "Pengene tilbage")
    expect(advice(jonas)).to_contain_text("Ja, med godkendelse")
    jonas.presses("Ask for approval")
    jonas.sees("Approval is asked for. You are told as soon as it is answered.")

    henrik.goes_to("/desk/approvals/")
    request = henrik.page.locator(".request").filter(has_text=ALBA.name)
    request.get_by_role("textbox").fill("Gerne, det er vores fejl.")
    request.get_by_role("button", name=henrik.say("Approve")).click()
    henrik.sees("Approved. Whoever asked has been told.")

    expect(advice(jonas)).to_contain_text("Gerne, det er vores fejl.")
    jonas.presses("Draft the answer")
    drafted(jonas)
    send(jonas)
    expect_in_outbox(alba, ALBA.address, "Kære Alba Krog")
