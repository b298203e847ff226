"""Clauses that override one another in a circle are told as such, and not as a gap."""

from datetime import date

import pytest

from goodword import engine
from tests.engine.example import small_files, table

DAY = date(2026, 1, 1)
FACTS, OUTPUTS = "open: {type: yes/no}", "outcome: {type: choice, values: [allow, refuse]}"


def overriding(**clauses: str) -> dict[str, str]:
    """A book of one-row clauses, each with what it overrides."""
    rows = (
        table(
            "U | open | => | outcome", "1 | - | | allow", clause=name, keys=f"overrides: [{beaten}]" if beaten else ""
        )
        for name, beaten in clauses.items()
    )
    return small_files(FACTS, OUTPUTS, "".join(rows))


def told(files: dict[str, str]) -> list[str]:
    return [f"{finding.line}: {finding.message}" for finding in engine.check(files, DAY) if finding.code == "overrides"]


def test_a_circle_of_three_names_every_rule_in_it_once() -> None:
    assert told(overriding(a="b", b="c", c="a", d="a, b, c")) == [
        "10: rules p#a:1 beats p#b:1 beats p#c:1 beats p#a:1: where they hold together, none of them is left"
    ]


def test_no_gap_is_told_where_a_circle_is_the_cause() -> None:
    codes = {finding.code for finding in engine.check(overriding(a="b", b="c", c="d", d="a"), DAY)}
    assert "overrides" in codes
    assert "gap" not in codes


@pytest.mark.parametrize("clauses", [{"a": "b", "b": "c", "c": ""}, {"a": "b, c", "b": "c", "c": ""}])
def test_clauses_in_line_are_no_circle(clauses: dict[str, str]) -> None:
    assert told(overriding(**clauses)) == []


def test_a_circle_stops_the_book_from_being_read() -> None:
    with pytest.raises(engine.BookError) as caught:
        engine.parse_book(overriding(a="b", b="c", c="a"))
    assert caught.value.findings[0].hint == "take one `overrides` out of the circle"
