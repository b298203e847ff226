"""The main pages as everybody must be able to use them: by day and by night, on a desk and on a phone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.guests import KATE, write_mail
from tests.browser.steps import advice, answer_question
from tests.browser.visitors import PHONE, WIDE, Visits
from tests.ops.process import Desk

pytestmark = pytest.mark.browser
PUBLIC = ["/", "/policies/", "/policies/returns/", "/contact/", "/sign-in/login/"]
DEMO = ["/desk/demo/customers/", "/desk/demo/customers/1/", "/desk/demo/outbox/", "/desk/demo/outbox/1/"]
STAFF = [
    "/desk/", "/desk/view/closed/", "/desk/approvals/", "/desk/actions/", "/desk/policies/",
    "/desk/policies/read/returns/", "/desk/policies/versions/", "/desk/policies/gaps/", "/desk/policies/draft/",
]  # fmt: skip
OF_CUSTOMERS = ["hannah@whitaker.example", "priya@raman.example", "karen@dahl.example"]
SCHEMES = ("light", "dark")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_the_public_pages_and_those_of_the_demo(visits: Visits, size: dict[str, int]) -> None:
    faults = []
    for scheme in SCHEMES:
        anybody = visits.visitor(viewport=size, color_scheme=scheme)
        for path in (*PUBLIC, *DEMO):
            anybody.goes_to(path)
            faults += faults_of(anybody.page, scheme)
    assert faults == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_the_pages_of_the_staff(visits: Visits, a_request: int, a_draft: None, size: dict[str, int]) -> None:
    faults = []
    for scheme in SCHEMES:
        mette = visits.behind_door("Be the manager", viewport=size, color_scheme=scheme)
        for path in (*STAFF, *conversations(mette.desk), f"/desk/c/{a_request}/"):
            mette.goes_to(path)
            faults += faults_of(mette.page, scheme)
    assert faults == []


@pytest.fixture(scope="module")
def a_request(chromium: Browser, desk: Desk) -> Iterator[int]:
    """A conversation that waits for the manager's word; its number."""
    visits = Visits(chromium, desk)
    ida = visits.behind_door("Be the agent")
    text = "Hello, the bed of order 20013 is broken: a leg has cracked. I would like my money back."
    number = write_mail(desk, KATE, "Broken bed", text)
    ida.goes_to(f"/desk/c/{number}/")
    answer_question(ida, "Yes")
    answer_question(ida, "Money back")
    expect(advice(ida)).to_contain_text("Yes, with approval")
    ida.presses("Ask for approval")
    ida.sees("Approval is asked for. You are told as soon as it is answered.")
    yield number
    visits.end()


@pytest.fixture
def a_draft(visits: Visits) -> Iterator[None]:
    """A draft of the book is begun, and thrown away at the end."""
    henrik = visits.signed_in("henrik@nordhvile.example", "da")
    henrik.goes_to("/desk/policies/")
    henrik.page.locator("form[action$='/draft/start/'] button").click()
    henrik.page.wait_for_url("**/draft/**")
    yield
    henrik.page.locator("form[action$='/draft/discard/'] button").click()
    henrik.sees("The draft is gone. The book in force has not changed.")


def conversations(desk: Desk) -> list[str]:
    """The pages of some conversations that wait: with a question, with advice, without a policy."""
    listed = [desk.api(f"conversations?view=queue&person={each}")["conversations"] for each in OF_CUSTOMERS]
    assert all(listed)
    return [f"/desk/c/{rows[0]['number']}/" for rows in listed]


def faults_of(page: Page, scheme: str) -> list[str]:
    """What axe finds serious on the page with every fold open, and whether it is wider than its window."""
    page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true })")
    found = [each for each in Axe().run(page).response["violations"] if each["impact"] in {"serious", "critical"}]
    faults = [f"{page.url} ({scheme}): {each['id']} at {each['nodes'][0]['target']}" for each in found]
    if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        faults.append(f"{page.url}: wider than the window")
    return faults
