"""Deciding a matter: by the book, with somebody's approval, or against the book with a reason."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.desk.actions.approvals import ask_approval
from goodword.desk.actions.decision_corrections import begin_correction, correction_begun, leave_decision
from goodword.desk.actions.decisions import decide, depart
from goodword.desk.actions.work import take_alternative
from goodword.desk.models import Decision
from goodword.lib.errors import NotFound
from goodword.policies.queries import current_book
from goodword.web.answers import agent_of, staff_page
from goodword.web.conversation_pages import asked_matter, page_changed
from goodword.web.drafts import offer_words
from goodword.web.fact_input import read_cents, read_percent

CHANGED = ("head", "work", "reply", "thread")


@staff_page
@require_POST
def accept(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Decide as the book advises; the answer stands drafted in the reply box."""
    matter, agent = asked_matter(request, number, pk), agent_of(request)
    decision = decide(matter, by=agent)
    return _decided(request, number, decision)


@staff_page
@require_POST
def ask(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Propose what the book advises, or what already is proposed, to whoever has the authority."""
    matter, agent = asked_matter(request, number, pk), agent_of(request)
    proposed = matter.decisions.filter(state=Decision.PROPOSED).last()
    decision = proposed or decide(matter, by=agent)
    if decision.state == Decision.PROPOSED:
        ask_approval(decision, request.POST.get("reason", "").strip(), by=agent)
        messages.success(request, _("Approval is asked for. You are told as soon as it is answered."))
    return _decided(request, number, decision)


@staff_page
@require_POST
def depart_from_policy(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Decide against the book, with the reason; without the authority for it, it waits for approval."""
    matter, agent = asked_matter(request, number, pk), agent_of(request)
    reason = request.POST.get("reason", "").strip()
    decision = depart(matter, request.POST.get("outcome", ""), _outputs(request), reason, by=agent)
    if decision.state == Decision.PROPOSED:
        ask_approval(decision, reason, by=agent)
        messages.success(request, _("The departure waits for approval."))
    return _decided(request, number, decision)


@staff_page
@require_POST
def alternative(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The customer takes what the refusal offered instead: that starts it."""
    matter = asked_matter(request, number, pk)
    decision = matter.decisions.filter(state=Decision.FINAL).last()
    if decision is None:
        raise NotFound(_("Nothing has been decided here yet."))
    take_alternative(decision, by=agent_of(request))
    messages.success(request, _("Noted: the customer takes the alternative."))
    return page_changed(request, number, *CHANGED, focus="work")


@staff_page
@require_POST
def correct(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The decision was wrong: its matter is open again, until a new one takes its place."""
    matter = asked_matter(request, number, pk)
    decision = matter.decisions.filter(state=Decision.FINAL).last()
    if decision is None:
        raise NotFound(_("Nothing has been decided here yet."))
    keeps = [int(value) for value in request.POST.getlist("keeps") if value.isdecimal()]
    begin_correction(decision, request.POST.get("reason", ""), by=agent_of(request), keeps=keeps)
    return page_changed(request, number, *CHANGED, focus="work")


@staff_page
@require_POST
def leave(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """It was right after all."""
    correction = correction_begun(asked_matter(request, number, pk))
    if correction is None:
        raise NotFound(_("No decision is being corrected here."))
    leave_decision(correction, by=agent_of(request))
    return page_changed(request, number, *CHANGED, focus="work")


def _decided(request: HttpRequest, number: int, decision: Decision) -> HttpResponse:
    final = decision.state == Decision.FINAL
    if final:
        offer_words(decision.matter.conversation, agent_of(request))
    return page_changed(request, number, *CHANGED, focus="reply-text" if final else "work")


def _outputs(request: HttpRequest) -> dict[str, Any]:
    readers = {"money": read_cents, "percent": read_percent}
    outputs: dict[str, Any] = {}
    for code, output in current_book().outputs.items():
        text = request.POST.get(f"output-{code}", "").strip()
        if text and output.kind in readers:
            outputs[code] = readers[output.kind](text)
    chosen = request.POST.getlist("do")
    return outputs | ({"do": chosen} if chosen else {})
