"""Decision tables with their meaning: typed columns, rules that know what they override.

A decision is made by all tables of one policy that decide the same thing; each table (fragment) stands with the
clause that explains it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from goodword.engine.errors import ExpressionError, near
from goodword.engine.feel import Node, names_in, parse_expression, parse_tests
from goodword.engine.feel.kinds import check_tests, fits, in_words, kind_of
from goodword.engine.feel.syntax import Compare, Interval, ListOf, Literal, Name, Tests
from goodword.engine.findings import Notes
from goodword.engine.policy import Clause, Policy
from goodword.engine.table_text import RowText, TableText
from goodword.engine.values import CHOICES
from goodword.engine.vocabulary import Fact, Output, Vocabulary

Subject = Fact | Output  # what an input column may be about: a fact, or an output of an earlier table of the chain


@dataclass(frozen=True, slots=True)
class RuleRef:
    """Where a rule stands. `id` is how stored decisions name it: `returns#hygiene:1.1`."""

    policy: str
    clause: str
    row: str
    decision: str
    file: str
    line: int

    @property
    def id(self) -> str:
        """`returns#hygiene:1.1`"""
        return f"{self.policy}#{self.clause}:{self.row}"

    @property
    def anchor(self) -> str:
        """The clause it stands in: `returns#hygiene`."""
        return f"{self.policy}#{self.clause}"


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. `tests` has an entry only for the columns it restricts; `beats` are places of rows in the table."""

    ref: RuleRef
    tests: Mapping[str, Tests]
    test_texts: Mapping[str, str]
    outputs: Mapping[str, Node]
    output_texts: Mapping[str, str]
    beats: tuple[int, ...] = ()


@dataclass(slots=True)
class DecisionTable:
    """All rules of one decision of one policy, with the columns in the order in which they first appear."""

    policy: str
    name: str
    hit: str
    columns: dict[str, Subject] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    file: str = ""
    line: int = 0

    @property
    def code(self) -> str:
        """`returns/outcome`"""
        return f"{self.policy}/{self.name}"

    def names_used(self) -> set[str]:
        """The parameters that its cells read."""
        cells: dict[tuple[str, str], Node] = {}
        for row in self.rows:
            cells.update({(name, row.test_texts[name]): node for name, node in row.tests.items()})
            cells.update({(name, row.output_texts[name]): node for name, node in row.outputs.items()})
        return {name.name for node in cells.values() for name in names_in(node)}

    def rules(self) -> list[Any]:
        """The table as plain values, for `rules_hash`: spaces and prose do not count."""
        return [
            self.code,
            self.hit,
            list(self.columns),
            list(self.outputs),
            [[row.ref.id, dict(row.test_texts), dict(row.output_texts), list(row.beats)] for row in self.rows],
        ]


@dataclass(frozen=True, slots=True)
class Names:
    """What cells may speak of."""

    vocabulary: Vocabulary
    parameters: Mapping[str, Any]

    def subject(self, name: str) -> Subject | None:
        """The fact or output of this name."""
        return self.vocabulary.facts.get(name) or self.vocabulary.outputs.get(name)

    @property
    def parameter_kinds(self) -> dict[str, str]:
        """The kind of each parameter: the only names a cell may use."""
        return {code: parameter.kind for code, parameter in self.parameters.items()}


def build_decisions(policy: Policy, names: Names, notes: Notes) -> dict[str, DecisionTable]:
    """The decisions of a policy out of the tables in its clauses. Draft clauses of a published policy wait."""
    decisions: dict[str, DecisionTable] = {}
    for clause in policy.clauses.values():
        if clause.status == "draft" and policy.status == "published":
            continue
        for text in next(iter(clause.texts.values())).tables:
            table = decisions.setdefault(
                clause.decides, DecisionTable(policy.code, clause.decides, text.hit, file=text.file, line=text.line)
            )
            _add_fragment(table, text, clause, names, notes)
    for table in decisions.values():
        _set_precedence(table, policy, notes)
    return decisions


