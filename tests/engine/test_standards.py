"""Equal standards, approvals that end, promises that are whole, prose that agrees, and counts of situations."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from goodword import engine
from goodword.engine.findings import Finding
from tests.engine.example import changed, small_files, table
from tests.engine.random_tables import LIMIT, OUTPUTS, RandomTable, tables
from tests.engine.test_tables_against_a_plain_reader import SLOW

DAY = date(2026, 11, 23)
FACTS = (
    "loyal: {type: yes/no, from: bought > 3}, open: {type: yes/no}, "
    "bought: {type: number, source: person.purchases_last_year}"
)
GIVING = f"{OUTPUTS}, back: {{type: percent}}, alternative: {{type: text}}"


def found(files: dict[str, str], code: str) -> list[Finding]:
    return [finding for finding in engine.check(files, DAY) if finding.code == code]


def by_value(*rows: str) -> list[Finding]:
    return found(small_files(FACTS, GIVING, table("U | open | loyal | => | outcome | back", *rows)), "standard")


def test_a_customer_may_get_more_for_her_value_but_never_less() -> None:
    assert by_value("1 | - | - | | approve | 50", "1.1 | - | yes | | allow | 60") == []
    (less,) = by_value("1 | - | - | | allow | 50", "1.1 | yes | yes | | approve | 60")
    assert (less.level, less.line) == ("error", 10 + 1)
    assert "rule p#c:1.1 puts customers below the common standard by `loyal`" in less.message
    assert "open is yes, loyal is yes" in less.message
    assert "outcome approve instead of allow" in less.message
    (amount,) = by_value("1 | - | - | | allow | 50", "1.1 | - | no | | allow | 40")
    assert "back 40 instead of 50" in amount.message


def test_where_every_rule_looks_at_her_value_there_is_no_common_standard() -> None:
    (finding,) = by_value("1 | - | yes | | allow | 50", "2 | - | no | | allow | 40")
    assert finding.level == "warning"
    assert "no rule is for everybody" in finding.message


AUTHORITY = f"{OUTPUTS}, authority: {{type: role}}, alternative: {{type: text}}"


def test_an_approval_names_who_may_give_it() -> None:
    rows = table("U | open | => | outcome", "1 | yes | | approve", "2 | no | | allow")
    (finding,) = found(small_files("open: {type: yes/no}", AUTHORITY, rows), "authority.missing")
    assert "rule p#c:1 wants an approval" in finding.message
    rows += table("U | outcome | => | authority", "1 | - | | manager", clause="who", keys="decides: authority")
    assert (
        found(small_files("open: {type: yes/no}", AUTHORITY, rows, front="then: [authority]\n"), "authority.missing")
        == []
    )


@pytest.mark.parametrize(("last", "ends"), [("allow | manager", True), ("approve | agent", False)])
def test_a_chain_of_approvals_ends_for_every_role(last: str, ends: bool) -> None:
    rows = table(
        "U | role | open | => | outcome | authority",
        "1 | agent | - | | approve | manager", "2 | lead | - | | allow | lead",
        "3 | manager | no | | allow | manager", f"4 | manager | yes | | {last}",
    )  # fmt: skip
    files = small_files("role: {type: role, source: agent.role}, open: {type: yes/no}", AUTHORITY, rows)
    circles = found(files, "authority.circle")
    assert (circles == []) == ends
    if not ends:
        assert "never ends where open is yes: agent asks manager asks agent" in circles[0].message


def promise(keys: str) -> list[str]:
    files = changed("returns.md", "<!-- #window disclose:", f"<!-- #window promise: {keys}, disclose:")
    return [finding.message for finding in found(files, "promise")]


def test_a_promise_says_whom_it_covers_its_measure_and_its_remedy() -> None:
    assert promise("{to: everyone, measure: return_window, remedy: returns#faults}") == []
    assert ["`to`" in words for words in promise("{measure: return_window, remedy: faults}")][:1] == [True]
    assert "which is no parameter" in promise("{to: all, measure: nothing, remedy: returns#faults}")[0]
    assert "is no clause of this book" in promise("{to: all, measure: return_window, remedy: returns#nowhere}")[0]
    assert len(promise("yes")) == 3


WINDOW = "<!-- #window disclose: [before-purchase, receipt] -->"


def test_prose_that_says_another_number_than_its_rule_is_told() -> None:
    files = changed("returns.md", WINDOW, "<!-- #window -->\n\nYou have 21 days.")
    (finding,) = found(files, "contradiction")
    assert "the prose says 21" in finding.message
    assert "`return_window` is 30" in finding.message
    assert files["returns.md"].split("\n")[finding.line - 1] == "You have 21 days."
    fine = changed("returns.md", WINDOW, "<!-- #window -->\n\nOpen 7 hours.")
    assert found(fine, "contradiction") == []


@SLOW
@given(tables(hits=("U", "A", "P")))
def test_the_situations_are_counted_as_a_reader_counts_them(table: RandomTable) -> None:
    book = table.book()
    whole = all(name != "rate" for name in table.columns)  # a rate has no end of values
    for day, limit in LIMIT.items():
        proof = engine.prove(book, "p", day)
        counted: Counter[Any] = Counter(str(table.answer(facts, limit)) for facts in table.situations())
        counted["gap"] = counted.pop("None", 0)
        if whole:
            assert proof.situations == sum(counted.values())
            assert proof.counts == {kind: count for kind, count in counted.items() if count}
        assert bool(proof.gaps) == (counted["gap"] > 0)
        assert bool(proof.clashes) == (counted["clash"] > 0)
        assert proof.holds == (not proof.gaps and not proof.clashes)
