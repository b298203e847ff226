"""The shape of advice: what the policy book says of one matter, for one agent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from goodword import engine
from goodword.desk.planning import PlannedAction
from goodword.desk.queries.facts import KnownFact
from goodword.engine.values import to_plain

DECIDED, ASK, GAP, NONE = "decided", "ask", "gap", "none"


@dataclass(frozen=True)
class Question:
    """The one fact to be found out next, with the ways it can be answered; texts by language."""

    fact: str
    kind: str
    labels: Mapping[str, str]
    questions: Mapping[str, str]
    choices: tuple[tuple[Any, Mapping[str, str]], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        choices = [{"value": to_plain(value), "label": dict(words)} for value, words in self.choices]
        return {
            "fact": self.fact, "type": self.kind, "label": dict(self.labels), "question": dict(self.questions),
            "choices": choices,
        }  # fmt: skip


@dataclass(frozen=True)
class ClauseLink:
    """A clause that decided: its anchor (`returns#hygiene`) and its heading in the agent's language."""

    anchor: str
    title: str


@dataclass(frozen=True)
class Advice:
    """What the book says of one matter, for one agent. Texts are in her language where nothing else is said.

    `status`: decided, ask (see `question`), gap (the policy has no answer), none (no policy applies).
    `words` is what to say in the customer's `language`, `words_for_agent` the same in hers; both are the words for a
    writer of unknown identity where `identity_needed`. `alternative_action` is the action that taking it starts.
    """

    status: str
    policy: str
    policy_title: str
    language: str
    agent_language: str
    facts: dict[str, KnownFact]
    days: dict[str, date]
    decision: engine.Decision | None = None
    outcome: str = ""
    outcome_label: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)
    question: Question | None = None
    open: tuple[str, ...] = ()
    authority: str = ""
    authority_label: str = ""
    may: bool = False
    explanation: str = ""
    reasons: tuple[str, ...] = ()
    words: str = ""
    words_for_agent: str = ""
    boundary: str = ""
    clauses: tuple[ClauseLink, ...] = ()
    actions: tuple[PlannedAction, ...] = ()
    alternative: str = ""
    alternative_label: str = ""
    alternative_action: str = ""
    identity_needed: bool = False
    order_needed: bool = False
    line_needed: bool = False
    unknown_numbers: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the API and to be kept with a decision; the engine's own decision is kept beside it."""
        listed = {
            "facts": [known.to_json() for known in self.facts.values()],
            "days": {name: day.isoformat() for name, day in self.days.items()},
            "question": self.question.to_json() if self.question else None,
            "clauses": [{"anchor": clause.anchor, "title": clause.title} for clause in self.clauses],
            "actions": [action.to_json() for action in self.actions],
            "outputs": to_plain(self.outputs),
        }
        plain = {name: getattr(self, name) for name in _PLAIN}
        return plain | {name: list(getattr(self, name)) for name in ("open", "reasons", "unknown_numbers")} | listed


_PLAIN = (
    "status", "policy", "policy_title", "language", "agent_language", "outcome", "outcome_label", "authority",
    "authority_label", "may", "explanation", "words", "words_for_agent", "boundary", "alternative",
    "alternative_label", "alternative_action", "identity_needed", "order_needed", "line_needed",
)  # fmt: skip
