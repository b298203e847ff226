"""The shapes of a previewed decision: the situation that is sent, and everything the book says of it."""

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field

from goodword.api.values import Body, Day, Line60, Line100


class Days(Body):
    """The governing days; each table is read in the book in force on its own."""

    purchase: Day | None = None
    contact: Day | None = None
    today: Day | None = None


class PreviewIn(Body):
    """A situation to try. Facts never given stay unknown, and unknown asks; it never refuses."""

    policy: Line100 = Field(examples=["returns"])
    facts: dict[str, Any] = Field(default={}, examples=[{"category": "hygiene", "opened": True}])
    on: Day | None = Field(default=None, description="One day for every governing day; today if left out.")
    days: Days = Field(default=Days(), description="Or each by itself.")
    language: Line60 | None = Field(default=None, description="Of the explanation; the book's first if left out.")
    role: Line60 | None = Field(default=None, description="Of whoever would decide: what she may grant herself.")


class RuleOut(Schema):
    """A row of a table that spoke, and where it stands in the book's text."""

    policy: str
    clause: str
    row: str
    decision: str
    file: str
    line: int


class BoundaryOut(Schema):
    """The nearest place where the answer would be another."""

    fact: str
    value: Any
    limit: Any
    kind: str
    other_outcome: str | None
    sentence: str


class ExplanationOut(Schema):
    """Why, in whole sentences: to the customer and to the agent."""

    summary: str
    reasons: list[str]
    boundary: str | None


class TableUse(Schema):
    """Which version of which table was read, and on which day."""

    decision: str
    policy: str
    day: date
    rules_hash: str


class PreviewOut(Schema):
    """What the book says. Nothing is stored."""

    policy: str
    status: str = Field(description="decided; ask: `asks` names the one question to put; gap: the book is silent.")
    outcome: str | None
    outputs: dict[str, Any]
    asks: str | None
    question: str | None = Field(description="The question to put, in the language asked for.")
    open: list[str] = Field(description="Facts that could still matter.")
    authority: str | None = Field(description="The least role that may grant it.")
    facts: dict[str, Any] = Field(description="The facts used, derived ones included.")
    fired: list[RuleOut]
    overridden: list[RuleOut]
    clauses: list[str]
    boundary: BoundaryOut | None
    customer: ExplanationOut | None = Field(description="The explanation as a customer would read it.")
    agent: ExplanationOut | None
    words: str | None = Field(description="Words for the answer; null if a value they need is not known.")
    words_need: list[str] = Field(description="What the words would still need.")
    language: str
    tables: list[TableUse]
    rules_hash: str
    book: str = Field(description="Hash of the book in force now.")
