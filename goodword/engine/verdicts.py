"""What a table says where a set of rows holds, only as far as a proof asks: is there an answer, is there one.

A table of many independent reasons has more sets of rows than anybody wants worked out in full; here each costs a few
operations on the bits of an int.
"""

from __future__ import annotations

from goodword.engine.compiled import CompiledTable


class Verdicts:
    """The judgements about one compiled table; the same as those of `CompiledTable.answer`, without its words."""

    __slots__ = ("_agreeing", "_compiled", "_outcomes", "_said", "_wants_outcome")

    def __init__(self, compiled: CompiledTable) -> None:
        self._compiled = compiled
        table = compiled.table
        outcome = table.outputs.get("outcome")
        self._wants_outcome = table.hit == "C" and outcome is not None and outcome.kind != "list"
        by_outcome: dict[str, int] = {}
        for place, outputs in enumerate(compiled.outputs):
            if outputs.get("outcome") is not None:
                by_outcome[outputs["outcome"]] = by_outcome.get(outputs["outcome"], 0) | 1 << place
        order = {value: rank for rank, value in enumerate(compiled.precedence)}
        ranked = sorted(by_outcome, key=lambda value: order.get(value, len(order)))
        self._outcomes = [by_outcome[value] for value in ranked]  # the rows of each outcome, the strictest first
        self._said = sum(self._outcomes)
        self._agreeing = _agreeing(compiled) if table.hit == "A" else []

    def deciding(self, mask: int) -> int:
        """The rows of `mask` that decide; none in a gap."""
        winners = self._compiled.winners(mask)
        if self._wants_outcome:
            strictest = next((rows & winners for rows in self._outcomes if rows & winners), 0)
            return winners & ~self._said | strictest
        return winners & -winners if self._compiled.table.hit == "F" else winners

    def is_gap(self, mask: int) -> bool:
        """Whether nothing is said where exactly the rows of `mask` hold."""
        if self._compiled.table.hit == "C":
            return self._wants_outcome and not self._compiled.winners(mask) & self._said
        return not mask

    def is_clash(self, mask: int) -> bool:
        """Whether two things are said at once."""
        hit = self._compiled.table.hit
        if hit == "U":
            winners = self._compiled.winners(mask)
            return winners & (winners - 1) != 0
        if hit != "A" or not mask:
            return False
        winners = self._compiled.winners(mask)
        return all(winners & ~rows for rows in self._agreeing)


def _agreeing(compiled: CompiledTable) -> list[int]:
    """The rows of A that say the same, annotations apart."""
    judged = [name for name, output in compiled.table.outputs.items() if not output.annotation]
    groups: dict[tuple[object, ...], int] = {}
    for place, outputs in enumerate(compiled.outputs):
        said = tuple(outputs.get(name) for name in judged)
        groups[said] = groups.get(said, 0) | 1 << place
    return list(groups.values())
