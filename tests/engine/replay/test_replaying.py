"""Past cases from files: what changes, what it costs, what cannot be decided, and what cannot be read."""

import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench import past_cases
from goodword import cli, engine
from goodword.engine.replay import Options, Replayed, open_cases, replay, stored_case
from goodword.engine.replay.sql import NotInSql, Postgresql, Sqlite, replay_sql
from goodword.engine.replay.sql.loading import loaded
from tests.engine.example import changed, example_book, example_files, small_book, table
from tests.engine.replay.databases import opened
from tests.engine.test_command_line import written

DAY = date(2026, 12, 15)
HEADING = "id,category,opened,faulty,days_since_delivery,price\n"
LINES = [
    "a,general,,no,10,49900",  # within 14 days: allowed in both
    "b,general,,no,20,10000",  # within 30 days only
    "c,general,,no,40,10000",  # too late in both
    "d,hygiene,yes,no,20,5000",  # opened: refused in both
    "e,hygiene,,no,20,5000",  # nobody noted whether it was opened
    "f,general,,yes,20,90000",
]


def versions() -> list[engine.Book]:
    """The example with a window of 14 days on every day, and as it is (30 days in December)."""
    before = changed("parameters.yaml", "value: 30", "value: 14")
    return [engine.parse_book(before), example_book()]


def case_file(folder: Path, lines: list[str], heading: str = HEADING, name: str = "cases.csv") -> Path:
    path = folder / name
    path.write_text(heading + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def replayed(path: Path, **options: Any) -> Replayed:
    books = versions()
    return replay(open_cases(path, books), books, Options(policy="returns", on=DAY, role="agent", **options))


def test_a_matrix_says_who_would_have_got_what_else(tmp_path: Path) -> None:
    found = replayed(case_file(tmp_path, LINES))
    assert found.matrix == {
        ("allow", "allow"): 2,
        ("refuse", "refuse"): 2,
        ("refuse", "allow"): 1,
        ("not decidable", "not decidable"): 1,
    }
    assert (found.cases, found.changed, found.not_decidable) == (6, 1, 1)
    assert [(change.place, change.key) for change in found.changes] == [(3, "b")]


def test_a_case_that_lacks_a_fact_is_counted_and_never_guessed(tmp_path: Path) -> None:
    found = replayed(case_file(tmp_path, LINES))
    assert found.lacking == {"opened": 1}


def test_money_is_summed_up_in_its_own_currency(tmp_path: Path) -> None:
    lines = [f"{line},{currency}" for line, currency in zip(LINES[:3], ("EUR", "", "EUR"), strict=True)]
    books = versions()
    path = case_file(tmp_path, lines, HEADING.replace("\n", ",currency\n"))
    found = replay(open_cases(path, books), books, Options(policy="returns", on=DAY, role="agent"))
    sums = {(each.currency, each.name): (each.before, each.after) for each in found.sums}
    assert sums == {
        ("EUR", "refund_amount"): (49900, 49900),
        ("DKK", "refund_amount"): (0, 10000),
    }


def test_sql_and_process_find_the_same(tmp_path: Path) -> None:
    path = case_file(tmp_path, LINES)
    options = Options(policy="returns", on=DAY, role="agent")
    books = versions()
    database, bad = loaded(str(path), books, options)
    in_sql, in_process = replay_sql(database, "cases", books, options), replayed(path)
    assert bad == ()
    assert in_sql.matrix == in_process.matrix
    assert (in_sql.changed, in_sql.sums, in_sql.amounts_unknown) == (1, in_process.sums, in_process.amounts_unknown)
    assert in_sql.touched == in_process.touched
    assert [change.key for change in in_sql.changes] == [change.key for change in in_process.changes]


def test_whom_it_touches_is_told_by_the_facts_of_changed_cases(tmp_path: Path) -> None:
    lines = [f"{line},{person}" for line, person in zip(LINES, "mmnnoo", strict=True)]
    found = replayed(case_file(tmp_path, [*lines, lines[1]], HEADING.replace("\n", ",person\n")))
    assert found.touched == {"category": {"general": 2}, "faulty": {"no": 2}}
    assert found.persons == 1


def test_lines_that_cannot_be_read_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = case_file(
        tmp_path,
        [
            LINES[0],
            "b,generl,,no,20,10000",
            "c,general,no,40,10000",
            'd,"general,,no,20,10000',
            "e,general,,no,many,10000",
            "f,general,,perhaps,2,10000",
            *LINES[1:3],
        ],
    )
    path.write_bytes(path.read_bytes() + b"\xff\xfe,general,,no,20,10000\n\n" + LINES[5].encode())
    found = replayed(path)
    assert (found.cases, found.bad) == (4, 6)
    told = {bad.line: bad.message for bad in found.bad_lines}
    assert told[3].startswith('`category` "generl" is not one of')
    assert told[4] == "5 cells where the heading has 6"
    assert told[5].startswith("quotes do not match")
    assert told[6].startswith("`days_since_delivery` should be a number")
    assert told[7] == '`faulty` should be yes or no, not "perhaps"'
    assert told[10] == "this is not UTF-8 text"


def test_one_broken_line_in_very_many_is_named(tmp_path: Path) -> None:
    lines = [f"{number},general,,no,{number % 60},10000" for number in range(30_000)]
    lines[22_000] = "22000,general,,no"
    found = replayed(case_file(tmp_path, lines))
    assert (found.cases, found.bad) == (29_999, 1)
    assert [bad.line for bad in found.bad_lines] == [22_002]


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("id,category,opened,days_since_delivery,price\n", "there is no column `faulty`, which returns/outcome tests"),
        ("\n", "the file is empty"),
        ("category,category\n", "the column `category` is there twice"),
        ("one,two\n", "no column is named like a fact of the book"),
    ],
)
def test_a_heading_that_will_not_do_is_refused_before_the_start(tmp_path: Path, heading: str, message: str) -> None:
    with pytest.raises(engine.FactError, match=message):
        replayed(case_file(tmp_path, LINES, heading))


