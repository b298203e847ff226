"""Opening a conversation's page, and answering with the parts of it that changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from goodword.desk.models import Conversation, Matter
from goodword.desk.queries.conversations import conversation_for, draft_of
from goodword.lib.errors import NotFound
from goodword.web.answers import agent_of, fragments, is_htmx
from goodword.web.shown.conversation import ConversationPage

PARTS = ("head", "thread", "work", "reply", "person")


def asked_conversation(request: HttpRequest, number: int) -> Conversation:
    """The conversation with this number, if she may see it. Raises NotFound."""
    return conversation_for(agent_of(request), number)


def asked_matter(request: HttpRequest, number: int, pk: int) -> Matter:
    """A matter of a conversation she may see. Raises NotFound."""
    conversation = asked_conversation(request, number)
    matter = conversation.matters.select_related("purchase__person", "line__product", "conversation__person")
    found = matter.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("This conversation has no such matter."))
    return found


def page_context(request: HttpRequest, number: int, **changes: Any) -> dict[str, Any]:
    """The context of the page as it stands now; `changes` are fields of ConversationPage."""
    agent, conversation = agent_of(request), asked_conversation(request, number)
    page = ConversationPage(conversation, agent, draft_of(conversation, agent), **changes)
    return {"here": "queue", "page": page, "watch": f"conversation:{number}"}


def show_page(request: HttpRequest, number: int, *, status: int = 200, **changes: Any) -> HttpResponse:
    """The whole page."""
    return render(request, "web/conversation.html", page_context(request, number, **changes), status=status)


def page_changed(
    request: HttpRequest, number: int, *parts: str, focus: str = "", status: int = 200, **changes: Any
) -> HttpResponse:
    """After something was done: the parts that changed, or without htmx the page again.

    `focus` is the id of the element to go on at. What a reply was held back for cannot be shown after a
    redirect, so then the page itself is the answer.
    """
    if is_htmx(request):
        context = page_context(request, number, **changes)
        response = fragments(request, [f"web/conversation/{part}.html" for part in parts or PARTS], context)
        response.status_code = status
        if focus:
            response["HX-Trigger-After-Settle"] = f'{{"goodword:focus": "{focus}"}}'
        return response
    if changes:
        return show_page(request, number, status=status, **changes)
    return HttpResponseRedirect(reverse("web:conversation", args=[number]) + (f"#{focus}" if focus else ""))
