"""A wrong decision as its card shows it: what is being corrected, what must be found out first, what came before."""

from dataclasses import dataclass

from goodword.accounts.models import Agent
from goodword.desk.models import Decision, DecisionCorrection, Matter
from goodword.desk.standing_by import DECISION, POLICY
from goodword.policies.queries import current_book
from goodword.web.shown.decisions import ShownDecision, shown_decision
from goodword.web.shown.words import moment_words, reading_language


@dataclass(frozen=True)
class ShownCorrection:
    """A correction that waits for a new decision. `questions`: what decides whether we stand by our word, each with
    its code and whether it is answered."""

    decision: ShownDecision
    reason: str
    by: str
    when: str
    is_told: bool
    questions: list[tuple[str, str, str]]


@dataclass(frozen=True)
class ShownEarlier:
    """A decision that another has taken the place of, why, and what the customer was told by it."""

    decision: ShownDecision
    why: str
    text_sent: str


def shown_correction(correction: DecisionCorrection, agent: Agent) -> ShownCorrection:
    """What is being corrected, for its card."""
    decision = correction.decision
    is_told = decision.message_id is not None
    return ShownCorrection(
        decision=shown_decision(decision, agent),
        reason=correction.reason,
        by=correction.begun_by.name,
        when=moment_words(correction.begun_at),
        is_told=is_told,
        questions=_questions(decision.matter) if is_told else [],
    )


def shown_earlier(matter: Matter, agent: Agent) -> list[ShownEarlier]:
    """The decisions that were told or final and no longer hold, the newest first."""
    rows = matter.decisions.filter(state=Decision.CORRECTED, corrections__state=DecisionCorrection.MADE)
    found = []
    for decision in rows.select_related("by").prefetch_related("corrections").order_by("-pk"):
        made = [each for each in decision.corrections.all() if each.state == DecisionCorrection.MADE]
        found.append(ShownEarlier(shown_decision(decision, agent), made[-1].reason, decision.text_sent))
    return found


def _questions(matter: Matter) -> list[tuple[str, str, str]]:
    """Code, question and answer ("yes", "no" or nothing yet) of each fact that only a person can find out."""
    book, language = current_book(), reading_language()
    if POLICY not in book.policies or DECISION not in book.policies[POLICY].decisions:
        return []
    asked = [code for code in book.policies[POLICY].decisions[DECISION].columns if code in book.facts]
    answers = {value.fact: "yes" if value.value is True else "no" for value in matter.facts.filter(fact__in=asked)}
    return [
        (code, book.facts[code].question(language), answers.get(code, ""))
        for code in asked
        if book.facts[code].source == "ask" and book.facts[code].kind == "yes/no"
    ]
