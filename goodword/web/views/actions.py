"""What is to be done because of decisions: mine, or a department's, due first."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.desk.actions.work import cancel_action, finish_action
from goodword.desk.models import Action
from goodword.desk.queries.waiting import action_for, actions_for
from goodword.policies.queries import current_book
from goodword.web.answers import agent_of, back_to, is_htmx, staff_page
from goodword.web.conversation_pages import page_changed
from goodword.web.shown.approvals import about_words
from goodword.web.shown.decisions import shown_action
from goodword.web.shown.words import department_words

ROWS_SHOWN = 200


@staff_page
def actions(request: HttpRequest) -> HttpResponse:
    """Open actions: all, hers, or one department's."""
    agent, department = agent_of(request), request.GET.get("department", "")
    mine = request.GET.get("mine") == "1"
    book = current_book()
    found = actions_for(agent, department=department, mine=mine)[:ROWS_SHOWN]
    return render(
        request,
        "web/actions.html",
        {
            "here": "actions",
            "rows": [(shown_action(each), each.matter.conversation, about_words(each.matter)) for each in found],
            "departments": [(code, department_words(book, code)) for code in book.departments],
            "department": department,
            "mine": mine,
        },
    )


@staff_page
@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """It is done; the customer is told so."""
    action = action_for(agent_of(request), pk)
    finish_action(action, by=agent_of(request))
    messages.success(request, _("Done, and the customer is told."))
    return _back(request, action)


@staff_page
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """It will not be done."""
    action = action_for(agent_of(request), pk)
    cancel_action(action, by=agent_of(request))
    return _back(request, action)


def _back(request: HttpRequest, action: Action) -> HttpResponse:
    if is_htmx(request):
        return page_changed(request, action.matter.conversation.number, "head", "thread", "work")
    return back_to(request, reverse("web:actions"))
