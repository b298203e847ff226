"""The check at sending: what in the letter differs from what was decided. It marks; the agent judges."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit

from goodword import engine
from goodword.accounts.models import Agent
from goodword.desk.drafting import draft_reply
from goodword.desk.models import Conversation, Decision
from goodword.desk.queries.facts import days_of
from goodword.desk.spotting import AMOUNT, DATE, GRANTS, OUTCOME, PERCENT, PERIOD, Spot, sentences_of, spots_in
from goodword.desk.wording import spoken_language
from goodword.policies.queries import current_book, one_look

GRANTING = ("allow", "approve")
_LENGTHS: tuple[Literal["long", "short"], ...] = ("long", "short")
_WORKING_DAYS = {"en": "working days", "da": "hverdage", "id": "hari kerja", "ms": "hari bekerja", "tr": "iş günü"}


@dataclass(frozen=True)
class Difference:
    """One place where the letter says something else than the decision.

    `found` is what stands at `start` to `end` of the text, `expected` what the decision says, formatted for the
    letter's language; empty where it says nothing of the kind. `sentence` is the sentence around it.
    """

    kind: str
    found: str
    expected: str
    start: int
    end: int
    sentence: str


@dataclass
class _Reference:
    """What the letter may say: the values of each kind, and sentences the policy itself offered."""

    values: dict[str, set[Any]]
    sentences: set[str]
    outcomes: set[str]


@one_look()
def differences(
    text: str, conversation: Conversation, language: str = "", *, agent: Agent | None = None
) -> list[Difference]:
    """Amounts, dates, percentages, periods and words of outcome in `text` that the decisions do not bear out.

    Compared with every decision not answered yet, its actions, and the draft that was offered (for `agent` the draft
    as it would be now, too). Once all are answered, a later letter is compared with the final ones, but may name new
    days. Without a decision there is nothing to differ from.
    """
    standing = _standing(conversation)
    decisions = [decision for decision in standing if decision.message_id is None] or standing
    if not decisions:
        return []
    told = all(decision.message_id for decision in decisions)
    spoken = spoken_language(conversation, language)
    reference = _reference(decisions, conversation, agent, spoken)
    sentences = list(sentences_of(text))
    marked = []
    for spot in spots_in(text):
        if told and spot.kind in (DATE, PERIOD):
            continue
        sentence = _around(spot, sentences, text)
        if not _is_borne_out(spot, sentence, reference):
            expected = _expected(spot, reference, spoken)
            marked.append(Difference(spot.kind, text[spot.start : spot.end], expected, spot.start, spot.end, sentence))
    return marked


def _standing(conversation: Conversation) -> list[Decision]:
    live = (Decision.PROPOSED, Decision.AWAITING, Decision.FINAL)
    rows = Decision.objects.filter(matter__conversation=conversation, state__in=live)
    return list(rows.select_related("matter__purchase", "matter__conversation").prefetch_related("actions"))


def _reference(
    decisions: Iterable[Decision], conversation: Conversation, agent: Agent | None, language: str
) -> _Reference:
    reference = _Reference(defaultdict(set), set(), set())
    drafts = [decision.draft_offered for decision in decisions]
    if agent:
        drafts.append(draft_reply(conversation, agent, language))
    for draft in drafts:
        reference.sentences |= {_normal(draft[start:end]) for start, end in sentences_of(draft)}
        for spot in spots_in(draft):
            if spot.kind != OUTCOME:
                reference.values[spot.kind].add(spot.value)
    for decision in decisions:
        _add_decision(reference, decision)
    return reference


def _add_decision(reference: _Reference, decision: Decision) -> None:
    book = current_book()
    final = decision.state == Decision.FINAL
    reference.outcomes.add(decision.outcome if final else "waits")
    known = {**(decision.trace.get("facts") or {}), **decision.outputs}
    for code, value in known.items():
        _add_value(reference, book, code, value)
    for action in decision.actions.all():
        if action.amount_cents:
            reference.values[AMOUNT].add(action.amount_cents)
        if action.due_on:
            reference.values[DATE].add(_day(action.due_on))
    for day in days_of(decision.matter).values():
        reference.values[DATE].add(_day(day))


def _add_value(reference: _Reference, book: engine.Book, code: str, value: Any) -> None:
    subject = book.facts.get(code) or book.outputs.get(code)
    if subject is None or value is None:
        return
    # Not every amount the decision looked at may be promised: the price paid is no refund.
    if subject.kind == "money" and code.endswith("_amount") and value:
        reference.values[AMOUNT].add(int(value))
    elif subject.kind == "percent":
        reference.values[PERCENT].add(float(value))
    elif subject.kind == "date":
        reference.values[DATE].add(_day(value if isinstance(value, date) else date.fromisoformat(value)))


def _is_borne_out(spot: Spot, sentence: str, reference: _Reference) -> bool:
    if spot.kind == OUTCOME:
        return _normal(sentence) in reference.sentences or _fits_an_outcome(spot.value, reference.outcomes)
    known = reference.values[spot.kind]
    if spot.kind == DATE:
        return any(_same_day(spot.value, other) for other in known)
    return spot.value in known


def _fits_an_outcome(said: str, outcomes: set[str]) -> bool:
    wanted = GRANTING if said == GRANTS else ("refuse",)
    return any(outcome in wanted for outcome in outcomes)


def _expected(spot: Spot, reference: _Reference, language: str) -> str:
    book = current_book()
    if spot.kind == OUTCOME:
        labels = book.outputs["outcome"]
        decided = sorted(outcome for outcome in reference.outcomes if outcome in labels.values)
        waits = ["…"] if "waits" in reference.outcomes and not decided else []
        return ", ".join([labels.value_label(outcome, language) for outcome in decided] + waits)
    return ", ".join(_in_words(spot.kind, value, language) for value in sorted(reference.values[spot.kind], key=str))


def _in_words(kind: str, value: Any, language: str) -> str:
    if kind == AMOUNT:
        return engine.format_value(current_book(), "refund_amount", value, language)
    if kind == DATE:
        year, month, day = value
        pattern = "d MMMM y" if year else "d MMMM"
        return str(format_date(date(year or 2024, month, day), pattern, locale=language))
    if kind == PERIOD:
        return _period_in_words(int(value[0]), str(value[1]), language)
    number = format_decimal(value, locale=language)
    return f"%{number}" if language == "tr" else f"{number} %"


def _period_in_words(count: int, unit: str, language: str) -> str:
    """ "2 uger", "5 hverdage". What a working day is called stands in no catalogue of units."""
    if unit != "working day":
        long, short = (format_unit(count, f"duration-{unit}", length=each, locale=language) for each in _LENGTHS)
        return str(short if unit in long.split("-") else long)  # Babel lacks a few of the long ones and names the unit
    return f"{count} {_WORKING_DAYS.get(language, _WORKING_DAYS['en'])}"


def _same_day(found: tuple[int | None, int, int], known: tuple[int | None, int, int]) -> bool:
    years_agree = found[0] is None or known[0] is None or found[0] == known[0]
    return years_agree and found[1:] == known[1:]


def _day(day: date) -> tuple[int, int, int]:
    return (day.year, day.month, day.day)


def _around(spot: Spot, sentences: list[tuple[int, int]], text: str) -> str:
    return next((text[start:end].strip() for start, end in sentences if start <= spot.start < end), "")


def _normal(sentence: str) -> str:
    return " ".join(sentence.split()).lower()
