"""Deciding a matter: what the book advises, deciding so, departing from it with a reason, asking for approval."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router, Schema, Status
from pydantic import Field

from goodword.api.asked import Id, asked_matter, matter_to_change, tag
from goodword.api.matter_parts import DecisionOut, decision_out
from goodword.api.values import Body, Code, MaybeText, Text
from goodword.desk.actions.approvals import ask_approval
from goodword.desk.actions.decisions import decide, depart
from goodword.desk.models import Decision
from goodword.desk.queries.advice import advice_for
from goodword.engine.values import to_plain
from goodword.lib.errors import Refused

router = Router(tags=["decisions"])
READ = ("decisions:read", "conversations:read")


class AdviceOut(Schema):
    """What the book says of a matter now."""

    status: str = Field(description="decided, ask, gap (the book is silent) or none (no policy applies).")
    outcome: str | None
    may_decide: bool = Field(description="Whether the key's agent may decide so without anybody's approval.")
    authority: str = Field(description="The least role that may.")
    question: str | None = Field(description="The one question still open, in the agent's language.")
    advice: dict[str, Any] = Field(description="Everything the desk's page shows of it.")


class DecisionList(Schema):
    """Every decision on a matter, the oldest first."""

    decisions: list[DecisionOut]


class DepartureIn(Body):
    """A decision against the policy, or where it has no answer."""

    outcome: Code = Field(examples=["allow"])
    reason: Text = Field(description="Why. It is kept, and whoever approves reads it.")
    outputs: dict[str, Any] = Field(default={}, description="Outputs of the book: `refund_percent`, `do` ...")


class ApprovalIn(Body):
    """Why somebody with the authority should agree; the book's own reason if left empty."""

    reason: MaybeText = ""


@router.get("/conversations/{number}/matters/{pk}/advice", response=AdviceOut, summary="What the book advises")
def read_advice(request: HttpRequest, number: Id, pk: Id) -> AdviceOut:
    """As the desk's page shows it to the key's agent, from the facts known now."""
    agent, matter = asked_matter(request, number, pk, *READ)
    with translation.override(agent.language):
        advice = advice_for(matter, agent)
        question = advice.question.questions.get(advice.agent_language) if advice.question else None
        return AdviceOut(
            status=advice.status, outcome=advice.outcome or None, may_decide=advice.may,
            authority=advice.authority, question=question, advice=to_plain(advice.to_json()),
        )  # fmt: skip


@router.get("/conversations/{number}/matters/{pk}/decisions", response=DecisionList, summary="What was decided")
def list_decisions(request: HttpRequest, number: Id, pk: Id) -> DecisionList:
    """Proposed, awaiting approval, final, declined and corrected ones."""
    _agent, matter = asked_matter(request, number, pk, *READ)
    return DecisionList(decisions=[decision_out(decision) for decision in matter.decisions.all()])


@router.post("/conversations/{number}/matters/{pk}/decisions", response={201: DecisionOut}, summary="Decide it so")
def decide_matter(request: HttpRequest, response: HttpResponse, number: Id, pk: Id) -> Status[DecisionOut]:
    """Decide as the book advises. Final if the key's agent has the authority; else proposed, and approval is to be
    asked for. Refused (409) while the book still asks, or where the writer is not shown to be the buyer."""
    agent, matter = matter_to_change(request, number, pk, "decisions:write")
    return _decided(response, decide(matter, by=agent))


@router.post("/conversations/{number}/matters/{pk}/departures", response={201: DecisionOut}, summary="Depart from it")
def depart_from_policy(
    request: HttpRequest, response: HttpResponse, number: Id, pk: Id, given: DepartureIn
) -> Status[DecisionOut]:
    """Decide against the policy, with the reason; proposed unless the key's agent has the authority for it."""
    agent, matter = matter_to_change(request, number, pk, "decisions:write")
    return _decided(response, depart(matter, given.outcome, given.outputs, given.reason, by=agent))


@router.post("/conversations/{number}/matters/{pk}/approval", response={201: DecisionOut}, summary="Ask for approval")
def request_approval(
    request: HttpRequest, response: HttpResponse, number: Id, pk: Id, given: ApprovalIn
) -> Status[DecisionOut]:
    """Ask those with the authority to agree to the decision that is proposed; nobody approves her own."""
    agent, matter = matter_to_change(request, number, pk, "decisions:write")
    proposed = matter.decisions.filter(state__in=[Decision.PROPOSED, Decision.AWAITING]).order_by("id").last()
    if proposed is None:
        raise Refused("No decision is proposed here. Decide, or depart from the policy; then ask for approval.")
    ask_approval(proposed, given.reason, by=agent)
    return _decided(response, proposed)


def _decided(response: HttpResponse, decision: Decision) -> Status[DecisionOut]:
    tag(response, decision.matter.conversation)
    stored = Decision.objects.select_related("by").prefetch_related("approvals__asked_by", "approvals__answered_by")
    return Status(201, decision_out(stored.get(pk=decision.pk)))
