"""What a conversation is about, and what is known of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.desk.actions.corrections import add_by_hand, correct_by_hand, move_matter, withdraw_by_hand
from goodword.desk.actions.matters import report_gap, state_fact, withdraw_fact
from goodword.desk.models import Conversation, FactValue
from goodword.lib.errors import Invalid
from goodword.orders.queries import purchase_by_number
from goodword.policies.queries import current_book
from goodword.web.answers import agent_of, staff_page
from goodword.web.conversation_pages import asked_conversation, asked_matter, page_changed
from goodword.web.fact_input import read_fact
from goodword.web.orders_named import named_line, named_order

LONGEST_NUMBER = 18
CHANGED = ("head", "work", "reply", "person", "thread")


@staff_page
@require_POST
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Open one more matter."""
    conversation = asked_conversation(request, number)
    matter = add_by_hand(
        conversation, by=agent_of(request), policy=request.POST.get("policy", ""), **_about(request, conversation)
    )
    return page_changed(request, number, *CHANGED, focus=f"policy-{matter.pk}")


@staff_page
@require_POST
def correct(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Say what it is really about: another situation, another order or line."""
    matter = asked_matter(request, number, pk)
    about = _about(request, matter.conversation) or {"purchase": None}
    correct_by_hand(matter, by=agent_of(request), policy=request.POST.get("policy", ""), **about)
    return page_changed(request, number, *CHANGED)


@staff_page
@require_POST
def fact(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Answer the question; the advice changes at once."""
    matter = asked_matter(request, number, pk)
    code = request.POST.get("fact", "")
    asked = current_book().facts.get(code)
    if asked is None:
        raise Invalid(_("The book does not know this fact."), field="fact")
    how = FactValue.VERIFIED if request.POST.get("verified") else FactValue.STATED
    state_fact(matter, code, read_fact(asked, request.POST.get("value", "")), how, by=agent_of(request))
    return page_changed(request, number, *CHANGED, focus="work")


@staff_page
@require_POST
def fact_withdraw(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Take back what was noted of a fact."""
    matter = asked_matter(request, number, pk)
    withdraw_fact(matter, request.POST.get("fact", ""), by=agent_of(request))
    return page_changed(request, number, *CHANGED, focus="work")


@staff_page
@require_POST
def gap(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Tell the policy's owner that the book has no answer here."""
    matter = asked_matter(request, number, pk)
    report_gap(matter, by=agent_of(request), note=request.POST.get("note", "").strip())
    return page_changed(request, number, "work", "thread")


@staff_page
@require_POST
def move(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """It belongs into another conversation of hers."""
    matter, named = asked_matter(request, number, pk), request.POST.get("into", "")
    if not named.isdecimal() or len(named) > LONGEST_NUMBER:
        raise Invalid(_("Give the number of the other conversation."), field="into")
    move_matter(matter, asked_conversation(request, int(named)), by=agent_of(request))
    return page_changed(request, number, *CHANGED, focus="work")


@staff_page
@require_POST
def withdraw(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """It was a mistake, or the customer takes it back."""
    withdraw_by_hand(asked_matter(request, number, pk), by=agent_of(request))
    return page_changed(request, number, *CHANGED, focus="work")


def _about(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    number = request.POST.get("order_number", "").strip()
    if number:
        return {"purchase": purchase_by_number(number)}
    what, _sign, pk = request.POST.get("line", "").partition(":")
    if what == "line" and pk.isdigit():
        return {"line": named_line(conversation, int(pk))}
    if what == "order" and pk.isdigit():
        return {"purchase": named_order(conversation, int(pk))}
    return {}
