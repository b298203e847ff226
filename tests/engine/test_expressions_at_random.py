"""Thousands of random expressions: each gives a value, unknown, or an ExpressionError; nothing else ever comes out."""

import random
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from goodword.engine.errors import ExpressionError
from goodword.engine.feel import Scope, compile_expression, missing_names, parse_expression, parse_tests
from goodword.engine.feel.evaluate import compile_tests
from goodword.engine.feel.functions import FUNCTIONS
from goodword.engine.feel.kinds import kind_of
from goodword.engine.feel.lists import PROPERTIES

FACTS: dict[str, Any] = {
    "n": 3, "f": Decimal("2.5"), "t": "abc", "y": True, "d": date(2026, 12, 1), "nothing": None, "empty": (),
    "l": (1, 2, 3), "r": {"a": 1, "b": None, "l": ({"a": 1}, {"a": 2}), "t": "x"},
}  # fmt: skip
KINDS = {
    "n": "number", "f": "number", "t": "text", "y": "yes/no", "d": "date", "nothing": "record", "empty": "list",
    "l": "list", "r": "record", "u": "number",
}  # fmt: skip
ATOMS = (
    *FACTS, "u", "0", "1", "-2", "2.5", '"abc"', '""', "true", "null", "2026-12-24", '"2026-12-24"', "[]", "[1, 2]",
    "{a: 1}", 'duration("P1D")', 'duration("P1Y2M")', 'time("10:00")', '@"2026-12-24T10:00:00Z"', "r.a", "r.l", "r.zzz",
)  # fmt: skip
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in")
NAMES = sorted(name.replace("_", " ") if name in ("get_value", "list_contains") else name for name in FUNCTIONS)


def expression(pick: random.Random, depth: int) -> str:
    if depth == 0 or pick.random() < 0.15:
        return pick.choice(ATOMS)

    def part() -> str:
        return expression(pick, depth - 1)

    match pick.randrange(11):
        case 0 | 1 | 2:
            return f"({part()} {pick.choice(OPERATORS)} {part()})"
        case 3 | 4:
            return f"{pick.choice(NAMES)}({', '.join(part() for _ in range(pick.choice([1, 1, 2, 2, 3])))})"
        case 5:
            return f"(if {part()} then {part()} else {part()})"
        case 6:
            return f"({pick.choice(['some', 'every'])} x in {part()} satisfies {part()})"
        case 7:
            return f"(for x in {part()}, i in 1..{part()} return {part()})"
        case 8:
            return f"({part()})[{part()}]"
        case 9:
            return f"({part()}).{pick.choice(['a', 'l', *PROPERTIES])}"
    return f"({part()} in [{part()}..{part()}])"


@pytest.mark.parametrize("seed", range(4))
def test_an_expression_gives_a_value_or_says_why_not(seed: int) -> None:
    pick, computed, refused = random.Random(seed), 0, 0
    for _ in range(2500):
        try:
            node = parse_expression(expression(pick, pick.randint(1, 3)))
            assert isinstance(missing_names(node, FACTS, Scope()), list)
            compile_expression(node, Scope())(FACTS)
            computed += 1
        except ExpressionError:
            refused += 1
    assert min(computed, refused) > 100


@pytest.mark.parametrize("seed", range(2))
def test_what_the_kinds_allow_is_told_without_a_crash(seed: int) -> None:
    pick = random.Random(seed)
    for _ in range(2500):
        with suppress(ExpressionError):
            assert kind_of(parse_expression(expression(pick, 3)), KINDS)


def test_a_cell_never_crashes_on_a_value_of_another_kind() -> None:
    pick = random.Random(7)
    for _ in range(3000):
        cell = f"{pick.choice(['<', '>=', '', 'not'])} ({pick.choice(ATOMS)})"
        with suppress(ExpressionError, TypeError):  # TypeError: a column's values are checked before they get here
            compile_tests(parse_tests(cell), Scope())(pick.choice(list(FACTS.values())), FACTS)
