"""What it takes to decide against the policy: outputs the book knows, the rest of its chain, and a role for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from goodword import engine
from goodword.desk.queries.advice import DECIDED, Advice, least_role
from goodword.desk.queries.facts import DERIVED, values_of
from goodword.engine.values import coerce, to_plain
from goodword.lib.errors import Invalid
from goodword.policies.queries import advise, current_book


@dataclass(frozen=True)
class Departure:
    """A departure as it would be stored: full outputs, the least role that may grant it, and its trace."""

    outputs: dict[str, Any]
    authority: str
    trace: dict[str, Any]


def plan_departure(advice: Advice, outcome: str, outputs: Mapping[str, Any]) -> Departure:
    """Work out a departure from `advice`. Raises Invalid for an outcome, output or action the book does not know."""
    chosen = _checked(outcome, outputs)
    chained, facts = _follow_chain(advice, chosen)
    complete = {**chained, **chosen}
    complete.pop("authority", None)
    return Departure(
        outputs=complete,
        authority=departure_authority(advice, chained),
        trace=_trace(advice, complete, facts),
    )


def departure_authority(advice: Advice, chained: Mapping[str, Any] | None = None) -> str:
    """The least role that may depart: the strictest of one rank above the lowest, what the book asks for its own
    answer, and what its chain asks for the chosen one (`chained`)."""
    ranks = list(current_book().roles)
    needed = (least_role(current_book(), "approve", None), advice.authority, (chained or {}).get("authority"))
    return max((role for role in needed if role in ranks), key=ranks.index, default="")


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
        return coerce(output.kind, value, output.values or None)
    except ValueError as error:
        raise Invalid(f"{code} {error}.", field=code) from error


def _follow_chain(advice: Advice, chosen: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the policy's chain (authority, deadline) gives for the chosen outputs, and the facts it used."""
    code = advice.policy.partition("/")[0]
    policy = current_book().policies.get(code)
    # What was worked out for the book's own answer (the amount) is worked out anew for the chosen one.
    given = {code: fact for code, fact in advice.facts.items() if fact.provenance != DERIVED}
    known = {**values_of(given), **chosen}
    found: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    for link in policy.then if policy else ():
        name = link if "/" in link else f"{code}/{link}"
        decision = advise(name, {**known, **found}, advice.days)
        if decision.status == DECIDED:
            found |= decision.outputs
            facts |= {name: value for name, value in decision.facts.items() if name not in chosen}
    return found, facts


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
