"""The index, the proof and the questions against a reader who tries everything one after the other."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword import engine
from goodword.engine.checks.proof import check_tables
from goodword.engine.findings import Notes
from tests.engine.random_tables import DOMAINS, LIMIT, RandomTable, tables

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def decided(book: engine.Book, facts: dict[str, Any], day: date) -> Any:
    """The engine's answer in the plain reader's words."""
    try:
        decision = engine.decide(book, "p", facts, day)
    except engine.NotUnique:
        return "clash"
    assert decision.status in ("decided", "gap")
    return decision.outputs.get("outcome") if decision.status == "decided" else None


@SLOW
@given(tables(), st.sampled_from(sorted(LIMIT)))
def test_the_index_answers_as_a_linear_scan_does(table: RandomTable, day: date) -> None:
    book = table.book()
    for facts in table.situations():
        assert decided(book, facts, day) == table.answer(facts, LIMIT[day]), facts


@SLOW
@given(tables())
def test_the_rows_that_fired_and_were_overridden_are_those_a_reader_finds(table: RandomTable) -> None:
    book, day = table.book(), date(2026, 1, 1)
    for facts in list(table.situations())[:40]:
        if table.answer(facts, LIMIT[day]) in (None, "clash"):
            continue
        decision = engine.decide(book, "p", facts, day)
        winners = [row.id for row in table.winners(facts, LIMIT[day])]
        holding = [row.id for row in table.rows if row.holds(facts, LIMIT[day])]
        assert [ref.row for ref in decision.fired] == winners
        assert sorted(ref.row for ref in decision.overridden) == sorted(set(holding) - set(winners))


@SLOW
@given(tables(hits=("U", "A")))
def test_the_proof_finds_a_gap_or_an_overlap_exactly_where_there_is_one(table: RandomTable) -> None:
    notes = Notes()
    check_tables(table.book(), {"p"}, notes)
    answers = {table.answer(facts, limit) for limit in LIMIT.values() for facts in table.situations()}
    codes = {finding.code for finding in notes.errors}
    first_day = {table.answer(facts, 4) for facts in table.situations()}
    assert ("gap" in codes) == (None in (first_day if None in first_day or "clash" in first_day else answers))
    assert bool(codes & {"overlap", "exceptions"}) == (
        "clash" in (first_day if None in first_day or "clash" in first_day else answers)
    )


@SLOW
@given(tables(hits=("U", "A")))
def test_a_rule_is_called_dead_exactly_when_it_never_decides(table: RandomTable) -> None:
    notes = Notes()
    check_tables(table.book(), {"p"}, notes)
    if notes.errors:
        return
    alive = {row.id for limit in LIMIT.values() for facts in table.situations() for row in table.winners(facts, limit)}
    dead = {finding.message.split()[1].rpartition(":")[2] for finding in notes.findings if finding.code == "dead"}
    assert dead == {row.id for row in table.rows} - alive


@SLOW
@given(tables(), st.data())
def test_a_question_is_asked_only_if_its_answer_can_matter(table: RandomTable, data: st.DataObject) -> None:
    known_names = data.draw(st.sets(st.sampled_from(table.columns)))
    known = {name: data.draw(st.sampled_from(DOMAINS[name])) for name in sorted(known_names)}
    unknown = [name for name in table.columns if name not in known]
    answers = {}
    for values in product(*(DOMAINS[name] for name in unknown)):
        facts = {**known, **dict(zip(unknown, values, strict=True))}
        answers[values] = table.answer(facts, 4)
    possible = set(answers.values())
    try:
        decision = engine.decide(table.book(), "p", known, date(2026, 1, 1))
    except engine.NotUnique:
        assert "clash" in possible
        return
    if decision.status != "ask":
        assert len(possible) == 1
        return
    assert set(decision.open) == {name for name in unknown if matters(name, unknown, answers, table, known)}
    assert decision.question in decision.open


def matters(name: str, unknown: list[str], answers: dict[Any, Any], table: RandomTable, known: dict[str, Any]) -> bool:
    """Whether two situations that differ only in this fact end differently; two clashes of other rules differ too."""
    place = unknown.index(name)
    groups: dict[Any, set[Any]] = {}
    for values, answer in answers.items():
        facts = {**known, **dict(zip(unknown, values, strict=True))}
        rows = tuple(row.id for row in table.winners(facts, 4)) if answer == "clash" else ()
        groups.setdefault(values[:place] + values[place + 1 :], set()).add((answer, rows))
    return any(len(group) > 1 for group in groups.values())


@SLOW
@given(tables(hits=("U",)), st.data())
def test_the_nearest_boundary_is_where_the_outcome_changes(table: RandomTable, data: st.DataObject) -> None:
    facts = {name: data.draw(st.sampled_from(DOMAINS[name])) for name in table.columns}
    here = table.answer(facts, 4)
    if here in (None, "clash"):
        return
    found = engine.decide(table.book(), "p", facts, date(2026, 1, 1)).boundary
    others = [
        (name, value)
        for name in table.columns if name in ("days", "on") for value in DOMAINS[name]
        if table.answer({**facts, name: value}, 4) not in (here, None, "clash")
    ]  # fmt: skip
    if found is None:
        assert others == []
    elif found.kind in ("at_most", "at_least"):
        assert table.answer({**facts, found.fact: found.limit}, 4) == found.other_outcome != here


@pytest.mark.parametrize("day", sorted(LIMIT))
def test_a_parameter_has_the_value_of_its_day(day: date) -> None:
    from tests.engine.example import small_book, table
    from tests.engine.random_tables import FACTS, OUTPUTS, PARAMETERS

    rows = ("1 | <= limit | | allow", "2 | > limit | | refuse")
    book = small_book(FACTS, OUTPUTS, table("U | days | => | outcome", *rows), PARAMETERS)
    assert engine.decide(book, "p", {"days": 5}, day).outcome == ("allow" if LIMIT[day] == 6 else "refuse")
