"""Receipt lines and product notices: what a customer is told where she sees it."""

from datetime import date
from pathlib import Path

import pytest

from goodword import engine
from goodword.engine.render import disclosures, product_notices, receipt_lines

DAY = date(2026, 12, 1)
STARTER = Path(__file__).parents[3] / "goodword" / "packs" / "shop"


@pytest.fixture(scope="module")
def book() -> engine.Book:
    """The starter book, read once."""
    return engine.read_book(STARTER)


@pytest.mark.parametrize("language", ["en", "da", "id", "ms", "tr"])
def test_receipt_lines_fit_the_paper_and_hold_every_clause_for_receipts(book: engine.Book, language: str) -> None:
    lines = receipt_lines(book, language, DAY, width=42)
    assert max(map(len, lines)) <= 42
    wanted = [
        clause.heading(language)
        for policy in book.policies.values()
        for clause in policy.clauses.values()
        if "receipt" in clause.disclose
    ]
    text = " ".join(lines)
    assert [heading for heading in wanted if heading not in text] == []
    assert "{{" not in text


def test_a_receipt_tells_the_numbers_of_its_day(book: engine.Book) -> None:
    assert "within 14 days" in " ".join(receipt_lines(book, "en", date(2025, 1, 1)))
    assert "within 30 days" in " ".join(receipt_lines(book, "en", date(2026, 1, 1)))


def test_a_product_bears_only_the_notices_that_can_concern_it(book: engine.Book) -> None:
    lamp = {"category": "general", "sealed": False, "made_to_measure": False}
    topper = {"category": "hygiene", "sealed": True, "made_to_measure": False}
    told = {name: [one.anchor for one in product_notices(book, facts, "en", DAY)]
            for name, facts in (("lamp", lamp), ("topper", topper))}  # fmt: skip
    assert ("returns#ordinary" in told["lamp"], "returns#hygiene" in told["lamp"]) == (True, False)
    assert ("returns#ordinary" in told["topper"], "returns#hygiene" in told["topper"]) == (False, True)
    assert "returns#made-to-measure" not in told["lamp"] + told["topper"]


def test_what_is_not_known_of_a_product_rules_nothing_out(book: engine.Book) -> None:
    every = [one.anchor for one in disclosures(book, "before-purchase", "en", DAY)]
    assert [one.anchor for one in product_notices(book, {}, "en", DAY)] == every


def test_a_notice_names_the_version_it_was_read_in(book: engine.Book) -> None:
    told = disclosures(book, "receipt", "da", DAY)[0]
    assert told.to_json()["book"] == book.hash