def _add_fragment(table: DecisionTable, text: TableText, clause: Clause, names: Names, notes: Notes) -> None:
    if text.hit != table.hit:
        message = (
            f"this table says {text.hit}, the first one for `{table.name}` ({table.file}:{table.line}) says {table.hit}"
        )
        notes.error("table.hit", text.file, text.line, message, "all tables of one decision share their hit policy")
    for name in text.inputs:
        subject = names.subject(name)
        if subject is None:
            known = [*names.vocabulary.facts, *names.vocabulary.outputs]
            notes.error("unknown", text.file, text.line, f"unknown fact `{name}`", near(name, known))
        elif subject.kind in ("list", "record"):
            hint = "derive a yes/no fact or a number from it and test that"
            notes.error(
                "table.column", text.file, text.line, f"`{name}` is a {subject.kind} and cannot be a column", hint
            )
        else:
            table.columns[name] = subject
    for name in text.outputs:
        output = names.vocabulary.outputs.get(name)
        if output is None:
            notes.error(
                "unknown", text.file, text.line, f"unknown output `{name}`", near(name, list(names.vocabulary.outputs))
            )
        else:
            table.outputs[name] = output
    same = [row.ref.row for row in table.rows if row.ref.clause == clause.id]
    for row in text.rows:
        if row.id in same:
            message = f"there is already a row {row.id} in this clause"
            notes.error("table.row", text.file, row.line, message, "number the rows of a clause's tables on")
        table.rows.append(_row(row, text, table, clause, names, notes))


def _row(row: RowText, text: TableText, table: DecisionTable, clause: Clause, names: Names, notes: Notes) -> Row:
    ref = RuleRef(table.policy, clause.id, row.id, table.name, text.file, row.line)
    cells = [(name, cell) for name, cell in zip(text.inputs, row.inputs, strict=True) if name in table.columns]
    tests = {}
    for name, cell in cells:
        try:
            parsed = _input_cell(cell, table.columns[name], names)
        except ExpressionError as error:
            notes.error("cell", text.file, row.line, f"row {row.id}, column `{name}`: {error}")
            continue
        if not parsed.any_value:
            tests[name] = parsed
    outputs, output_texts = {}, {}
    for name, cell in zip(text.outputs, row.outputs, strict=True):
        if name not in table.outputs or cell in ("", "-", "null"):
            continue
        try:
            outputs[name] = _output_cell(cell, table.outputs[name], names)
            output_texts[name] = cell
        except ExpressionError as error:
            notes.error("cell", text.file, row.line, f"row {row.id}, output `{name}`: {error}")
    return Row(ref, tests, {name: cell for name, cell in cells if name in tests}, outputs, output_texts)


def _input_cell(cell: str, subject: Subject, names: Names) -> Tests:
    choices = subject.kind in CHOICES
    tests = parse_tests(cell, hyphens=choices)
    if choices:
        resolved = tuple(_choice_test(test, subject, names) for test in tests.tests)
        tests = Tests(resolved, tests.negated, tests.any_value, column=tests.column)
    for name in (name for test in tests.tests for name in names_in(test)):
        if name.name not in names.parameters:
            raise ExpressionError(_not_a_parameter(name.name, names), name.column)
    check_tests(tests, subject.kind, names.parameter_kinds)
    return tests


def _not_a_parameter(name: str, names: Names) -> str:
    if names.subject(name):
        return f"`{name}` is a fact: a cell compares with values and parameters (derive a fact that compares the two)"
    return f"unknown parameter `{name}` ({near(name, list(names.parameters))})"


def _choice_test(test: Node, subject: Subject, names: Names) -> Node:
    if isinstance(test, Compare):
        return replace(test, value=_choice(test.value, subject.values, subject.code, names))
    if isinstance(test, Interval):
        low, high = (_choice(end, subject.values, subject.code, names) for end in (test.low, test.high))
        return replace(test, low=low, high=high)
    return test


