"""The queue: what is due first, on top."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from goodword.accounts.models import Agent
from goodword.desk.queries.conversations import counts_for, queue_for
from goodword.web.answers import agent_of, staff_page
from goodword.web.shown.rows import shown_rows

VIEWS = {
    "queue": _("All that is due"),
    "mine": _("Mine"),
    "unassigned": _("Not taken yet"),
    "offered": _("Offered to my department"),
    "waiting": _("Waiting for the customer"),
    "approvals": _("Waiting for approval"),
    "closed": _("Closed"),
}
ROWS_SHOWN = 50
MOST_PAGES = 10_000


@staff_page
def queue(request: HttpRequest, view: str = "queue") -> HttpResponse:
    """One view of the queue."""
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isdecimal() and 0 < int(asked) < MOST_PAGES else 1
    return render(request, "web/queue.html", queue_context(agent_of(request), view, page=page))


def queue_context(agent: Agent, view: str, *, page: int = 1) -> dict[str, Any]:
    """What the queue page shows; the live page asks for its first page again. Pages count from 1."""
    view = view if view in VIEWS else "queue"
    start = (page - 1) * ROWS_SHOWN
    found = list(queue_for(agent, view)[start : start + ROWS_SHOWN + 1])
    counts = counts_for(agent)
    rows = shown_rows(found[:ROWS_SHOWN])
    return {
        "here": "queue",
        "watch": f"queue:{view}" if page == 1 else "",
        "view": view,
        "rows": rows,
        "earlier_page": page - 1,
        "next_page": page + 1 if len(found) > ROWS_SHOWN else 0,
        "tabs": [(code, name, counts.get(code, 0)) for code, name in VIEWS.items()],
        "title": VIEWS[view],
    }
