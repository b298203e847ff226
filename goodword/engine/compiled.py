"""A decision table compiled for one span of days and one currency: look-ups, AND, and who beats whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from goodword.engine.columns import Column, build_column
from goodword.engine.errors import ExpressionError, NotUnique
from goodword.engine.feel import Scope, compile_expression
from goodword.engine.tables import DecisionTable, RuleRef
from goodword.engine.values import coerce, round_half_up
from goodword.engine.vocabulary import Fact, Output

Outputs = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a table says where a certain set of rows holds: nothing (a gap), outputs, or two things at once."""

    outputs: Outputs | None
    fired: tuple[RuleRef, ...] = ()
    overridden: tuple[RuleRef, ...] = ()
    rows: tuple[int, ...] = ()
    clash: bool = False

    def key(self) -> tuple[Any, ...] | None:
        """Equal for answers that nobody could tell apart."""
        if self.clash:
            return ("clash", *self.rows)
        return None if self.outputs is None else tuple(sorted(self.outputs.items()))


class CompiledTable:
    """A table ready to decide: immutable but for its memory of answers already worked out."""

    __slots__ = (
        "_answers",
        "_beaters",
        "beats",
        "columns",
        "derived",
        "full",
        "outputs",
        "precedence",
        "scope",
        "table",
    )

    def __init__(self, table: DecisionTable, derived: list[Fact], scope: Scope, precedence: tuple[str, ...]) -> None:
        self.table, self.precedence, self.scope = table, precedence, scope
        self.columns: tuple[Column, ...] = tuple(build_column(table, name, scope) for name in table.columns)
        self.full = (1 << len(table.rows)) - 1
        self.beats = [sum(1 << beaten for beaten in row.beats) for row in table.rows]
        self._beaters = sum(1 << place for place, beaten in enumerate(self.beats) if beaten)
        self.outputs = [_row_outputs(table, place, scope) for place in range(len(table.rows))]
        self.derived = [(fact, compile_expression(fact.formula, scope)) for fact in derived if fact.formula]
        self._answers: dict[int, Answer] = {}

    def answer(self, mask: int) -> Answer:
        """What the table says where exactly the rows of `mask` hold. A clash is returned, not raised."""
        found = self._answers.get(mask)
        if found is None:
            found = self._answers[mask] = self._work_out(mask)
        return found

    def winners(self, mask: int) -> int:
        """The rows of `mask` that no other row of it beats."""
        beaten, rest = 0, mask & self._beaters
        while rest:
            low = rest & -rest
            beaten |= self.beats[low.bit_length() - 1]
            rest ^= low
        return mask & ~beaten

    def out_of_range(self, values: Mapping[str, Any]) -> bool:
        """Whether some value lies outside its fact's range, where no rule was proved."""
        return any(column.name in values and column.place(values[column.name]) < 0 for column in self.columns)

    def clash(self, answer: Answer) -> NotUnique:
        """The error to raise for an answer that is two."""
        return NotUnique(self.table.code, [ref.id for ref in answer.fired])

    def _work_out(self, mask: int) -> Answer:
        winners = self.winners(mask)
        if self.table.hit == "C":
            winners = self._with_strictest(winners)
        rows = bits(winners)
        fired = tuple(self.table.rows[place].ref for place in rows)
        overridden = tuple(self.table.rows[place].ref for place in bits(mask & ~winners))
        decide = _HITS[self.table.hit]
        outputs = decide(self, rows)
        if outputs is None and rows and self.table.hit != "C":
            return Answer(None, fired, overridden, tuple(rows), clash=True)
        return Answer(outputs, fired, overridden, tuple(rows))

    def _with_strictest(self, winners: int) -> int:
        """Of rows collected together those that say the strictest outcome, and those that say none."""
        said = {row: self.outputs[row].get("outcome") for row in bits(winners)}
        if not isinstance(next(filter(None, said.values()), None), str):
            return winners
        order = self.precedence
        strictest = min(filter(None, said.values()), key=lambda one: order.index(one) if one in order else len(order))
        return sum(1 << row for row, outcome in said.items() if outcome in (None, strictest))


def bits(mask: int) -> list[int]:
    """The places of the bits that are set, lowest first.

    >>> bits(0b1010)
    [1, 3]
    """
    places = []
    while mask:
        low = mask & -mask
        places.append(low.bit_length() - 1)
        mask ^= low
    return places


def _unique(compiled: CompiledTable, rows: list[int]) -> Outputs | None:
    return compiled.outputs[rows[0]] if len(rows) == 1 else None


def _any(compiled: CompiledTable, rows: list[int]) -> Outputs | None:
    """All rows that hold must agree, annotations apart; annotations come from the first."""
    if not rows:
        return None
    judged = [name for name, output in compiled.table.outputs.items() if not output.annotation]
    answers = {tuple(compiled.outputs[row].get(name) for name in judged) for row in rows}
    return compiled.outputs[rows[0]] if len(answers) == 1 else None


def _priority(compiled: CompiledTable, rows: list[int]) -> Outputs | None:
    """The strictest outcome by the book's precedence wins; among equals the first row."""
    if not rows:
        return None
    order = compiled.precedence

    def rank(row: int) -> tuple[int, int]:
        value = next(iter(compiled.outputs[row].values()), None)
        outcome = compiled.outputs[row].get("outcome", value)
        return (order.index(outcome) if outcome in order else len(order), row)

    return compiled.outputs[min(rows, key=rank)]


def _first(compiled: CompiledTable, rows: list[int]) -> Outputs | None:
    return compiled.outputs[min(rows)] if rows else None


def _collect(compiled: CompiledTable, rows: list[int]) -> Outputs | None:
    """Each output as the list of what the rows say, every item once; no row at all collects nothing.

    An outcome is one, not a list: only rows that say the strictest are left; without any there is no answer.
    """
    collected: dict[str, Any] = {}
    for name, output in compiled.table.outputs.items():
        items: list[Any] = []
        for row in rows:
            value = compiled.outputs[row].get(name)
            items += value if isinstance(value, tuple) else [] if value is None else [value]
        collected[name] = tuple(dict.fromkeys(items))
        if name == "outcome" and output.kind != "list":
            if not items:
                return None
            collected[name] = items[0]
    return collected


_HITS: dict[str, Callable[[CompiledTable, list[int]], Outputs | None]] = {
    "U": _unique,
    "A": _any,
    "P": _priority,
    "C": _collect,
    "F": _first,
}


def _row_outputs(table: DecisionTable, place: int, scope: Scope) -> dict[str, Any]:
    row = table.rows[place]
    values = {}
    for name, node in row.outputs.items():
        try:
            values[name] = settle_output(table.outputs[name], compile_expression(node, scope)({}))
        except (ExpressionError, ValueError) as error:
            raise ExpressionError(f"{row.ref.file}:{row.ref.line}: output `{name}` {error}") from None
    return values


def settle_output(output: Output, value: Any) -> Any:
    """A computed output as a value of its kind; money is rounded half up. Raises ValueError."""
    if output.kind == "list":
        return tuple(coerce(output.element or "text", item, output.values or None) for item in value)
    if output.kind == "money":
        value = round_half_up(value)
    return coerce(output.kind, value, output.values or None)
