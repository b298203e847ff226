"""Random cells mean what another implementation of FEEL says they mean (feelin, from npm; for tests only).

Two things are left out, where feelin goes its own way: an interval that runs backwards (`[9..3]`: here, as in DMN,
nothing lies in it; feelin turns it round), and a date or duration in a list (feelin compares which object it is).
"""

import json
import os
import random
import shutil
import subprocess
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from goodword.engine.feel import Scope, compile_expression, parse_expression, parse_tests
from goodword.engine.feel.evaluate import compile_tests
from goodword.engine.values import coerce, iso_duration

FOLDER = Path(os.environ.get("FEELIN", Path(tempfile.gettempdir()) / "goodword-feelin"))
PACKAGE = FOLDER / "node_modules" / "feelin"
CELLS = 10_000
PARAMETERS = {"limit": 14, "share": 2.5}
SCOPE = Scope({name: coerce("number", value) for name, value in PARAMETERS.items()})
WORDS = ("hygiene", "general", "made-to-measure", "a b", "")
RUNNER = """
import {readFileSync} from "node:fs";
const {unaryTest, date, duration} = await import(process.argv[3]);
const made = {date: date, duration: duration};
const answers = JSON.parse(readFileSync(process.argv[2], "utf8")).map(([cell, kind, values, names]) =>
  values.map(value => {
    try {
      return unaryTest(cell, {...names, "?": made[kind] ? made[kind](value) : value}).value;
    } catch (error) {
      return String(error.message);
    }
  }));
console.log(JSON.stringify(answers));
"""


def _why_not() -> str:
    if not shutil.which("node"):
        return "there is no node"
    return "" if PACKAGE.is_dir() else f"feelin is not in {FOLDER}: run `npm install --prefix {FOLDER} feelin`"


def number(pick: random.Random) -> str:
    plain = [str(pick.randint(-30, 30)), f"{pick.randint(-30, 30)}.{pick.choice([5, 25, 75])}", *PARAMETERS]
    left = pick.choice(plain)
    if pick.random() < 0.25:
        return f"{left} {pick.choice('+-*')} {pick.choice(plain)}"
    return f"({left} + 1) * 2" if pick.random() < 0.05 else left


def day(pick: random.Random) -> str:
    written = (date(2026, 1, 1) + timedelta(days=pick.randint(0, 40))).isoformat()
    return pick.choice([f'date("{written}")', f'@"{written}"'])


def span(pick: random.Random) -> str:
    written = iso_duration(timedelta(hours=pick.randint(-60, 60)))
    return pick.choice([f'duration("{written}")', f'@"{written}"'])


def word(pick: random.Random) -> str:
    return json.dumps(pick.choice(WORDS))


def truth(pick: random.Random) -> str:
    return pick.choice(["true", "false"])


ENDS = {"number": number, "date": day, "duration": span, "text": word, "yes/no": truth}


def computed(text: str) -> Any:
    """What an end of an interval is worth."""
    return compile_expression(parse_expression(text), SCOPE)({})


def one_test(pick: random.Random, kind: str) -> str:
    end = ENDS[kind]
    ways = ["plain", "list"] if kind in ("text", "yes/no") else ["plain", "compare", "compare", "interval"]
    ways += ["list"] * (kind == "number")
    match pick.choice(ways):
        case "compare":
            return f"{pick.choice(['<', '<=', '>', '>='])} {end(pick)}"
        case "interval":
            low, high = sorted((end(pick), end(pick)), key=computed)
            closing = pick.choice("])" if " " in high else "])[")  # feelin reads `3 + 2[` as a filter
            return f"{pick.choice('[(]')}{low}..{high}{closing}"
        case "list":
            return f"[{end(pick)}, {end(pick)}]"
    return end(pick)


def cell(pick: random.Random, kind: str) -> str:
    tests = ", ".join(one_test(pick, kind) for _ in range(pick.choice([1, 1, 1, 2, 3])))
    chance = pick.random()
    return "-" if chance < 0.02 else f"not({tests})" if chance < 0.2 else tests


def values(pick: random.Random, kind: str) -> list[Any]:
    match kind:
        case "number":
            return [pick.randint(-35, 35), pick.randint(-60, 60) / 2, pick.choice([14, 2.5, 0])]
        case "date":
            return [(date(2026, 1, 1) + timedelta(days=pick.randint(0, 40))).isoformat() for _ in range(3)]
        case "duration":
            return [iso_duration(timedelta(hours=pick.randint(-60, 60))) for _ in range(3)]
        case "text":
            return list(WORDS)
    return [True, False]


def ours(text: str, kind: str, raw: Any) -> Any:
    return compile_tests(parse_tests(text), SCOPE)(coerce(kind, raw), {})


@pytest.mark.skipif(bool(_why_not()), reason=_why_not())
def test_ten_thousand_random_cells_mean_the_same(tmp_path: Path) -> None:
    pick = random.Random(20261121)  # cells, not secrets
    drawn = [(kind := pick.choice(sorted(ENDS)), cell(pick, kind), values(pick, kind)) for _ in range(CELLS)]
    (tmp_path / "cells.json").write_text(json.dumps([[text, kind, at, PARAMETERS] for kind, text, at in drawn]))
    (tmp_path / "runner.mjs").write_text(RUNNER)
    entry = (PACKAGE / "dist" / "index.js").as_uri()
    run = subprocess.run(
        ["node", str(tmp_path / "runner.mjs"), str(tmp_path / "cells.json"), entry],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    theirs = json.loads(run.stdout)
    different = [
        (text, raw, f"here {mine}", f"feelin {other}")
        for (kind, text, at), answers in zip(drawn, theirs, strict=True)
        for raw, other in zip(at, answers, strict=True)
        if (mine := ours(text, kind, raw)) is not other
    ]
    compared = sum(len(at) for _, _, at in drawn)
    print(f"\nfeelin: {len(drawn)} cells, {compared} values, {len(different)} differ")
    assert different == []
