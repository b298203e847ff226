"""When we stand by our word: what the book says of correcting an answer that the customer has been given.

The desk works out in whose favour the correction would be and how long ago she was told; whether she has acted on it,
a person must find out. The table is `mistakes/word`; a book without it lets any correction pass.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from goodword import engine
from goodword.desk.models import Decision, Matter
from goodword.desk.planning import PlannedAction
from goodword.engine.values import coerce
from goodword.lib import clock
from goodword.lib.errors import Invalid, NotFound
from goodword.policies.queries import advise, current_book

POLICY, DECISION = "mistakes", "word"
BETTER, SAME, WORSE = "better", "same", "worse"
_FIGURES = {"money", "percent"}


@dataclass(frozen=True)
class Word:
    """What the book says of a correction. `question` is the one fact still to be found out, `stands` that what she
    was told holds, `authority` the least role that may correct."""

    direction: str
    told_on: date
    stands: bool = False
    authority: str = ""
    question: str = ""
    clauses: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values, to be kept with the correction."""
        return {
            "direction": self.direction,
            "told_on": self.told_on.isoformat(),
            "stands_by_word": self.stands,
            "authority": self.authority,
            "clauses": list(self.clauses),
        }


def weigh_word(
    matter: Matter, outcome: str, outputs: Mapping[str, Any], actions: Iterable[PlannedAction]
) -> Word | None:
    """What the book says of putting `outcome` in place of the final decision that she was told on this matter.

    None where she was told nothing yet, or the book has no such table.
    """
    earlier = told_decision(matter)
    if earlier is None:
        return None
    told_on = told_day(earlier)
    direction = direction_of(earlier, outcome, outputs, actions)
    said = _what_the_book_says(matter, direction, told_on)
    if said is None:
        return None
    if said.status != "decided":
        return Word(direction, told_on, question=str(said.question or ""), clauses=tuple(said.clauses))
    stands = said.outputs.get("stands_by_word") is True
    return Word(direction, told_on, stands, said.authority or "", clauses=tuple(said.clauses))


def told_decision(matter: Matter) -> Decision | None:
    """The final decision that the customer has been told, if there is one."""
    finals = matter.decisions.filter(state=Decision.FINAL).exclude(message=None)
    return finals.select_related("message").last()


def told_day(decision: Decision) -> date:
    """The day, in the book's zone, on which she was told."""
    moment = decision.message.at if decision.message and decision.message.at else decision.made_at
    return moment.astimezone(ZoneInfo(current_book().time_zone)).date()


def direction_of(
    earlier: Decision, outcome: str, outputs: Mapping[str, Any], actions: Iterable[PlannedAction]
) -> str:
    """Whether the new answer is better for the customer than the earlier one, the same, or worse.

    A yes beats a no; then every amount and share counts, and if any of them falls it is worse. Something that would
    be done for her and now would not makes it worse, too: where it cannot be told, we take it to be against her.
    """
    was, now = _grants(earlier.outcome), _grants(outcome)
    if was != now:
        return BETTER if now else WORSE
    steps = [*_compared_figures(earlier.outputs, outputs), *_compared_actions(earlier, list(actions))]
    if WORSE in steps:
        return WORSE
    return BETTER if BETTER in steps else SAME


def _grants(outcome: str) -> bool:
    return outcome != "refuse"


def _compared_figures(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    book = current_book()
    codes = [code for code, output in book.outputs.items() if output.kind in _FIGURES]
    return [_step(_number(was.get(code)), _number(now.get(code))) for code in codes]


def _compared_actions(earlier: Decision, actions: list[PlannedAction]) -> list[str]:
    """What was to be done beside what would be. Where money is given either way, what has to be carried about for it
    (labels, collections) tells nothing."""
    was = dict(earlier.actions.values_list("kind", "amount_cents"))
    now = {action.kind: action.amount_cents for action in actions}
    steps = [_step(_number(was[kind]), _number(now[kind])) for kind in was.keys() & now.keys()]
    if any(was.values()) and any(now.values()):
        return steps
    if was.keys() - now.keys():
        return [*steps, WORSE]
    return [*steps, BETTER] if now.keys() - was.keys() else steps


def _step(was: int | float, now: int | float) -> str:
    if was == now:
        return SAME
    return BETTER if now > was else WORSE


def _number(value: Any) -> int | float:
    if isinstance(value, engine.Money):
        return value.cents
    return value if isinstance(value, int | float) else 0


def _what_the_book_says(matter: Matter, direction: str, told_on: date) -> engine.Decision | None:
    book = current_book()
    if POLICY not in book.policies or DECISION not in book.policies[POLICY].decisions:
        return None
    today = clock.today(book.time_zone)
    known = {
        "correction.direction": direction,
        "correction.told_on": told_on,
        "correction.days_since_told": max(0, (today - told_on).days),
    }
    facts = {fact.code: known[fact.source] for fact in book.facts.values() if fact.source in known}
    try:
        return advise(f"{POLICY}/{DECISION}", facts | _found_out(matter, book), today)
    except (Invalid, NotFound, engine.NotUnique):
        return None


def _found_out(matter: Matter, book: engine.Book) -> dict[str, Any]:
    """What an agent has found out about it since: whether she has acted on the answer."""
    columns = book.policies[POLICY].decisions[DECISION].columns
    found = {}
    for value in matter.facts.filter(fact__in=list(columns)):
        fact = book.facts[value.fact]
        found[value.fact] = coerce(fact.kind, value.value, fact.values or None)
    return found
