"""What an address names, found with the caller's eyes; and whether it is still what the caller has seen."""

import re
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path
from pydantic import Field

from goodword.accounts.models import Agent
from goodword.api.keys import caller_with
from goodword.api.problems import ApiError, FieldProblem
from goodword.api.values import LARGEST_ID
from goodword.desk.models import Conversation, Matter
from goodword.desk.queries.conversations import conversation_for
from goodword.desk.queries.reach import matter_of, revision_of

_ETAG = re.compile(r'"[0-9-]{1,60}"')
Id = Path[Annotated[int, Field(ge=1, le=LARGEST_ID)]]
Word = Path[Annotated[str, Field(min_length=1, max_length=100)]]


def asked_conversation(request: HttpRequest, number: int, *scopes: str) -> tuple[Agent, Conversation]:
    """The conversation to be read, for a key that has one of `scopes`. Raises ApiError, NotFound."""
    agent = caller_with(request, *scopes)
    return agent, conversation_for(agent, number)


def conversation_to_change(request: HttpRequest, number: int, scope: str) -> tuple[Agent, Conversation]:
    """The conversation to be changed: nobody else changes it until the request has ended. Raises ApiError 412 if the
    header If-Match names another state of it."""
    agent, conversation = asked_conversation(request, number, scope)
    wanted = str(request.headers.get("If-Match", "*"))
    if wanted != "*":
        _check_etag(wanted)
        now = etag_of(conversation, hold=True)
        if now != wanted:
            message = "Something happened in this conversation since you read it. Read it again first."
            wrong = FieldProblem(field="header.If-Match", message=message)
            raise ApiError(412, message, kind="changed-since", errors=[wrong], headers={"ETag": now})
    return agent, conversation


def _check_etag(wanted: str) -> None:
    if not _ETAG.fullmatch(wanted):
        message = "If-Match is the ETag of a conversation as it was sent, with its quotation marks, or *."
        wrong = FieldProblem(field="header.If-Match", message=message)
        raise ApiError(422, message, kind="unreadable-request", errors=[wrong])


def matter_to_change(request: HttpRequest, number: int, pk: int, scope: str) -> tuple[Agent, Matter]:
    """One of its matters to be changed. Raises as `conversation_to_change`, and NotFound."""
    agent, conversation = conversation_to_change(request, number, scope)
    return agent, matter_of(conversation, pk)


def asked_matter(request: HttpRequest, number: int, pk: int, *scopes: str) -> tuple[Agent, Matter]:
    """One of its matters to be read. Raises NotFound."""
    agent, conversation = asked_conversation(request, number, *scopes)
    return agent, matter_of(conversation, pk)


def etag_of(conversation: Conversation, *, hold: bool = False) -> str:
    """The state a conversation is in, as a strong validator."""
    return f'"{conversation.number}-{revision_of(conversation, hold=hold)}"'


def tag(response: HttpResponse, conversation: Conversation) -> None:
    """Send the state along."""
    response["ETag"] = etag_of(conversation)
