"""A case may name a limit instead of repeating its number, so that changing the number breaks no case."""

from datetime import date

import pytest

from goodword import engine
from tests.policies.small_book import small_book

CASES = """- says: The last day counts.
  on: 2026-12-15
  facts: {days_since_delivery: return_window}
  expect: {outcome: allow}
- says: The day after does not.
  on: 2026-12-15
  facts: {days_since_delivery: return_window + 1}
  expect: {outcome: refuse}
"""


def findings(cases: str, window: int = 30) -> list[str]:
    files = small_book(window=window) | {"cases/returns.yaml": cases}
    return [str(finding) for finding in engine.check(files, today=date(2026, 11, 16)) if finding.level == "error"]


@pytest.mark.parametrize("window", [1, 14, 30, 365])
def test_a_case_at_the_edge_of_a_limit_holds_whatever_the_limit_is(window: int) -> None:
    assert findings(CASES, window) == []


def test_a_case_at_the_edge_that_does_not_hold_is_still_an_error() -> None:
    wrong = findings(CASES.replace("return_window + 1", "return_window - 1"))
    assert len(wrong) == 1
    assert wrong[0].startswith("cases/returns.yaml:5: error: “The day after does not.”")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("return_windo + 1", "no parameter `return_windo`; did you mean `return_window`?"),
        ("a while ago", "fact `days_since_delivery`"),
        ("return_window / 7", "should be a whole number"),
    ],
)
def test_what_cannot_be_worked_out_is_named_with_its_line(written: str, said: str) -> None:
    wrong = findings(CASES.replace("return_window + 1", written))
    assert len(wrong) == 1
    assert wrong[0].startswith("cases/returns.yaml:7: error:")
    assert said in wrong[0]
