"""Cases a second when past cases are replayed by two versions of the starter book: `python -m bench.replay`.

The change is the return window, 14 days to 30. Everybody reads the same cases, decides each by both versions, and
adds up who goes from what to what and the refunds; all must find the same. Python's times are of the processor, a
database's by the clock, since it works elsewhere; read the ratios, and not on a machine that does other work.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench import past_cases
from bench.rivals import Missing
from goodword.engine.replay import Options, Replayed, open_cases, replay
from goodword.engine.replay.sql import Duckdb, Postgresql, Sqlite, connect, replay_sql

DAY = date(2026, 6, 1)
OPTIONS = Options(policy="returns", on=DAY, role="agent", shown=0)
WINDOWS = (14, 30)
Found = tuple[dict[tuple[str, str], int], tuple[int, ...]]


def found_by(replayed: Replayed) -> Found:
    """The matrix and the two sums of a replay."""
    return dict(replayed.matrix), tuple(cents for each in replayed.sums for cents in (each.before, each.after))


def in_process(path: Path) -> Found:
    """The library, from the CSV file."""
    books = past_cases.versions()
    return found_by(replay(open_cases(path, books), books, OPTIONS))


def decide_by_hand(case: dict[str, str], window: int) -> tuple[str, int]:
    """What somebody would write who knows the policy by heart and wants nothing but these two numbers."""
    days = int(case["days_since_delivery"])
    if case["faulty"] == "yes":
        if days // 366 >= 3:
            return "refuse", 0
        return "allow", 100 if case["wish"] == "money-back" else 0
    if case["made_to_measure"] == "yes":
        return "refuse", 0
    if case["category"] == "hygiene" and case["sealed"] == "yes":
        if case["opened"] == "" and days <= window:
            return "not decidable", 0
        if case["opened"] == "":
            return "not decidable", 0
        if case["opened"] == "yes":
            return "refuse", 0
    return ("allow", 100) if days <= window else ("refuse", 0)


def by_hand(path: Path) -> Found:
    """A loop over the CSV file, without knowing why, by which rule, or what is lacking."""
    matrix: Counter[tuple[str, str]] = Counter()
    before_sum = after_sum = 0
    with path.open(encoding="utf-8", newline="") as file:
        for case in csv.DictReader(file):
            price = int(case["line_price"])
            before, percent = decide_by_hand(case, WINDOWS[0])
            before_sum += (2 * price * percent + 100) // 200
            after, percent = decide_by_hand(case, WINDOWS[1])
            after_sum += (2 * price * percent + 100) // 200
            matrix[before, after] += 1
    return dict(matrix), (before_sum, after_sum)


def zen(path: Path) -> Found:
    """zen-engine by its quickest way, the reading as in the loop by hand."""
    try:
        import zen as zen_engine
    except ImportError:
        raise Missing("zen-engine is not installed (pip install 'goodword[bench]')") from None
    content = {str(window): _jdm(window) for window in WINDOWS}
    evaluate = zen_engine.ZenEngine({"loader": {"type": "static", "content": content}}).evaluate
    matrix: Counter[tuple[str, str]] = Counter()
    sums = [0, 0]
    keys = [str(window) for window in WINDOWS]
    with path.open(encoding="utf-8", newline="") as file:
        for case in csv.DictReader(file):
            price = int(case["line_price"])
            facts = {**case, "days": int(case["days_since_delivery"])}
            said = []
            for place, key in enumerate(keys):
                result = evaluate(key, facts)["result"]
                said.append(result["outcome"])
                sums[place] += (2 * price * int(result["percent"]) + 100) // 200
            matrix[said[0], said[1]] += 1
    return dict(matrix), tuple(sums)


def _jdm(window: int) -> dict[str, Any]:
    """The policy as a table of zen's, first rule first."""
    inputs = ["faulty", "days", "wish", "made_to_measure", "category", "sealed", "opened"]
    rules = [
        ['"yes"', ">= 1098", "", "", "", "", "", '"refuse"', "0"],
        ['"yes"', "", '"money-back"', "", "", "", "", '"allow"', "100"],
        ['"yes"', "", "", "", "", "", "", '"allow"', "0"],
        ["", "", "", '"yes"', "", "", "", '"refuse"', "0"],
        ["", "", "", "", '"hygiene"', '"yes"', '""', '"not decidable"', "0"],
        ["", "", "", "", '"hygiene"', '"yes"', '"yes"', '"refuse"', "0"],
        ["", f"<= {window}", "", "", "", "", "", '"allow"', "100"],
        ["", "", "", "", "", "", "", '"refuse"', "0"],
    ]
    names = [*inputs, "o-outcome", "o-percent"]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in inputs],
        "outputs": [{"id": f"o-{name}", "name": name, "field": name} for name in ("outcome", "percent")],
        "rules": [{"_id": str(n), **dict(zip(names, row, strict=True))} for n, row in enumerate(rules)],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return {"nodes": nodes, "edges": edges}


