"""What the documentation shows is what happens."""

import doctest
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from goodword import engine
from goodword.engine.columns import build_column
from goodword.engine.feel import Scope, compile_expression, parse_expression
from goodword.engine.tables import DecisionTable
from goodword.engine.values import UNKNOWN, to_plain
from tests.engine.example import PAGE, TODAY, example_book, example_files


def rows(heading: str) -> list[list[str]]:
    """The rows of the page's table whose heading begins with a word."""
    table = PAGE.split(f"| {heading}", 1)[1].split("\n\n", 1)[0].split("\n")[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]


def value(text: str) -> Any:
    """A value as the page writes it."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return date.fromisoformat(text)
    return UNKNOWN if text == "unknown" else json.loads(text, parse_float=Decimal)


def test_the_example_book_is_free_of_findings() -> None:
    assert [str(finding) for finding in engine.check(example_files(), TODAY)] == []


def test_the_example_book_decides_as_its_cases_say() -> None:
    book = example_book()
    facts = {"category": "hygiene", "opened": True, "faulty": False, "days_since_delivery": 12}
    decision = engine.decide(book, "returns", facts, date(2026, 12, 15))
    assert (decision.outcome, decision.clauses) == ("refuse", ("returns#hygiene", "returns#authority"))


@pytest.mark.parametrize(("cell", "passing", "failing"), rows("cell "))
def test_the_cells_pass_what_the_page_says(cell: str, passing: str, failing: str) -> None:
    files = example_files()
    column, cell = "days_since_delivery", cell.strip("`")
    if '"' in cell:
        column = "category"
    elif cell == "yes":
        column = "opened"
    elif "2026" in cell:
        column = "delivered_on"
    table = f"| U | {column} | => | outcome |\n|---|---|---|---|\n| 1 | {cell} | | allow |\n"
    files = {name: text for name, text in files.items() if name.endswith(".yaml") and "/" not in name}
    files["one.md"] = f"---\ntitle: One\nvalid_from: 2026-01-01\n---\n## One\n<!-- #one -->\n\n{table}"
    read: DecisionTable = engine.parse_book(files).table("one", "outcome")
    built = build_column(read, column, Scope({"return_window": 30}))
    for text, expected in ((passing, 1), (failing, 0)):
        for item in filter(None, (part.strip() for part in text.split(","))):
            assert built.look_up(value(item)) == expected, item


@pytest.mark.parametrize(("expression", "expected"), rows("expression "))
def test_the_expressions_give_what_the_page_says(expression: str, expected: str) -> None:
    facts = {
        "price": 49900, "percent": 50, "opened": True, "on": date(2026, 12, 1), "until": date(2026, 12, 31),
        "items": ({"price": 100, "sku": "A"}, {"price": 300, "sku": "B"}),
    }  # fmt: skip
    found = compile_expression(parse_expression(expression.strip("`")), Scope())(facts)
    assert found is UNKNOWN if expected == "unknown" else found == value(expected)


@pytest.mark.parametrize(("expression", "expected"), rows("records "))
def test_records_give_what_the_page_says(expression: str, expected: str) -> None:
    told = PAGE.split("With `orders` ", 1)[1]
    facts = {
        "orders": value(told.split("\n", 1)[0].rstrip(",")), "nobody": None,
        "wanted": value(told.split("`wanted` ", 1)[1].split(", `nobody`", 1)[0]),
    }  # fmt: skip
    found = compile_expression(parse_expression(expression.strip("`")), Scope())(facts)
    assert found is UNKNOWN if expected == "unknown" else to_plain(found) == to_plain(value(expected))


def test_every_function_is_named_on_the_page() -> None:
    from goodword.engine.feel.functions import FUNCTIONS

    missing = [name for name in FUNCTIONS if name not in PAGE and name.replace("_", " ") not in PAGE]
    assert missing == []


def test_every_type_is_named_on_the_page() -> None:
    from goodword.engine.values import KINDS

    assert [kind for kind in sorted(KINDS - {"action"}) if f"`{kind}`" not in PAGE] == []


def test_the_tour_of_the_engine_runs_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in example_files().items():
        (tmp_path / "book" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "book" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    tour = Path(__file__).parents[2] / "docs" / "engine.md"
    failed, tried = doctest.testfile(str(tour), module_relative=False)
    assert (failed, tried > 20) == (0, True)


def test_every_source_is_named_on_the_page() -> None:
    from goodword.engine.vocabulary import SOURCES

    assert [source for source in SOURCES if f"`{source}`" not in PAGE] == []
