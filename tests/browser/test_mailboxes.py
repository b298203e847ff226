"""A manager brings in a second mailbox: a wrong certificate is explained, it rehearses, it is turned on and answers."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.steps import expect_in_outbox, open_conversation, reply_box
from tests.browser.test_looks import faults_at
from tests.browser.visitors import Visitor, Visits
from tests.channels.mailboxes import dovecot as dovecots
from tests.channels.mailboxes.certificates import make_certificate
from tests.channels.mailboxes.dovecot import PASSWORD, USER, Dovecot, running_dovecot
from tests.channels.post import letter

pytestmark = pytest.mark.browser
BRAND, CUSTOMER = "bed@nordhvile.example", "Vera Lind"
LIST = "/desk/settings/mailboxes/"


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A server that signed its own certificate."""
    if not Path(dovecots.PROGRAM).exists():
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd).")
    folder = Path(tempfile.mkdtemp(prefix="goodword-mail-"))
    folder.chmod(0o755)
    with running_dovecot(folder / "dovecot", make_certificate(folder, "own", authority=None)) as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


def enter(mette: Visitor, server: Dovecot) -> None:
    """Fill in the form as a manager reads it off her provider's help page."""
    page = mette.page
    page.get_by_label("Address customers write to").fill(BRAND)
    page.get_by_label("Name customers see as the sender").fill("Nordhvile Beds")
    page.get_by_label("Server for reading").fill("localhost")
    page.locator("#id_incoming_port").fill(str(server.tls))
    page.locator("#id_incoming_user").fill(USER)
    page.locator("#id_incoming_password").fill(PASSWORD)
    page.get_by_text("The desk's server (GOODWORD_SMTP_OUT)").click()
    mette.presses("Store, then test")


def test_a_second_mailbox_from_its_first_mistake_to_its_first_answer(visits: Visits, dovecot: Dovecot) -> None:
    mette = visits.behind_door("Be the manager")
    mette.goes_to(f"{LIST}add/")
    enter(mette, dovecot)
    mette.sees("The mailbox is added, in rehearsal. Test it, then turn it on.")
    mette.presses("Test it")
    mette.sees("The server localhost signed its certificate itself, so it proves nothing.")

    mette.follows("Change")
    mette.page.locator("#id_incoming_verifies").uncheck()
    expect(mette.page.locator("#id_incoming_password")).to_have_value("")
    mette.presses("Store, then test")
    mette.presses("Test it")
    mette.sees("Everything works.")

    sender = f"{CUSTOMER} <vera@lind.example>"
    dovecot.put(letter("Hello, is the bed in stock?\n", sender=sender, to=BRAND, subject="The bed").as_bytes(), "1")
    mette.goes_to("/desk/")
    mette.sees("Rehearsal: nothing is sent from Nordhvile Beds.")
    mette.page.locator("#queue-list").get_by_role("link", name=CUSTOMER, exact=True).wait_for()
    number = open_conversation(mette, CUSTOMER)
    mette.sees("Rehearsal: nothing is sent from Nordhvile Beds until a manager turns it on.")
    reply_box(mette).fill("Yes, it is.")
    mette.presses("Send")
    mette.sees("Rehearsal: nothing was sent. Your answer is kept as a draft.")

    mette.goes_to(LIST)
    mette.page.locator("li", has_text=BRAND).get_by_role("button", name="Turn it on").click()
    mette.sees("The mailbox sends from now on.")
    mette.goes_to(f"/desk/c/{number}/")
    expect(reply_box(mette)).to_have_value("Yes, it is.")
    mette.presses("Send")
    mette.sees("Your answer is on its way.")
    expect_in_outbox(mette, "vera@lind.example", "The bed")


def test_the_pages_of_mailboxes_are_for_everybody_by_day_and_by_night(visits: Visits) -> None:
    mette = visits.behind_door("Be the manager")
    paths = [LIST, f"{LIST}add/", f"{LIST}1/", f"{LIST}1/test/"]
    assert [fault for path in paths for fault in faults_at(mette, path)] == []
