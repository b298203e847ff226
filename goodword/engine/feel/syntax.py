"""The nodes of an expression. Each knows the column of its text at which it begins (from 1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything that can stand in an expression."""

    column: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written down: 30, "refuse", yes, 2026-12-24, null. `kind` is one of values.KINDS or "null"."""

    value: Any
    kind: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A fact, parameter, output, or a variable of `some`, `every`, `for`."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A field of a record, or of each record of a list: `order.items`."""

    base: Node
    field_name: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A built-in function called with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two operands and one of + - * / ** = != < <= > >= and or."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """A number or duration with its sign turned."""

    operand: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if … then … else …`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[a, b, c]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Record(Node):
    """`{old: a, new: b}`: a record made on the spot."""

    names: tuple[str, ...]
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Range(Node):
    """`1..count(items)` in `for`, `some`, `every`: whole numbers."""

    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`items[price > 100]` keeps what satisfies; `items[1]` takes the first, `items[-1]` the last."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some x in items satisfies …`, `every …`, or `for x in items return …` (`word` says which).

    "flat" is a `for` around another one, of `for x in a, y in b return …`: its lists are joined.
    """

    word: str
    variable: str
    source: Node
    body: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """A unary test `< x`, `>= x`, `= x` …; a bare value in a cell is `= value`."""

    operator: str
    value: Node


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """`[a..b]`, `(a..b]`, `]a..b[` …"""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """What a cell of an input column says: any of `tests`; with `negated` none of them; `any_value` is `-`."""

    tests: tuple[Node, ...] = ()
    negated: bool = False
    any_value: bool = False


@dataclass(frozen=True, slots=True)
class In(Node):
    """`x in (…)`: a unary test inside an expression."""

    value: Node
    tests: Tests


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside a node."""
    for name in _parts(node):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def with_children(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same node with each of the nodes directly inside it changed."""
    changed: dict[str, Any] = {}
    for name in _parts(node):
        value = getattr(node, name)
        if isinstance(value, Node):
            changed[name] = change(value)
        elif isinstance(value, tuple):
            changed[name] = tuple(change(item) if isinstance(item, Node) else item for item in value)
    return replace(node, **changed)


_PARTS: dict[str, tuple[str, ...]] = {}


def _parts(node: Node) -> tuple[str, ...]:
    kind = type(node).__name__
    if kind not in _PARTS:
        _PARTS[kind] = tuple(slot.name for slot in fields(node) if slot.name != "column")
    return _PARTS[kind]


def depth_of(node: Node) -> int:
    """How many levels of nodes an expression has; counted without recursion, so that no text can exhaust the stack."""
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        at, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in children(at)]
    return deepest


def names_in(node: Node) -> list[Name]:
    """Every name an expression reads from outside, in order; a bound variable is none.

    >>> from goodword.engine.feel import parse_expression
    >>> [name.name for name in names_in(parse_expression("price * percent / 100"))]
    ['price', 'percent']
    """
    found: list[Name] = []
    _collect(node, frozenset(), found)
    return found


def _collect(node: Node, bound: frozenset[str], found: list[Name]) -> None:
    if isinstance(node, Name):
        if node.name not in bound:
            found.append(node)
    elif isinstance(node, Quantified):
        _collect(node.source, bound, found)
        _collect(node.body, bound | {node.variable}, found)
    elif isinstance(node, Filter):
        _collect(node.base, bound, found)
        _collect(node.condition, bound | {"item"}, found)
    else:
        for child in children(node):
            _collect(child, bound, found)
