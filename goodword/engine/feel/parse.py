"""Text to nodes. The grammar stands in `grammar.lark`; this module only builds and explains what does not fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

from goodword.engine.errors import ExpressionError
from goodword.engine.feel.prepared import load
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
    depth_of,
)
from goodword.engine.values import coerce, tidy

MAX_LENGTH = 2_000
MAX_NESTING = 40
MAX_DEPTH = 150  # of nodes: a long chain of `and` is deep, too
_NAME_PARTS = "give parts of it a name of their own as derived facts"
HYPHEN = "\u2011"  # stands for "-" inside a bare word while it is being read, so that no subtraction is seen
_QUOTED_OR_HYPHEN = re.compile(r'"(?:\\.|[^"\\])*"|(?<=[A-Za-z0-9_])-(?=[A-Za-z_0-9])')


@lru_cache(maxsize=20_000)
def parse_expression(text: str, *, hyphens: bool = False) -> Node:
    """An expression as a node. Raises ExpressionError with the column.

    >>> parse_expression("price * 2")
    Binary(operator='*', left=Name(name='price'), right=Literal(value=2, kind='number'))
    """
    node = _read(text, "expression", hyphens)
    assert isinstance(node, Node)
    return node


@lru_cache(maxsize=20_000)
def parse_tests(text: str, *, hyphens: bool = False) -> Tests:
    """The cell of an input column. `hyphens` lets bare choices contain them. Raises ExpressionError with the column.

    >>> parse_tests("<= 30")
    Tests(tests=(Compare(operator='<=', value=Literal(value=30, kind='number')),), negated=False, any_value=False)
    >>> parse_tests("-").any_value
    True
    """
    node = _read(text, "unary_tests", hyphens)
    assert isinstance(node, Tests)
    return node


def _read(text: str, start: str, hyphens: bool) -> Any:
    _check_size(text)
    readable = _QUOTED_OR_HYPHEN.sub(lambda found: HYPHEN if found[0] == "-" else found[0], text) if hyphens else text
    try:
        node: Any = _parser().parse(readable, start=start)
        if depth_of(node) > MAX_DEPTH:
            raise ExpressionError(f"nested deeper than {MAX_DEPTH} levels: {_NAME_PARTS}", 1)
        return node
    except RecursionError:
        raise ExpressionError(f"nested too deep: {_NAME_PARTS}", 1) from None
    except UnexpectedInput as error:
        raise ExpressionError(*_explain(text, error)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, ExpressionError):
            raise error.orig_exc from None
        raise


def _check_size(text: str) -> None:
    """Refuses what would exhaust the stack: nobody could read it either."""
    hint = _NAME_PARTS
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters: {hint}", MAX_LENGTH)
    depth = deepest = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    if deepest > MAX_NESTING or text.count("if ") > MAX_NESTING or text.count("not") > 2 * MAX_NESTING:
        raise ExpressionError(f"nested deeper than {MAX_NESTING} levels: {hint}", 1)
    if sum(text.count(operator) for operator in "+-*/") > 5 * MAX_NESTING:
        raise ExpressionError(f"more than {5 * MAX_NESTING} operators: {hint}", 1)


def _explain(text: str, error: UnexpectedInput) -> tuple[str, int]:
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        return f"`{text}` ends too early", len(text) + 1
    column = max(getattr(error, "column", 1), 1)
    rest = text[column - 1 :].split(" ")[0] or text
    if rest.startswith("'"):
        return f'in `{text}`: text stands in double quotes, like "{rest.strip(chr(39))}"', column
    if re.match(r"not\s+(?:in|between)\b", text[column - 1 :]):
        return f"in `{text}`: `not` goes around the whole of it, like `not(kind in (1, 2))`", column
    return f"cannot read `{text}` from `{rest}` on", column


@cache
def _parser() -> Lark:
    return load(_Builder())


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """One method per rule or alias of the grammar."""

    def number(self, token: Token) -> Node:
        return Literal(tidy(Decimal(token)), "number", column=_at(token))

    def string(self, token: Token) -> Node:
        text = token[1:-1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
        return Literal(text, "text", column=_at(token))

    def date(self, token: Token) -> Node:
        return Literal(_day(str(token), token), "date", column=_at(token))

    def at_string(self, token: Token) -> Node:
        text = token[2:-1]
        for kind in ("date", "datetime", "time", "duration"):
            try:
                return Literal(coerce(kind, text), kind, column=_at(token))
            except ValueError:
                continue
        raise ExpressionError(f'@"{text}" is no date, moment, time or duration', _at(token))

    def yes(self, token: Token) -> Node:
        return Literal(True, "yes/no", column=_at(token))

    def no(self, token: Token) -> Node:
        return Literal(False, "yes/no", column=_at(token))

    def null(self) -> Node:
        return Literal(None, "null")

    def name(self, token: Token) -> Node:
        return Name(str(token).replace(HYPHEN, "-"), column=_at(token))

    def path(self, base: Node, token: Token) -> Node:
        return Path(base, str(token), column=base.column)

    def filter(self, base: Node, condition: Node) -> Node:
        return Filter(base, condition, column=base.column)

    def call(self, token: Token, *arguments: Node) -> Node:
        return Call(str(token).replace(" ", "_"), arguments, column=_at(token))

    def not_(self, operand: Node) -> Node:
        return Call("not", (operand,), column=operand.column)

    def list_of(self, *items: Node) -> Node:
        return ListOf(items, column=items[0].column if items else 0)

    def binary(self, left: Node, operator: Token, right: Node) -> Node:
        return Binary(str(operator), left, right, column=left.column)

    def negative(self, token: Token, operand: Node) -> Node:
        if isinstance(operand, Literal) and operand.kind == "number":
            return Literal(-operand.value, "number", column=_at(token))
        return Negative(operand, column=_at(token))

    def if_(self, condition: Node, then: Node, otherwise: Node) -> Node:
        return If(condition, then, otherwise, column=condition.column)

    def some(self, *parts: Any) -> Node:
        return _nested("some", "some", parts[:-1], parts[-1])

    def every(self, *parts: Any) -> Node:
        return _nested("every", "every", parts[:-1], parts[-1])

    def for_(self, *parts: Any) -> Node:
        return _nested("flat", "for", parts[:-1], parts[-1])

    def walk(self, variable: Token, source: Node) -> Any:
        return variable, source

    def range(self, low: Node, high: Node) -> Node:
        return Range(low, high, column=low.column)

    def record(self, *entries: Any) -> Node:
        names = tuple(name for name, _ in entries)
        if len(set(names)) < len(names):
            raise ExpressionError("a record names a field twice", entries[0][1].column)
        return Record(names, tuple(value for _, value in entries), column=entries[0][1].column if entries else 0)

    def entry(self, token: Token, value: Node) -> Any:
        return (str(token)[1:-1] if token.type == "STRING" else str(token)), value

    def between(self, value: Node, low: Node, high: Node) -> Node:
        inside = Interval(low, high, True, True, column=low.column)
        return In(value, Tests((inside,)), column=value.column)

    def in_value(self, value: Node, source: Node) -> Node:
        return In(value, Tests((Compare("=", source, column=source.column),)), column=value.column)

    def in_tests(self, value: Node, *tests: Node) -> Node:
        return In(value, Tests(tests), column=value.column)

    def in_compare(self, value: Node, operator: Token, other: Node) -> Node:
        return In(value, Tests((Compare(str(operator), other, column=other.column),)), column=value.column)

    def equal(self, value: Node) -> Node:
        return Compare("=", value, column=value.column)

    def compare(self, operator: Token, value: Node) -> Node:
        return Compare(str(operator), value, column=_at(operator))

    def interval(self, opening: Token, low: Node, high: Node, closing: Token) -> Node:
        return Interval(low, high, opening == "[", closing == "]", column=_at(opening))

    def members(self, *items: Node) -> Node:
        return Compare("=", ListOf(items, column=items[0].column), column=items[0].column)

    def any_value(self, token: Token) -> Node:
        return Tests(any_value=True, column=_at(token))

    def negated(self, tests: Tests) -> Node:
        return Tests(tests.tests, negated=True, column=tests.column)

    def cell_tests(self, *tests: Node) -> Node:
        return Tests(tests, column=tests[0].column)

    def unary_tests(self, tests: Tests) -> Node:
        return tests


def _nested(outer: str, inner: str, walks: Sequence[tuple[Token, Node]], body: Node) -> Node:
    """Several variables are one walk inside the other; the innermost is a plain one."""
    word = inner
    for variable, source in reversed(walks):
        body, word = Quantified(word, str(variable), source, body, column=_at(variable)), outer
    return body


def _at(token: Token) -> int:
    return token.column or 0


def _day(text: str, token: Token) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ExpressionError(f"{text} is not a day of the calendar", _at(token)) from None
