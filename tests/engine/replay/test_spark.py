"""The same fixed cases inside Spark SQL, in its local mode."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from goodword import engine
from goodword.engine.replay import Options, replay
from goodword.engine.replay.cases import Case
from goodword.engine.replay.sql import Spark, replay_sql
from goodword.engine.replay.sql.dialects import SPARK
from goodword.engine.replay.sql.statement import Compiler
from goodword.engine.replay.version import When
from tests.engine.example import small_book, table
from tests.engine.replay.test_sql_says_what_the_library_says import (
    CHAIN,
    CHAIN_FACTS,
    CHAIN_KINDS,
    CHAIN_OUTPUTS,
    CHAIN_PARAMETERS,
    chain_book,
    said_by_the_library,
    without_what_is_worked_out,
)

pytestmark = pytest.mark.filterwarnings("ignore")  # Spark's own start warns of much
TYPES = {str: "string", int: "bigint", bool: "boolean", date: "date", Decimal: "decimal(18,4)"}
TODAY = date(2026, 1, 18)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """A Spark of this process alone; skipped, with the reason, where pyspark or Java is missing."""
    sql = pytest.importorskip("pyspark.sql", reason="the extra [spark] is not installed")
    try:
        builder = sql.SparkSession.builder.master("local[2]").appName("goodword tests")
        found = builder.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "2").getOrCreate()
    except Exception as error:
        pytest.skip(f"Spark does not start here: {str(error).splitlines()[0]}")
    yield found
    found.stop()


def fixed_cases(count: int = 300) -> list[dict[str, Any]]:
    """Cases by a fixed seed, each lacking some facts."""
    chance = random.Random(17)
    start = date(2025, 12, 20)
    cases = []
    for _ in range(count):
        whole = {
            "kind": chance.choice(["a", "b's", "c"]),
            "price": chance.choice([0, 1, 299, 300, 301, 449, 450, 451, 600, 601, 900, 901, 99_999]),
            "open": chance.random() < 0.5,
            "bought_on": start + timedelta(days=chance.randrange(50)),
            "came_on": start + timedelta(days=chance.randrange(90)),
            "late": chance.randrange(-5, 30),
        }
        cases.append({name: value for name, value in whole.items() if chance.random() < 0.85})
    return cases


def put(session: Any, cases: list[dict[str, Any]]) -> None:
    columns = ", ".join(f"`{name}` {TYPES[kind]}" for name, kind in CHAIN_KINDS.items())
    rows = [(number, *(case.get(name) for name in CHAIN_KINDS)) for number, case in enumerate(cases)]
    session.createDataFrame(rows, f"`id` bigint, {columns}").createOrReplaceTempView("cases")


@pytest.mark.parametrize("own_days", [False, True])
def test_a_fixed_set_is_decided_alike(session: Any, own_days: bool) -> None:
    cases, book = fixed_cases(), chain_book()
    put(session, cases)
    case = Compiler(SPARK, frozenset(CHAIN_KINDS), When(TODAY, None if own_days else TODAY), "agent").case(book, "p")
    rows = Spark(session).rows(f"SELECT {case.text} FROM cases AS c ORDER BY c.id")
    results = [case.numbers.results[int(number)] for (number,) in rows]
    days: Any = {"today": TODAY} if own_days else TODAY
    wanted = [said_by_the_library(book, without_what_is_worked_out(one), days, "agent") for one in cases]
    assert [(result.label, dict(result.outputs)) for result in results] == wanted


def test_matrix_and_money_are_those_of_the_library(session: Any) -> None:
    cases = fixed_cases()
    put(session, cases)
    books: list[engine.Book] = [other_book(), chain_book()]
    options = Options(policy="p", on=TODAY, role="agent")
    found = replay_sql(Spark(session), "cases", books, options)
    plain = [without_what_is_worked_out(case) for case in cases]
    given = [Case(number, str(number), "p", [case, case]) for number, case in enumerate(plain)]
    wanted = replay(given, books, options)
    assert found.matrix == wanted.matrix
    assert (found.cases, found.changed, found.sums) == (len(cases), wanted.changed, wanted.sums)
    assert found.changed > 0


def other_book() -> engine.Book:
    """The chain with another share, and what was asked for on Spark's own quoting."""
    parameters = CHAIN_PARAMETERS.replace("value: 12.5", "value: 33.5").replace("{EUR: 300}", "{EUR: 600}")
    more = table("U | kind | => | note", r'1 | "a" | | "back\\slash \"and\" quote"', "2 | not(a) | | \"it's\"",
                 clause="n", keys="decides: words")  # fmt: skip
    front = "governed_by: purchase\nthen: [by, label, do]\n"
    return small_book(CHAIN_FACTS, CHAIN_OUTPUTS, CHAIN + more, parameters, front)
