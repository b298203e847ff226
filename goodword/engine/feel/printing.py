"""Nodes as text again: in standard FEEL for other tools (DMN 1.5, clauses 9 and 10.3), or as a book writes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

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
from goodword.engine.values import to_plain

_RANKS = {"or": 1, "and": 2, "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_WRAPPERS = {"date": "date", "datetime": "date and time", "time": "time", "duration": "duration"}
OUR_OWN = frozenset({"add_days", "add_months", "days_between", "months_between", "hours", "minutes"})


@dataclass(slots=True)
class Printer:
    """Prints in standard FEEL. `strange` collects the functions that other tools will not know."""

    names: Callable[[str], str] = str  # what a name is called there
    strange: set[str] = field(default_factory=set)

    def tests(self, tests: Tests) -> str:
        """The cell of an input column."""
        if tests.any_value:
            return "-"
        text = ", ".join(self.test(test) for test in tests.tests)
        return f"not({text})" if tests.negated else text

    def test(self, test: Node) -> str:
        """One unary test. What S-FEEL has no sign for is said of `?`, the value that is tested."""
        if isinstance(test, Interval):
            ends = f"{self.part(test.low, 4)}..{self.part(test.high, 4)}"
            return f"{'[' if test.low_included else '('}{ends}{']' if test.high_included else ')'}"
        if not isinstance(test, Compare):
            return self.text(test)
        if isinstance(test.value, ListOf) and test.operator == "=" and test.value.items:
            return self.members(test.value)
        value = self.part(test.value, 4)
        return {"=": value, "!=": f"not({value})"}.get(test.operator, f"{test.operator} {value}")

    def members(self, items: ListOf) -> str:
        """Any of these: S-FEEL has no list in a cell, but alternatives."""
        return ", ".join(map(self.text, items.items))

    def text(self, node: Node) -> str:
        """An expression."""
        return _WAYS[type(node)](self, node)

    def part(self, node: Node, rank: int) -> str:
        """An operand, in brackets where it would be read otherwise."""
        text = self.text(node)
        return f"({text})" if _rank(node) < rank else text

    def literal(self, node: Literal) -> str:
        if node.value is None:
            return "null"
        if isinstance(node.value, bool):
            return "true" if node.value else "false"
        if node.kind in _WRAPPERS:
            return f"{_WRAPPERS[node.kind]}({json.dumps(str(to_plain(node.value)))})"
        return json.dumps(node.value, ensure_ascii=False) if isinstance(node.value, str) else str(node.value)

    def name(self, node: Name) -> str:
        return self.names(node.name)

    def path(self, node: Path) -> str:
        return f"{self.part(node.base, 8)}.{node.field_name}"

    def call(self, node: Call) -> str:
        given = [self.text(argument) for argument in node.arguments]
        if node.function == "add_days" and len(given) == 2:
            return f'({given[0]} + {self.part(node.arguments[1], 5)} * duration("P1D"))'
        if node.function == "days_between" and len(given) == 2:
            return f'((date({given[1]}) - date({given[0]})) / duration("P1D"))'
        if node.function in OUR_OWN:  # DMN does not know them
            self.strange.add(node.function)
            return f"{node.function}({', '.join(given)})"
        return f"{node.function.replace('_', ' ')}({', '.join(given)})"

    def binary(self, node: Binary) -> str:
        rank = _RANKS[node.operator]
        left = self.part(node.left, rank + (rank in (3, 6)))
        return f"{left} {node.operator} {self.part(node.right, rank + 1)}"

    def negative(self, node: Negative) -> str:
        return f"-{self.part(node.operand, 7)}"

    def if_(self, node: If) -> str:
        return f"if {self.text(node.condition)} then {self.text(node.then)} else {self.text(node.otherwise)}"

    def list_of(self, node: ListOf) -> str:
        return f"[{', '.join(map(self.text, node.items))}]"

    def record(self, node: Record) -> str:
        entries = zip(node.names, node.values, strict=True)
        return f"{{{', '.join(f'{json.dumps(name)}: {self.text(value)}' for name, value in entries)}}}"

    def range(self, node: Range) -> str:
        return f"{self.part(node.low, 4)}..{self.part(node.high, 4)}"

    def filter(self, node: Filter) -> str:
        return f"{self.part(node.base, 8)}[{self.text(node.condition)}]"

    def quantified(self, node: Quantified) -> str:
        walks, body = [f"{node.variable} in {self.part(node.source, 4)}"], node.body
        while node.word == "flat" and isinstance(body, Quantified) and body.word in ("flat", "for"):
            walks.append(f"{body.variable} in {self.part(body.source, 4)}")
            last, body = body, body.body
            if last.word == "for":
                break
        word, end = {"some": ("some", "satisfies"), "every": ("every", "satisfies")}.get(node.word, ("for", "return"))
        return f"{word} {', '.join(walks)} {end} {self.text(body)}"

    def in_(self, node: In) -> str:
        (first, *others), value = node.tests.tests, self.part(node.value, 4)
        if isinstance(first, Compare) and first.operator == "=" and not others:
            return f"{value} in {self.part(first.value, 4)}"
        if isinstance(first, Interval) and not others:
            return f"{value} in {self.test(first)}"
        return f"{value} in ({', '.join(self.member(test) for test in node.tests.tests)})"

    def member(self, test: Node) -> str:
        """One of several in brackets after `in`."""
        return self.part(test.value, 4) if isinstance(test, Compare) and test.operator == "=" else self.test(test)


def cell_in_book(tests: Tests) -> str:
    """The cell of an input column as a book writes it: yes and no, bare dates, choices in quotes.

    >>> from goodword.engine.feel import parse_tests
    >>> cell_in_book(parse_tests('not(>= date("2026-12-24"))')), cell_in_book(parse_tests("true"))
    ('not(>= 2026-12-24)', 'yes')
    """
    return _BookPrinter().tests(tests)


def expression_in_book(node: Node) -> str:
    """An expression as a book writes it."""
    return _BookPrinter().text(node)


class _BookPrinter(Printer):
    """Prints what `parse` of this house reads in cells: literals bare, functions with their arguments folded."""

    __slots__ = ()

    def members(self, items: ListOf) -> str:
        return self.list_of(items)

    def literal(self, node: Literal) -> str:
        if isinstance(node.value, bool):
            return "yes" if node.value else "no"
        if node.kind == "date":
            return str(to_plain(node.value))
        if node.kind in _WRAPPERS:
            return f'@"{to_plain(node.value)}"'
        return super().literal(node)

    def call(self, node: Call) -> str:
        if node.function == "date" and (day := _day_in(node)):
            return day
        if node.function in ("add_days", "days_between"):
            return f"{node.function}({', '.join(map(self.text, node.arguments))})"
        return super().call(node)


def _day_in(node: Call) -> str:
    """The day that a call like date("2026-12-24") names."""
    (first, *others) = node.arguments or (None,)
    if others or not isinstance(first, Literal) or not isinstance(first.value, str):
        return ""
    try:
        return date.fromisoformat(first.value).isoformat()
    except ValueError:
        return ""


def _rank(node: Node) -> int:
    if isinstance(node, Binary):
        return _RANKS[node.operator]
    if isinstance(node, If | Quantified):
        return 0
    if isinstance(node, In):
        return 3
    return 7 if isinstance(node, Negative) or _is_negative(node) else 9


def _is_negative(node: Node) -> bool:
    return isinstance(node, Literal) and not isinstance(node.value, bool | str | None) and str(node.value)[:1] == "-"


_WAYS: dict[type[Node], Callable[[Printer, Any], str]] = {
    Literal: lambda by, node: by.literal(node),
    Name: lambda by, node: by.name(node),
    Path: lambda by, node: by.path(node),
    Call: lambda by, node: by.call(node),
    Binary: lambda by, node: by.binary(node),
    Negative: lambda by, node: by.negative(node),
    If: lambda by, node: by.if_(node),
    ListOf: lambda by, node: by.list_of(node),
    Record: lambda by, node: by.record(node),
    Range: lambda by, node: by.range(node),
    Filter: lambda by, node: by.filter(node),
    Quantified: lambda by, node: by.quantified(node),
    In: lambda by, node: by.in_(node),
    Compare: lambda by, node: by.test(node),
    Interval: lambda by, node: by.test(node),
    Tests: lambda by, node: by.tests(node),
}