def test_without_a_day_for_all_the_governing_day_has_to_be_told(tmp_path: Path) -> None:
    books = past_cases.versions()
    path = tmp_path / "cases.csv"
    past_cases.write_csv(path, 100)
    with pytest.raises(engine.FactError, match="there is no column `bought_on`, which tells the day that governs ret"):
        replay(open_cases(path, books), books, Options(policy="returns"))
    lines = path.read_text(encoding="utf-8").splitlines()
    more = [f"{line},{day},2026-03-20" for line, day in zip(lines[1:], ["2025-03-01", "2026-03-01"] * 50, strict=True)]
    path.write_text("\n".join([f"{lines[0]},bought_on,requested_on", *more]), encoding="utf-8")
    found = replay(open_cases(path, books), books, Options(policy="returns", shown=100))
    assert found.changed > 0
    assert {change.place % 2 for change in found.changes} == {1}  # bought since the window is 30 days, not 14


def test_a_missing_column_may_be_allowed(tmp_path: Path) -> None:
    path = case_file(tmp_path, ["a,general,10,100"], "id,category,days_since_delivery,price\n")
    found = replayed(path, allow_missing=True)
    assert found.matrix == {("not decidable", "not decidable"): 1}
    assert found.lacking == {"faulty": 1}


def test_one_version_is_replayed_beside_what_was_decided_then(tmp_path: Path) -> None:
    lines = [f"{line},{outcome}" for line, outcome in zip(LINES[:4], ("allow", "refuse", "refuse", ""), strict=True)]
    path = case_file(tmp_path, lines, HEADING.replace("\n", ",outcome\n"))
    book = example_book()
    found = replay(open_cases(path, [book]), [book], Options(policy="returns", on=DAY, role="agent"))
    assert found.matrix == {
        ("allow", "allow"): 1,
        ("refuse", "allow"): 1,
        ("refuse", "refuse"): 1,
        ("not recorded", "refuse"): 1,
    }


def test_stored_decisions_are_replayed_as_they_were_stored(tmp_path: Path) -> None:
    before, after = versions()
    facts = {"category": "general", "faulty": False, "price": 10000, "days_since_delivery": 20}
    stored = engine.decide(before, "returns", facts, DAY, role="agent").to_json()
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(stored) + "\n{broken\n[1]\n" + json.dumps(stored) + "\n", encoding="utf-8")
    found = replay(open_cases(path, [after]), [after], Options())
    assert found.matrix == {("refuse", "allow"): 2}
    assert {bad.line: bad.message[:8] for bad in found.bad_lines} == {2: "not JSON", 3: "a case i"}


def test_a_frozen_record_makes_a_new_fact_known() -> None:
    facts = "seats: {type: number, whole: yes, source: line.quantity}, many: {type: yes/no, from: seats > 3}"
    outputs = "outcome: {type: choice, values: [refuse, allow]}"
    rows = ("1 | yes | | allow", "2 | no | | refuse")
    book = small_book(facts, outputs, table("U | many | => | outcome", *rows))
    told = {"policy": "p", "facts": {}, "outputs": {"outcome": "refuse"}}
    cases = [stored_case(1, {**told, "record": {"line.quantity": 5}}, [book]), stored_case(2, told, [book])]
    found = replay(cases, [book], Options(on=DAY))
    assert found.matrix == {("refuse", "allow"): 1, ("refuse", "not decidable"): 1}
    assert found.lacking == {"seats": 1}


