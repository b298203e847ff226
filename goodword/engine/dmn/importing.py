"""A DMN model as the files of a policy book: a draft for its owner to give words to. What does not fit is listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from goodword.engine.dmn.model import Decision, Model, Table
from goodword.engine.errors import BookError, ExpressionError
from goodword.engine.feel import Node, names_in
from goodword.engine.feel.kinds import kind_of
from goodword.engine.feel.printing import cell_in_book, expression_in_book
from goodword.engine.feel.syntax import (
    Call,
    Compare,
    Interval,
    ListOf,
    Literal,
    Name,
    Path,
    Tests,
    children,
    with_children,
)
from goodword.engine.table_text import ARROW
from goodword.engine.values import to_plain

KINDS = {
    "boolean": "yes/no", "number": "number", "string": "text", "date": "date", "dateTime": "datetime", "time": "time",
    "dayTimeDuration": "duration", "days and time duration": "duration", "date and time": "datetime",
}  # fmt: skip
DAY = date(2026, 1, 1)  # since when an imported policy holds, until its owner says otherwise: any day would do


@dataclass(frozen=True, slots=True)
class Imported:
    """The texts of a book by file name, and what of the model they do not say."""

    files: Mapping[str, str]
    left_out: tuple[str, ...]


def book_from_dmn(model: Model, language: str = "en", currency: str = "EUR") -> Imported:
    """The book of a model: input data become facts, constants parameters, expressions derived facts, tables policies.

    Each policy is a draft: DMN holds no prose, no questions and no cases.
    """
    importer = _Importer(model, language)
    for name in _in_order(model):
        importer.take(model.decisions[name])
    return importer.imported(currency)


def _in_order(model: Model) -> Iterator[str]:
    """Decisions after those they need."""
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> Iterator[str]:
        if name in done or name not in model.decisions or name in above:
            return
        for needed in model.decisions[name].needs:
            yield from visit(needed, (*above, name))
        done.add(name)
        yield name

    for name in model.decisions:
        yield from visit(name, ())


@dataclass(slots=True)
class _Importer:
    """One book in the making."""

    model: Model
    language: str
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    given: dict[tuple[str, str], str] = field(default_factory=dict)  # (decision, its output) -> output of the book
    then: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, tuple[Decision, list[str], str]] = field(default_factory=dict)
    precedence: list[Any] = field(default_factory=list)
    left_out: dict[str, None] = field(default_factory=dict)

    def note(self, words: str) -> None:
        self.left_out[words] = None

    def take(self, decision: Decision) -> None:
        """One decision, as whatever of a book it can be."""
        if isinstance(decision.body, Table):
            self.take_table(decision, decision.body)
        elif not names_in(decision.body) and isinstance(decision.body, Literal) and decision.body.value is not None:
            value = decision.body.value
            self.parameters[self.model.word(decision.name)] = {
                "type": _kind_of_literal(decision.body),
                "label": {self.language: decision.name},
                "values": [{"value": to_plain(value), "source": "imported from DMN"}],
            }
        else:
            self.take_expression(decision.name, decision.body)

    def take_expression(self, name: str, body: Node, *, of: str = "decision") -> str:
        """A derived fact, if it reads nothing that a table gives. Its code, or "" with the reason noted."""
        code = self.model.word(name)
        if called := _functions_called(body) & set(self.model.functions):
            self.note(f"{of} `{name}` calls `{sorted(called)[0]}`: a book has no functions of its own; write it out")
            return ""
        body = self.told_by_tables(body)
        read = {one.name for one in names_in(body)}
        for one in sorted(read - set(self.outputs)):
            self.fact(one)
        known = {**self.facts, **self.parameters, **self.outputs}
        try:
            kind = kind_of(body, {one: known[one]["type"] for one in read})
        except ExpressionError as error:
            self.note(f"{of} `{name}`: {error}")
            return ""
        words = {"label": {self.language: name}, "question": {self.language: f"{name}?"}}
        self.facts[code] = {"type": kind, **words, "from": expression_in_book(body)}
        return code

    def told_by_tables(self, node: Node) -> Node:
        """An expression with the book's names of what earlier tables give: `returns.percent` is `percent`."""
        match node:
            case Path(base=Name(name=name), field_name=part) if (name, part) in self.given:
                return Name(self.given[name, part])
            case Name(name=name) if name in self.tables:
                return Name(self.tables[name][1][0])
        return with_children(node, self.told_by_tables)

    def fact(self, name: str, allowed: Tests | None = None, kind: str = "") -> str:
        """The fact of a piece of input data, made when first read; `allowed` makes text a choice."""
        if name not in self.facts and name not in self.parameters:
            original = next((long for long, word in self.model.words.items() if word == name), name)
            kind = KINDS.get(self.model.inputs.get(original, ""), KINDS.get(kind, "text"))
            self.facts[name] = {
                "type": kind,
                "label": {self.language: original},
                "question": {self.language: f"{original}?"},
            }
        if (limits := _range(allowed)) and self.facts.get(name, {}).get("type") == "number":
            self.facts[name].setdefault("range", limits)
        values = _choices(allowed)
        if values and self.facts.get(name, {}).get("type") == "text":
            self.facts[name] |= {"type": "choice", "values": values}
        return name

    def take_table(self, decision: Decision, table: Table) -> None:
        if table.hit in ("R", "O") or table.aggregation:
            hit = table.aggregation or {"R": "RULE ORDER", "O": "OUTPUT ORDER"}[table.hit]
            self.note(f"decision `{decision.name}`: {hit} gives lists or sums in an order that a book does not keep")
            return
        if table.hit == "P" and not self.keeps_order(table):
            self.note(f"decision `{decision.name}`: its outputs rank the rules together; a book ranks by one outcome")
            return
        columns = [self.column(decision, place, table) for place in range(len(table.inputs))]
        if "" in columns:
            return
        names = [self.output(decision, table, place) for place in range(len(table.outputs))]
        if any(output.default for output in table.outputs):
            self.note(f"decision `{decision.name}`: its default answer; add a rule for the situations that are left")
        code = re.sub(r"[^a-z0-9]+", "-", decision.name.lower()).strip("-") or f"decision-{len(self.policies) + 1}"
        self.tables[self.model.word(decision.name)] = (decision, names, code)
        self.policies[code] = _policy(decision.name, _table(table, columns, names))
        for needed in decision.needs:
            if self.model.word(needed) in self.tables:
                self.then.setdefault(self.tables[self.model.word(needed)][2], []).append(f"{code}/outcome")

    def keeps_order(self, table: Table) -> bool:
        """Takes the order of a P table's first output over as the book's precedence, if that says the same."""
        ranked = [[node.value for node in output.order if isinstance(node, Literal)] for output in table.outputs]
        mine = [value for value in ranked[0] if value is not None]
        both = [value for value in self.precedence if value in mine]
        if any(len(others) > 1 for others in ranked[1:]) or both != [value for value in mine if value in both]:
            return False
        self.precedence += [value for value in mine if value not in self.precedence]
        return True

    def column(self, decision: Decision, place: int, table: Table) -> str:
        """What an input column tests: a fact, an earlier table's output, or a derived fact made for it."""
        column = table.inputs[place]
        expression = self.told_by_tables(column.expression)
        if isinstance(expression, Name):
            known = expression.name in self.outputs
            return expression.name if known else self.fact(expression.name, column.allowed, column.kind)
        code = f"{self.model.word(decision.name)}_{place + 1}"
        return self.take_expression(code, expression, of=f"a column of `{decision.name}`:")

    def output(self, decision: Decision, table: Table, place: int) -> str:
        output = table.outputs[place]
        own = output.name if len(table.outputs) > 1 else decision.name
        code = self.model.word(re.sub(r"\W+", "_", own or decision.name))
        nodes = [rule.outputs[place] for rule in table.rules]
        made = _output(nodes, output.kind, output.order, {self.language: own})
        if code in self.facts or self.outputs.get(code, made)["type"] != made["type"]:
            code = f"{self.model.word(decision.name)}_{code}"
        if "values" in self.outputs.get(code, {}):
            made["values"] = list(dict.fromkeys([*self.outputs[code]["values"], *made["values"]]))
        self.outputs[code] = made
        self.given[self.model.word(decision.name), output.name] = code
        return code

    def imported(self, currency: str) -> Imported:
        for warning in self.model.warnings:
            self.note(warning)
        for name in self.model.functions:
            self.note(f"function `{name}`: a book has no functions of its own")
        self.note("prose, questions, cases, roles and languages: DMN holds none; give each policy its words")
        files = {
            "book.yaml": _yaml(self.settings(currency)),
            "facts.yaml": _yaml({"facts": self.facts, "outputs": self.outputs}),
            **({"parameters.yaml": _yaml(self.parameters)} if self.parameters else {}),
        }  # fmt: skip
        for code, text in self.policies.items():
            chain = f"then: [{', '.join(dict.fromkeys(self.then[code]))}]\n" if code in self.then else ""
            files[f"{code}.md"] = text.replace("---\n\n", f"{chain}---\n\n", 1)
        return Imported(self.without_order(files), tuple(self.left_out))

    def settings(self, currency: str) -> dict[str, Any]:
        """What the book needs to be one at all; its owner says the rest."""
        settings = {"name": self.model.name or "Imported", "languages": [self.language], "currency": currency}
        ranks = {"precedence": self.precedence} if self.precedence else {}
        return {**settings, "roles": {"agent": {self.language: "Agent"}}, **ranks}

    def without_order(self, files: dict[str, str]) -> dict[str, str]:
        """F tables rewritten so that their order no longer matters, where that is the same; see `first_hit`."""
        from goodword.engine.book import parse_book
        from goodword.engine.first_hit import without_order

        for _, _, code in self.tables.values():
            if "\n| F |" not in files[f"{code}.md"]:
                continue
            try:
                rewritten = without_order(parse_book(files), code)
            except BookError:
                rewritten = ""
            if rewritten:
                head = files[f"{code}.md"].partition("\n| F |")[0]
                files[f"{code}.md"] = f"{head}\n{rewritten.partition('-->')[2].strip() or rewritten.strip()}\n"
                self.note(
                    f"policy `{code}`: its rules stood in an order (F); they are exceptions now, the answers equal"
                )
            else:
                self.note(
                    f"policy `{code}`: its rules still depend on their order (F); `goodword check` says what to do"
                )
        return files


