"""What a comparison tells besides numbers: parameters, facts, words; and what it says when it cannot count."""

import json
from datetime import date
from pathlib import Path

import pytest

from goodword import cli, engine, packs
from goodword.engine.comparing import compare
from tests.engine.example import changed, example_book, example_files, small_book, table
from tests.engine.test_command_line import written

DAY = date(2026, 12, 15)
OUTPUTS = "outcome: {type: choice, values: [refuse, allow]}"


def test_a_book_beside_itself_changes_nothing() -> None:
    found = compare(example_book(), example_book(), day=DAY)
    assert found.changes_nothing
    assert found.changed == 0
    assert (found.parameters, found.words_only) == ((), ())


def test_a_longer_window_changes_the_days_between() -> None:
    before = engine.parse_book(changed("parameters.yaml", "value: 30", "value: 14"))
    found = compare(before, example_book(), "returns", DAY)
    first = next(compared for compared in found.tables if not compared.through_chain)
    assert first.outcomes == {("refuse", "allow"): first.changed}
    assert [region for change in first.changes for region in change.regions] == [
        'where category is "general", days_since_delivery from 15 to 30, faulty is no',
    ] or all("days_since_delivery from 15 to 30" in region for change in first.changes for region in change.regions)
    (parameter,) = found.parameters
    assert (parameter.code, parameter.on_day) == ("return_window", (14, 30))
    assert parameter.values == ((date(2026, 12, 1), 14, 30),)


def test_on_a_day_before_the_change_nothing_differs_but_the_parameter_is_told() -> None:
    before = engine.parse_book(changed("parameters.yaml", "value: 30", "value: 14"))
    found = compare(before, example_book(), "returns", date(2026, 11, 30))
    assert found.changes_nothing
    assert [parameter.code for parameter in found.parameters] == ["return_window"]


def test_a_rule_written_otherwise_is_words_only() -> None:
    facts = "days: {type: days, range: [0, 99]}"
    rows = ("1 | <= 30 | | allow", "2 | > 30 | | refuse")
    before = small_book(facts, OUTPUTS, table("U | days | => | outcome", *rows))
    other = ("1 | [0..30] | | allow", "2 | not(<= 30) | | refuse")
    found = compare(before, small_book(facts, OUTPUTS, table("U | days | => | outcome", *other)), day=DAY)
    assert found.changes_nothing
    assert found.words_only == ("p#c:1", "p#c:2")


def test_a_clause_worded_otherwise_is_words_only() -> None:
    after = engine.parse_book(changed("returns.md", "You may send back", "You are welcome to send back"))
    found = compare(example_book(), after, day=DAY)
    assert found.changes_nothing
    assert all(told.endswith("(en)") for told in found.words_only)


def test_facts_outputs_and_tables_of_one_book_only_are_named() -> None:
    before = small_book("open: {type: yes/no}", OUTPUTS, table("U | open | => | outcome", "1 | - | | allow"))
    after = small_book(
        "open: {type: yes/no}, sealed: {type: yes/no}",
        OUTPUTS + ", fee: {type: money}",
        table("U | open | sealed | => | outcome", "1 | - | yes | | allow", "2 | - | no | | refuse")
        + table("U | open | => | fee", "1 | - | | 5", clause="fee", keys="decides: fee"),
    )
    found = compare(before, after, day=DAY)
    assert found.facts.only_after == ("sealed",)
    assert found.outputs.only_after == ("fee",)
    assert found.decisions.only_after == ("p/fee",)
    assert (found.tables[0].situations, found.tables[0].changed) == (4, 2)
    assert not found.changes_nothing


def test_what_is_too_large_is_said_not_to_be_counted() -> None:
    before = engine.parse_book(changed("parameters.yaml", "value: 30", "value: 14"))
    found = compare(before, example_book(), "returns", DAY, steps=5)
    assert found.changed is None
    assert not found.changes_nothing
    assert "not counted within the budget of 5 steps" in found.tables[0].notes


def test_a_fact_of_another_kind_is_not_compared() -> None:
    before = small_book("size: {type: yes/no}", OUTPUTS, table("U | size | => | outcome", "1 | - | | allow"))
    after = small_book("size: {type: days}", OUTPUTS, table("U | size | => | outcome", "1 | - | | allow"))
    (compared,) = compare(before, after, day=DAY).tables
    assert compared.changed is None
    assert "`size` is a yes/no in one book and a days in the other" in compared.notes[0]


def test_answers_that_the_law_lifts_are_told() -> None:
    shop = Path(str(packs.__path__[0])) / "shop"
    files = engine.read_files(shop)
    text = files["parameters.yaml"].replace("from: 2025-06-01, value: 30", "from: 2025-06-01, value: 7")
    after = engine.parse_book({**files, "parameters.yaml": text})
    found = compare(engine.parse_book(files), after, "returns", DAY)
    told = "some answers of returns/outcome are below law/eu-withdrawal.md; the law lifts them when it is decided"
    assert told in found.tables[0].notes


def test_a_policy_that_neither_book_has_is_refused() -> None:
    with pytest.raises(engine.NotFound, match="neither book has a policy `retuns`: did you mean `returns`"):
        compare(example_book(), example_book(), "retuns", DAY)


def test_the_command_ends_like_diff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = str(written(tmp_path / "before", changed("parameters.yaml", "value: 30", "value: 14")))
    after = str(written(tmp_path / "after", example_files()))
    assert cli.main(["compare", before, after, "--on", "2026-12-15"]) == 1
    told = capsys.readouterr().out
    assert "return_window: 14 -> 30" in told
    assert "days_since_delivery from 15 to 30" in told
    assert cli.main(["compare", after, after, "--on", "2026-12-15"]) == 0
    assert "No situation comes out differently." in capsys.readouterr().out
    assert cli.main(["compare", after, after, "nothing"]) == 2
    assert "neither book has a policy `nothing`" in capsys.readouterr().err
    assert cli.main(["compare", before, after, "--on", "2026-12-15", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["parameters"][0]["after"] == 30


@pytest.mark.parametrize("command", ["compare", "replay"])
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert "as of diff: 0" in " ".join(capsys.readouterr().out.split())
