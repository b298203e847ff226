"""What is sent to open or change a conversation."""

from typing import Annotated, Literal

from pydantic import Field

from goodword.accounts.models import Agent
from goodword.api.problems import ApiError, FieldProblem
from goodword.api.values import LARGEST_ID, Body, Code, Language, Line60, Line200, Line254, Line500, MaybeText
from goodword.desk.queries.reach import person_for
from goodword.people.actions import find_or_welcome
from goodword.people.models import Person

Channel = Literal["form", "mail", "chat", "phone"]


class ConversationIn(Body):
    """A conversation to open. Name the customer by `person` (her id) or by `email`, or leave both out."""

    inbox: Line254 = Field(default="", description="The address of one of the desk's inboxes; the oldest if left out.")
    person: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    email: Line254 = Field(default="", description="Her mail address; whoever is not known yet is welcomed.")
    name: Line200 = ""
    subject: Line500 = ""
    language: Language | None = Field(default=None, description="Hers; the inbox's if nothing is known.")
    text: MaybeText = Field(default="", description="What she said.")
    channel: Channel = "form"
    situation: Code | Literal[""] = Field(default="", description="A policy of the book, if you know what it is about.")
    acknowledge: bool = Field(default=False, description="Whether she gets the book's acknowledgement by mail.")


class ConversationChange(Body):
    """What is not named stays."""

    language: Language | None = None
    person: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = Field(
        default=None, description="The id of the customer it really is; who wrote has to be shown anew."
    )
    situation: Code | None = None


class CloseIn(Body):
    """How it ended."""

    outcome: Line60 = Field(examples=["solved"], description="One of the endings that the policy book knows.")
    why: MaybeText = Field(default="", description="Needed where something is undecided; kept as a note.")


class AssignIn(Body):
    """Who takes care of it: a colleague's mail address, or null for nobody."""

    assignee: Line254 | None


def person_meant(agent: Agent, given: ConversationIn) -> Person | None:
    """The customer that is named, welcomed if she is new. Raises ApiError 422 for two names, NotFound, Invalid."""
    if given.person and given.email:
        message = "Name the customer by her id or by her mail address, not by both."
        wrong = FieldProblem(field="email", message=message)
        raise ApiError(422, message, kind="unreadable-request", errors=[wrong])
    if given.person:
        return person_for(agent, given.person)
    return find_or_welcome(given.email, given.name, given.language or "", by=agent) if given.email else None
