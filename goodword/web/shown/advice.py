"""The policy's advice on one matter as the card shows it: the outcome first, then what it means and why."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from goodword.desk.identity import may_show
from goodword.desk.models import Matter
from goodword.desk.queries.advice import ASK, DECIDED, GAP, Advice, Question, governing_day
from goodword.engine import Book
from goodword.engine.vocabulary import Output
from goodword.policies.queries import current_book, shelf
from goodword.web.shown.clauses import clause_words
from goodword.web.shown.words import (
    OUTCOME_ICONS,
    action_words,
    day_words,
    money,
    percent_words,
    reading_language,
    role_words,
    value_words,
)

# Shown elsewhere on the card, or not for the eye of an agent who decides.
SHOWN_ELSEWHERE = {"outcome", "reason", "authority", "do", "alternative"}
FIGURES = {"percent", "number", "days", "working_days", "hours", "minutes"}
INPUTS = {
    "date": "date",
    "datetime": "datetime-local",
    "time": "time",
    "money": "text",
    "text": "text",
    "duration": "text",
}


@dataclass(frozen=True)
class ShownQuestion:
    """The one question, with what to click or type for it."""

    fact: str
    label: str
    text: str
    for_customer: str
    input: str
    unit: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class ShownAdvice:
    """Everything on the advice card."""

    status: str
    outcome: str
    outcome_words: str
    icon: str
    css: str
    amount: str
    question: ShownQuestion | None
    because: str
    instead: str
    reasons: list[str]
    figures: list[tuple[str, str]]
    offers: list[tuple[str, str]]
    boundary: str
    steps: list[tuple[str, str]]
    clauses: list[tuple[str, str, str]]
    clause_words: list[tuple[str, SafeString]]
    is_foreign: bool
    words: str
    words_for_agent: str
    authority: str
    departure_authority: str
    may: bool
    can_decide: bool
    identity_needed: bool
    hint: str
    approval_reason: str
    gap_reported: bool


def shown_advice(advice: Advice, matter: Matter, *, departure_role: str) -> ShownAdvice:
    """The card for `advice`; `departure_role` is the least role that may depart from the policy here."""
    book = current_book()
    icon, css = _look(advice)
    return ShownAdvice(
        status=advice.status,
        outcome=advice.outcome,
        outcome_words=_headline(advice),
        icon=icon,
        css=css,
        amount=_amount(advice),
        question=shown_question(advice.question, book, advice.language) if advice.question else None,
        because=_because(advice, book),
        instead=advice.alternative_label,
        reasons=[each for each in (advice.explanation, *advice.reasons) if each],
        figures=_outputs(advice, book, figures=True),
        offers=_outputs(advice, book, figures=False),
        boundary=advice.boundary,
        steps=[_step(each, book) for each in advice.actions],
        clauses=[_clause(each.anchor, each.title) for each in advice.clauses],
        clause_words=_clause_words(advice, matter),
        is_foreign=advice.language != reading_language(),
        words=advice.words,
        words_for_agent=advice.words_for_agent,
        authority=advice.authority_label or role_words(book, advice.authority),
        departure_authority=role_words(book, departure_role),
        may=advice.may,
        can_decide=advice.status == DECIDED,
        identity_needed=advice.identity_needed and not may_show(matter),
        hint=_hint(advice),
        approval_reason=advice.explanation,
        gap_reported=matter.gaps.exists(),
    )


def shown_question(question: Question, book: Book, customers_language: str) -> ShownQuestion:
    """A question for the page, and as it would be put to the customer."""
    language = reading_language()
    choices = [(str(value), _in(words, language)) for value, words in question.choices]
    if question.kind == "yes/no":
        choices = [("yes", _("Yes")), ("no", _("No"))]
    return ShownQuestion(
        fact=question.fact,
        label=_in(question.labels, language),
        text=_in(question.questions, language),
        for_customer=_in(question.questions, customers_language),
        input=INPUTS.get(question.kind, "number"),
        unit=_unit(question.kind, book),
        choices=choices,
    )


def _unit(kind: str, book: Book) -> str:
    units = {"money": book.currency, "days": _("days"), "hours": _("hours"), "minutes": _("minutes"), "percent": "%"}
    return units.get(kind, "")


def _look(advice: Advice) -> tuple[str, str]:
    if advice.status != DECIDED:
        return ("ask", "ask") if advice.status == ASK else ("gap", "none")
    look = "approve" if _needs_another(advice) else advice.outcome
    return OUTCOME_ICONS.get(look, "check"), look if look in OUTCOME_ICONS else "ask"


def _headline(advice: Advice) -> str:
    if advice.status == DECIDED:
        words = {"outcome": advice.outcome_label}
        return _("%(outcome)s, with approval") % words if _needs_another(advice) else advice.outcome_label
    return {
        ASK: _("One thing is still to be asked."),
        GAP: _("The book has no answer to this."),
    }.get(advice.status, _("No policy decides this."))


def _needs_another(advice: Advice) -> bool:
    return not advice.may and advice.outcome != "approve"


def _amount(advice: Advice) -> str:
    planned = next((each for each in advice.actions if each.amount_cents), None)
    return money(planned.amount_cents, planned.currency) if planned else ""


def _because(advice: Advice, book: Book) -> str:
    reason = advice.outputs.get("reason")
    return value_words(book, "reason", reason) if reason else ""


def _hint(advice: Advice) -> str:
    if advice.unknown_numbers:
        numbers = ", ".join(advice.unknown_numbers)
        return _("We have no order with the number %(number)s.") % {"number": numbers}
    if advice.line_needed:
        return _("Say which line of the order it is about, and the records answer.")
    if advice.order_needed:
        return _("Say which order it is about, and the records answer.")
    return ""


def _outputs(advice: Advice, book: Book, *, figures: bool) -> list[tuple[str, str]]:
    """What else the decision gives, as label and words: the figures, or all that is none. Money stands on top."""
    return [
        (output.label(reading_language()), _figure(output, value_words(book, name, value)))
        for name, value in advice.outputs.items()
        if (output := book.outputs.get(name)) and name not in SHOWN_ELSEWHERE and _says_something(value)
        if output.kind != "money" and (output.kind in FIGURES) == figures
    ]


def _figure(output: Output, words: str) -> str:
    return percent_words(words) if output.kind == "percent" and "%" not in words else words


def _says_something(value: Any) -> bool:
    return value not in (None, "", 0, False) and value != [] and value != ()


def _step(action: Any, book: Book) -> tuple[str, str]:
    words = action_words(book, action.kind)
    amount = money(action.amount_cents, action.currency)
    return (f"{words}, {amount}" if amount else words), day_words(action.due_on)


def _clause(anchor: str, title: str) -> tuple[str, str, str]:
    policy, _sign, clause = anchor.partition("#")
    return title, policy, clause


def _clause_words(advice: Advice, matter: Matter) -> list[tuple[str, SafeString]]:
    """What the deciding clauses of the matter's own policy say, in the reader's language, as they govern this case."""
    policy = matter.policy.partition("/")[0]
    own = [each for each in advice.clauses if each.anchor.startswith(f"{policy}#")]
    if not own:
        return []
    day = governing_day(matter)
    book = shelf().book_on(policy, day)
    return [(each.title, clause_words(book, each.anchor, day)) for each in own]


def _in(words: Any, language: str) -> str:
    return str(words.get(language) or next(iter(words.values()), ""))
