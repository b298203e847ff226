"""The trace: a reader who has nothing but its JSON comes to the same decision."""

import json
import random
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from goodword import cli, engine
from tests.dmn.test_writing import situations

DAY = date(2026, 12, 1)
STARTER = Path(__file__).parents[2] / "goodword" / "packs" / "shop"
SIGNS: dict[str, Any] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "!=": lambda a, b: a != b,
}  # fmt: skip


@cache
def starter() -> engine.Book:
    """The starter book, read once."""
    return engine.read_book(STARTER)


def by_hand(trace: dict[str, Any]) -> dict[str, Any]:
    """The outputs, worked out with pencil and paper from the trace alone. Dates are ISO text: it sorts as they do."""
    outputs: dict[str, Any] = {}
    for table in trace["tables"]:
        held = [rule for rule in table["rules"] if all(passes(test) for test in rule["tests"])]
        beaten = {name for rule in held for name in rule["beats"]}
        left = [rule for rule in held if rule["rule"] not in beaten]
        given = dict(answer(left, table))
        before, now, order = outputs.get("outcome"), given.get("outcome"), table["precedence"]
        if before in order and now in order and order.index(before) <= order.index(now):
            del given["outcome"]
        if "outcome" not in given and "reason" in outputs:
            given.pop("reason", None)
        for name, value in given.items():
            if isinstance(value, list) and isinstance(outputs.get(name), list):
                value = list(dict.fromkeys([*outputs[name], *value]))
            outputs[name] = value
    return {**outputs, **trace["lifted_by_law"]}


def passes(test: dict[str, Any]) -> bool:
    value, ways = test["value"], test["means"]
    ((kind, alternatives),) = ways.items()
    return any(meets(value, one) for one in alternatives) is (kind == "any_of")


def meets(value: Any, one: dict[str, Any]) -> bool:
    if "is" in one:
        return bool(value == one["is"])
    if "op" in one:
        return bool(SIGNS[one["op"]](value, one["value"]))
    low = value >= one["from"] if one["with"][0] == "[" else value > one["from"]
    return bool(low and (value <= one["to"] if one["with"][1] == "]" else value < one["to"]))


def answer(left: list[dict[str, Any]], table: dict[str, Any]) -> dict[str, Any]:
    """What the rules that are left say, by the table's hit policy."""
    if table["hit_policy"] in ("U", "A"):
        return dict(left[0]["gives"]) if left else {}
    if table["hit_policy"] == "P":
        return dict(min(left, key=lambda rule: table["precedence"].index(rule["gives"]["outcome"]))["gives"])
    collected: dict[str, list[Any]] = {}
    for rule in left:
        for name, value in rule["gives"].items():
            collected.setdefault(name, []).extend(value if isinstance(value, list) else [value])
    return {name: list(dict.fromkeys(values)) for name, values in collected.items()}


def decided() -> Iterator[str]:
    """The policies of the starter book whose tables pencil and paper can follow."""
    for code, policy in starter().policies.items():
        if policy.status == "published" and policy.primary:
            yield code


@pytest.mark.parametrize("policy", list(decided()))
def test_the_decision_is_computed_again_from_the_trace_alone(policy: str) -> None:
    book, pick, compared = starter(), random.Random(3), 0
    for facts in situations(book, 150, seed=13):
        decision = engine.decide(book, policy, facts, DAY, role=pick.choice(list(book.roles)))
        told = json.loads(json.dumps(engine.trace(decision, book)))
        if decision.status == "decided":
            assert by_hand(told) == told["outputs"] == json.loads(json.dumps(decision.to_json()))["outputs"]
            fired = [rule["rule"] for table in told["tables"] for rule in table["rules"] if rule["fires"]]
            assert set(fired) >= {ref.id for ref in decision.fired if not ref.file.startswith("law/")}
            compared += 1
    assert compared > 20


def test_a_rule_whose_facts_are_unknown_is_neither_true_nor_false() -> None:
    decision = engine.decide(starter(), "returns", {"category": "hygiene"}, DAY)
    told = engine.trace(decision, starter())
    rules = {rule["rule"]: rule["holds"] for rule in told["tables"][0]["rules"]}
    assert (told["status"], rules["returns#ordinary:1"], rules["returns#hygiene:1"]) == ("ask", False, None)


def test_the_trace_names_the_numbers_of_the_day_and_where_each_rule_stands() -> None:
    facts = {"category": "general", "days_since_delivery": 20, "faulty": False, "made_to_measure": False}
    decision = engine.decide(starter(), "returns", {**facts, "line_price": 1000}, date(2025, 1, 1))
    table = engine.trace(decision, starter())["tables"][0]
    assert table["parameters"]["return_window"] == 14
    rule = next(rule for rule in table["rules"] if rule["rule"] == "returns#ordinary:1")
    file, line = rule["line"].split(":")
    assert starter().files[file].split("\n")[int(line) - 1].startswith("| 1 |")
    limit = next(test for test in rule["tests"] if test["fact"] == "days_since_delivery")
    assert (limit["means"], limit["value"], limit["holds"]) == ({"any_of": [{"op": "<=", "value": 14}]}, 20, False)


def test_the_command_prints_the_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "facts.json").write_text(json.dumps({"category": "hygiene"}), encoding="utf-8")
    asked = ["decide", str(STARTER), "returns", "--facts", str(tmp_path / "facts.json"), "--on", "2026-12-01"]
    assert cli.main([*asked, "--trace"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["tables"][0]["decision"]) == ("ask", "returns/outcome")
