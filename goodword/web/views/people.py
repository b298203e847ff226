"""The customer beside the conversation: who she is, and how she may be called."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.desk.actions.identity import prove_identity
from goodword.lib.errors import Invalid, NotFound
from goodword.people.actions import erase_person, permit_first_name, set_legal_hold
from goodword.people.models import Person
from goodword.policies.queries import current_book
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
    permit_first_name(
        _customer(request, number), permitted=request.POST.get("permitted") == "yes", by=agent_of(request)
    )
    return page_changed(request, number, "person", "work", "reply")


@staff_page
@require_POST
def hold(request: HttpRequest, number: int) -> HttpResponse:
    """Forbid that anything of hers is erased, or allow it again."""
    held = request.POST.get("held") == "yes"
    set_legal_hold(_customer(request, number), held=held, book=current_book(), by=agent_of(request))
    return page_changed(request, number, "person")


@staff_page
@require_POST
def erase(request: HttpRequest, number: int) -> HttpResponse:
    """Erase everything personal of hers, once it is confirmed."""
    person = _customer(request, number)
    if request.POST.get("sure") != "yes":
        raise Invalid(_("Confirm first that everything of this customer is to be erased."), field="sure")
    erase_person(person, book=current_book(), by=agent_of(request))
    messages.success(request, _("Everything personal of this customer is erased. What was decided stays, without her."))
    return page_changed(request, number)


def _customer(request: HttpRequest, number: int) -> Person:
    person = asked_conversation(request, number).person
    if person is None:
        raise NotFound(_("Nobody is known here yet."))
    return person
