"""A DMN model as it is run: inputs, decisions (a table or an expression), and functions that expressions may call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from goodword.engine.errors import EngineError
from goodword.engine.feel import Node
from goodword.engine.feel.syntax import Tests


class ModelError(EngineError):
    """A DMN model that cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is tested. `allowed` are the values it may have."""

    text: str
    expression: Node
    kind: str = ""
    allowed: Tests | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A column that answers. `order` are its values, the first the strongest (hit policies P and O)."""

    name: str
    kind: str = ""
    order: tuple[Node, ...] = ()
    default: Node | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a test for each input, an answer for each output."""

    tests: tuple[Tests, ...]
    outputs: tuple[Node, ...]
    test_texts: tuple[str, ...] = ()
    output_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. `hit` is U, A, P, F, C, R or O; `aggregation` is SUM, MIN, MAX, COUNT or nothing."""

    hit: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided, and the names of the decisions that come first."""

    name: str
    body: Table | Node
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """Knowledge that expressions call by name."""

    parameters: tuple[str, ...]
    body: Table | Node


@dataclass(frozen=True, slots=True)
class Model:
    """A whole model. `inputs` has the type of each piece of input data; `words` the name in FEEL of each long name."""

    name: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def word(self, name: str) -> str:
        """The name that stands for it in expressions: `Monthly Salary` is `Monthly_Salary`."""
        return self.words.get(name, name)
