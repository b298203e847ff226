"""The matters of a conversation: what the customer wants, one by one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router, Schema, Status
from pydantic import Field

from goodword.accounts.models import Agent
from goodword.api.asked import Id, asked_conversation, asked_matter, conversation_to_change, matter_to_change, tag
from goodword.api.matter_parts import MatterOut, matter_out
from goodword.api.problems import ApiError, FieldProblem
from goodword.api.values import Body, Code, Line60
from goodword.desk.actions.corrections import add_by_hand, correct_by_hand, withdraw_by_hand
from goodword.desk.actions.matters import reopen_matter
from goodword.desk.models import Conversation
from goodword.desk.queries.reach import matter_of, purchase_for
from goodword.orders.models import Purchase, PurchaseLine

router = Router(tags=["matters"])
READ = ("matters:read", "conversations:read")


class MatterList(Schema):
    """Every matter of a conversation, in the order in which they were raised."""

    matters: list[MatterOut]


class MatterIn(Body):
    """What it is about; all three may be left out."""

    policy: Code | None = Field(default=None, description="A policy of the book, or one of its decisions.")
    order: Line60 | None = Field(default=None, description="An order number.")
    sku: Line60 | None = Field(default=None, description="The product of that order it is about.")


class MatterChange(MatterIn):
    """What is not named stays; `order: null` says that it is about no order."""


@router.get("/conversations/{number}/matters", response=MatterList, summary="What it is about")
def list_matters(request: HttpRequest, number: Id) -> MatterList:
    """Each with its facts, the policy's advice, decisions and actions."""
    agent, conversation = asked_conversation(request, number, *READ)
    with translation.override(agent.language):
        matters = conversation.matters.select_related("purchase", "line__product").prefetch_related(
            "decisions__approvals__asked_by", "decisions__approvals__answered_by", "decisions__by", "actions"
        )
        return MatterList(matters=[matter_out(matter, agent) for matter in matters])


@router.get("/conversations/{number}/matters/{pk}", response=MatterOut, summary="One matter")
def read_matter(request: HttpRequest, number: Id, pk: Id) -> MatterOut:
    """With its facts, the policy's advice, decisions and actions."""
    agent, matter = asked_matter(request, number, pk, *READ)
    with translation.override(agent.language):
        return matter_out(matter, agent)


@router.post("/conversations/{number}/matters", response={201: MatterOut}, summary="Open one more matter")
def create_matter(request: HttpRequest, response: HttpResponse, number: Id, given: MatterIn) -> Status[MatterOut]:
    """It counts as raised when the customer last wrote."""
    agent, conversation = conversation_to_change(request, number, "matters:write")
    about = _about(agent, given, conversation)
    matter = add_by_hand(conversation, by=agent, policy=given.policy or "", **about)
    return Status(201, _whole(response, agent, conversation, matter.pk))


@router.patch("/conversations/{number}/matters/{pk}", response=MatterOut, summary="Correct what it is about")
def change_matter(request: HttpRequest, response: HttpResponse, number: Id, pk: Id, given: MatterChange) -> MatterOut:
    """Refused (409) once it is decided: take it up again first."""
    agent, matter = matter_to_change(request, number, pk, "matters:write")
    named = given.model_dump(exclude_unset=True)
    change: dict[str, Any] = {"policy": given.policy or ""} if "policy" in named else {}
    if "order" in named or "sku" in named:
        change |= _about(agent, given, matter.conversation, matter.purchase) or {"purchase": None}
    correct_by_hand(matter, by=agent, **change)
    return _whole(response, agent, matter.conversation, pk)


@router.post("/conversations/{number}/matters/{pk}/withdraw", response=MatterOut, summary="It was a mistake")
def withdraw(request: HttpRequest, response: HttpResponse, number: Id, pk: Id) -> MatterOut:
    """Or the customer takes it back."""
    agent, matter = matter_to_change(request, number, pk, "matters:write")
    withdraw_by_hand(matter, by=agent)
    return _whole(response, agent, matter.conversation, pk)


@router.post("/conversations/{number}/matters/{pk}/reopen", response=MatterOut, summary="Take it up again")
def take_up_again(request: HttpRequest, response: HttpResponse, number: Id, pk: Id) -> MatterOut:
    """What was decided stands until a new decision corrects it."""
    agent, matter = matter_to_change(request, number, pk, "matters:write")
    reopen_matter(matter, by=agent)
    return _whole(response, agent, matter.conversation, pk)


def _whole(response: HttpResponse, agent: Agent, conversation: Conversation, pk: int) -> MatterOut:
    tag(response, conversation)
    with translation.override(agent.language):
        return matter_out(matter_of(conversation, pk), agent)


def _about(agent: Agent, given: MatterIn, conversation: Conversation, known: Purchase | None = None) -> dict[str, Any]:
    purchase = purchase_for(agent, given.order) if given.order else known
    if not given.sku:
        return {"purchase": purchase} if given.order and purchase else {}
    lines = purchase.lines.select_related("product", "purchase") if purchase else PurchaseLine.objects.none()
    line = lines.filter(product__sku=given.sku).order_by("id").first()
    if line is None:
        message = "The order has no such product." if purchase else "Name the order that the product is of."
        wrong = FieldProblem(field="sku", message=message)
        raise ApiError(422, message, kind="unreadable-request", errors=[wrong])
    return {"line": line}
