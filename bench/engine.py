"""Decisions a second and time of proof, beside others that decide by the same table: `python -m bench.engine`.

Times are of the processor, the best of several rounds, so that a busy machine harms nobody; read the ratios.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench import partition, rivals
from goodword import engine, packs
from goodword.engine import second_prover
from goodword.engine.compiled import CompiledTable
from goodword.engine.joint import dependent_columns
from goodword.engine.regions import sweep
from goodword.engine.sweep import Budget, OverBudget

DAY = date(2026, 6, 1)
ROUNDS = 7


def best(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Seconds of the processor for the quickest of several rounds."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return max(min(times), 1e-9)


def deciders(top: partition.Part) -> Iterator[tuple[str, Callable[[], rivals.Decide]]]:
    """Everybody who decides, by name."""
    book = engine.parse_book(partition.goodword_files(top))
    ready = engine.decider(book, "p", DAY)
    outputs, decide = ready.outputs, engine.decide

    def kept(facts: dict[str, Any]) -> str:
        decision = ready(facts)
        rule = decision.fired[0]  # kept are the rows that fired, their clause and the book's hash
        assert rule.clause
        assert decision.hash
        return rule.row

    yield "goodword, what is granted", lambda: lambda given: [outputs(facts)["outcome"] for facts in given]  # type: ignore[index]  # all facts are known
    yield "goodword, with rule, clause, hash", lambda: lambda given: [kept(facts) for facts in given]
    yield "goodword, decide()", lambda: lambda given: [decide(book, "p", facts, DAY).fired[0].row for facts in given]
    yield "zen-engine, fastest", lambda: rivals.zen(top, trace=False)
    yield "zen-engine, in a batch", lambda: rivals.zen_batch(top)
    yield "zen-engine, with trace", lambda: rivals.zen(top, trace=True)
    yield "CEL in Rust", lambda: rivals.cel(top)
    yield "SpiffWorkflow", lambda: rivals.spiff(top)
    yield "a nest of ifs", lambda: rivals.by_hand(top)


def deciding(rules: int) -> dict[str, float]:
    """Decisions a second by name, at a number of rules; prints them."""
    top, given = partition.partition(rules), partition.situations(2_000)
    wanted = rivals.by_hand(top)(given)
    found: dict[str, float] = {}
    print(f"\n{rules} rules, 6 facts: decisions a second")
    for name, make in deciders(top):
        some = given[:20] if name == "SpiffWorkflow" else given
        try:
            decide = make()
            said = decide(some)
        except rivals.Missing as missing:
            print(f"  {name:36} left out: {missing}")
            continue
        if not name.startswith("goodword, ") or "granted" in name:
            assert said == wanted[: len(some)], name
        rounds = 2 if name == "SpiffWorkflow" else ROUNDS
        found[name] = len(some) / best(lambda decide=decide, some=some: decide(some), rounds)
        print(f"  {name:36} {found[name]:>12,.0f}")
    return found


def ratios(found: dict[int, dict[str, float]]) -> None:
    """What the numbers mean."""
    print("\nratios")
    ours, recorded = "goodword, what is granted", "goodword, with rule, clause, hash"
    for rules, speeds in found.items():
        fastest = max((speeds[name] for name in speeds if name.startswith("zen") and "trace" not in name), default=0)
        traced = speeds.get("zen-engine, with trace", 0)
        if fastest:
            print(f"  {rules:>5} rules: deciding is {speeds[ours] / fastest:5.1f} times zen's fastest way", end="; ")
            print(f"with the record kept {speeds[recorded] / traced:5.1f} times zen with trace")
    few, many = found.get(12), found.get(300)
    if few and many:
        print(f"  300 rules run at {many[ours] / few[ours]:.0%} of the speed of 12 (recorded: "
              f"{many[recorded] / few[recorded]:.0%})")  # fmt: skip


def compiled_of(files: dict[str, str]) -> tuple[engine.Book, CompiledTable]:
    """The one table of a book, ready."""
    book = engine.parse_book(files)
    return book, book.compiled("p", "outcome", DAY, book.currency)


def scattered(rules: int, columns: int, seed: int = 5) -> dict[str, str]:
    """A table whose rules each look at three of many facts: what a sweep is bad at."""
    chance = random.Random(seed)
    names = [f"f{number}" for number in range(columns)]
    lines = [" | ".join(["| U", *names, "=>", "outcome |"]), "|---" * (columns + 3) + "|"]
    for number in range(1, rules + 1):
        tested = chance.sample(names, 3)
        row = [str(chance.randrange(9)) if name in tested else "-" for name in names]
        lines.append(" | ".join([f"| {number}", *row, "", "allow |"]))
    facts = ", ".join(f"{name}: {{type: number, whole: yes, range: [0, 8]}}" for name in names)
    files = partition.goodword_files(partition.partition(2))
    return {
        **files,
        "facts.yaml": f"facts: {{{facts}}}\noutputs: {{outcome: {{type: choice, values: [allow, refuse]}}}}\n",
        "p.md": files["p.md"].split("## C")[0] + "## C\n<!-- #c -->\n\n" + "\n".join(lines) + "\n",
    }


def proving() -> None:
    """The sweep beside z3: complete and free of overlaps?"""
    print("\nproof that every situation has exactly one answer: milliseconds")
    tables = [(f"{rules} rules that part everything", partition.goodword_files(partition.partition(rules)))
              for rules in (12, 300, 1_000)]  # fmt: skip
    tables += [(f"{rules} rules on 3 of {columns} facts each", scattered(rules, columns))
               for rules, columns in ((20, 10), (60, 20))]  # fmt: skip
    for name, files in tables:
        book, compiled = compiled_of(files)
        columns = dependent_columns(book, compiled)
        try:
            swept = best(lambda: sweep(compiled, Budget(3_000_000), columns).ends, 3) * 1000  # noqa: B023  # used at once
            said = f"{swept:9.1f}"
        except OverBudget:
            swept, said = float("inf"), "  not within its budget"
        if not second_prover.installed():
            print(f"  {name:36} sweep {said}   z3 left out: not installed (pip install 'goodword[prove]')")
            continue
        second = best(lambda: second_prover.prove(compiled, columns, 60, dead=False), 1) * 1000  # noqa: B023  # used at once
        ratio = f"the sweep is {second / swept:.0f} times as fast" if swept < second else "z3 wins"
        print(f"  {name:36} sweep {said}   z3 {second:9.1f}   {ratio}")


def checking() -> None:
    """`goodword check` on the starter book, as a whole process."""
    shop = Path(str(packs.__path__[0])) / "shop"
    walls, processor = [], []
    for _ in range(11):
        began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "goodword", "check", str(shop)], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        walls.append(time.perf_counter() - began)
        processor.append(after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime)
    print("\n`goodword check` on the starter book, start to end, eleven times: ", end="")
    print(f"{min(walls):.2f} to {max(walls):.2f} s, of the processor {min(processor):.2f} to {max(processor):.2f} s")


def main() -> None:
    """Runs everything."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rules", type=int, nargs="*", default=[12, 300, 1_000], help="how many rules the tables have")
    options = asked.parse_args()
    ratios({rules: deciding(rules) for rules in options.rules})
    proving()
    checking()


if __name__ == "__main__":
    main()
