"""Nodes become functions, once; deciding then only calls them.

A function takes the known facts (name -> value; a fact nobody gave is absent) and returns a value or UNKNOWN.
`and`, `or`, `if`, `some`, `every` are three-valued (Kleene): `no and unknown` is no. Anything else with an unknown
part is unknown. Nothing is ever null by accident: what cannot be computed raises ExpressionError.
"""

from __future__ import annotations

import operator as op
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from goodword.engine.errors import ExpressionError
from goodword.engine.feel.functions import FUNCTIONS
from goodword.engine.feel.syntax import (
    Binary,
    Call,
    Compare,
    Filter,
    If,
    In,
    Interval,
    ListOf,
    Literal,
    Name,
    Negative,
    Node,
    Path,
    Quantified,
    Tests,
    children,
)
from goodword.engine.values import UNKNOWN, Money, tidy

Facts = Mapping[str, Any]
Compute = Callable[[Facts], Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean besides facts: the parameters' values on the governing day, and the rank of the roles."""

    constants: Mapping[str, Any] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)


def compile_expression(node: Node, scope: Scope) -> Compute:
    """The function that computes `node`.

    >>> from goodword.engine.feel import parse_expression
    >>> compute = compile_expression(parse_expression("days <= window and not(opened)"), Scope({"window": 30}))
    >>> compute({"days": 31}), compute({"days": 12}), compute({"days": 12, "opened": False})
    (False, UNKNOWN, True)
    """
    match node:
        case Literal():
            return _constant(node.value)
        case Name():
            return _name(node.name, scope)
        case Binary(operator="and" | "or"):
            return _logic(node, scope)
        case Binary():
            return _binary(node, scope)
        case Call():
            return _call(node, scope)
        case If():
            return _if(node, scope)
        case Negative():
            return _applied(op.neg, [compile_expression(node.operand, scope)], node)
        case ListOf():
            items = [compile_expression(item, scope) for item in node.items]
            return _applied(lambda *values: values, items, node)
        case Path():
            return _path(node, scope)
        case Filter():
            return _filter(node, scope)
        case Quantified():
            return _quantified(node, scope)
        case In():
            return _in(node, scope)
    raise ExpressionError("this cannot be computed", node.column)


def compile_tests(tests: Tests, scope: Scope) -> Callable[[Any, Facts], Any]:
    """The function that says whether a value passes a cell: (value, facts) -> True, False or UNKNOWN."""
    parts = [_test(test, scope) for test in tests.tests]

    def passes(value: Any, facts: Facts) -> Any:
        if tests.any_value:
            return True
        result: Any = False
        for part in parts:
            result = _either(result, part(value, facts))
            if result is True:
                break
        return result if result is UNKNOWN else bool(result) is not tests.negated

    return passes


def missing_names(node: Node, facts: Facts, scope: Scope) -> list[str]:
    """The unknown facts that keep `node` unknown; what a known condition has ruled out is not among them.

    >>> from goodword.engine.feel import parse_expression
    >>> missing_names(parse_expression("if opened then reason else days"), {"opened": True}, Scope())
    ['reason']
    """
    if not isinstance(node, Tests | Compare | Interval):
        if compile_expression(node, scope)(facts) is not UNKNOWN:
            return []
        if isinstance(node, Name):
            return [node.name]
    names = [name for part in _relevant(node, facts, scope) for name in missing_names(part, facts, scope)]
    return list(dict.fromkeys(names))


def _relevant(node: Node, facts: Facts, scope: Scope) -> list[Node]:
    """The parts of an unknown node in which the missing fact may stand; inside a list the items are all known."""
    if isinstance(node, If):
        chosen = compile_expression(node.condition, scope)(facts)
        if chosen is not UNKNOWN:
            return [node.then if chosen else node.otherwise]
    if isinstance(node, Quantified):
        return [node.source]
    return [node.base] if isinstance(node, Filter) else list(children(node))


