"""The draft of a reply: one letter for all the matters of a conversation, in the book's own words.

It begins with the customer's problem, says yes or no early, and ends with what happens next. What the book has no
words for is left to the agent rather than filled with phrases.
"""

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from goodword.accounts.models import Agent
from goodword.desk.identity import identity_of, live_matters, may_show
from goodword.desk.models import Action, Conversation, Decision, Matter, Message
from goodword.desk.planning import PlannedAction
from goodword.desk.queries.advice import ASK, DECIDED, Advice, advice_for, governing_day, words_about
from goodword.desk.queries.facts import first_unanswered, record_of, values_of, waited_minutes
from goodword.desk.standing_by import POLICY as MISTAKES
from goodword.desk.standing_by import told_day
from goodword.desk.wording import courtesy, letter_values, matter_values, say, spoken_language
from goodword.engine.values import coerce
from goodword.lib.errors import Invalid, NotFound
from goodword.orders.queries import FINISHED
from goodword.policies.queries import advise, current_book, one_look

NAMED_PERSON = ("greeting-first-name", "greeting-formal")
_WHERE = re.compile(r"\b(?:where|hvor|arrived?|received?|modtaget|ankommet|kommet)\b", re.IGNORECASE)


@one_look()
def draft_reply(conversation: Conversation, agent: Agent, language: str | None = None) -> str:
    """The letter that answers everything still unanswered, in the customer's language or in `language`.

    To a writer who is not shown to be the buyer it names neither person nor order. Reads only.
    """
    spoken = spoken_language(conversation, language or "")
    values = letter_values(conversation, agent, spoken)
    parts = [_greeting(conversation, spoken, values), _apology(conversation, spoken, values)]
    parts += _answers(conversation, agent, spoken)
    parts += [courtesy("closing", spoken, values), courtesy("signature", spoken, values)]
    return "\n\n".join(part for part in parts if part)


@one_look()
def letter_about_done(action: Action, agent: Agent) -> str:
    """The short letter that tells the customer an action is done, in her language; empty if the book has no words."""
    conversation, matter = action.matter.conversation, action.matter
    if matter.purchase is not None and not may_show(matter):
        return ""
    language = spoken_language(conversation)
    name = current_book().actions[action.kind].done_say if action.kind in current_book().actions else ""
    values = _values_of(matter, action.decision, agent, language)
    policies = dict.fromkeys((action.decision.policy, *current_book().policies))
    words = next((text for policy in policies if (text := say(policy, name, language, values))), "") if name else ""
    if not words:
        return ""
    around = letter_values(conversation, agent, language)
    parts = [_greeting(conversation, language, around), words, courtesy("signature", language, around)]
    return "\n\n".join(part for part in parts if part)


def _greeting(conversation: Conversation, language: str, values: dict[str, Any]) -> str:
    person = conversation.person
    if person is None or not identity_of(conversation).is_met or "customer_name" not in values:
        return courtesy("greeting-unknown", language, values)
    first_name = person.first_name_permitted and bool(person.first_name)
    wanted = NAMED_PERSON if first_name else NAMED_PERSON[::-1]
    greetings = (courtesy(name, language, values) for name in (*wanted, "greeting-unknown"))
    return next((greeting for greeting in greetings if greeting), "")


def _apology(conversation: Conversation, language: str, values: dict[str, Any]) -> str:
    """Sorry, first and once, where the book says she has waited too long."""
    message = first_unanswered(conversation)
    if message is None or "contact" not in current_book().policies:
        return ""
    waited = {"waited_minutes": waited_minutes(message)}
    day = message.at.astimezone(ZoneInfo(current_book().time_zone)).date()
    try:
        decision = advise("contact/apology", waited, day)
    except (NotFound, Invalid):
        return ""  # a book may well have no such table
    return courtesy("apology-wait", language, values) if decision.outputs.get("apologise") else ""


def _answers(conversation: Conversation, agent: Agent, language: str) -> list[str]:
    """One part for each matter that still waits for a word, without saying the same thing twice."""
    matters = [matter for matter in live_matters(conversation) if not _is_answered(matter)]
    parts: list[str] = []
    for matter in matters:
        for part in _about(matter, agent, language, first=not parts):
            if part and part not in parts:
                parts.append(part)
    return parts or [courtesy("answer-gap", language, letter_values(conversation, agent, language))]


def _is_answered(matter: Matter) -> bool:
    final = matter.decisions.filter(state=Decision.FINAL).last()
    return matter.state != Matter.OPEN and final is not None and final.message_id is not None


