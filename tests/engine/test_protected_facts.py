"""A protected fact may choose the words and the desk, never what a customer gets."""

from goodword import engine
from tests.engine.example import TODAY, small_files, table

FACTS = 'speaks: {type: choice, values: [da, tr], protected: yes%s}, foreign: {type: yes/no, from: speaks != "da"}'
PERMITTED = ", may_use: wording, reason: we answer in her language"
OUTPUTS = "outcome: {type: choice, values: [allow, refuse]}, queue: {type: choice, values: [here, there]}"


def told(facts: str, tables: str) -> list[str]:
    findings = engine.check(small_files(facts, OUTPUTS, tables), TODAY)
    return [finding.message for finding in findings if finding.code == "protected"]


def rows(column: str, output: str, first: str, second: str, keys: str = "") -> str:
    cells = ("yes", "no") if column == "foreign" else ("da", "tr")
    return table(
        f"U | {column} | => | {output}", f"1 | {cells[0]} | | {first}", f"2 | {cells[1]} | | {second}", keys=keys
    )


def test_without_permission_it_may_not_even_route() -> None:
    assert told(FACTS % "", rows("speaks", "queue", "here", "there")) == [
        "`p/outcome` uses the protected fact `speaks`"
    ]


def test_with_permission_it_may_route() -> None:
    assert told(FACTS % PERMITTED, rows("speaks", "queue", "here", "there")) == []


def test_with_permission_it_may_not_decide() -> None:
    assert told(FACTS % PERMITTED, rows("speaks", "outcome", "allow", "refuse")) == [
        "`p/outcome` lets the protected fact `speaks` decide outcome"
    ]


def test_what_is_derived_from_it_is_protected_too() -> None:
    assert told(FACTS % PERMITTED, rows("foreign", "outcome", "refuse", "allow")) == [
        "`p/outcome` lets the protected fact `speaks` (through `foreign`) decide outcome"
    ]


def test_an_output_carries_it_on_to_the_next_table() -> None:
    first = rows("speaks", "queue", "here", "there", keys="decides: routing")
    second = table("U | queue | => | outcome", "1 | here | | allow", "2 | there | | refuse", clause="d")
    assert told(FACTS % PERMITTED, first + second) == [
        "`p/outcome` lets the protected fact `speaks` (through `queue`) decide outcome"
    ]


def test_a_book_that_publishes_why_gets_a_warning_only() -> None:
    clause = rows("speaks", "outcome", "allow", "refuse", keys="because: the law of the country asks for it")
    assert told(FACTS % PERMITTED, clause) == [
        "`p/outcome` lets the protected fact `speaks` decide outcome; the book publishes why"
    ]
