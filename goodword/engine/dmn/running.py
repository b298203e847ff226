"""Deciding by a DMN model, as DMN 1.5 says: what cannot be computed is null, and `problems` tells why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from goodword.engine.dmn.model import Decision, Function, Model, ModelError, Rule, Table
from goodword.engine.errors import ExpressionError, near
from goodword.engine.feel import Node, Scope, compile_expression
from goodword.engine.feel.evaluate import compile_tests
from goodword.engine.feel.functions import FUNCTIONS
from goodword.engine.feel.operators import same
from goodword.engine.values import UNKNOWN

MAX_DEPTH, MAX_CALLS = 100, 20
AGGREGATIONS = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}


@dataclass(frozen=True, slots=True)
class Result:
    """The answer (null is None) and what kept it from being another one."""

    value: Any
    problems: tuple[str, ...] = ()


def run(model: Model, decision: str, inputs: Mapping[str, Any]) -> Result:
    """Decides one decision of a model, those it needs first. A null input counts as not given.

    Raises ModelError for a decision that is not there, or decisions that need each other in a circle.
    """
    case = _Case(model, {model.word(name): value for name, value in inputs.items() if value is not None})
    return Result(case.decide(decision, ()), tuple(case.problems))


@dataclass(slots=True)
class _Case:
    """One run of a model."""

    model: Model
    facts: dict[str, Any]
    decided: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    depth: int = 0

    def decide(self, name: str, waiting: tuple[str, ...]) -> Any:
        if len(waiting) > MAX_DEPTH:
            raise ModelError(f"more than {MAX_DEPTH} decisions need one another")
        if name in waiting:
            raise ModelError(f"decision `{name}` needs itself: {' -> '.join([*waiting, name])}")
        if name in self.decided:
            return self.decided[name]
        decision = self.model.decisions.get(name)
        if decision is None:
            raise ModelError(f"no decision `{name}`: {near(name, list(self.model.decisions))}")
        for needed in decision.needs:
            value = self.decide(needed, (*waiting, name))
            if value is not None:
                self.facts.setdefault(self.model.word(needed), value)
        self.decided[name] = self.answer(decision)
        return self.decided[name]

    def answer(self, decision: Decision) -> Any:
        return self.body(decision.body, self.scope(), self.facts, decision.name)

    def scope(self) -> Scope:
        return Scope(functions={name: self.callable(name, made) for name, made in self.model.functions.items()})

    def callable(self, name: str, function: Function) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            if len(arguments) != len(function.parameters):
                raise ValueError(f"{name}() takes {len(function.parameters)} values, not {len(arguments)}")
            if self.depth >= MAX_CALLS:
                raise ValueError(f"{name}() is called {MAX_CALLS} deep")
            self.depth += 1
            try:
                told = dict(zip(function.parameters, arguments, strict=True))
                return self.body(function.body, self.scope(), told, name)
            finally:
                self.depth -= 1

        return call

    def body(self, body: Table | Node, scope: Scope, facts: Mapping[str, Any], name: str) -> Any:
        if isinstance(body, Table):
            return self.table(body, scope, facts, name)
        return self.computed(body, scope, facts, name)

    def computed(self, node: Node, scope: Scope, facts: Mapping[str, Any], name: str) -> Any:
        try:
            value = compile_expression(node, scope)(facts)
        except ExpressionError as error:
            self.problems.append(f"`{name}`: {error}")
            return None
        return None if value is UNKNOWN else value

    def table(self, table: Table, scope: Scope, facts: Mapping[str, Any], name: str) -> Any:
        values = [self.computed(column.expression, scope, facts, name) for column in table.inputs]
        for column, value in zip(table.inputs, values, strict=True):
            if column.allowed and value is not None and compile_tests(column.allowed, scope)(value, facts) is not True:
                self.problems.append(f"`{name}`: {value!r} is not an allowed value of `{column.text}`")
                return None
        held = [rule for rule in table.rules if self.holds(rule, values, scope, facts, name)]
        answers = [tuple(self.computed(node, scope, facts, name) for node in rule.outputs) for rule in held]
        if not answers:
            return self.nothing(table, scope, name)
        return self.of_several(table, answers, scope, name)

    def holds(self, rule: Rule, values: Sequence[Any], scope: Scope, facts: Mapping[str, Any], name: str) -> bool:
        for tests, value in zip(rule.tests, values, strict=True):
            if tests.any_value:
                continue
            try:
                if value is None or compile_tests(tests, scope)(value, facts) is not True:
                    return False
            except (TypeError, ExpressionError):
                self.problems.append(f"`{name}`: {value!r} cannot be tested by one of its cells")
                return False
        return True

    def nothing(self, table: Table, scope: Scope, name: str) -> Any:
        """What a table says when no rule holds: its default, or null."""
        if any(output.default for output in table.outputs):
            defaults = (
                self.computed(output.default, scope, {}, name) if output.default else None for output in table.outputs
            )
            return _shaped(table, tuple(defaults))
        self.problems.append(f"`{name}`: no rule holds")
        return None

    def of_several(self, table: Table, answers: list[tuple[Any, ...]], scope: Scope, name: str) -> Any:
        match table.hit:
            case "U" | "A":
                if len(answers) == 1 or (table.hit == "A" and all(same(answers[0], other) for other in answers)):
                    return _shaped(table, answers[0])
                allowed = "one only" if table.hit == "U" else "several only where they agree"
                self.problems.append(f"`{name}`: {len(answers)} rules hold; hit policy {table.hit} allows {allowed}")
                return None
            case "F":
                return _shaped(table, answers[0])
            case "P" | "O":
                ranked = sorted(answers, key=lambda answer: self.rank(table, answer, scope, name))
                return _shaped(table, ranked[0]) if table.hit == "P" else [_shaped(table, answer) for answer in ranked]
        shaped = [_shaped(table, answer) for answer in answers]
        if table.hit == "R" or not table.aggregation:
            return shaped
        return self.aggregated(table.aggregation, shaped, name)

    def rank(self, table: Table, answer: tuple[Any, ...], scope: Scope, name: str) -> tuple[int, ...]:
        """Where an answer stands in the declared order of the outputs' values."""
        ranks = []
        for output, value in zip(table.outputs, answer, strict=True):
            order = [self.computed(node, scope, {}, name) for node in output.order]
            places = [place for place, declared in enumerate(order) if same(declared, value)]
            ranks.append(places[0] if places else len(order))
        return tuple(ranks)

    def aggregated(self, aggregation: str, answers: list[Any], name: str) -> Any:
        function = FUNCTIONS.get(AGGREGATIONS.get(aggregation, ""))
        if function is None:
            raise ModelError(f"`{name}`: `{aggregation}` is no aggregation")
        try:
            return function.compute(answers)
        except (TypeError, ValueError, ArithmeticError):
            self.problems.append(f"`{name}`: {aggregation} of {answers!r} has no meaning")
            return None


def _shaped(table: Table, answer: tuple[Any, ...]) -> Any:
    """One output is a bare value, several are a record."""
    if len(table.outputs) == 1:
        return answer[0]
    return {output.name: value for output, value in zip(table.outputs, answer, strict=True)}