def _policy(title: str, table: str) -> str:
    front = {"title": title, "valid_from": DAY, "status": "draft"}
    return f"---\n{_yaml(front)}---\n\n# {title}\n\n## The rules\n<!-- #rules -->\n\n{table}\n"


def _table(table: Table, columns: Sequence[str], outputs: Sequence[str]) -> str:
    lines = [(table.hit, *columns, ARROW, *outputs), ("---",) * (len(columns) + len(outputs) + 2)]
    for number, rule in enumerate(table.rules, start=1):
        said = [expression_in_book(node) for node in rule.outputs]
        answers = ["" if text == "null" else text for text in said]
        lines.append((str(number), *map(cell_in_book, rule.tests), "", *answers))
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |" for cells in lines)


def _output(nodes: Sequence[Node], kind: str, order: Sequence[Node], label: Mapping[str, str]) -> dict[str, Any]:
    """An output's entry in the vocabulary: a choice where all answers are known texts."""
    told = _told(nodes)
    order = _told(order)
    if any(isinstance(node, ListOf) for node in told):
        return {"type": "list", "of": "text", "label": dict(label)}
    texts = [node.value for node in [*order, *told] if isinstance(node, Literal) and isinstance(node.value, str)]
    if told and len(texts) == len(told) + len(order):
        return {"type": "choice", "values": list(dict.fromkeys(texts)), "label": dict(label)}
    literal = next((node for node in told if isinstance(node, Literal)), None)
    found = KINDS.get(kind) or (_kind_of_literal(literal) if literal else "text")
    return {"type": found, "label": dict(label)}


