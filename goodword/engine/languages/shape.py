"""What a language must be able to say. Templates take `str.format` fields; each is a whole sentence or a bracket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword.engine.boundary import Boundary


@dataclass(frozen=True, slots=True)
class Phrases:
    """All sentences of one language."""

    language: str
    yes: str
    no: str
    # to the customer, by outcome; `other` for outcomes the book has added ({outcome} is its label)
    customer: Mapping[str, str]
    because: str  # {reason}
    because_all: str  # {reason}: several
    instead: str  # {alternative}
    needs_question: str  # {question}
    no_rule: str
    # to the agent
    agent: str  # {outcome}
    agent_because: str  # {outcome} {reason}
    may_decide: str  # {role}
    follows: str  # {actions}
    ask: str  # {question}
    still_open: str  # {facts}
    gap: str  # {policy}
    rule: str  # {row} {heading} {conditions}
    always: str  # {row} {heading}
    overrides: str  # {rules}
    condition: str  # {label} {value}
    limited: str  # {told} {limit}
    # limits, as they stand in brackets; {limit}, or {low} and {high}
    limits: Mapping[str, str]
    between: str
    otherwise: str  # {limit}: not(...)
    would_be: str  # {outcome} {changes}
    drill: str  # {label} of what is asked for
    named: str  # {value} {name}: a parameter's value with its name
    # the nearest boundary, by kind; {label} {limit} {value} {outcome}
    boundaries: Mapping[str, str]

    def boundary(self, boundary: Boundary) -> str:
        """The nearest boundary as a sentence."""
        from goodword.engine.words import format_kind  # words need phrases; only here phrases need words

        def shown(value: object) -> str:
            return format_kind(boundary.value_kind, value, self.language, currency=boundary.currency)

        label = (boundary.label or {}).get(self.language) or next(iter((boundary.label or {}).values()), boundary.fact)
        labels = boundary.outcome_labels or {}
        outcome = labels.get(self.language) or next(iter(labels.values()), boundary.other_outcome or "")
        return self.boundaries[boundary.kind].format(
            label=label, limit=shown(boundary.limit), value=shown(boundary.value), outcome=outcome
        )
