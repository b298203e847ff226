"""Nodes become functions, once; deciding then only calls them.

A function takes the known facts (name -> value; a fact nobody gave is absent) and returns a value or UNKNOWN.
`and`, `or`, `if`, `some`, `every` are three-valued (Kleene): `no and unknown` is no. Anything else with an unknown
part is unknown. Nothing is ever null by accident: what cannot be computed raises ExpressionError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from goodword.engine.errors import ExpressionError
from goodword.engine.feel.functions import FUNCTIONS
from goodword.engine.feel.lists import (
    Compute,
    Facts,
    field_of,
    filtered,
    for_each,
    may_be_a_place,
    place_or_filter,
    quantified,
    steps,
)
from goodword.engine.feel.operators import MOMENT, OPERATORS, family_of, negative, same
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
    Range,
    Record,
    Tests,
    children,
    names_in,
)
from goodword.engine.feel.truth import both, either
from goodword.engine.values import UNKNOWN, Money, no_verdict, shown


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean besides facts: the parameters' values on the governing day, the rank of the roles, and
    functions that a model brings along."""

    constants: Mapping[str, Any] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


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
            return _applied(negative, [compile_expression(node.operand, scope)], node)
        case ListOf():
            items = [compile_expression(item, scope) for item in node.items]
            return _applied(lambda *values: values, items, node)
        case Record():
            values = [compile_expression(value, scope) for value in node.values]
            return _applied(lambda *found: dict(zip(node.names, found, strict=True)), values, node)
        case Range():
            return _applied(steps, [compile_expression(end, scope) for end in (node.low, node.high)], node)
        case Path():
            return _applied(lambda base: field_of(base, node.field_name), [compile_expression(node.base, scope)], node)
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
            result = either(result, part(value, facts))
            if result is True:
                break
        return result if result is UNKNOWN else bool(result) is not tests.negated

    return passes


def missing_names(node: Node, facts: Facts, scope: Scope) -> list[str]:
    """The unknown facts that keep `node` unknown; what a known condition has ruled out is not among them.

    A record that lacks the field which is read is missing, too: it was not told completely.

    >>> from goodword.engine.feel import parse_expression
    >>> missing_names(parse_expression("if opened then reason else days"), {"opened": True}, Scope())
    ['reason']
    >>> missing_names(parse_expression("order.total > 5"), {"order": {}}, Scope())
    ['order']
    """
    if not isinstance(node, Tests | Compare | Interval):
        if compile_expression(node, scope)(facts) is not UNKNOWN:
            return []
        if isinstance(node, Name):
            return [node.name]
    names = [name for part in _relevant(node, facts, scope) for name in missing_names(part, facts, scope)]
    if not names and not isinstance(node, Tests | Compare | Interval):
        names = [name.name for name in names_in(node) if name.name in facts]
    return list(dict.fromkeys(names))