def _about(matter: Matter, agent: Agent, language: str, *, first: bool) -> Iterator[str]:
    """The words on one matter: what was decided, what will be, or what has to be asked."""
    decision = matter.decisions.exclude(state=Decision.CORRECTED).last()
    state = decision.state if decision else ""
    if decision and state == Decision.FINAL and matter.state != Matter.OPEN:
        yield from _decided(matter, decision, agent, language, first=first)
        return
    advice = advice_for(matter, agent)
    values = matter_values(matter, agent, language, known=values_of(advice.facts))
    if advice.identity_needed:
        yield courtesy("unverified", language, values)
        return
    if first:
        yield say(matter.policy, "opening", language, values, governing_day(matter))
    if state in (Decision.PROPOSED, Decision.AWAITING):
        yield courtesy("approval-asked", language, values)
    elif advice.status == DECIDED and not advice.may:
        # After a no from a colleague there is nothing to announce: what now, she has to say herself.
        yield "" if state == Decision.DECLINED else courtesy("approval-asked", language, values)
    elif advice.status == DECIDED:
        assert advice.decision is not None
        yield words_about(matter, agent, advice.decision, language)
    elif advice.status == ASK:
        yield _question(advice, matter, language, values)
    else:
        yield from _without_policy(advice, matter, language, values)


def _decided(matter: Matter, decision: Decision, agent: Agent, language: str, *, first: bool) -> Iterator[str]:
    """The words for what is final. The days are those of the actions as they now stand."""
    if matter.purchase is not None and not may_show(matter):
        # Decided for somebody else than whoever is now shown to write: nothing of it is told.
        yield courtesy("unverified", language, {})
        return
    values = _values_of(matter, decision, agent, language)
    correcting = _correction_words(decision, language, values)
    if correcting:
        yield correcting
    elif first:
        yield say(matter.policy, "opening", language, values, governing_day(matter))
    reason = str(decision.outputs.get("reason") or "")
    if reason:
        yield say(decision.policy, reason, language, values, governing_day(matter))
    elif decision.kind == Decision.DEPARTURE:
        yield courtesy(f"departure-{decision.outcome}", language, values)
        yield courtesy("departure-refund", language, values) if values.get("refund_amount") else ""


def _correction_words(decision: Decision, language: str, values: dict[str, Any]) -> str:
    """Where it takes the place of an answer she has been given: which, that it was wrong, and that we are sorry."""
    correction = decision.correction_made.last()
    earlier = correction.decision if correction else None
    if correction is None or earlier is None or not earlier.message_id:
        return ""
    told = {**values, "told_on": told_day(earlier)}
    return say(MISTAKES, f"correction-{correction.word.get('direction', '')}", language, told)


def _values_of(matter: Matter, decision: Decision, agent: Agent, language: str) -> dict[str, Any]:
    plan = [
        PlannedAction(action.kind, action.department, action.due_on, action.amount_cents, action.currency)
        for action in decision.actions.all()
    ]
    return matter_values(matter, agent, language, known=_typed(decision), plan=plan)


def _question(advice: Advice, matter: Matter, language: str, values: dict[str, Any]) -> str:
    """The one question, in words for the customer; the book's `ask-<fact>` where it has one."""
    if advice.unknown_numbers and advice.order_needed:
        unknown = {**values, "order_number": advice.unknown_numbers[0]}
        return courtesy("order-not-found", language, unknown) or courtesy("ask-order", language, unknown)
    name = "ask-order" if advice.order_needed else "ask-line" if advice.line_needed else ""
    assert advice.question is not None
    asked = f"ask-{advice.question.fact.replace('_', '-')}"
    words = courtesy(name, language, values) if name else say(matter.policy, asked, language, values)
    return words or courtesy(asked, language, values) or advice.question.questions[language]


def _without_policy(advice: Advice, matter: Matter, language: str, values: dict[str, Any]) -> Iterator[str]:
    """Where no policy applies she answers herself; what the records say of the order is laid ready for her."""
    if advice.unknown_numbers:
        yield courtesy("order-not-found", language, {**values, "order_number": advice.unknown_numbers[0]})
        return
    state = "" if matter.policy else str(record_of(matter).get("order.state") or "")
    on_its_way = state not in ("", *FINISHED)
    where = courtesy(f"where-{state}", language, values) if on_its_way or (state and _asks_where(matter)) else ""
    yield where or courtesy("answer-gap", language, values)


def _asks_where(matter: Matter) -> bool:
    """Of an order still on its way nearly every letter asks where it is; of one that has come, only some do."""
    written = matter.conversation.messages.filter(direction=Message.IN).values_list("subject", "text")
    return any(_WHERE.search(f"{subject} {text}") for subject, text in written)


def _typed(decision: Decision) -> dict[str, Any]:
    """The decision's facts and outputs as values again: JSON keeps dates as text."""
    book = current_book()
    typed: dict[str, Any] = {}
    for code, value in {**(decision.trace.get("facts") or {}), **decision.outputs}.items():
        subject = book.facts.get(code) or book.outputs.get(code)
        if subject is None or value is None:
            continue
        try:
            typed[code] = coerce(subject.kind, value, subject.values or None)
        except ValueError:
            continue  # a word that a newer book no longer knows
    return typed