def test_what_sql_cannot_say_is_named_with_table_and_row() -> None:
    facts = (
        "at: {type: datetime}, on: {type: date}, until: {type: date}, "
        "months: {type: months, from: 'months_between(on, until)'}"
    )
    outputs = "outcome: {type: choice, values: [refuse, allow]}"
    database = Sqlite(sqlite3.connect(":memory:"))
    database.connection.execute('CREATE TABLE cases ("at", "on", "until")')
    moment = small_book(facts, outputs, table("U | at | => | outcome", "1 | - | | allow"))
    months = small_book(facts, outputs, table("U | months | => | outcome", "1 | <= 3 | | allow", "2 | > 3 | | refuse"))
    with pytest.raises(NotInSql, match=r"p/outcome, row 1 \(p.md:10\), column `months`.*`months_between`"):
        replay_sql(database, "cases", [months, months], Options(on=DAY))
    with pytest.raises(NotInSql, match=r"p/outcome, a heading, column `at`"):
        replay_sql(database, "cases", [moment, moment], Options(on=DAY))


def test_names_and_words_from_a_book_cannot_break_out_of_sql() -> None:
    word = "x'); DROP TABLE cases; --"
    book = small_book(
        "note: {type: text}",
        "outcome: {type: choice, values: [refuse, allow]}",
        table("U | note | => | outcome", f'1 | "{word}" | | allow', f'2 | not("{word}") | | refuse'),
    )
    database = Sqlite(sqlite3.connect(":memory:"))
    database.connection.execute("CREATE TABLE cases (note TEXT)")
    database.connection.executemany("INSERT INTO cases VALUES (?)", [(word,), ("other",), (None,)])
    found = replay_sql(database, "cases", [book, book], Options(on=DAY))
    assert found.matrix == {("allow", "allow"): 1, ("refuse", "refuse"): 1, ("not decidable", "not decidable"): 1}


def test_a_column_of_the_wrong_kind_is_told_in_words() -> None:
    book = small_book(
        "open: {type: yes/no}",
        "outcome: {type: choice, values: [refuse, allow]}",
        table("U | open | => | outcome", "1 | yes | | allow", "2 | no | | refuse"),
    )
    with opened("postgresql") as connection:
        connection.execute("CREATE TEMPORARY TABLE cases (open TEXT)")
        connection.execute("INSERT INTO cases VALUES ('yes')")
        with pytest.raises(engine.FactError, match=r"the database cannot answer: .*Are yes/no facts stored as boolean"):
            replay_sql(Postgresql(connection), "cases", [book, book], Options(on=DAY))


def folders(tmp_path: Path) -> tuple[str, str]:
    before = written(tmp_path / "before", changed("parameters.yaml", "value: 30", "value: 14"))
    return str(before), str(written(tmp_path / "after", example_files()))


@pytest.mark.parametrize("sql", [[], ["--sql"]])
def test_the_command_prints_matrix_and_money(
    tmp_path: Path, sql: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = folders(tmp_path)
    given = ["--cases", str(case_file(tmp_path, LINES)), "--policy", "returns", "--on", "2026-12-15", "--role", "agent"]
    assert cli.main(["replay", before, "--against", after, *given, *sql]) == 1
    told = capsys.readouterr().out
    assert "6 cases, 1 come out differently (16.7%)" in told
    assert "refund_amount in DKK: " in told
    assert cli.main(["replay", after, "--against", after, *given, *sql, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] == 0


def test_every_change_can_be_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = folders(tmp_path)
    cases, changes = case_file(tmp_path, [LINES[1].replace("b,", "=b,"), LINES[1]]), tmp_path / "changes.csv"
    given = ["--cases", str(cases), "--policy", "returns", "--on", "2026-12-15", "--changed", str(changes)]
    assert cli.main(["replay", before, "--against", after, *given]) == 1
    lines = changes.read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[:5] for line in lines[1:]] == [
        ["2", "'=b", "returns", "refuse", "allow"],
        ["3", "b", "returns", "refuse", "allow"],
    ]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "given", [[], ["--cases", "/nowhere.csv"], ["--cases", "/nowhere.db", "--against", "{after}"]]
)
def test_what_cannot_be_done_ends_with_exit_code_2(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, after = folders(tmp_path)
    assert cli.main(["replay", after, *(part.replace("{after}", after) for part in given)]) == 2
    assert capsys.readouterr().err
