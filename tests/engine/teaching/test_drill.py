"""Drills: the engine gives the same answers, pairs are one step apart, and a seed always draws the same."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from goodword import cli, engine
from goodword.engine.teaching import drill
from goodword.engine.words import tell
from tests.engine.example import small_book, table

DAY = date(2026, 12, 1)
STARTER = Path(__file__).parents[3] / "goodword" / "packs" / "shop"


@cache
def starter() -> engine.Book:
    """The starter book, read once."""
    return engine.read_book(STARTER)


def decisions() -> list[str]:
    """Every decision of the starter book that is in force."""
    return [
        f"{code}/{name}"
        for code, policy in starter().policies.items()
        if policy.status == "published"
        for name in policy.decisions
    ]


@pytest.mark.parametrize("decision", decisions())
def test_every_answer_is_the_engines_own(decision: str) -> None:
    book = starter()
    drawn = drill(book, decision, DAY, count=1_000, seed=4)
    assert len(drawn.questions) == drawn.of > 1
    for question in drawn.questions:
        found = engine.decide(book, decision, question.facts, DAY)
        assert found.status == "decided", question.facts
        assert tuple(ref.id for ref in found.fired) == question.rules
        assert question.answer in question.choices


def test_questions_of_a_pair_differ_in_one_fact_by_one_step_and_in_their_answer() -> None:
    drawn = drill(starter(), "returns", DAY, count=1_000, seed=9)
    pairs: dict[int, list[Any]] = {}
    for question in drawn.questions:
        pairs.setdefault(question.pair, []).append(question)
    whole = [pair for pair in pairs.values() if len(pair) == 2]
    assert len(whole) > 20
    for one, other in whole:
        differing = [name for name in one.facts if one.facts[name] != other.facts[name]]
        assert len(differing) == 1
        assert one.rules != other.rules
        if differing[0].startswith("days"):
            assert abs(one.facts[differing[0]] - other.facts[differing[0]]) == 1


def test_dates_step_by_a_day() -> None:
    book = small_book(
        "sent_on: {type: date}", "outcome: {type: choice, values: [allow, refuse]}",
        table("U | sent_on | => | outcome", "1 | < 2026-12-24 | | allow", "2 | >= 2026-12-24 | | refuse"),
    )  # fmt: skip
    one, other = drill(book, "p", DAY).questions[:2]
    assert other.facts["sent_on"] - one.facts["sent_on"] == timedelta(days=1)
    assert (one.answer, other.answer) == ("allow", "refuse")


def test_the_same_seed_draws_the_same_and_another_one_others() -> None:
    first, again, other = (drill(starter(), "returns", DAY, count=20, seed=seed).questions for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_nothing_is_asked_twice_and_never_more_than_there_is() -> None:
    drawn = drill(starter(), "refunds/authority", DAY, count=500)
    situations = [tuple(sorted(question.facts.items(), key=str)) for question in drawn.questions]
    assert len(situations) == len(set(situations)) == drawn.of
    assert len(drill(starter(), "refunds/authority", DAY, count=3).questions) == 3


EXCEPTIONS = table(
    "U | opened | faulty | days | => | outcome",
    "1 | yes | - | - | | refuse", "1.1 | yes | yes | - | | allow",
    "2 | no | - | <= 30 | | allow", "3 | no | - | > 30 | | refuse",
)  # fmt: skip


def exceptional() -> engine.Book:
    """A table with one exception and one limit."""
    return small_book(
        "opened: {type: yes/no}, faulty: {type: yes/no}, days: {type: days}",
        "outcome: {type: choice, values: [allow, refuse]}", EXCEPTIONS,
    )  # fmt: skip


def test_what_stands_near_an_exception_comes_first() -> None:
    assert "p#c:1.1" in {rule for question in drill(exceptional(), "p", DAY).questions[:2] for rule in question.rules}


def test_what_people_depart_from_comes_before_even_that() -> None:
    first = drill(exceptional(), "p", DAY, emphasis={"p#c:3": 9}).questions[:2]
    assert "p#c:3" in {rule for question in first for rule in question.rules}


def test_what_changed_lately_comes_before_what_has_long_stood() -> None:
    book = small_book(
        "days: {type: days}, small: {type: yes/no}", "outcome: {type: choice, values: [a, b, c, d]}",
        table("U | small | days | => | outcome", "1 | yes | <= near | | a", "2 | yes | > near | | b",
              "3 | no | <= far | | c", "4 | no | > far | | d"),
        "near:\n  type: days\n  values:\n    - {value: 9}\n    - {from: 2026-11-01, value: 12}\n"
        "far:\n  type: days\n  values:\n    - {value: 40}\n",
    )  # fmt: skip
    pairs: dict[int, set[str]] = {}
    for question in drill(book, "p", DAY, count=100).questions:
        pairs.setdefault(question.pair, set()).update(question.rules)
    order = list(pairs.values())
    lately = [bool(rules & {"p#c:1", "p#c:2"}) for rules in order]
    assert (lately[0], lately[-1]) == (True, False)
    assert lately == sorted(lately, reverse=True)


@pytest.mark.parametrize(("language", "asked"), [("en", "What does the book say"), ("da", "Hvad siger bogen")])
def test_questions_are_asked_in_the_books_languages(language: str, asked: str) -> None:
    question = drill(starter(), "returns", DAY, count=1, language=language).questions[0]
    assert question.asked.startswith(asked)
    assert question.heading == starter().policy("returns").clauses[question.clause.partition("#")[2]].heading(language)
    facts = [tell(starter(), name, value, language) for name, value in question.facts.items()]
    assert question.situation == tuple(facts)


def test_only_facts_that_matter_are_told() -> None:
    book = small_book(
        "days: {type: days}, opened: {type: yes/no}", "outcome: {type: choice, values: [allow, refuse]}",
        table("U | days | opened | => | outcome", "1 | <= 30 | - | | allow", "2 | > 30 | no | | allow",
              "3 | > 30 | yes | | refuse"),
    )  # fmt: skip
    limits = [
        question.facts for question in drill(book, "p", DAY, count=50).questions if question.facts.get("days") == 30
    ]
    assert {frozenset(facts) for facts in limits} <= {frozenset({"days"}), frozenset({"days", "opened"})}


def test_a_policy_that_is_only_read_is_told() -> None:
    with pytest.raises(engine.NotFound, match="`equal-treatment` has no decision table"):
        drill(starter(), "equal-treatment", DAY)


def test_the_command_prints_questions_and_answers(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["drill", str(STARTER), "returns", "--count", "4", "--on", "2026-12-01"]
    assert cli.main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["questions"]) == 4
    assert cli.main(asked) == 0
    out = capsys.readouterr().out
    assert all(question["answer"] in out for question in told["questions"])
    assert out.endswith(f"4 of {told['of']}\n")
    assert cli.main([*asked, "--count", "0"]) == 1
    assert cli.main(["drill", str(STARTER), "retruns"]) == 1
    assert "did you mean" in capsys.readouterr().err
