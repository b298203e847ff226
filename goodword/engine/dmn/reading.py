"""From a model's XML to its decisions. Only what decides is read; drawings and extensions are passed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar
from xml.etree.ElementTree import Element

from goodword.engine.dmn.model import Decision, Function, Input, Model, ModelError, Output, Rule, Table
from goodword.engine.dmn.safe_xml import read_xml
from goodword.engine.errors import ExpressionError
from goodword.engine.feel import Node, parse_expression, parse_tests
from goodword.engine.feel.syntax import Compare, Tests

HITS = {
    "UNIQUE": "U", "ANY": "A", "PRIORITY": "P", "FIRST": "F", "COLLECT": "C", "RULE ORDER": "R", "OUTPUT ORDER": "O",
}  # fmt: skip
_QUOTED = r'"(?:\\.|[^"\\])*"'
Read = TypeVar("Read")


def read_dmn(text: str | bytes) -> Model:
    """The model. Raises ModelError with what cannot be read and where it stands; never follows anything outside."""
    root = read_xml(text)
    if _local(root) != "definitions":
        raise ModelError(f"this is no DMN model: it begins with `{_local(root)}`")
    return _Reader(root).model()


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _each(element: Element, *path: str) -> Iterator[Element]:
    """The elements at the end of a path of local names: DMN 1.1 to 1.5 differ in their namespaces only."""
    if not path:
        yield element
        return
    for child in element:
        if _local(child) == path[0]:
            yield from _each(child, *path[1:])


def _text(element: Element, *path: str) -> str:
    return next((found.text or "" for found in _each(element, *path)), "").strip()


class _Reader:
    """One model being read."""

    def __init__(self, root: Element) -> None:
        self.root, self.at = root, ""
        self.warnings: list[str] = []
        self.by_id = {child.get("id", ""): child.get("name", "") for child in root}
        self.types = {item.get("name", ""): item for item in _each(root, "itemDefinition")}
        names = {element.get("name", "") for element in root.iter() if _local(element) in _NAMED}
        self.words = {name: re.sub(r"\W+", "_", name) for name in names if not re.fullmatch(r"[A-Za-z_]\w*", name)}
        longest = sorted(filter(None, self.words), key=len, reverse=True)
        self.long_names = re.compile("|".join([_QUOTED, *(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest)]))

    def model(self) -> Model:
        root = self.root
        inputs = {item.get("name", ""): _type(next(_each(item, "variable"), item)) for item in _each(root, "inputData")}
        decisions = {item.get("name", ""): self.decision(item) for item in _each(root, "decision")}
        functions = {
            self.words.get(item.get("name", ""), item.get("name", "")): self.function(item)
            for item in _each(root, "businessKnowledgeModel")
        }
        return Model(root.get("name", ""), inputs, decisions, functions, self.words, tuple(self.warnings))

    def decision(self, item: Element) -> Decision:
        name = item.get("name", "")
        self.at = f"decision `{name}`"
        needed = [link.get("href", "") for link in _each(item, "informationRequirement", "requiredDecision")]
        variable = next(_each(item, "variable"), item)
        return Decision(
            name, self.body(item, variable), tuple(self.by_id.get(link.lstrip("#"), link) for link in needed)
        )

    def function(self, item: Element) -> Function:
        self.at = f"function `{item.get('name', '')}`"
        logic = next(_each(item, "encapsulatedLogic"), item)
        names = [parameter.get("name", "") for parameter in _each(logic, "formalParameter")]
        body = self.body(logic, next(_each(item, "variable"), item))
        return Function(tuple(self.words.get(name, name) for name in names), body)

    def body(self, item: Element, variable: Element) -> Table | Node:
        for table in _each(item, "decisionTable"):
            return self.table(table, _type(table) or _type(variable))
        for literal in _each(item, "literalExpression"):
            return self.expression(_text(literal, "text"))
        found = [_local(child) for child in item if _local(child) in _OTHER_BODIES]
        what = found[0] if found else "no logic"
        raise ModelError(f"{self.at}: {what}: only tables and literal expressions are read")

    def table(self, item: Element, type_name: str) -> Table:
        hit = item.get("hitPolicy", "UNIQUE")
        if hit not in HITS:
            raise ModelError(f"{self.at}: `{hit}` is no hit policy")
        if hit == "FIRST":
            self.warnings.append(f"{self.at}: hit policy F: what a rule means depends on where it stands")
        inputs = tuple(self.input(column) for column in _each(item, "input"))
        outputs = tuple(self.output(column, type_name) for column in _each(item, "output"))
        rules = tuple(self.rule(rule, len(inputs), len(outputs)) for rule in _each(item, "rule"))
        return Table(HITS[hit], item.get("aggregation", ""), inputs, outputs, rules)

    def input(self, column: Element) -> Input:
        text = _text(column, "inputExpression", "text")
        expression = next(_each(column, "inputExpression"), column)
        allowed = _text(column, "inputValues", "text")
        return Input(text, self.expression(text), _type(expression), self.tests(allowed) if allowed else None)

    def output(self, column: Element, type_name: str) -> Output:
        name, default = column.get("name", ""), _text(column, "defaultOutputEntry", "text")
        values = _text(column, "outputValues", "text") or self.values_of(_type(column), "")
        values = values or self.values_of(type_name, name)
        order = [test.value for test in self.tests(values).tests if isinstance(test, Compare)] if values else []
        return Output(name, _type(column), tuple(order), self.expression(default) if default else None)

    def values_of(self, type_name: str, component: str) -> str:
        """The values that a declared type allows, itself or in one of its components."""
        item = self.types.get(type_name)
        if item is None:
            return ""
        for part in _each(item, "itemComponent"):
            if component and part.get("name") == component:
                return _text(part, "allowedValues", "text") or self.values_of(_text(part, "typeRef"), "")
        return _text(item, "allowedValues", "text")

    def rule(self, rule: Element, inputs: int, outputs: int) -> Rule:
        tests = [_text(cell, "text") for cell in _each(rule, "inputEntry")]
        answers = [_text(cell, "text") for cell in _each(rule, "outputEntry")]
        if (len(tests), len(answers)) != (inputs, outputs):
            told = f"{len(tests)} tests and {len(answers)} answers, not {inputs} and {outputs}"
            raise ModelError(f"{self.at}: a rule has {told}")
        return Rule(tuple(map(self.tests, tests)), tuple(map(self.expression, answers)), tuple(tests), tuple(answers))

    def expression(self, text: str) -> Node:
        return self.read(parse_expression, text or "null")

    def tests(self, text: str) -> Tests:
        return self.read(parse_tests, text or "-")

    def read(self, parse: Callable[[str], Read], text: str) -> Read:
        words = self.words
        try:
            return parse(self.long_names.sub(lambda found: words.get(found[0], found[0]), text))
        except ExpressionError as error:
            raise ModelError(f"{self.at}: {error}") from None


_NAMED = frozenset({"inputData", "decision", "businessKnowledgeModel", "formalParameter", "itemComponent"})
_OTHER_BODIES = frozenset({"context", "invocation", "relation", "list", "functionDefinition", "conditional", "filter"})


def _type(element: Element) -> str:
    return (element.get("typeRef") or "").rpartition(":")[2]
