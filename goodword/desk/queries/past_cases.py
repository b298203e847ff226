"""Past decisions as cases to be replayed under another book."""

from collections.abc import Iterator, Mapping
from typing import Any

from goodword.desk.models import Decision
from goodword.policies.preview import PastCase


def past_cases(*, limit: int = 2000) -> list[PastCase]:
    """The newest `limit` final decisions with their frozen facts; none of them names a person."""
    decisions = Decision.objects.filter(state=Decision.FINAL).exclude(trace={}).order_by("-id")
    rows = decisions.values_list("pk", "trace", "advice", "record__fields")[:limit]
    return [
        PastCase.from_trace(pk, trace, known=_known(advice), record=record)
        for pk, trace, advice, record in rows
        if trace.get("policy")
    ]


def _known(advice: Mapping[str, Any]) -> dict[str, Any]:
    # Everything the desk knew, used or not: a draft may ask for more than the book of that day did.
    return {known["fact"]: known["value"] for known in advice.get("facts", ())}


def stored_decisions(policy: str = "") -> Iterator[tuple[int, dict[str, Any]]]:
    """Every final decision (of one policy) by number, as `engine.replay.stored_case` reads it; read a few at a time.

    The customer is a number only, to count how many there are; it is gone where she was erased.
    """
    decisions = Decision.objects.filter(state=Decision.FINAL).exclude(trace={}).order_by("pk")
    if policy:
        decisions = decisions.filter(policy=policy)
    rows = decisions.values_list("pk", "trace", "advice", "record__fields", "record__person")
    for pk, trace, advice, record, person in rows.iterator(chunk_size=1000):
        if trace.get("policy"):
            facts = {**_known(advice), **trace["facts"]}
            yield pk, {**trace, "facts": facts, "record": record or {}, "id": pk, "person": person or ""}
