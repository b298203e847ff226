"""Derived amounts computed in whole numbers: what the expression gives, much faster, where all it reads is whole.

A formula of sums and products, divided only by constants, is one whole number over a constant one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from goodword.engine.decider import Derived
from goodword.engine.feel import Scope
from goodword.engine.feel.syntax import Binary, Literal, Name, Negative, Node

Part = Callable[[Mapping[str, Any]], Any]


def quick(derived: Derived, scope: Scope) -> Derived:
    """The same derived fact, computed in whole numbers where its formula allows it and the facts are whole."""
    formula = derived.fact.formula
    if derived.fact.kind != "money" or formula is None:
        return derived
    found = over(formula, scope)
    if found is None:
        return derived
    upper, lower = found
    careful, twice = derived.compute, 2 * lower

    def compute(values: Mapping[str, Any]) -> Any:
        try:
            number = upper(values)
        except (KeyError, TypeError):
            return careful(values)
        if type(number) is not int or number < 0:
            return careful(values)
        return (2 * number + lower) // twice  # halves up, as money is settled

    return Derived(derived.fact, derived.inputs, compute)


def over(node: Node, scope: Scope) -> tuple[Part, int] | None:
    """A formula as a function that gives a whole number, over a constant one."""
    if isinstance(node, Literal) or (isinstance(node, Name) and node.name in scope.constants):
        constant = node.value if isinstance(node, Literal) else scope.constants[node.name]
        if isinstance(constant, bool | str) or not hasattr(constant, "as_integer_ratio"):
            return None
        upper, lower = constant.as_integer_ratio()
        return lambda values: upper, lower
    if isinstance(node, Name):
        name = node.name
        return lambda values: values[name], 1
    if isinstance(node, Negative):
        inner = over(node.operand, scope)
        return None if inner is None else (_negative(inner[0]), inner[1])
    if isinstance(node, Binary):
        left, right = over(node.left, scope), over(node.right, scope)
        return None if left is None or right is None else _joined(node, left, right, scope)
    return None


def _negative(part: Part) -> Part:
    return lambda values: -part(values)


def _joined(node: Binary, left: tuple[Part, int], right: tuple[Part, int], scope: Scope) -> tuple[Part, int] | None:
    (a, under_a), (b, under_b) = left, right
    if node.operator == "*":
        return lambda values: a(values) * b(values), under_a * under_b
    if node.operator in ("+", "-"):
        sign = 1 if node.operator == "+" else -1
        return lambda values: a(values) * under_b + sign * b(values) * under_a, under_a * under_b
    if node.operator == "/" and isinstance(node.right, Literal | Name):
        by = constant_of(node.right, scope)
        if by is not None and by > 0:
            upper, lower = by.as_integer_ratio()
            return lambda values: a(values) * lower, under_a * upper
    return None


def constant_of(node: Node, scope: Scope) -> Fraction | None:
    """The number that a literal or parameter stands for."""
    value = node.value if isinstance(node, Literal) else None
    if isinstance(node, Name):
        value = scope.constants.get(node.name)
    if value is None or isinstance(value, bool | str) or not hasattr(value, "as_integer_ratio"):
        return None
    return Fraction(*value.as_integer_ratio())
