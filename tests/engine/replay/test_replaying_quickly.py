"""Cases decided once for each situation come out as cases decided one by one."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword import engine, packs
from goodword.engine.replay import CaseFile, Options, Replayed, open_cases, replay
from goodword.engine.replay.indexing import NotIndexed, build_index
from goodword.engine.replay.version import Version, When
from tests.engine.random_tables import FIRST, LIMIT, RandomTable, tables

CELLS = {
    "kind": ["a", "b", "c", "", "z"],
    "open": ["yes", "no", "", "maybe"],
    "days": [*map(str, range(10)), "", "-1", "11", "x"],
    "rate": [*(str(number / 2) for number in range(9)), "", "5", "-0.5"],
    "on": [*((FIRST + timedelta(days=number)).isoformat() for number in range(6)), "", "2025-12-31", "2026-02-30"],
}


def alike(quick: Replayed, slow: Replayed) -> None:
    """Everything but the time."""
    for name in ("cases", "bad", "matrix", "changed", "sums", "changes", "touched", "amounts_unknown", "bad_lines"):
        assert _plain(getattr(quick, name)) == _plain(getattr(slow, name)), name
    assert dict(quick.lacking) == dict(slow.lacking)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [each.as_json() if hasattr(each, "as_json") else each for each in value]
    return value


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(tables(most_columns=4), tables(most_columns=4), st.sampled_from(sorted(LIMIT)), st.integers(0, 10**6))
def test_random_tables(tmp_path: Path, first: RandomTable, second: RandomTable, day: date, seed: int) -> None:
    chance = random.Random(seed)
    columns = list(dict.fromkeys([*first.columns, *second.columns]))
    lines = [",".join(chance.choice(CELLS[name]) for name in columns) for _ in range(40)]
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")
    books = [first.book(), second.book()]
    options = Options(policy="p", on=day, shown=50)
    alike(replay(open_cases(path, books), books, options), replay(list(open_cases(path, books)), books, options))


def starter_versions() -> list[engine.Book]:
    files = engine.read_files(Path(str(packs.__path__[0])) / "shop")
    parameters = files["parameters.yaml"]
    other = parameters.replace("from: 2025-06-01, value: 30", "from: 2025-06-01, value: 14")
    other = other.replace("{DKK: 500000}", "{DKK: 123456}")
    assert other != parameters
    return [engine.parse_book({**files, "parameters.yaml": other}), engine.parse_book(files)]


def starter_cases(path: Path, count: int) -> Path:
    chance = random.Random(count)
    heading = (
        "id,category,sealed,opened,purchases_last_year,days_since_delivery,made_to_measure,faulty,wish,line_price,person"
    )
    rows = []
    for number in range(count):
        kind = chance.choice(["general", "hygiene", "mattress", "furniture", "", "sofa"])
        told = [chance.choice(["yes", "no", ""]) for _ in range(4)]
        days = chance.choice([str(chance.randrange(60)), str(chance.randrange(4000)), ""])
        price = chance.choice([str(chance.randrange(20_000_000)), "", "123456", "123457", " 500 ", "-5", "12.0"])
        wish = chance.choice(["money-back", "repair", "replacement", ""])
        seals, opened, tailored, faulty = told
        row = [f"k{number}", kind, seals, opened, chance.choice(["0", "3", "2.5", ""]), days, tailored, faulty, wish]
        rows.append(",".join([*row, price, f"p{number % 7}"]))
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return path


def test_the_starter_book_with_amounts_and_limits_between_versions(tmp_path: Path) -> None:
    books, path = starter_versions(), starter_cases(tmp_path / "cases.csv", 3_000)
    options = Options(policy="returns", on=date(2026, 6, 1), role="agent", shown=30)
    quick = replay(open_cases(path, books), books, options)
    alike(quick, replay(list(open_cases(path, books)), books, options))
    assert quick.bad > 0
    assert quick.amounts_unknown > 0
    assert quick.persons == 7


def test_the_starter_book_is_indexed() -> None:
    books = starter_versions()
    day = date(2026, 6, 1)
    versions = [Version(book, "returns", When(day, day), role="agent") for book in books]
    columns = ("category", "sealed", "opened", "days_since_delivery", "made_to_measure", "faulty", "wish", "line_price")
    assert build_index(versions, columns, ["refund_amount"]).known == {}
    with pytest.raises(NotIndexed):
        build_index([Version(book, "returns", When(day)) for book in books], columns, [])
    assert isinstance(CaseFile(Path("nowhere.csv"), books), CaseFile)