def _constant(value: Any) -> Compute:
    return lambda facts: value


def _name(name: str, scope: Scope) -> Compute:
    if name in scope.constants:
        return _constant(scope.constants[name])

    def read(facts: Facts) -> Any:
        value = facts.get(name, UNKNOWN)
        return value.cents if isinstance(value, Money) else value

    return read


def _applied(function: Callable[..., Any], arguments: list[Compute], node: Node) -> Compute:
    """`function` on known arguments; unknown if any is, an ExpressionError if it has no value."""

    def compute(facts: Facts) -> Any:
        values = [argument(facts) for argument in arguments]
        for value in values:
            if value is UNKNOWN:
                return UNKNOWN
        try:
            return function(*values)
        except (ArithmeticError, TypeError, ValueError, IndexError) as error:
            raise ExpressionError(f"cannot be computed: {_reason(error, values)}", node.column) from None

    return compute


def _reason(error: Exception, values: list[Any]) -> str:
    if isinstance(error, ZeroDivisionError) or type(error).__name__ in ("DivisionByZero", "InvalidOperation"):
        return "division by zero"
    if isinstance(error, TypeError):
        return f"{' and '.join(repr(value) for value in values)} do not go together"
    return str(error)


def _call(node: Call, scope: Scope) -> Compute:
    arguments = [compile_expression(argument, scope) for argument in node.arguments]
    return _applied(FUNCTIONS[node.function].compute, arguments, node)


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, date) and not isinstance(left, datetime) and isinstance(right, int):
        return left + timedelta(days=right)
    return left + right


def _subtract(left: Any, right: Any) -> Any:
    if isinstance(left, date) and not isinstance(left, datetime) and isinstance(right, int):
        return left - timedelta(days=right)
    return left - right


def _divide(left: Any, right: Any) -> Any:
    return left / right if isinstance(left, timedelta) else tidy(Decimal(left) / Decimal(right))


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": _add,
    "-": _subtract,
    "*": lambda a, b: a * b,
    "/": _divide,
    "**": lambda a, b: tidy(Decimal(a) ** Decimal(b)),
    "=": op.eq,
    "!=": op.ne,
    "<": op.lt,
    "<=": op.le,
    ">": op.gt,
    ">=": op.ge,
}


def _binary(node: Binary, scope: Scope) -> Compute:
    sides = [compile_expression(side, scope) for side in (node.left, node.right)]
    return _applied(comparison(node.operator, scope), sides, node)


def comparison(operator: str, scope: Scope) -> Callable[[Any, Any], Any]:
    """The function behind an operator; roles are compared by rank."""
    plain, ranks = _OPERATORS[operator], scope.ranks
    if not ranks or operator not in ("<", "<=", ">", ">="):
        return plain

    def by_rank(left: Any, right: Any) -> Any:
        if isinstance(left, str) and isinstance(right, str) and left in ranks and right in ranks:
            return plain(ranks[left], ranks[right])
        return plain(left, right)

    return by_rank


def _either(left: Any, right: Any) -> Any:
    if left is True or right is True:
        return True
    return UNKNOWN if left is UNKNOWN or right is UNKNOWN else False


def _both(left: Any, right: Any) -> Any:
    if left is False or right is False:
        return False
    return UNKNOWN if left is UNKNOWN or right is UNKNOWN else True


def _logic(node: Binary, scope: Scope) -> Compute:
    left, right = compile_expression(node.left, scope), compile_expression(node.right, scope)
    joined = _either if node.operator == "or" else _both
    settles = node.operator == "or"

    def compute(facts: Facts) -> Any:
        first = left(facts)
        return first if first is settles else joined(first, right(facts))

    return compute


def _if(node: If, scope: Scope) -> Compute:
    condition, then, otherwise = (
        compile_expression(part, scope) for part in (node.condition, node.then, node.otherwise)
    )

    def compute(facts: Facts) -> Any:
        chosen = condition(facts)
        if chosen is not UNKNOWN:
            return then(facts) if chosen else otherwise(facts)
        first, second = then(facts), otherwise(facts)
        return first if first is not UNKNOWN and second is not UNKNOWN and first == second else UNKNOWN

    return compute


