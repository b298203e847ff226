"""The starter book with a return window of 14 days and of 30: the same everywhere it is asked."""

from datetime import date
from pathlib import Path

import pytest

from bench import past_cases
from bench.replay import by_hand, found_by
from goodword import engine
from goodword.engine.replay import Options, open_cases, replay
from goodword.engine.replay.sql import Duckdb, Postgresql, Sqlite, connect, replay_sql
from tests.engine.example import small_book, table
from tests.engine.replay.databases import opened

DAY = date(2026, 6, 1)
OPTIONS = Options(policy="returns", on=DAY, role="agent", shown=0)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty thousand past cases."""
    file = tmp_path_factory.mktemp("cases") / "cases.csv"
    past_cases.write_csv(file, 20_000)
    return file


def test_the_situations_that_change_are_counted_and_told_in_words() -> None:
    found = engine.compare(*past_cases.versions(), "returns", DAY)
    table, chain = found.tables
    assert (table.situations, table.changed) == (3_504_960, 3_600)
    assert (chain.situations, chain.changed) == (70_099_203_504_960, 72_000_003_600)
    assert table.outcomes == {("refuse", "allow"): 3_600}
    assert [region for change in table.changes for region in change.regions] == [
        'where category is "mattress" or "furniture", days_since_delivery from 15 to 30, made_to_measure is no, '
        "faulty is no",
        'where category is "general", days_since_delivery from 15 to 30, made_to_measure is no, faulty is no',
        'where category is "hygiene", days_since_delivery from 15 to 30, sealed is no, made_to_measure is no, '
        "faulty is no",
        'where category is "hygiene", days_since_delivery from 15 to 30, sealed is yes, opened is no, '
        "made_to_measure is no, faulty is no",
    ]


def test_process_and_databases_find_what_a_loop_by_hand_finds(path: Path) -> None:
    books, wanted = past_cases.versions(), by_hand(path)
    assert found_by(replay(open_cases(path, books), books, OPTIONS)) == wanted
    assert found_by(replay_sql(Sqlite(past_cases.into_sqlite(path)), "cases", books, OPTIONS)) == wanted
    pytest.importorskip("duckdb", reason="the extra [duckdb] is not installed")
    parquet = connect(str(past_cases.into_parquet(path)))
    assert isinstance(parquet, Duckdb)
    assert found_by(replay_sql(parquet, "cases", books, OPTIONS)) == wanted


def test_postgresql_finds_it_too(path: Path) -> None:
    with opened("postgresql") as connection:
        past_cases.fill_postgresql(path, connection)
        books = past_cases.versions()
        assert found_by(replay_sql(Postgresql(connection), "cases", books, OPTIONS)) == by_hand(path)


def test_a_fact_that_only_the_new_version_knows_is_read_from_the_file(tmp_path: Path) -> None:
    outputs = "outcome: {type: choice, values: [refuse, allow]}"
    before = small_book("open: {type: yes/no}", outputs, table("U | open | => | outcome", "1 | - | | allow"))
    after = small_book(
        "open: {type: yes/no}, size: {type: days, range: [0, 9]}",
        outputs,
        table("U | size | => | outcome", "1 | <= 3 | | allow", "2 | > 3 | | refuse"),
    )
    file = tmp_path / "cases.csv"
    file.write_text("open,size\nyes,3\nno,4\nyes,\n", encoding="utf-8")
    found = replay(open_cases(file, [before, after]), [before, after], Options(policy="p", on=DAY))
    assert found.matrix == {("allow", "allow"): 1, ("allow", "refuse"): 1, ("allow", "not decidable"): 1}