def inside(database: Any) -> Callable[[], Found]:
    """A replay inside a database."""
    books = past_cases.versions()
    return lambda: found_by(replay_sql(database, "cases", books, OPTIONS))


def everybody(path: Path, small: Path, address: str) -> Iterator[tuple[str, Path, Callable[[], Found], bool]]:
    """Everybody by name, with the cases he gets, and whether his time is by the clock."""
    yield "goodword, in process", path, lambda: in_process(path), False
    yield "a loop by hand", path, lambda: by_hand(path), False
    yield "zen-engine", small, lambda: zen(small), False
    yield "goodword in SQLite", path, inside(Sqlite(past_cases.into_sqlite(path))), True
    try:
        database = Postgresql(past_cases.into_postgresql(path, address))
        yield "goodword in PostgreSQL", path, inside(database), True
    except Exception as error:
        print(f"  goodword in PostgreSQL    left out: {str(error).splitlines()[0]}")
    try:
        parquet = connect(str(past_cases.into_parquet(path)))
        assert isinstance(parquet, Duckdb)
        yield "goodword in DuckDB, Parquet", path, inside(parquet), True
    except ImportError:
        print("  goodword in DuckDB        left out: not installed (pip install 'goodword[duckdb]')")


def timed(work: Callable[[], Found], rounds: int, *, by_clock: bool) -> tuple[Found, float]:
    """What was found, and the seconds of the quickest round."""
    clock = time.perf_counter if by_clock else time.process_time
    times = []
    for _ in range(rounds):
        began = clock()
        found = work()
        times.append(clock() - began)
    return found, max(min(times), 1e-9)


def speeds(count: int, rounds: int, address: str, folder: Path) -> None:
    """Prints cases a second, and the ratios."""
    path, small = folder / "cases.csv", folder / "few.csv"
    few = min(count, 50_000)
    past_cases.write_csv(path, count)
    past_cases.write_csv(small, few)
    print(f"{count:,} cases, two versions each: cases a second ({few:,} for zen-engine)")
    rates: dict[str, float] = {}
    wanted: dict[Path, Found] = {}
    for name, cases, work, by_clock in everybody(path, small, address):
        try:
            found, seconds = timed(work, rounds, by_clock=by_clock)
        except Missing as missing:
            print(f"  {name:28} left out: {missing}")
            continue
        if cases is path:
            assert found == wanted.setdefault(path, found), f"{name} finds something else: {found}"
        else:
            assert found == by_hand(cases), name
        rates[name] = (count if cases is path else few) / seconds
        print(f"  {name:28} {rates[name]:>12,.0f}   ({seconds:.2f} s)")
    hand = rates["a loop by hand"]
    print("ratios, the loop by hand being 1:", ", ".join(f"{name} {rate / hand:.2f}" for name, rate in rates.items()))
    _print_found(wanted[path])


def _print_found(found: Found) -> None:
    print("all find the same:")
    for (before, after), number in sorted(found[0].items()):
        print(f"  {before} -> {after}: {number:,}")
    before, after = found[1]
    print(f"  refunds, DKK: {before / 100:,.2f} -> {after / 100:,.2f}, {(after - before) / 100:,.2f} more")


def memory(counts: list[int], folder: Path) -> None:
    """Prints the most room that a replay in process takes, in processes of their own."""
    for count in counts:
        path = folder / f"memory-{count}.csv"
        past_cases.write_csv(path, count)
        script = "import sys; from pathlib import Path; from bench import replay; replay.peak(Path(sys.argv[1]))"
        ran = subprocess.run([sys.executable, "-c", script, str(path)], check=True, capture_output=True, text=True)
        print(f"most memory in process at {count:,} cases: {ran.stdout.strip()} MB")


def peak(path: Path) -> None:
    """Replays a file and prints the most memory this process has taken, in MB.

    `getrusage` would tell what the process that started this one had taken, if that was more.
    """
    in_process(path)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.split("VmHWM:")[1].split()[0]) // 1024)


def main() -> None:
    """Runs everything."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--postgresql", default="postgresql:///postgres", help="where a temporary table may be made")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        speeds(options.cases, options.rounds, options.postgresql, Path(folder))
        memory([options.cases // 10, options.cases], Path(folder))


if __name__ == "__main__":
    main()
