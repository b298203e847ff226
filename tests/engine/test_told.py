"""Facts told in the book's own sentences: "The seal has been broken" instead of a name and a value."""

from datetime import date

import pytest

from goodword import engine
from goodword.engine.checks import check
from tests.engine.example import small_book, small_files, table

DAY = date(2026, 12, 1)
FACTS = (
    "opened: {type: yes/no, told: {yes: {en: The seal has been broken}, no: {en: The seal is whole}}}, "
    "days: {type: days, source: order.delivered_on, told: {en: 'It was delivered {value} days ago'}}, "
    "wish: {type: choice, values: [money, repair], told: {money: {en: The money is wanted back}}}"
)
OUTCOME = "outcome: {type: choice, values: [allow, refuse]}"
TABLE = table(
    "U | opened | days | wish | => | outcome",
    '1 | yes | > 30 | "money" | | "refuse"', '2 | yes | > 30 | "repair" | | "allow"',
    '3 | yes | <= 30 | - | | "allow"', '4 | no | - | - | | "allow"',
)  # fmt: skip


def test_a_decision_is_explained_in_the_books_sentences() -> None:
    book = small_book(FACTS, OUTCOME, TABLE)
    decision = engine.decide(book, "p", {"opened": True, "days": 34, "wish": "money"}, DAY)
    assert engine.explain(decision, book, "en").reasons == [
        "The seal has been broken.",
        "It was delivered 34 days ago (above 30).",
        "The money is wanted back.",
    ]


def test_a_value_without_a_sentence_is_told_by_name() -> None:
    book = small_book(FACTS, OUTCOME, TABLE)
    decision = engine.decide(book, "p", {"opened": True, "days": 34, "wish": "repair"}, DAY)
    assert engine.explain(decision, book, "en").reasons[-1] == "wish: repair."


def test_money_is_told_with_its_currency() -> None:
    book = small_book(
        "price: {type: money, told: {en: 'It cost {value}'}}", OUTCOME,
        table("U | price | => | outcome", '1 | <= 100 | | "allow"', '2 | > 100 | | "refuse"'),
    )  # fmt: skip
    decision = engine.decide(book, "p", {"price": engine.Money(12345, "USD")}, DAY)
    assert engine.explain(decision, book, "en").reasons == ["It cost $123.45 (above $1.00)."]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ("days: {type: days, told: {en: long ago}}", "`told` in `en` should hold {value}, where the value goes"),
        ("opened: {type: yes/no, told: {maybe: {en: Perhaps}}}", "fact `opened`: told `maybe` is none of its values"),
    ],
)
def test_a_sentence_that_cannot_be_told_is_found(facts: str, words: str, tmp_path: object) -> None:
    files = small_files(facts, OUTCOME, table("A | => | outcome", '1 | | "allow"'))
    assert any(words in str(finding) for finding in check(files, DAY))


def test_a_sentence_missing_in_a_language_is_found() -> None:
    files = small_files(
        "opened: {type: yes/no, told: {yes: {en: Broken}}}", OUTCOME, table("A | => | outcome", '1 | | "allow"')
    )
    files["book.yaml"] += "languages: [en, da]\n"
    assert any("fact `opened`: told `yes` is missing in `da`" in str(finding) for finding in check(files, DAY))
