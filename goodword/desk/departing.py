"""What it takes to decide against the policy: outputs the book knows, the rest of its chain, and a role for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from goodword import engine
from goodword.desk.advice import ASK, DECIDED, Advice
from goodword.desk.queries.advice import least_role
from goodword.desk.queries.facts import DERIVED, values_of
from goodword.engine.values import coerce, to_plain
from goodword.lib.errors import Invalid, NotFound
from goodword.policies.queries import advise, current_book

AUTHORITY = "authority"
_DEEPEST = 3
_WHOLE = 100


@dataclass(frozen=True)
class Departure:
    """A departure as it would be stored: full outputs, the least role that may grant it, and its trace."""

    outputs: dict[str, Any]
    authority: str
    trace: dict[str, Any]


def plan_departure(advice: Advice, outcome: str, outputs: Mapping[str, Any]) -> Departure:
    """Work out a departure from `advice`. Raises Invalid for an outcome, output or action the book does not know.

    The least role is the strictest of: one rank above the lowest, what the book asks for its own answer, and what
    its tables of authority ask for the chosen one. Where these leave a payment unjudged, it is the highest role.
    """
    chosen = _checked(outcome, outputs)
    # What was worked out for the book's own answer (the amount) is worked out anew for the chosen one.
    known = {**values_of({code: fact for code, fact in advice.facts.items() if fact.provenance != DERIVED}), **chosen}
    chained, facts = _follow_chain(advice, known)
    complete = {**{code: value for code, value in chained.items() if code != AUTHORITY}, **chosen}
    return Departure(complete, _least_role(advice, known), _trace(advice, complete, facts))


def _checked(outcome: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
    book = current_book()
    known = book.outputs["outcome"].values
    if outcome not in known:
        named = {"outcome": outcome, "known": ", ".join(known)}
        raise Invalid(_("There is no outcome “%(outcome)s”. The policy book has: %(known)s.") % named, field="outcome")
    checked = {code: _output(book, code, value) for code, value in outputs.items()}
    for kind in checked.get("do") or ():
        if kind not in book.actions:
            raise Invalid(_("The policy book has no action “%(action)s”.") % {"action": kind}, field="do")
    return {**checked, "outcome": outcome}


def _output(book: engine.Book, code: str, value: Any) -> Any:
    output = book.outputs.get(code)
    if output is None:
        raise Invalid(_("The policy book has no output “%(output)s”.") % {"output": code}, field="outputs")
    try:
        chosen = coerce(output.kind, value, output.values or None)
    except ValueError as error:
        raise Invalid(f"{code} {error}.", field=code) from error
    # A slip of the finger (1000 for 100) must not become a refund that somebody approves in passing.
    if output.kind == "percent" and not 0 <= chosen <= _WHOLE:
        raise Invalid(_("A percentage lies between 0 and 100."), field=code)
    if output.kind == "money" and isinstance(chosen, int) and chosen < 0:
        raise Invalid(_("An amount that the customer gets is not below nothing."), field=code)
    return chosen


def _follow_chain(advice: Advice, known: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the policy's chain (authority, deadline) gives for the chosen outputs, and the facts it used."""
    code = advice.policy.partition("/")[0]
    policy = current_book().policies.get(code)
    found: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    for link in policy.then if policy else ():
        name = link if "/" in link else f"{code}/{link}"
        decision = _told_by(name, advice, {**known, **found})
        if decision and decision.status == DECIDED:
            found |= decision.outputs
            facts |= {name: value for name, value in decision.facts.items() if name in current_book().facts}
    return found, facts


def _least_role(advice: Advice, known: Mapping[str, Any]) -> str:
    book = current_book()
    ranks = list(book.roles)
    judged = [role for table in _tables_of_authority(advice) for role in _roles_by(table, advice, known)]
    if ("" in judged or not judged) and _moves_money(book, known):
        return ranks[-1] if ranks else ""
    needed = (least_role(book, "approve", None), advice.authority, *judged)
    return max((role for role in needed if role in ranks), key=ranks.index, default="")


def _tables_of_authority(advice: Advice) -> list[str]:
    """The policy's own tables of authority, or, where it has none, all there are in the book."""
    book = current_book()
    code = advice.policy.partition("/")[0]
    policy = book.policies.get(code)
    own = [link if "/" in link else f"{code}/{link}" for link in policy.then] if policy else []
    chained = [name for name in own if name.endswith(f"/{AUTHORITY}")]
    return chained or [f"{each.code}/{AUTHORITY}" for each in book.policies.values() if AUTHORITY in each.decisions]


def _roles_by(table: str, advice: Advice, known: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """The roles a table of authority may ask for; an empty one where it cannot say.

    Where she has left open what the table wants to know (what the money is for), every possible answer counts, so
    that leaving it open gains nothing.
    """
    decision = _told_by(table, advice, known)
    if decision is None or decision.status == DECIDED:
        yield (decision.authority if decision else "") or ""
        return
    book = current_book()
    asked = str(decision.question)
    subject = book.facts.get(asked) or book.outputs.get(asked)
    values = subject.values if subject and decision.status == ASK and depth < _DEEPEST else ()
    for value in values:
        yield from _roles_by(table, advice, {**known, asked: value}, depth + 1)
    if not values:
        yield ""


def _told_by(name: str, advice: Advice, known: Mapping[str, Any]) -> engine.Decision | None:
    """What a decision of the book says; None where it cannot be made at all (no limit in this currency, say)."""
    try:
        return advise(name, known, advice.days)
    except (NotFound, Invalid, engine.NotUnique):
        return None


def _moves_money(book: engine.Book, known: Mapping[str, Any]) -> bool:
    kinds = known.get("do") or ()
    return bool(known.get("refund_percent")) or any(book.actions[kind].unit == "money" for kind in kinds)


def _trace(advice: Advice, outputs: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The engine's trace of what the book advised, with what was decided instead; `advised` keeps the book's word."""
    advised: dict[str, Any] = {"policy": advice.policy, "status": advice.status}
    if advice.decision:
        advised = advice.decision.to_json()
    return {
        **advised,
        "facts": {**advised.get("facts", {}), **to_plain(facts)},
        "outputs": to_plain(outputs),
        "outcome": outputs["outcome"],
        "advised": {"outcome": advised.get("outcome"), "outputs": advised.get("outputs", {})},
    }
