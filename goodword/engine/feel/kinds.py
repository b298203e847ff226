"""What kind of value an expression has, and every mistake of kind that can be seen before it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from goodword.engine.errors import ExpressionError, near
from goodword.engine.feel.functions import ANY, FUNCTIONS
from goodword.engine.feel.lists import PROPERTIES, may_be_a_place
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
)
from goodword.engine.values import CHOICES, NUMERIC

_ORDERED = frozenset({"number", "money", "date", "datetime", "time", "duration", "role", ANY})
_IN_WORDS = {
    "number": "a number",
    "money": "an amount of money",
    "yes/no": "yes or no",
    "text": "text",
    "date": "a date",
    "datetime": "a moment",
    "duration": "a duration",
    "time": "a time of day",
    "list": "a list",
    "record": "a record",
    "null": "null",
    "role": "a role",
}


def family(kind: str) -> str:
    """Kinds that may be compared with one another share a family: days and hours are both numbers.

    >>> family("days"), family("money"), family("choice")
    ('number', 'money', 'text')
    """
    if kind == "role":
        return "role"
    if kind in CHOICES:
        return "text"
    return "number" if kind in NUMERIC and kind != "money" else kind


def in_words(kind: str) -> str:
    """A kind as one would say it."""
    return _IN_WORDS.get(family(kind), kind)


def fits(left: str, right: str) -> bool:
    """Whether values of the two kinds may be compared. Money may be compared with a bare number of smallest units."""
    families = {family(left), family(right)}
    if len(families) == 1 or families & {ANY, "null"}:
        return True
    return families in ({"role", "text"}, {"money", "number"})


def kind_of(node: Node, kinds: Mapping[str, str]) -> str:
    """The kind of `node`, `kinds` being those of the names it may use. Raises ExpressionError.

    >>> from goodword.engine.feel import parse_expression
    >>> kind_of(parse_expression("price * percent / 100"), {"price": "money", "percent": "percent"})
    'money'
    """
    match node:
        case Literal():
            return node.kind
        case Name():
            return _name(node, kinds)
        case Path():
            return _path(node, kinds)
        case Call():
            return _call(node, kinds)
        case Binary():
            return _binary(node, kinds)
        case Negative():
            return _wanted(node.operand, kinds, "number", "money", "duration")
        case If():
            return _if(node, kinds)
        case ListOf():
            for item in node.items:
                kind_of(item, kinds)
            return "list"
        case Record():
            for value in node.values:
                kind_of(value, kinds)
            return "record"
        case Range():
            for end in (node.low, node.high):
                _wanted(end, kinds, "number")
            return "list"
        case Filter():
            _wanted(node.base, kinds, "list")
            place = kind_of(node.condition, _Open(kinds)) != "yes/no" and may_be_a_place(node.condition)
            return ANY if place else "list"
        case Quantified():
            return _quantified(node, kinds)
        case In():
            check_tests(node.tests, kind_of(node.value, kinds), kinds)
            return "yes/no"
        case _:
            raise ExpressionError("a comparison needs something on its left", node.column)


def check_tests(tests: Tests, kind: str, kinds: Mapping[str, str]) -> None:
    """Whether a cell's tests suit a column of `kind`. Raises ExpressionError."""
    for test in tests.tests:
        if isinstance(test, Interval):
            _check_ordered(kind, test)
            for end in (test.low, test.high):
                _check_fits(kind, end, kinds)
        else:
            compare = cast(Compare, test)
            if compare.operator not in ("=", "!="):
                _check_ordered(kind, compare)
            values = compare.value.items if isinstance(compare.value, ListOf) and kind != "list" else (compare.value,)
            for value in values:
                _check_fits(kind, value, kinds)


def _check_ordered(kind: str, node: Node) -> None:
    if family(kind) not in _ORDERED:
        raise ExpressionError(f"{in_words(kind)} has no greater or less", node.column)


def _check_fits(kind: str, value: Node, kinds: Mapping[str, str]) -> None:
    other = kind_of(value, kinds)
    if other == "null":
        raise ExpressionError("`null` cannot be tested: a fact is known or unknown, and unknown asks", value.column)
    if not fits(kind, other) and other != "list":
        raise ExpressionError(f"{in_words(other)} where {in_words(kind)} is wanted", value.column)


class _Open(dict[str, str]):
    """Names in a filter: a field of the item may be any name, so an unknown one is no mistake."""

    def __missing__(self, key: str) -> str:
        return ANY

    def __contains__(self, key: object) -> bool:
        return True


def _name(node: Name, kinds: Mapping[str, str]) -> str:
    if node.name not in kinds:
        raise ExpressionError(
            f"`{node.name}` is not a fact, parameter or output. {near(node.name, list(kinds))}", node.column
        )
    return kinds[node.name]