def _choice(node: Node, values: Mapping[str, Any], code: str, names: Names) -> Node:
    """A bare or quoted word as one of the choices; a list of them likewise."""
    if isinstance(node, ListOf):
        return ListOf(tuple(_choice(item, values, code, names) for item in node.items), column=node.column)
    if isinstance(node, Name):
        if node.name in values and node.name in names.parameters:
            message = f'`{node.name}` is a choice and a parameter: write "{node.name}" for the choice'
            raise ExpressionError(message, node.column)
        if node.name in names.parameters:
            return node
    word = node.name if isinstance(node, Name) else node.value if isinstance(node, Literal) else None
    word = {True: "yes", False: "no"}.get(word, word) if isinstance(word, bool) else word
    if not isinstance(word, str):
        raise ExpressionError(f"`{code}` is a choice: one of {', '.join(values)}", node.column)
    if word not in values:
        raise ExpressionError(
            f'"{word}" is not one of the values of `{code}` ({near(word, list(values))})', node.column
        )
    return Literal(word, "choice", column=node.column)


def _output_cell(cell: str, output: Output, names: Names) -> Node:
    kind = output.element if output.kind == "list" else output.kind
    choices = kind in CHOICES
    node = parse_expression(cell, hyphens=choices)
    if output.kind == "list" and not isinstance(node, ListOf):
        node = ListOf((node,), column=node.column)
    if choices:
        node = _choice(node, output.values, output.code, names)
    for name in names_in(node):
        if name.name not in names.parameters:
            raise ExpressionError(_not_a_parameter(name.name, names), name.column)
    found = kind_of(node, names.parameter_kinds)
    if not fits(output.kind, found):
        raise ExpressionError(f"{in_words(found)} where {in_words(output.kind)} is wanted", node.column)
    return node


def _set_precedence(table: DecisionTable, policy: Policy, notes: Notes) -> None:
    """Which rows each row beats: those it is numbered under, and those of the clauses that its clause overrides."""
    places = {row.ref.id: place for place, row in enumerate(table.rows)}
    for place, row in enumerate(table.rows):
        beaten = {places[parent] for parent in _parents(row.ref) if parent in places}
        clause = policy.clauses[row.ref.clause]
        for target in clause.overrides:
            beaten |= set(_targets(target, clause, table, policy, notes))
        table.rows[place] = replace(row, beats=tuple(sorted(beaten - {place})))
    for circle in _circles(table.rows):
        ids = [table.rows[place].ref.id for place in circle]
        first = table.rows[circle[0]].ref
        if len(circle) == 2:
            message, hint = f"rules {ids[0]} and {ids[1]} override each other", "only one can be the exception"
        else:
            message = f"rules {' beats '.join([*ids, ids[0]])}: where they hold together, none of them is left"
            hint = "take one `overrides` out of the circle"
        notes.error("overrides", first.file, first.line, message, hint)


def _circles(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Rows that beat one another in a circle, each circle in order; of several that share a row only one is told."""
    left = set(range(len(rows)))
    while left:
        ends = {place for place in left if left.isdisjoint(rows[place].beats)}
        if ends:
            left -= ends
            continue
        way = [min(left)]
        while (following := min(left.intersection(rows[way[-1]].beats))) not in way:
            way.append(following)
        circle = way[way.index(following) :]
        first = circle.index(min(circle))
        yield [*circle[first:], *circle[:first]]
        left -= set(circle)


def _parents(ref: RuleRef) -> Sequence[str]:
    parts = ref.row.split(".")
    return [f"{ref.anchor}:{'.'.join(parts[:size])}" for size in range(1, len(parts))]


def _targets(target: str, clause: Clause, table: DecisionTable, policy: Policy, notes: Notes) -> list[int]:
    clause_id, _, row_id = target.removeprefix("#").partition(":")
    if clause_id not in policy.clauses:
        message = f"`overrides` names the clause `{clause_id}`, which this policy does not have"
        notes.error("overrides", clause.file, clause.line, message, near(clause_id, list(policy.clauses)))
        return []
    found = [
        place
        for place, row in enumerate(table.rows)
        if row.ref.clause == clause_id and (not row_id or row.ref.row == row_id)
    ]
    if not found:
        notes.error("overrides", clause.file, clause.line, f"`overrides: {target}` names no rule of `{table.name}`")
    return found
