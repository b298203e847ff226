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
    "waiting": _("Waiting for the customer"),
    "approvals": _("Waiting for approval"),
    "closed": _("Closed"),
}
ROWS_SHOWN = 50


@staff_page
def queue(request: HttpRequest, view: str = "queue") -> HttpResponse:
    """One view of the queue, or what a search finds in all of them."""
    search = request.GET.get("search", "").strip()
    return render(request, "web/queue.html", queue_context(agent_of(request), view, search))


def queue_context(agent: Agent, view: str, search: str = "") -> dict[str, Any]:
    """What the queue page shows; the live page asks for it again."""
    view = view if view in VIEWS else "queue"
    found = queue_for(agent, "all" if search else view, search)[: ROWS_SHOWN + 1]
    counts = counts_for(agent)
    rows = shown_rows(list(found[:ROWS_SHOWN]))
    return {
        "here": "queue",
        "watch": f"queue:{view}" if not search else "",
        "view": view,
        "search": search,
        "rows": rows,
        "more": len(found) > ROWS_SHOWN,
        "tabs": [(code, name, counts.get(code, 0)) for code, name in VIEWS.items()],
        "title": VIEWS[view],
    }
