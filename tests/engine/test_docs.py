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
from tests.engine.example import (
    DOCS,
    PAGE,
    REFERENCE,
    SPECIFICATION,
    TODAY,
    example_book,
    example_files,
    small_files,
    table,
)


def rows(heading: str) -> list[list[str]]:
    """The rows of the page's table whose heading begins with a word."""
    table = PAGE.split(f"| {heading}", 1)[1].split("\n\n", 1)[0].split("\n")[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]


def value(text: str) -> Any:
    """A value as the page writes it."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return date.fromisoformat(text)
    return UNKNOWN if text == "unknown" else json.loads(text, parse_float=Decimal)


def test_each_example_of_the_specification_stands_in_the_example_book() -> None:
    shown = re.findall(r"```(?:yaml|markdown)\n(.*?)\n```", SPECIFICATION, re.DOTALL)
    whole = "\n".join(example_files().values())
    parts = [part for block in shown for part in block.split("\n\n## ")]
    assert len(parts) >= 6
    assert [part for part in parts if part not in whole] == []


def test_the_specification_is_at_most_four_pages() -> None:
    words = re.sub(r"\s+", " ", SPECIFICATION)
    assert len(words) < 13_500


def test_every_link_between_the_pages_leads_somewhere() -> None:
    for page in ("policy-book", "policy-book-example", "policy-book-reference", "engine"):
        text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
        for target, anchor in re.findall(r"\]\(([\w-]+\.md)?(?:#([\w-]+))?\)", text):
            other = (DOCS / target).read_text(encoding="utf-8") if target else text
            headings = [
                re.sub(r"[^\w -]", "", line.lstrip("# ")).lower().replace(" ", "-")
                for line in other.split("\n")
                if line.startswith("#")
            ]
            assert not anchor or anchor in headings or f"#{anchor} " in other, f"{page}: {target}#{anchor}"


def test_the_budgets_of_the_reference_are_those_of_the_proof() -> None:
    from goodword.engine import second_prover
    from goodword.engine.checks import proof

    assert (proof.STEPS, second_prover.SECONDS) == (3_000_000, 6)
    assert "three million steps" in REFERENCE
    assert "z3 has six seconds" in REFERENCE


def test_a_page_of_law_as_the_reference_shows_it_is_read_without_findings() -> None:
    front = re.search(r"```markdown\n(---\nlaw:.*?---)\n", REFERENCE, re.DOTALL)
    assert front
    facts = "order_country: {type: choice, values: [DK, SE, DE], source: order.country}, days: {type: days}"
    outputs = "outcome: {type: choice, values: [allow, refuse]}, refund_days: {type: days}"
    files = small_files(facts, outputs, table("U | days | => | outcome | refund_days", "1 | - | | allow | 5"))
    law = f"{front[1]}\n{table('U | days | => | outcome | refund_days', '1 | <= 14 | | allow | 14')}"
    files = {**files, "returns.md": files.pop("p.md"), "law/eu-withdrawal.md": law}
    assert [
        str(finding)
        for finding in engine.check(files, TODAY)
        if finding.file.startswith("law/") or finding.code == "floor"
    ] == []


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


def test_the_case_of_the_reference_is_decided_by_its_facts() -> None:
    declared = re.search(r"```yaml\n(facts:\n.*?)\n```", REFERENCE, re.DOTALL)
    told = re.search(r"--json\n\n(\{.*?\})\n```", REFERENCE, re.DOTALL)
    assert declared
    assert told
    rows = table(
        "U | found | own | status | => | outcome", "1 | - | - | - | | allow", '1.1 | yes | no | "delivered" | | refuse'
    )
    files = small_files("", "outcome: {type: choice, values: [allow, refuse]}", rows)
    vocabulary = declared[1] + "\noutputs:\n  outcome: {type: choice, values: [allow, refuse]}\n"
    book = engine.parse_book({**files, "facts.yaml": vocabulary})
    case = json.loads(told[1])
    for user, outcome in (("ada", "allow"), ("bob", "refuse")):
        facts = engine.facts_from_json(book, {**case, "session": {**case["session"], "user": user}})
        decision = engine.decide(book, "p", facts, TODAY)
        assert (decision.outcome, decision.facts["status"], decision.facts["own"]) == (
            outcome,
            "delivered",
            user == "ada",
        )
