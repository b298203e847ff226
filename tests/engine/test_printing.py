"""Expressions printed and read again mean the same; in standard FEEL they are what other tools read."""

import random
from contextlib import suppress

import pytest

from goodword.engine.errors import ExpressionError
from goodword.engine.feel import Scope, compile_expression, parse_expression, parse_tests
from goodword.engine.feel.operators import same
from goodword.engine.feel.printing import Printer, cell_in_book, expression_in_book
from goodword.engine.values import UNKNOWN
from tests.engine.test_expressions_at_random import FACTS, expression


@pytest.mark.parametrize("seed", range(8))
def test_a_random_expression_printed_and_read_again_gives_the_same(seed: int) -> None:
    pick = random.Random(seed)
    compared = 0
    for _ in range(1_000):
        text, node = expression(pick, 4), None
        with suppress(ExpressionError):
            node = parse_expression(text)
        if node is None:
            continue
        was, standard = value_of(node), Printer().text(node)
        assert value_of(parse_expression(expression_in_book(node))) == was, text
        if was not in ("unknown", "ExpressionError", "TypeError"):
            assert value_of(parse_expression(standard)) == was, standard
        compared += 1
    assert compared > 250


def value_of(node: object) -> str:
    """What it gives, in words that can be compared; what it refuses counts, too."""
    try:
        found = compile_expression(node, Scope())(FACTS)  # type: ignore[arg-type]
    except (ExpressionError, TypeError) as error:
        return type(error).__name__
    return "unknown" if found is UNKNOWN else repr(found)


@pytest.mark.parametrize(
    ("cell", "standard", "in_book"),
    [
        ("-", "-", "-"),
        ("<= 30", "<= 30", "<= 30"),
        ("[1..5)", "[1..5)", "[1..5)"),
        ("]1..5[", "(1..5)", "(1..5)"),
        ('not("a", "b")', 'not("a", "b")', 'not("a", "b")'),
        ("yes", "true", "yes"),
        ("!= 3", "not(3)", "not(3)"),
        ("[1, 2]", "1, 2", "[1, 2]"),
        (">= 2026-12-24", '>= date("2026-12-24")', ">= 2026-12-24"),
        ("<= window + 2", "<= window + 2", "<= window + 2"),
        ('@"P1D"', 'duration("P1D")', '@"P1D"'),
    ],
)
def test_cells_are_printed_for_other_tools_and_for_books(cell: str, standard: str, in_book: str) -> None:
    assert Printer().tests(parse_tests(cell)) == standard
    assert cell_in_book(parse_tests(cell)) == in_book


def test_what_other_tools_do_not_know_is_said_in_their_words_or_named() -> None:
    printer = Printer()
    assert printer.text(parse_expression("add_days(d, n + 1)")) == '(d + (n + 1) * duration("P1D"))'
    assert printer.text(parse_expression("days_between(a, b)")) == '((date(b) - date(a)) / duration("P1D"))'
    assert printer.strange == set()
    printer.text(parse_expression("months_between(a, b)"))
    assert printer.strange == {"months_between"}


def test_minus_and_power_keep_their_brackets() -> None:
    for text in ("(-2) ** 2", "-(2 ** 2)", "1 - (2 - 3)", "(1 + 2) * 3", "2 ** (3 ** 2)", "(2 ** 3) ** 2"):
        node = parse_expression(text)
        assert same(value(text), value(Printer().text(node))), text


def value(text: str) -> object:
    """What an expression without facts gives."""
    return compile_expression(parse_expression(text), Scope())({})
