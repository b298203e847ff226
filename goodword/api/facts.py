"""What is known of a matter and from where; recording what was said or found out, and taking it back."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router, Schema, Status
from pydantic import Field

from goodword.accounts.models import Agent
from goodword.api.asked import Id, Word, asked_matter, matter_to_change, tag
from goodword.api.matter_parts import FactOut, fact_out
from goodword.api.problems import ApiError, FieldProblem
from goodword.api.values import Body, Code
from goodword.desk.actions.matters import state_fact, withdraw_fact
from goodword.desk.models import Matter
from goodword.desk.queries.facts import facts_of
from goodword.lib.errors import Invalid, NotFound
from goodword.policies.queries import current_book

router = Router(tags=["facts"])
_LONGEST_VALUE = 10_000


class FactList(Schema):
    """Everything known of a matter, derived facts left out: those stand with the advice."""

    facts: list[FactOut]


class FactIn(Body):
    """What the customer says, or what we have found out."""

    fact: Code = Field(examples=["opened"], description="A name of the book's `facts.yaml`.")
    value: Any = Field(examples=[True], description="As in a preview; null is no value: take the fact back instead.")
    provenance: Literal["stated", "verified"] = Field(
        default="stated", description="stated by the customer, or verified by us."
    )


@router.get("/conversations/{number}/matters/{pk}/facts", response=FactList, summary="What is known")
def list_facts(request: HttpRequest, number: Id, pk: Id) -> FactList:
    """Facts of the records, of the message, and what was stated or found out."""
    agent, matter = asked_matter(request, number, pk, "facts:read", "conversations:read")
    with translation.override(agent.language):
        return FactList(facts=[fact_out(known) for known in facts_of(matter, agent).values()])


@router.post("/conversations/{number}/matters/{pk}/facts", response={201: FactList}, summary="Record a fact")
def record_fact(request: HttpRequest, response: HttpResponse, number: Id, pk: Id, given: FactIn) -> Status[FactList]:
    """Record it, in place of what was recorded of it before. Everything that is known now is the answer."""
    agent, matter = matter_to_change(request, number, pk, "facts:write")
    if given.value is None or len(str(given.value)) > _LONGEST_VALUE:
        message = "A fact has a value of up to 10,000 letters. Take the fact back if it is not known any more."
        raise ApiError(422, message, kind="wrong-fact", errors=[FieldProblem(field="value", message=message)])
    try:
        state_fact(matter, given.fact, given.value, given.provenance, by=agent)
    except Invalid as error:
        wrong = FieldProblem(field=error.field or "value", message=str(error))
        raise ApiError(422, str(error), kind="wrong-fact", errors=[wrong]) from None
    return Status(201, _known(response, matter, agent))


@router.delete("/conversations/{number}/matters/{pk}/facts/{fact}", response=FactList, summary="Take a fact back")
def retract_fact(request: HttpRequest, response: HttpResponse, number: Id, pk: Id, fact: Word) -> FactList:
    """Forget what was recorded of it; what a record says stays. Quiet if nothing was recorded."""
    agent, matter = matter_to_change(request, number, pk, "facts:write")
    if fact not in current_book().facts:
        raise NotFound("The policy book has no such fact.")
    withdraw_fact(matter, fact, by=agent)
    return _known(response, matter, agent)


def _known(response: HttpResponse, matter: Matter, agent: Agent) -> FactList:
    tag(response, matter.conversation)
    with translation.override(agent.language):
        return FactList(facts=[fact_out(known) for known in facts_of(matter, agent).values()])
