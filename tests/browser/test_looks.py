"""The main pages as everybody must be able to use them: by day and by night, on a desk and on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser.guests import KATE, write_mail
from tests.browser.steps import advice, answer_question
from tests.browser.visitors import PHONE, WIDE, Visitor, Visits
from tests.ops.process import Desk

pytestmark = pytest.mark.browser
PUBLIC = ["/", "/policies/", "/policies/returns/", "/contact/", "/sign-in/login/"]
DEMO = ["/desk/demo/customers/", "/desk/demo/customers/1/", "/desk/demo/outbox/", "/desk/demo/outbox/1/"]
STAFF = [
    "/desk/", "/desk/search/?q=10452", "/desk/view/closed/", "/desk/approvals/", "/desk/actions/", "/desk/policies/",
    "/desk/policies/read/returns/", "/desk/policies/versions/", "/desk/policies/gaps/", "/desk/policies/draft/",
    "/desk/settings/mailboxes/", "/desk/imports/", "/desk/api-keys/",
]  # fmt: skip
OF_CUSTOMERS = ["hannah@whitaker.example", "priya@raman.example", "karen@dahl.example"]
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
LOOKS_AGAIN = 5
SERIOUS = {"serious", "critical"}
# What is dark differs in its colours only, so there axe looks at nothing else.
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS: dict[str, Any] = {**EVERYTHING, "runOnly": ["color-contrast"]}
LOOKS = [("light", WIDE, EVERYTHING), ("dark", WIDE, COLOURS), ("light", PHONE, EVERYTHING), ("dark", PHONE, COLOURS)]


def test_the_public_pages_and_those_of_the_demo(visits: Visits) -> None:
    anybody = visits.visitor()
    assert [fault for path in (*PUBLIC, *DEMO) for fault in faults_at(anybody, path)] == []


def test_the_pages_of_the_staff(visits: Visits, a_request: int, a_draft: None) -> None:
    mette = visits.behind_door("Be the manager")
    paths = [*STAFF, *conversations(mette.desk), f"/desk/c/{a_request}/"]
    assert [fault for path in paths for fault in faults_at(mette, path)] == []


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


def faults_at(visitor: Visitor, path: str) -> Iterator[str]:
    """What axe finds serious on this page, with every fold open and in every look; and whether it is too wide."""
    visitor.goes_to(path)
    page = visitor.page
    page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true })")
    page.evaluate(AXE_SCRIPT)
    for scheme, size, options in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        for each in serious_faults(page, options):
            yield f"{path} ({scheme}, {size['width']}): {each['id']} at {each['nodes'][0]['target']}"
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            yield f"{path}: wider than {size['width']}"


def serious_faults(page: Page, options: dict[str, Any]) -> list[Any]:
    """What stays wrong: a look that has just changed may not be painted everywhere yet."""
    found: list[Any] = []
    for _look in range(LOOKS_AGAIN):
        page.evaluate(PAINTED)
        violations = page.evaluate("options => axe.run(options)", options)["violations"]
        found = [each for each in violations if each["impact"] in SERIOUS]
        if not found:
            break
    return found
