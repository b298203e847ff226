"""The search page: the whole page, or for htmx what was found while she types."""

from datetime import date

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from goodword.search.queries import Wanted
from goodword.web.answers import agent_of, is_htmx, staff_page
from goodword.web.shown.search import STATES, WHOSE, search_context

_LONGEST = 300
_MOST_DIGITS = 18


@staff_page
def search(request: HttpRequest) -> HttpResponse:
    """What was found for `q` and the filters; `after` goes on behind the page before."""
    after = _number(request.GET.get("after", ""))
    context = search_context(agent_of(request), wanted_in(request.GET), after, request.GET)
    whole = not is_htmx(request) or request.headers.get("HX-History-Restore-Request") == "true"
    return render(request, "web/search.html" if whole else "web/search_found.html", context)


def wanted_in(asked: QueryDict) -> Wanted:
    """What an address asks for; what makes no sense in it is left out."""
    state, whose = asked.get("state", ""), asked.get("whose", "")
    return Wanted(
        text=_line(asked, "q"),
        state=state if state in STATES else "",
        whose=whose if whose in WHOSE else "",
        inbox=_line(asked, "inbox"),
        language=_line(asked, "language"),
        person=_number(asked.get("person", "")),
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
    )


def _line(asked: QueryDict, name: str) -> str:
    # PostgreSQL takes no NUL, not even to look for it.
    return asked.get(name, "")[:_LONGEST].replace("\x00", "")


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS + 1
    return int(text) if is_number and int(text) < 2**63 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
