"""Pages as somebody signed in sees them, without what is new at every look."""

import http.cookiejar
import re
import urllib.parse
import urllib.request

from tests.ops.process import Desk

# A token for each form, a deadline that comes nearer, and the moment up to which a live page has heard.
_NEW_AT_EVERY_LOOK = re.compile(
    r'(?s)name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": *"[^"]*"|<time.*?</time>|nonce="[^"]*"'
    r'|after=\d+|data-after="\d+"|<div class="row-due">.*?</div>|\d+\s(?:second|minute|hour)s?'
)


class Visitor:
    """One browser; its session outlives the process it signed in to."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(cookies)

    def enter(self, door: str) -> None:
        """Go through one of the demo's doors."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self._get("/"))
        assert token
        form = urllib.parse.urlencode({"door": door, "csrfmiddlewaretoken": token[1]}).encode()
        headers = {"Referer": self._desk.url + "/", "Origin": self._desk.url}
        asked = urllib.request.Request(f"{self._desk.url}/desk/demo/enter/", form, headers)
        with self._browser.open(asked, timeout=30) as answer:
            assert "/desk/" in answer.url

    def page(self, path: str) -> str:
        """The HTML of a page, but for what is new at every look."""
        return _NEW_AT_EVERY_LOOK.sub("", self._get(path))

    def _get(self, path: str) -> str:
        with self._browser.open(self._desk.url + path, timeout=30) as answer:
            return str(answer.read().decode())
