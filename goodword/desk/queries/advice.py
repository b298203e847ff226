"""What the policy book advises on a matter: what may be offered, what is still to be asked, who must agree, and why."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext

from goodword import engine
from goodword.accounts.models import Agent
from goodword.accounts.queries import may_decide
from goodword.desk.advice import ASK, DECIDED, GAP, NONE, Advice, ClauseLink, Question
from goodword.desk.identity import may_show
from goodword.desk.models import Matter
from goodword.desk.order_numbers import unknown_numbers
from goodword.desk.planning import PlannedAction, plan
from goodword.desk.queries.facts import DERIVED, RECORD, KnownFact, days_of, facts_of, values_of
from goodword.desk.wording import courtesy, matter_values, say, spoken_language
from goodword.engine.vocabulary import reads
from goodword.lib import clock
from goodword.lib.errors import Invalid, NotFound
from goodword.policies.queries import advise, current_book, one_look, shelf

RECORDS_OF_AN_ORDER = ("line.", "order.", "delivery.")

__all__ = ["ASK", "DECIDED", "GAP", "NONE", "Advice", "ClauseLink", "Question", "advice_for"]


@one_look()
def advice_for(matter: Matter, agent: Agent) -> Advice:
    """The book's advice on `matter` as it stands now, for `agent`. Reads only; never raises for what is unknown."""
    book = current_book()
    facts, days = facts_of(matter, agent), days_of(matter)
    frame = _frame(matter, agent, facts, days)
    name = matter.policy.partition("/")[0]
    if name not in book.policies or not book.policies[name].decisions:
        return Advice(status=NONE, **frame)
    try:
        decision = advise(matter.policy, values_of(facts), days)
    except (Invalid, NotFound, engine.NotUnique) as error:
        return Advice(status=GAP, reasons=(str(error),), **frame)
    frame["facts"] = {**derived_facts(book, decision), **facts}
    if decision.status == DECIDED and not decision.outcome:
        return Advice(status=NONE, **frame)  # the policy says how we act, not what this customer gets
    if decision.status == ASK:
        return Advice(status=ASK, decision=decision, **_asking(book, matter, decision), **frame)
    if decision.status == GAP:
        return Advice(status=GAP, decision=decision, reasons=_reasons(decision, agent), **frame)
    answer = _answer(book, matter, agent, decision, facts)
    return Advice(status=DECIDED, decision=decision, **{**frame, **answer})


def question_on(book: engine.Book, code: str) -> Question:
    """How to ask for a fact: its label and question in every language of the book, and its choices."""
    fact = book.facts[code]
    words = {language: fact.question(language) for language in book.languages}
    labels = {language: fact.label(language) for language in book.languages}
    choices = tuple((value, _in_all(book, code, value)) for value in fact.values)
    return Question(code, fact.kind, labels, words, choices)


def derived_facts(book: engine.Book, decision: engine.Decision) -> dict[str, KnownFact]:
    """What was worked out from other facts, each with the names of those."""
    language = get_language() or book.languages[0]
    found = {}
    for code, value in decision.facts.items():
        fact = book.facts.get(code)
        if fact is None or fact.formula is None:
            continue
        # In the book's order: a set has another in each process, and the page would differ at every start.
        depends = reads(code, book.vocabulary)
        names = [other.label(language) for name, other in book.facts.items() if name in depends]
        text = gettext("worked out from: %(facts)s") % {"facts": ", ".join(names)}
        found[code] = KnownFact(code, value, DERIVED, "from", text)
    return found


def words_about(matter: Matter, agent: Agent | None, decision: engine.Decision, language: str) -> str:
    """The reason's words for the customer in `language`, filled in; empty if the identity is not shown."""
    known = {**decision.facts, **decision.outputs}
    planned = plan_of(matter, decision)
    values = matter_values(matter, agent, language, known=known, plan=planned)
    reason = str(decision.outputs.get("reason") or "")
    return say(matter.policy, reason, language, values, governing_day(matter)) if reason else ""


def plan_of(matter: Matter, decision: engine.Decision) -> list[PlannedAction]:
    """The actions that will follow if this is decided today."""
    book = current_book()
    currency = matter.purchase.currency if matter.purchase else ""
    return plan(book, decision.outputs, decision.facts, clock.today(book.time_zone), currency=currency)


def governing_day(matter: Matter) -> date:
    """The day whose version of the policy decides the matter: of purchase, of contact, or today."""
    policy = current_book().policies.get(matter.policy.partition("/")[0])
    return days_of(matter)[policy.governed_by if policy else "contact"]


