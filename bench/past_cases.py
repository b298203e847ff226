"""Made-up past cases of the starter book's returns, the same ones every time, and where they are put."""

from __future__ import annotations

import csv
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from goodword import engine, packs

COLUMNS = (
    "id", "category", "sealed", "opened", "purchases_last_year", "days_since_delivery", "made_to_measure", "faulty",
    "wish", "line_price",
)  # fmt: skip
YES_NO = ("sealed", "opened", "made_to_measure", "faulty")
NUMBERS = ("id", "purchases_last_year", "days_since_delivery", "line_price")
KINDS = ("general", "hygiene", "mattress", "furniture")
WISHES = ("money-back", "replacement", "repair")


def versions() -> list[engine.Book]:
    """The starter book with a return window of 14 days, and as it is with 30."""
    files = engine.read_files(Path(str(packs.__path__[0])) / "shop")
    now = "from: 2025-06-01, value: 30"
    assert now in files["parameters.yaml"]
    before = {**files, "parameters.yaml": files["parameters.yaml"].replace(now, "from: 2025-06-01, value: 14")}
    return [engine.parse_book(before), engine.parse_book(files)]


def lines(count: int, seed: int = 3) -> Iterator[str]:
    """Cases as lines of CSV; what does not matter for a case was mostly not written down, and sometimes what does."""
    chance = random.Random(seed)
    pick, number, rare = chance.choice, chance.randrange, chance.random
    for place in range(count):
        kind, faulty = pick(KINDS), rare() < 0.15
        sealed, opened = (pick(("yes", "no")), pick(("yes", "no"))) if kind == "hygiene" else ("", "")
        if rare() < 0.01:
            opened = ""
        wish = pick(WISHES) if faulty else ""
        days, tailored = int(chance.expovariate(1 / 40)), "yes" if rare() < 0.05 else "no"
        told = "yes" if faulty else "no"
        price = number(1_000, 2_000_000)
        yield f"{place},{kind},{sealed},{opened},{number(6)},{days},{tailored},{told},{wish},{price}\n"


def write_csv(path: Path, count: int) -> None:
    """Writes a file of cases."""
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + "\n")
        file.writelines(lines(count))


def rows(path: Path) -> Iterator[list[Any]]:
    """The cases of a file as values that a database keeps."""
    told = {"yes": True, "no": False, "": None}
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            yield [
                told[line[name]] if name in YES_NO else int(line[name]) if name in NUMBERS else line[name] or None
                for name in COLUMNS
            ]


def into_sqlite(path: Path) -> sqlite3.Connection:
    """The cases in a SQLite file beside the CSV."""
    place = path.with_suffix(".db")
    place.unlink(missing_ok=True)
    connection = sqlite3.connect(place)
    kinds = ", ".join(f"{name} {'INTEGER' if name in YES_NO + NUMBERS else 'TEXT'}" for name in COLUMNS)
    connection.execute(f"CREATE TABLE cases ({kinds})")
    connection.executemany(f"INSERT INTO cases VALUES ({', '.join('?' * len(COLUMNS))})", rows(path))
    connection.commit()
    return connection


def into_postgresql(path: Path, address: str) -> Any:
    """The cases in a temporary table of a PostgreSQL connection. Raises ImportError, or psycopg's error."""
    import psycopg

    connection = psycopg.connect(address)
    fill_postgresql(path, connection)
    return connection


def fill_postgresql(path: Path, connection: Any) -> None:
    """The cases as a temporary table of an open connection."""
    kind = {**dict.fromkeys(YES_NO, "BOOLEAN"), **dict.fromkeys(NUMBERS, "BIGINT")}
    columns = ", ".join(f"{name} {kind.get(name, 'TEXT')}" for name in COLUMNS)
    cursor = connection.cursor()
    cursor.execute(f"CREATE TEMPORARY TABLE cases ({columns})")
    with cursor.copy("COPY cases FROM STDIN") as copy:
        for row in rows(path):
            copy.write_row(row)
    cursor.execute("ANALYZE cases")


def into_parquet(path: Path) -> Path:
    """The cases as a Parquet file beside the CSV, by DuckDB. Raises ImportError."""
    import duckdb

    place = path.with_suffix(".parquet")
    truth = ", ".join(f"{name}::BOOLEAN AS {name}" for name in YES_NO)
    source = f"read_csv('{path}', header = true, all_varchar = true, nullstr = '')"
    rest = ", ".join(f"{name}::BIGINT AS {name}" if name in NUMBERS else name for name in COLUMNS if name not in YES_NO)
    duckdb.connect().execute(f"COPY (SELECT {rest}, {truth} FROM {source}) TO '{place}' (FORMAT parquet)")
    return place
