"""Records and lists: fields, places, filters, and walks over each item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from goodword.engine.errors import ExpressionError
from goodword.engine.feel.calendar import YearsMonths
from goodword.engine.feel.functions import FUNCTIONS, YES_NO
from goodword.engine.feel.syntax import Binary, Call, Filter, In, Node, Quantified
from goodword.engine.feel.truth import both, either
from goodword.engine.values import UNKNOWN, no_verdict, shown

Facts = Mapping[str, Any]
Compute = Callable[[Facts], Any]
MAX_STEPS = 10_000
_ARITHMETIC = frozenset({"+", "-", "*", "/", "**"})


class Inside(Mapping[str, Any]):
    """The facts seen from inside a list: the item, its own fields where it is called `item`, then what is outside."""

    __slots__ = ("fields", "item", "outer", "variable")

    def __init__(self, outer: Facts, variable: str, item: Any) -> None:
        self.outer, self.variable, self.item = outer, variable, item
        self.fields: Facts = item if variable == "item" and isinstance(item, Mapping) else {}

    def __getitem__(self, name: str) -> Any:
        if name == self.variable:
            return self.item
        if name not in self.fields:
            return self.outer[name]
        if self._named_outside(name):
            raise ExpressionError(f"`{name}` is a field of the item and named outside of it, too: say `item.{name}`", 0)
        return self.fields[name]

    def _named_outside(self, name: str) -> bool:
        """Whether a fact or a variable has this name: which of the two is meant must be said, not guessed."""
        outer = self.outer
        while isinstance(outer, Inside):
            if name == outer.variable:
                return True
            outer = outer.outer
        return name in outer

    def __iter__(self) -> Iterator[str]:
        yield from {self.variable, *self.fields, *self.outer}

    def __len__(self) -> int:
        return len({self.variable, *self.fields, *self.outer})


PROPERTIES: dict[str, Callable[[Any], Any]] = {
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day": lambda day: day.day,
    "weekday": lambda day: day.isoweekday(),
    "hour": lambda clock: clock.hour,
    "minute": lambda clock: clock.minute,
    "second": lambda clock: clock.second,
    "days": lambda span: abs(span) // timedelta(days=1) * (-1 if span < timedelta(0) else 1),
    "years": lambda span: int(span.months / 12),
    "months": lambda span: span.months - int(span.months / 12) * 12,
}


def field_of(record: Any, name: str) -> Any:
    """A field of a record, of each record of a list, or a part of a date. Raises ValueError where there is none.

    A field that the record does not have is unknown. Null has no fields: that is an error, never another null.
    """
    if isinstance(record, Mapping):
        return record.get(name, UNKNOWN)
    if isinstance(record, list | tuple):
        values = tuple(field_of(item, name) for item in record)
        return UNKNOWN if any(value is UNKNOWN for value in values) else values
    if record is None:
        raise ValueError(f"there is nothing (null) whose `{name}` could be read: test it with `= null` first")
    if isinstance(record, date | datetime | time | timedelta | YearsMonths) and name in PROPERTIES:
        try:
            return PROPERTIES[name](record)
        except (AttributeError, TypeError):
            pass
    raise ValueError(f"{shown(record)} has no field `{name}`")


def steps(low: Any, high: Any) -> tuple[int, ...]:
    """`1..3` in `for`: each whole number; `1..0` is none at all. Raises ValueError, TypeError.

    FEEL itself would count 1, 0: whoever walks `1..count(items)` would be surprised by an empty list.
    """
    if type(low) is not int or type(high) is not int:
        raise TypeError
    if abs(high - low) > MAX_STEPS:
        raise ValueError(f"more than {MAX_STEPS} steps")
    if high < low - 1:
        raise ValueError(f"{low}..{high} runs backwards: say `reverse`")
    return tuple(range(low, high + 1))


def items_of(found: Any, node: Node) -> Any:
    """The items of a list, or UNKNOWN. Raises ExpressionError for what is no list."""
    if found is UNKNOWN or isinstance(found, list | tuple):
        return found
    told = "nothing (null)" if found is None else repr(found)
    raise ExpressionError(f"a list is wanted here, not {told}", node.column)


def may_be_a_place(condition: Node) -> bool:
    """Whether what stands in brackets could be a number: `items[i]`; a comparison never is."""
    if isinstance(condition, Binary):
        return condition.operator in _ARITHMETIC
    if isinstance(condition, Call):
        function = FUNCTIONS.get(condition.function)
        return function is None or function.result != YES_NO
    return not isinstance(condition, In) and not (isinstance(condition, Quantified) and condition.word != "for")


def place_or_filter(base: Compute, condition: Compute, node: Filter) -> Compute:
    """`items[2]`, `items[-1]`, `items[i]`; a filter where what stands in brackets turns out to be no number."""
    sieve = filtered(base, condition, node)

    def compute(facts: Facts) -> Any:
        items = items_of(base(facts), node)
        if items is UNKNOWN:
            return UNKNOWN
        place = condition(facts)
        if not isinstance(place, int) or isinstance(place, bool):
            return sieve(facts)
        if not 1 <= abs(place) <= len(items):
            raise ExpressionError(f"there is no item {place} in a list of {len(items)}", node.column)
        return items[place - 1 if place > 0 else place]

    return compute


def filtered(base: Compute, condition: Compute, node: Filter) -> Compute:
    """`items[price > 100]`: the items that pass; unknown as long as one of them is in doubt."""

    def compute(facts: Facts) -> Any:
        items = items_of(base(facts), node)
        if items is UNKNOWN:
            return UNKNOWN
        verdicts = [_verdict(condition(Inside(facts, "item", item)), node) for item in items]
        if any(verdict is UNKNOWN for verdict in verdicts):
            return UNKNOWN
        return tuple(item for item, verdict in zip(items, verdicts, strict=True) if verdict)

    return compute


def _verdict(verdict: Any, node: Node) -> Any:
    if verdict is not UNKNOWN and not isinstance(verdict, bool):
        raise ExpressionError(no_verdict(verdict), node.column)
    return verdict


def quantified(source: Compute, body: Compute, node: Quantified) -> Compute:
    """`some` and `every`: settled by one item, unknown while the items in doubt could settle it."""
    joined, start = (either, False) if node.word == "some" else (both, True)

    def compute(facts: Facts) -> Any:
        items = items_of(source(facts), node)
        if items is UNKNOWN:
            return UNKNOWN
        verdict: Any = start
        for item in items:
            verdict = joined(verdict, _verdict(body(Inside(facts, node.variable, item)), node))
            if verdict is not start and verdict is not UNKNOWN:
                break
        return verdict

    return compute


def for_each(source: Compute, body: Compute, node: Quantified) -> Compute:
    """`for x in items return …`; with several variables ("flat") the lists of the inner ones are joined."""

    def compute(facts: Facts) -> Any:
        items = items_of(source(facts), node)
        if items is UNKNOWN:
            return UNKNOWN
        results = [body(Inside(facts, node.variable, item)) for item in items]
        if any(result is UNKNOWN for result in results):
            return UNKNOWN
        return tuple(part for result in results for part in result) if node.word == "flat" else tuple(results)

    return compute