def _field(record: Any, name: str) -> Any:
    if isinstance(record, Mapping):
        return record.get(name, UNKNOWN)
    if isinstance(record, list | tuple):
        values = tuple(_field(item, name) for item in record)
        return UNKNOWN if any(value is UNKNOWN for value in values) else values
    raise ValueError(f"{record!r} has no field `{name}`")


def _path(node: Path, scope: Scope) -> Compute:
    return _applied(lambda record: _field(record, node.field_name), [compile_expression(node.base, scope)], node)


class _Inside(dict[str, Any]):
    """The facts as seen from inside a list: the item's own fields first."""

    def __init__(self, facts: Facts, variable: str, item: Any) -> None:
        super().__init__(facts)
        if variable == "item" and isinstance(item, Mapping):
            self.update(item)
        self[variable] = item


def _filter(node: Filter, scope: Scope) -> Compute:
    base, condition = compile_expression(node.base, scope), compile_expression(node.condition, scope)

    def compute(facts: Facts) -> Any:
        items = base(facts)
        if items is UNKNOWN:
            return UNKNOWN
        place = condition(facts) if isinstance(node.condition, Literal | Negative) else None
        if isinstance(place, int) and not isinstance(place, bool):
            if not 1 <= abs(place) <= len(items):
                raise ExpressionError(f"there is no item {place} in a list of {len(items)}", node.column)
            return items[place - 1 if place > 0 else place]
        verdicts = [condition(_Inside(facts, "item", item)) for item in items]
        if any(verdict is UNKNOWN for verdict in verdicts):
            return UNKNOWN
        return tuple(item for item, verdict in zip(items, verdicts, strict=True) if verdict)

    return compute


def _quantified(node: Quantified, scope: Scope) -> Compute:
    source, body = compile_expression(node.source, scope), compile_expression(node.body, scope)
    joined, start = (_either, False) if node.word == "some" else (_both, True)

    def compute(facts: Facts) -> Any:
        items = source(facts)
        if items is UNKNOWN:
            return UNKNOWN
        results = [body(_Inside(facts, node.variable, item)) for item in items]
        if node.word == "for":
            return UNKNOWN if any(result is UNKNOWN for result in results) else tuple(results)
        verdict: Any = start
        for result in results:
            verdict = joined(verdict, result)
        return verdict

    return compute


def _in(node: In, scope: Scope) -> Compute:
    value, passes = compile_expression(node.value, scope), compile_tests(node.tests, scope)

    def compute(facts: Facts) -> Any:
        found = value(facts)
        return UNKNOWN if found is UNKNOWN else passes(found, facts)

    return compute


def _test(test: Node, scope: Scope) -> Callable[[Any, Facts], Any]:
    if isinstance(test, Interval):
        return _interval(test, scope)
    assert isinstance(test, Compare)
    other, compare = compile_expression(test.value, scope), comparison(test.operator, scope)

    def passes(value: Any, facts: Facts) -> Any:
        wanted = other(facts)
        if wanted is UNKNOWN:
            return UNKNOWN
        if isinstance(wanted, tuple) and not isinstance(value, tuple):
            return (value in wanted) is (test.operator == "=")
        return compare(value, wanted)

    return passes


def _interval(test: Interval, scope: Scope) -> Callable[[Any, Facts], Any]:
    low, high = compile_expression(test.low, scope), compile_expression(test.high, scope)
    above = comparison(">=" if test.low_included else ">", scope)
    below = comparison("<=" if test.high_included else "<", scope)

    def passes(value: Any, facts: Facts) -> Any:
        least, most = low(facts), high(facts)
        if least is UNKNOWN or most is UNKNOWN:
            return UNKNOWN
        return above(value, least) and below(value, most)

    return passes
