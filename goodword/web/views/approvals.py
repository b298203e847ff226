"""What waits for somebody's word: the reason first, then yes or no with a word."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.accounts.models import Agent
from goodword.desk.actions.approvals import approve, decline, withdraw
from goodword.desk.queries.waiting import approval_for, approvals_asked, approvals_waiting
from goodword.web.answers import agent_of, back_to, staff_page
from goodword.web.shown.approvals import shown_request


@staff_page
def approvals(request: HttpRequest) -> HttpResponse:
    """Everything this agent may answer, and what she has asked for herself."""
    return render(request, "web/approvals.html", approvals_context(agent_of(request)))


def approvals_context(agent: Agent) -> dict[str, Any]:
    """What the page shows; the live page asks for it again."""
    return {
        "here": "approvals",
        "watch": "approvals",
        "waiting": [shown_request(each, agent) for each in approvals_waiting(agent)],
        "asked": [shown_request(each, agent) for each in approvals_asked(agent)],
    }


@staff_page
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or decline with a word; whoever asked is told at once."""
    agent, word = agent_of(request), request.POST.get("word", "").strip()
    approval = approval_for(agent, pk)
    if request.POST.get("answer") == "approve":
        approve(approval, word, by=agent)
        messages.success(request, _("Approved. Whoever asked has been told."))
    else:
        decline(approval, word, by=agent)
        messages.success(request, _("Declined. Whoever asked has been told."))
    return back_to(request, reverse("web:approvals"))


@staff_page
@require_POST
def withdraw_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    approval = approval_for(agent_of(request), pk)
    withdraw(approval, by=agent_of(request))
    return back_to(request, reverse("web:conversation", args=[approval.decision.matter.conversation.number]))
