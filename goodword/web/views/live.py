"""The live page: a signal that something happened, and the parts of this page fetched again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goodword.desk.queries.conversations import conversation_for, number_after_merging
from goodword.journal.models import Event
from goodword.journal.queries import events_after
from goodword.notifications.actions import mark_read
from goodword.notifications.queries import notices_for
from goodword.policies.queries import new_look
from goodword.web.answers import CURSOR, agent_of, back_to, fragments, staff_page
from goodword.web.conversation_pages import page_context
from goodword.web.views.approvals import approvals_context
from goodword.web.views.queue import queue_context

BAR = ["layout/live.html", "layout/nav.html", "layout/notices.html", "layout/book_problem.html"]
DECIDING = (
    "approval.", "decision.", "action.", "matter.", "fact.", "identity.", "correction.", "complaint.", "transfer.",
    "conversation.",
)  # fmt: skip
OF_THE_CUSTOMER = {"conversation.person_corrected", "identity.reset", "correction.undone"}


@staff_page
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """Nothing (204) while nothing happened; else the bar again, and what this page watches.

    `after` is the journal's cursor at the page, `watch` what it shows ("queue:mine", "conversation:1042").
    """
    after = request.GET.get("after", "0")
    events = list(events_after(int(after) if after.isdigit() else 0))
    if not events:
        return HttpResponse(status=204)
    request.META[CURSOR] = events[-1].seq
    with new_look():
        return _changed(request, events)


def _changed(request: HttpRequest, events: list[Event]) -> HttpResponse:
    watch = request.GET.get("watch", "")
    what, _sign, which = watch.partition(":")
    if what == "conversation" and which.isdigit():
        return _conversation(request, int(which), events)
    if what == "queue":
        context = queue_context(agent_of(request), which)
        return fragments(request, [*BAR, "web/queue_tabs.html", "web/queue_list.html"], context)
    if what == "approvals" and any(event.kind.startswith("approval.") for event in events):
        return fragments(request, [*BAR, "web/approvals_list.html"], approvals_context(agent_of(request)))
    return fragments(request, BAR, {"watch": watch})


def _conversation(request: HttpRequest, number: int, events: list[Event]) -> HttpResponse:
    if kept := number_after_merging(agent_of(request), number):
        # It was merged while she looked at it: she goes on in the one it is in now.
        moved = HttpResponse(status=204)
        moved["HX-Redirect"] = reverse("web:conversation", args=[kept])
        return moved
    about = conversation_for(agent_of(request), number).about
    hers = [event for event in events if event.about == about and event.actor != agent_of(request).actor]
    if any(event.kind == "message.received" for event in hers):
        messages.warning(request, _("The customer has just written again."))
    parts = ["web/conversation/head.html", "web/conversation/thread.html"] if hers else []
    if any(event.kind.startswith(DECIDING) for event in hers) or any(each.kind == "book.published" for each in events):
        parts.append("web/conversation/work.html")
    if any(event.kind in OF_THE_CUSTOMER for event in hers):
        parts.append("web/conversation/person.html")
    return fragments(request, [*BAR, *parts], page_context(request, number) if parts else _watched(number))


def _watched(number: int) -> dict[str, str]:
    return {"watch": f"conversation:{number}", "here": "queue"}


@staff_page
@require_POST
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to what a notice is about; it counts as read."""
    found = notices_for(agent_of(request)).filter(pk=pk).first()
    mark_read(agent_of(request), pk)
    if found and found.conversation:
        return redirect("web:conversation", found.conversation.number)
    return back_to(request, reverse("web:queue"))


@staff_page
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """All read."""
    mark_read(agent_of(request))
    return back_to(request, reverse("web:queue"))