def _relevant(node: Node, facts: Facts, scope: Scope) -> list[Node]:
    """The parts of an unknown node in which the missing fact may stand."""
    if isinstance(node, If):
        chosen = compile_expression(node.condition, scope)(facts)
        if chosen is not UNKNOWN:
            return [node.then if chosen else node.otherwise]
    if isinstance(node, Quantified | Filter):
        source, body, bound = (
            (node.source, node.body, node.variable)
            if isinstance(node, Quantified)
            else (node.base, node.condition, "item")
        )
        if compile_expression(source, scope)(facts) is UNKNOWN:
            return [source]
        return [name for name in names_in(body) if name.name != bound]
    return list(children(node))


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
        except (ArithmeticError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise ExpressionError(f"cannot be computed: {_reason(error, values)}", node.column) from None

    return compute


def _reason(error: Exception, values: list[Any]) -> str:
    if isinstance(error, ZeroDivisionError) or type(error).__name__ in ("DivisionByZero", "InvalidOperation"):
        return "division by zero"
    if isinstance(error, TypeError | AttributeError):
        if len(values) == 2 and [family_of(value) for value in values] == [MOMENT, MOMENT]:
            return f"{shown(values[0])} and {shown(values[1])}: one has a zone and the other has none"
        told = [shown(value) for value in values]
        return f"{' and '.join(told)} do{'' if len(told) > 1 else 'es'} not {'go together' if len(told) > 1 else 'fit'}"
    return str(error)


def _call(node: Call, scope: Scope) -> Compute:
    arguments = [compile_expression(argument, scope) for argument in node.arguments]
    compute = scope.functions.get(node.function) or getattr(FUNCTIONS.get(node.function), "compute", None)
    if compute is None:
        raise ExpressionError(f"no function `{node.function}`", node.column)
    return _applied(compute, arguments, node)


def _binary(node: Binary, scope: Scope) -> Compute:
    sides = [compile_expression(side, scope) for side in (node.left, node.right)]
    return _applied(comparison(node.operator, scope), sides, node)


def comparison(operator: str, scope: Scope) -> Callable[[Any, Any], Any]:
    """The function behind an operator; roles are compared by rank."""
    plain, ranks = OPERATORS[operator], scope.ranks
    if not ranks or operator not in ("<", "<=", ">", ">="):
        return plain

    def by_rank(left: Any, right: Any) -> Any:
        if isinstance(left, str) and isinstance(right, str) and left in ranks and right in ranks:
            return plain(ranks[left], ranks[right])
        return plain(left, right)

    return by_rank


def _logic(node: Binary, scope: Scope) -> Compute:
    left, right = compile_expression(node.left, scope), compile_expression(node.right, scope)
    joined = either if node.operator == "or" else both
    settles = node.operator == "or"

    def compute(facts: Facts) -> Any:
        first = left(facts)
        if first is settles:
            return first
        second = right(facts)
        try:
            return joined(first, second)
        except TypeError:
            wrong = second if isinstance(first, bool) or first is UNKNOWN else first
            raise ExpressionError(no_verdict(wrong), node.column) from None

    return compute


def _if(node: If, scope: Scope) -> Compute:
    condition, then, otherwise = (
        compile_expression(part, scope) for part in (node.condition, node.then, node.otherwise)
    )

    def compute(facts: Facts) -> Any:
        chosen = condition(facts)
        if isinstance(chosen, bool):
            return then(facts) if chosen else otherwise(facts)
        if chosen is not UNKNOWN:
            raise ExpressionError(no_verdict(chosen), node.column)
        first, second = then(facts), otherwise(facts)
        return first if first is not UNKNOWN and second is not UNKNOWN and same(first, second) else UNKNOWN

    return compute


def _filter(node: Filter, scope: Scope) -> Compute:
    base, condition = compile_expression(node.base, scope), compile_expression(node.condition, scope)
    return place_or_filter(base, condition, node) if may_be_a_place(node.condition) else filtered(base, condition, node)


def _quantified(node: Quantified, scope: Scope) -> Compute:
    source, body = compile_expression(node.source, scope), compile_expression(node.body, scope)
    return (quantified if node.word in ("some", "every") else for_each)(source, body, node)


def _in(node: In, scope: Scope) -> Compute:
    value, passes = compile_expression(node.value, scope), compile_tests(node.tests, scope)

    def compute(facts: Facts) -> Any:
        found = value(facts)
        try:
            return UNKNOWN if found is UNKNOWN else passes(found, facts)
        except TypeError:
            raise ExpressionError(f"{shown(found)} cannot be tested in this way", node.column) from None

    return compute


def _test(test: Node, scope: Scope) -> Callable[[Any, Facts], Any]:
    if isinstance(test, Interval):
        return _interval(test, scope)
    assert isinstance(test, Compare)
    other, operator = compile_expression(test.value, scope), test.operator
    compare = comparison(operator, scope) if operator not in ("=", "!=") else None

    def passes(value: Any, facts: Facts) -> Any:
        wanted = other(facts)
        if wanted is UNKNOWN:
            return UNKNOWN
        if isinstance(wanted, tuple) and not isinstance(value, tuple):
            return any(same(value, item) for item in wanted) is (operator == "=")
        return compare(value, wanted) if compare else same(value, wanted) is (operator == "=")

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