def _path(node: Path, kinds: Mapping[str, str]) -> str:
    base = kind_of(node.base, kinds)
    if base not in ("record", "list", "date", "datetime", "time", "duration", ANY):
        raise ExpressionError(f"{in_words(base)} has no field `{node.field_name}`", node.column)
    if base in ("date", "datetime", "time", "duration") and node.field_name not in PROPERTIES:
        raise ExpressionError(f"{in_words(base)} has no `{node.field_name}`", node.column)
    return "list" if base == "list" else ANY


def _call(node: Call, kinds: Mapping[str, str]) -> str:
    function = FUNCTIONS.get(node.function)
    if function is None:
        raise ExpressionError(f"no function `{node.function}`. {near(node.function, list(FUNCTIONS))}", node.column)
    count, most = len(node.arguments), len(function.arguments)
    if count < max(most - function.optional, 1) or (count > most and not function.many):
        raise ExpressionError(f"{node.function}() takes {most} value{'s' * (most > 1)}, not {count}", node.column)
    found = [kind_of(argument, kinds) for argument in node.arguments]
    for place, (argument, kind) in enumerate(zip(node.arguments, found, strict=True)):
        wanted = function.arguments[min(place, most - 1)]
        if wanted != ANY and not fits(wanted, kind) and (wanted, kind) != ("date", "datetime"):
            message = f"{node.function}() wants {in_words(wanted)} here, not {in_words(kind)}"
            raise ExpressionError(message, argument.column)
    if function.result != "first":
        return function.result
    return ANY if found[0] == "list" else found[0]


def _wanted(node: Node, kinds: Mapping[str, str], *families: str) -> str:
    kind = kind_of(node, kinds)
    if family(kind) not in (*families, ANY):
        raise ExpressionError(f"{in_words(kind)} where {in_words(families[0])} is wanted", node.column)
    return kind


def _if(node: If, kinds: Mapping[str, str]) -> str:
    _wanted(node.condition, kinds, "yes/no")
    then, otherwise = kind_of(node.then, kinds), kind_of(node.otherwise, kinds)
    if not fits(then, otherwise):
        raise ExpressionError(f"`then` is {in_words(then)} and `else` {in_words(otherwise)}", node.otherwise.column)
    return otherwise if then in ("null", "number") else then


def _quantified(node: Quantified, kinds: Mapping[str, str]) -> str:
    _wanted(node.source, kinds, "list")
    inside = {**kinds, node.variable: ANY}
    if node.word in ("for", "flat"):
        kind_of(node.body, inside)
        return "list"
    _wanted(node.body, inside, "yes/no")
    return "yes/no"


def _binary(node: Binary, kinds: Mapping[str, str]) -> str:
    if node.operator in ("and", "or"):
        _wanted(node.left, kinds, "yes/no")
        _wanted(node.right, kinds, "yes/no")
        return "yes/no"
    left, right = kind_of(node.left, kinds), kind_of(node.right, kinds)
    if node.operator in ("=", "!=", "<", "<=", ">", ">="):
        if not fits(left, right):
            raise ExpressionError(f"{in_words(left)} cannot be compared with {in_words(right)}", node.right.column)
        if node.operator not in ("=", "!="):
            _check_ordered(left, node)
        return "yes/no"
    result = _arithmetic(node.operator, left, right)
    if result is None:
        message = f"{in_words(left)} {node.operator} {in_words(right)} has no meaning"
        raise ExpressionError(message, node.column)
    return result


_RESULTS = {
    ("+", "money", "money"): "money",
    ("-", "money", "money"): "money",
    ("+", "text", "text"): "text",
    ("+", "money", "number"): "money",
    ("-", "money", "number"): "money",
    ("+", "number", "money"): "money",
    ("*", "money", "number"): "money",
    ("*", "number", "money"): "money",
    ("/", "money", "number"): "money",
    ("/", "money", "money"): "number",
    ("-", "date", "date"): "duration",
    ("-", "datetime", "datetime"): "duration",
    ("+", "date", "number"): "date",
    ("-", "date", "number"): "date",
    ("+", "date", "duration"): "date",
    ("-", "date", "duration"): "date",
    ("+", "time", "duration"): "time",
    ("-", "time", "duration"): "time",
    ("-", "time", "time"): "duration",
    ("+", "datetime", "duration"): "datetime",
    ("-", "datetime", "duration"): "datetime",
    ("+", "duration", "duration"): "duration",
    ("-", "duration", "duration"): "duration",
    ("*", "duration", "number"): "duration",
    ("*", "number", "duration"): "duration",
    ("/", "duration", "number"): "duration",
    ("/", "duration", "duration"): "number",
}


def _arithmetic(operator: str, left: str, right: str) -> str | None:
    if ANY in (left, right):
        return ANY
    if family(left) == family(right) == "number":
        keeps = operator in "+-" and left == right
        return left if keeps else "number"
    return _RESULTS.get((operator, family(left), family(right)))
