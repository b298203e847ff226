"""The customer beside the conversation: who she is, and how she may be called."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.desk.actions.identity import prove_identity
from goodword.lib.errors import NotFound
from goodword.people.actions import permit_first_name
from goodword.web.answers import agent_of, staff_page
from goodword.web.conversation_pages import asked_conversation, page_changed


@staff_page
@require_POST
def identity(request: HttpRequest, number: int) -> HttpResponse:
    """Note that the book's identity step is met."""
    prove_identity(asked_conversation(request, number), request.POST.get("how", ""), by=agent_of(request))
    return page_changed(request, number)


@staff_page
@require_POST
def first_name(request: HttpRequest, number: int) -> HttpResponse:
    """Note that she allows her first name, or no longer does."""
    conversation = asked_conversation(request, number)
    if conversation.person is None:
        raise NotFound(_("Nobody is known here yet."))
    permit_first_name(conversation.person, permitted=request.POST.get("permitted") == "yes", by=agent_of(request))
    return page_changed(request, number, "person", "work", "reply")
