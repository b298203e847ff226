"""People at browsers: each page watched for errors and for breaches of the security policy while it is used."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.words import Say, in_language
from tests.ops.process import Desk

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 375, "height": 812}
LONGEST_WAIT_MS = 30_000
# A reply that is held back answers 409 and a link that has ended 410; Chromium and htmx note every such answer.
EXPECTED = re.compile(r"status of 4(?:09|10)|Response Status Error Code 409")
COUNT_CLICKS = (
    "document.addEventListener('click', event => { if (event.isTrusted && event.detail) countClick(); }, true);"
)


@dataclass
class Visitor:
    """One person at one browser, with her language's words for what stands on the pages."""

    page: Page
    desk: Desk
    say: Say
    clicks: list[int] = field(default_factory=list)

    def goes_to(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.desk.url + path)

    def presses(self, label: str, **options: Any) -> None:
        """Click the button with this label (in English; it is looked for in her language)."""
        self.page.get_by_role("button", name=self.say(label), exact=True, **options).click()

    def follows(self, label: str) -> None:
        """Click the link with this label, in her language."""
        self.page.get_by_role("link", name=self.say(label)).first.click()

    def sees(self, text: str) -> None:
        """Wait for a sentence of the pages, in her language."""
        self.page.get_by_text(self.say(text)).first.wait_for()


@dataclass
class Visits:
    """Makes visitors; at the end of a test it says what their consoles complained of."""

    browser: Browser
    desk: Desk
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def visitor(self, language: str = "en", **options: Any) -> Visitor:
        """Somebody who has not signed in. `options` are the browser context's."""
        look = {"viewport": WIDE, "reduced_motion": "reduce", "locale": "en-GB", **options}
        context = self.browser.new_context(**look)
        self.contexts.append(context)
        context.set_default_timeout(LONGEST_WAIT_MS)
        visitor = Visitor(context.new_page(), self.desk, in_language(language))
        context.expose_function("countClick", lambda: visitor.clicks.append(1))
        context.add_init_script(COUNT_CLICKS)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return visitor

    def behind_door(self, door: str, **options: Any) -> Visitor:
        """Somebody who came in by one of the doors of the first page."""
        visitor = self.visitor(**options)
        visitor.goes_to("/")
        visitor.page.get_by_role("button", name=door).click()
        visitor.page.wait_for_url(re.compile("/desk/"))
        return visitor

    def signed_in(self, email: str, language: str = "en", **options: Any) -> Visitor:
        """One of the staff, signed in with the password of the demo's card."""
        card = next(each for each in self.desk.card()["agents"] if each["email"] == email)
        visitor = self.visitor(language, **options)
        visitor.goes_to("/sign-in/login/")
        visitor.page.locator("#id_login").fill(email)
        visitor.page.locator("#id_password").fill(card["password"])
        visitor.page.locator("form .button-main").click()
        visitor.page.wait_for_url(re.compile("/desk/$"))
        return visitor

    def end(self) -> list[str]:
        """Close every browser; what was complained of."""
        for context in self.contexts:
            context.close()
        return self.complaints

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.complaints.append(f"{message.text} ({message.page.url if message.page else ''})")


Ask = Callable[..., Visitor]
