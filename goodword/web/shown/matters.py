"""The matters of a conversation: what each is about, what is known, what the book says, what was decided."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.actions.decision_corrections import correction_begun
from goodword.desk.departing import plan_departure
from goodword.desk.models import Decision, Matter
from goodword.desk.queries.advice import Advice, advice_for
from goodword.desk.queries.facts import KnownFact, facts_of
from goodword.policies.queries import current_book
from goodword.web.shown.advice import ShownAdvice, shown_advice
from goodword.web.shown.decision_corrections import (
    ShownCorrection,
    ShownEarlier,
    shown_correction,
    shown_earlier,
)
from goodword.web.shown.decisions import ShownAction, ShownDecision, shown_action, shown_decision
from goodword.web.shown.person import delivery_words
from goodword.web.shown.rows import policy_title
from goodword.web.shown.words import reading_language, value_words

PROVENANCE_ICONS = {"record": "record", "verified": "check", "stated": "speech", "message": "letter", "derived": "turn"}


@dataclass(frozen=True)
class ShownFact:
    """A known fact with the mark of where it comes from."""

    code: str
    label: str
    value: str
    provenance: str
    icon: str
    words: str
    source: str
    may_withdraw: bool


@dataclass(frozen=True)
class ShownMatter:
    """One matter, ready for its card."""

    pk: int
    policy: str
    title: str
    line_pk: str
    guessed: bool
    is_open: bool
    may_correct: bool
    correcting: ShownCorrection | None
    earlier: list[ShownEarlier]
    advice: ShownAdvice | None
    decision: ShownDecision | None
    actions: list[ShownAction]
    facts: list[ShownFact]
    other_facts: list[ShownFact]
    journeys: list[str]


def shown_matter(matter: Matter, agent: Agent) -> ShownMatter:
    """A matter as `agent` sees it. Advice only while it is open: afterwards the decision speaks."""
    decision, correction = _standing(matter), correction_begun(matter)
    if correction and decision == correction.decision:
        decision = None  # it holds, and is shown as what is being corrected; the advice is for what comes in its place
    undecided = matter.state == Matter.OPEN and not _binds(decision)
    advice = advice_for(matter, agent) if undecided else None
    known = advice.facts if advice else facts_of(matter, agent)
    matter_here = _asked_about(matter.policy)
    role = _departure_role(advice) if advice else ""
    return ShownMatter(
        pk=matter.pk,
        policy=matter.policy,
        title=policy_title(current_book(), matter.policy, reading_language()) or _("No policy applies"),
        line_pk=_about(matter),
        guessed=matter.guessed,
        is_open=undecided,
        may_correct=matter.state in {Matter.DECIDED, Matter.DONE},
        correcting=shown_correction(correction, agent) if correction else None,
        earlier=shown_earlier(matter, agent),
        advice=shown_advice(advice, matter, departure_role=role) if advice else None,
        decision=shown_decision(decision, agent) if decision else None,
        actions=[shown_action(each) for each in matter.actions.select_related("owner")],
        facts=[shown_fact(each) for code, each in known.items() if code in matter_here],
        other_facts=[shown_fact(each) for code, each in known.items() if code not in matter_here],
        journeys=[delivery_words(each) for each in matter.purchase.deliveries.all()] if matter.purchase else [],
    )


def shown_fact(known: KnownFact) -> ShownFact:
    """A fact in the book's words, with the mark of its source."""
    book, language = current_book(), reading_language()
    fact = book.facts.get(known.fact)
    return ShownFact(
        code=known.fact,
        label=fact.label(language) if fact else known.fact,
        value=value_words(book, known.fact, known.value),
        provenance=known.provenance,
        icon=PROVENANCE_ICONS.get(known.provenance, "ask"),
        words=_provenance(known),
        source=known.source_text if known.provenance in {"record", "message"} else "",
        may_withdraw=known.provenance in {"stated", "verified"},
    )


def _asked_about(policy: str) -> set[str]:
    """The facts that this policy's own rules look at; whatever else is known stands folded below."""
    known = current_book().policies.get(policy.partition("/")[0])
    return {code for table in known.decisions.values() for code in table.columns} if known else set()


def _provenance(known: KnownFact) -> str:
    if known.provenance in {"verified", "derived"} and known.source_text:
        return known.source_text[:1].upper() + known.source_text[1:]
    return {
        "record": _("Verified by a record"),
        "verified": _("Found out by us"),
        "stated": _("Stated by the customer"),
        "message": _("From the message"),
        "derived": _("Worked out"),
    }.get(known.provenance, known.provenance)


def _standing(matter: Matter) -> Decision | None:
    decisions = matter.decisions.exclude(state=Decision.CORRECTED).select_related("by")
    return decisions.last()


def _binds(decision: Decision | None) -> bool:
    """Whether it stands in the way of deciding an open matter. A final one does not: the matter was taken up again."""
    return decision is not None and decision.state in {Decision.PROPOSED, Decision.AWAITING}


def _departure_role(advice: Advice) -> str:
    """The least role that may grant what the book does not: without amounts yet, so it may turn out to be higher."""
    outcomes = current_book().outputs["outcome"].values
    another = next((code for code in outcomes if code != advice.outcome), advice.outcome)
    return plan_departure(advice, another, {}).authority


def _about(matter: Matter) -> str:
    if matter.line_id:
        return f"line:{matter.line_id}"
    return f"order:{matter.purchase_id}" if matter.purchase_id else ""