def _told(nodes: Sequence[Node]) -> list[Node]:
    """The nodes that say something: null is silence."""
    return [node for node in nodes if not (isinstance(node, Literal) and node.value is None)]


def _choices(allowed: Tests | None) -> list[str]:
    """The texts a column allows, if it allows only texts."""
    if allowed is None or allowed.negated:
        return []
    values = [
        test.value.value
        for test in allowed.tests
        if isinstance(test, Compare) and test.operator == "=" and isinstance(test.value, Literal)
    ]
    return values if values and len(values) == len(allowed.tests) and all(isinstance(v, str) for v in values) else []


def _range(allowed: Tests | None) -> list[Any]:
    """The lowest and highest number a column allows, if it allows one span of them, ends included."""
    test = allowed.tests[0] if allowed and not allowed.negated and len(allowed.tests) == 1 else None
    match test:
        case Interval(low=Literal(value=low), high=Literal(value=high), low_included=True, high_included=True):
            return [low, high]
        case Compare(operator=">=", value=Literal(value=low)):
            return [low, None]
        case Compare(operator="<=", value=Literal(value=high)):
            return [None, high]
    return []


def _kind_of_literal(node: Literal) -> str:
    return {"text": "text", "null": "text"}.get(node.kind, node.kind)


def _functions_called(node: Node) -> set[str]:
    inner = {name for child in children(node) for name in _functions_called(child)}
    return inner | ({node.function} if isinstance(node, Call) else set())


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110)
