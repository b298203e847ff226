"""What the tables of a chain say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from goodword.engine.compiled import Answer
from goodword.engine.tables import DecisionTable, RuleRef


@dataclass(frozen=True, slots=True)
class Merged:
    """What the tables read so far gave, and what they could have given (`produced`)."""

    outputs: Mapping[str, Any] = field(default_factory=dict)
    produced: frozenset[str] = frozenset()
    fired: tuple[RuleRef, ...] = ()
    overridden: tuple[RuleRef, ...] = ()


def merge(so_far: Merged, table: DecisionTable, answer: Answer, precedence: Sequence[str]) -> Merged:
    """Adds a table's answer.

    Of two outcomes the stricter one stands, with its reason; lists grow; other outputs are replaced by the later one.
    """
    outputs = dict(answer.outputs or {})
    before, now = so_far.outputs.get("outcome"), outputs.get("outcome")
    if before in precedence and now in precedence and precedence.index(before) <= precedence.index(now):
        del outputs["outcome"]
    if "outcome" not in outputs and "reason" in so_far.outputs:
        outputs.pop("reason", None)
    for name, value in outputs.items():
        earlier = so_far.outputs.get(name)
        if isinstance(value, tuple) and isinstance(earlier, tuple):
            outputs[name] = tuple(dict.fromkeys(earlier + value))
    return Merged(
        {**so_far.outputs, **outputs},
        so_far.produced | set(table.outputs),
        so_far.fired + answer.fired,
        so_far.overridden + answer.overridden,
    )
