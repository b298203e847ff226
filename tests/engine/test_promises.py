"""Promises that nobody has declared are found: in what public prose says, and in what rules give."""

from datetime import date

from goodword import engine
from tests.engine.example import small_files, table

DAY = date(2026, 1, 1)
FACTS = "open: {type: yes/no}, days: {type: days, range: [0, 99]}"
OUTPUTS = (
    "outcome: {type: choice, values: [allow, refuse]}, reply_within: {type: hours}, "
    "seen_within: {type: hours, annotation: yes}"
)
PARAMETERS = "answer: {type: hours, values: [{value: 24}]}\nwindow: {type: days, values: [{value: 14}]}\n"
RULES = table("U | days | => | outcome", "1 | <= window | | allow", "2 | > window | | refuse")


def told(text: str, parameters: str = PARAMETERS, front: str = "") -> list[tuple[int, str]]:
    files = small_files(FACTS, OUTPUTS, text, parameters, front)
    assert not [str(found) for found in engine.check(files, DAY) if found.code in ("yaml", "field", "cell")]
    return [(found.line, found.message) for found in engine.check(files, DAY) if found.code == "promise"]


def clause(prose: str, keys: str = "") -> str:
    return f"## When\n<!-- #when {keys} -->\n\n{prose}\n\n"


def test_a_time_in_public_prose_that_no_rule_tests_is_a_promise() -> None:
    ((line, message),) = told(RULES + clause("We answer within {{answer}} hours."))
    assert message == (
        "clause `when` promises a time, `answer`, and no clause says whom that covers and what she gets if it is missed"
    )
    assert line == 16


def test_a_time_that_limits_the_customer_is_none() -> None:
    assert told(RULES + clause("Send it back within {{window}} days.")) == []


def test_nor_is_one_for_staff_or_one_that_the_book_says_is_none() -> None:
    said = "We answer within {{answer}} hours."
    assert told(RULES + clause(said, "audience: staff")) == []
    assert told(RULES + clause(said), PARAMETERS.replace("answer: {", "answer: {promise: no, ")) == []


def test_it_may_be_declared_in_any_clause_one_by_one_or_together() -> None:
    said = clause("We answer within {{answer}} hours.")
    declared = "## Kept\n<!-- #kept promise: {to: everyone, measure: %s, remedy: p#c} -->\n\nWe keep it.\n\n"
    assert told(RULES + said + declared % "answer") == []
    assert told(RULES + said + declared % "[answer, window]") == []
    assert [message for _, message in told(RULES + said + declared % "[answer, hours]")] == [
        "the promise of clause `kept` is measured by `hours`, which is no parameter"
    ]


def test_a_time_that_a_rule_gives_is_a_promise_even_if_no_prose_says_it() -> None:
    rules = table("U | open | => | outcome | reply_within", "1 | yes | | allow | answer * 2", "2 | no | | allow | 8")
    assert [message for _, message in told(rules)] == [
        "clause `c` promises a time, `answer`, and no clause says whom that covers and what she gets if it is missed",
        "rule p#c:2 gives `reply_within` as a bare number: nobody can say later what the promise was measured by",
    ]
    noted = table("U | open | => | outcome | seen_within", "1 | - | | allow | answer")
    assert told(noted) == []


def test_prose_that_says_it_promises_needs_a_measure() -> None:
    assert told(RULES + clause("We guarantee that you sleep well.")) == [
        (16, "clause `when` says “We guarantee”, and nothing says whom it covers, its measure and its remedy")
    ]
    assert told(RULES + clause("We answer. What we promise you stands [there](#c).", "audience: staff")) == []