def _frame(matter: Matter, agent: Agent, facts: dict[str, KnownFact], days: dict[str, date]) -> dict[str, Any]:
    book = current_book()
    name = matter.policy.partition("/")[0]
    return {
        "policy": matter.policy,
        "policy_title": book.policies[name].title(agent.language) if name in book.policies else "",
        "language": spoken_language(matter.conversation),
        "agent_language": spoken_language(matter.conversation, agent.language),
        "facts": facts,
        "days": days,
        "identity_needed": matter.purchase is not None and not may_show(matter),
        "unknown_numbers": tuple(unknown_numbers(matter.conversation)) if matter.purchase is None else (),
    }


def _asking(book: engine.Book, matter: Matter, decision: engine.Decision) -> dict[str, Any]:
    sources = tuple(source for code in decision.open for source in _sources(book, code))
    of_order = any(source.startswith(RECORDS_OF_AN_ORDER) for source in sources)
    of_line = any(source.startswith("line.") for source in sources)
    return {
        "question": question_on(book, str(decision.question)),
        "open": tuple(decision.open),
        "order_needed": of_order and matter.purchase is None,
        "line_needed": of_line and matter.purchase is not None and matter.line is None,
    }


def _sources(book: engine.Book, code: str) -> list[str]:
    """Where a fact comes from, or the facts it is worked out from."""
    return [book.facts[name].source for name in (code, *sorted(reads(code, book.vocabulary))) if name in book.facts]


def _answer(
    book: engine.Book, matter: Matter, agent: Agent, decision: engine.Decision, facts: Mapping[str, KnownFact]
) -> dict[str, Any]:
    explanation = engine.explain(decision, shelf(), agent.language, to="agent")
    unknown_writer = _needs_identity(book, matter, decision, facts)
    return {
        "outcome": decision.outcome,
        "outcome_label": book.outputs["outcome"].value_label(decision.outcome, agent.language),
        "outputs": dict(decision.outputs),
        "open": tuple(decision.open),
        "explanation": explanation.summary,
        "reasons": tuple(explanation.reasons),
        "boundary": explanation.boundary or "",
        "clauses": _clauses(decision, agent.language),
        "actions": tuple(plan_of(matter, decision)),
        "identity_needed": unknown_writer,
        **_authority(book, agent, decision),
        **_alternative(book, agent, decision),
        **_words(matter, agent, decision, unknown_writer=unknown_writer),
    }


def _authority(book: engine.Book, agent: Agent, decision: engine.Decision) -> dict[str, Any]:
    role = least_role(book, decision.outcome or "", decision.authority)
    return {
        "authority": role,
        "authority_label": book.label("role", role, agent.language) if role else "",
        "may": may_decide(agent, role, book, day=clock.today(book.time_zone)),
    }


def least_role(book: engine.Book, outcome: str, authority: str | None) -> str:
    """The least role that may grant an outcome. "approve" means a second pair of eyes, whoever the book names."""
    if authority:
        return authority
    return book.roles[min(1, len(book.roles) - 1)] if outcome == "approve" and book.roles else ""


def _alternative(book: engine.Book, agent: Agent, decision: engine.Decision) -> dict[str, str]:
    code = str(decision.outputs.get("alternative") or "")
    return {
        "alternative": code,
        "alternative_label": book.outputs["alternative"].value_label(code, agent.language) if code else "",
        "alternative_action": code if code in book.actions else "",
    }


def _words(matter: Matter, agent: Agent, decision: engine.Decision, *, unknown_writer: bool) -> dict[str, str]:
    conversation = matter.conversation
    words = {}
    for name, wanted in (("words", ""), ("words_for_agent", agent.language)):
        language = spoken_language(conversation, wanted)
        if unknown_writer:
            words[name] = courtesy("unverified", language, {})
        else:
            words[name] = words_about(matter, agent, decision, language)
    return words


def _needs_identity(
    book: engine.Book, matter: Matter, decision: engine.Decision, facts: Mapping[str, KnownFact]
) -> bool:
    """Whether the answer rests on records that the writer has not shown to be hers.

    A policy that itself asks who writes (changing an account, data requests) decides that question by its own table.
    """
    if may_show(matter):
        return False
    if any(book.facts[code].source == "person.verified" for code in decision.facts if code in book.facts):
        return False
    on_record = any(facts[code].provenance == RECORD for code in decision.facts if code in facts)
    return matter.purchase is not None or on_record


def _clauses(decision: engine.Decision, language: str) -> tuple[ClauseLink, ...]:
    book = current_book()
    links = []
    for anchor in decision.clauses:
        policy, _, clause = anchor.partition("#")
        known = book.policies[policy].clauses.get(clause) if policy in book.policies else None
        links.append(ClauseLink(anchor, known.heading(language) if known else clause))
    return tuple(links)


def _reasons(decision: engine.Decision, agent: Agent) -> tuple[str, ...]:
    return tuple(engine.explain(decision, shelf(), agent.language, to="agent").reasons)


def _in_all(book: engine.Book, fact: str, value: Any) -> dict[str, str]:
    return {language: book.facts[fact].value_label(value, language) for language in book.languages}
