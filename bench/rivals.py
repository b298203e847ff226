"""Others that decide by the same table. Each is a function from situations to a list of outcomes, or is missing."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from bench.partition import CHOICES, FACTS, NUMBERS, Part, cells, nest_of_conditions, nest_of_ifs

Decide = Callable[[list[dict[str, Any]]], list[str]]


class Missing(Exception):
    """A rival that cannot run here."""


def _module(name: str, package: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Missing(f"{package} is not installed (pip install 'goodword[bench]')") from None


def by_hand(top: Part) -> Decide:
    """A hand-written nest of ifs, its facts given as arguments."""
    space: dict[str, Any] = {}
    exec(compile(nest_of_ifs(top), "nest", "exec"), space)
    nest = space["decide"]
    return lambda given: [nest(**facts)[0] for facts in given]


def zen(top: Part, *, trace: bool) -> Decide:
    """zen-engine by its fastest way: the table compiled once and kept in its loader."""
    module = _module("zen", "zen-engine")
    engine = module.ZenEngine({"loader": {"type": "static", "content": {"table": _jdm(top)}}})
    evaluate = engine.evaluate
    if trace:
        options = {"trace": True}
        return lambda given: [evaluate("table", facts, options)["result"]["outcome"] for facts in given]
    return lambda given: [evaluate("table", facts)["result"]["outcome"] for facts in given]


def zen_batch(top: Part) -> Decide:
    """zen-engine, all situations in one call."""
    module = _module("zen", "zen-engine")
    engine = module.ZenEngine({"loader": {"type": "static", "content": {"table": _jdm(top)}}})

    def decide(given: list[dict[str, Any]]) -> list[str]:
        found = engine.evaluate_batch([{"key": "table", "context": facts} for facts in given])
        return [each["data"]["result"]["outcome"] for each in found]

    return decide


def _jdm(top: Part) -> dict[str, Any]:
    inputs = [{"id": name, "name": name, "field": name} for name in FACTS]
    outputs = [{"id": f"o-{name}", "name": name, "field": name} for name in ("outcome", "percent")]
    rules = []
    for number, leaf in enumerate(top.leaves(), start=1):
        row = dict(zip(FACTS, cells(leaf, "true", "false", ""), strict=True))
        rules.append({"_id": str(number), **row, "o-outcome": f'"{leaf.outcome}"', "o-percent": str(leaf.percent)})
    table = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules}
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


def cel(top: Part) -> Decide:
    """The CEL wheel written in Rust: the whole table as one compiled condition."""
    module = _module("cel", "common-expression-language")
    program = module.compile(nest_of_conditions(top))
    return lambda given: [program.execute(facts) for facts in given]


def spiff(top: Part) -> Decide:
    """SpiffWorkflow's DMN engine."""
    parser_module = _module("SpiffWorkflow.dmn.parser.BpmnDmnParser", "SpiffWorkflow")
    engine_type = importlib.import_module("SpiffWorkflow.dmn.engine.DMNEngine").DMNEngine
    engine_module = importlib.import_module("SpiffWorkflow.bpmn.script_engine")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.dmn"
        file.write_text(_dmn(top), encoding="utf-8")
        parser = parser_module.BpmnDmnParser()
        parser.add_dmn_file(str(file))
        table = parser.dmn_parsers["table"]
        table.parse()
        engine = engine_type(table.decision.decisionTables[0])
    script = engine_module.PythonScriptEngine()

    class Workflow:
        """Where it looks for the script engine."""

        script_engine = script

    class Task:
        """What its engine wants to know of a task."""

        def __init__(self, data: dict[str, Any]) -> None:
            self.data, self.workflow = data, Workflow()

    return lambda given: [engine.result(Task(dict(facts)))["outcome"] for facts in given]


def _dmn(top: Part) -> str:
    ids = iter(range(10**9))

    def entry(word: str, text: str) -> str:
        return f'<{word} id="c{next(ids)}"><text>{escape(text)}</text></{word}>'

    def kind(name: str) -> str:
        return "string" if name in CHOICES else "number" if name in NUMBERS else "boolean"

    inputs = "".join(
        f'<input id="i-{name}" label="{name}"><inputExpression id="e-{name}" typeRef="{kind(name)}">'
        f"<text>{name}</text></inputExpression></input>"
        for name in FACTS
    )
    outputs = '<output id="o1" name="outcome" typeRef="string"/><output id="o2" name="percent" typeRef="number"/>'
    rules = []
    for number, leaf in enumerate(top.leaves()):
        row = "".join(entry("inputEntry", text) for text in _python_cells(leaf))
        told = entry("outputEntry", f'"{leaf.outcome}"') + entry("outputEntry", str(leaf.percent))
        rules.append(f'<rule id="r{number}">{row}{told}</rule>')
    table = f'<decisionTable id="t" hitPolicy="UNIQUE">{inputs}{outputs}{"".join(rules)}</decisionTable>'
    space = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    return (
        f'<definitions xmlns="{space}" id="d" name="d" namespace="bench">'
        f'<decision id="table" name="table">{table}</decision></definitions>'
    )


def _python_cells(leaf: Part) -> list[str]:
    """SpiffWorkflow evaluates cells as Python, `?` being the input."""
    row = []
    for text in cells(leaf, "True", "False", ""):
        if text.startswith("["):
            low, high = text.strip("[]").split("..")
            row.append(f"{low} <= ? <= {high}")
        else:
            row.append(f"? in ({text})" if ", " in text else text)
    return row


sys.setrecursionlimit(10_000)  # CEL's condition for a thousand rules nests deeply
