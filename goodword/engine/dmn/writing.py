"""A book's decision tables as a DMN 1.5 model (OMG formal/2024-01-01): what other tools can open, draw and run.

Money is a number in the smallest unit. What DMN cannot say is not left out in silence: it is listed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

from goodword.engine.book import Book
from goodword.engine.deciding import chain_of
from goodword.engine.dmn.drawing import depths, draw
from goodword.engine.errors import NotFound
from goodword.engine.feel import names_in
from goodword.engine.feel.printing import Printer
from goodword.engine.feel.syntax import Literal
from goodword.engine.tables import DecisionTable, Row
from goodword.engine.values import CHOICES, NUMERIC
from goodword.engine.vocabulary import Fact, Output

MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"
HITS = {"U": "UNIQUE", "A": "ANY", "P": "PRIORITY", "F": "FIRST", "C": "COLLECT"}
TYPES = {"yes/no": "boolean", "date": "date", "datetime": "dateTime", "time": "time", "duration": "dayTimeDuration",
         "text": "string", "list": "Any", "record": "Any"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A model as XML, and in words what of the book it does not say."""

    xml: bytes
    left_out: tuple[str, ...]


def write_dmn(book: Book, day: date, policy: str | None = None) -> Written:
    """The tables of a book, or of one policy and those it leads to, with the numbers of a day.

    Raises NotFound for a policy that is not there, or that decides nothing by a table.
    """
    codes = [policy] if policy else [code for code, one in book.policies.items() if one.status == "published"]
    links = [link for code in codes if book.policy(code).decisions for link in _links(book, code)]
    if not links:
        raise NotFound(f"the policy `{policy}` decides nothing by a table; its prose is exported as HTML or PDF")
    writer = _Writer(book, day, [book.table(*link) for link in dict.fromkeys(links)])
    return writer.written()


def _links(book: Book, code: str) -> list[tuple[str, str]]:
    """Every table of a policy, and those of its chain."""
    own = [(code, name) for name in book.policy(code).decisions]
    return [*own, *chain_of(book, code)]


@dataclass(slots=True)
class _Writer:
    """One model in the making."""

    book: Book
    day: date
    tables: list[DecisionTable]
    left_out: dict[str, None] = field(default_factory=dict)
    needs: dict[str, list[str]] = field(default_factory=dict)  # id -> ids, for the drawing
    root: Element = field(default_factory=lambda: Element("definitions"))

    def written(self) -> Written:
        book, root = self.book, self.root
        root.attrib.update(
            {
                "xmlns": MODEL,
                "id": "book",
                "name": book.name,
                "namespace": "https://goodword.example/dmn/" + book.hash[:12],
            }
        )
        SubElement(root, "description").text = (
            f"{book.name}, version {book.hash[:12]}, with the numbers of {self.day.isoformat()}. "
            f"Amounts are in the smallest unit of {book.currency}."
        )
        facts, parameters = self.used()
        for subject in facts:
            self.item_definition(subject)
        for table in self.tables:
            self.result_definition(table)
        for fact in facts:
            self.fact(fact)
        for name in sorted(parameters):
            self.parameter(name)
        for table in self.tables:
            self.table(table)
        self.say_what_is_left_out()
        self.in_order()
        draw(root, self.needs)
        ET.indent(root)
        return Written(ET.tostring(root, encoding="utf-8", xml_declaration=True), tuple(self.left_out))

    def in_order(self) -> None:
        """Decisions after those they need: some tools decide from top to bottom."""
        decisions = self.root.findall("decision")
        depth = depths([one.get("id", "") for one in decisions], self.needs)
        for decision in decisions:
            self.root.remove(decision)
        self.root.extend(sorted(decisions, key=lambda one: depth[one.get("id", "")]))

    def used(self) -> tuple[list[Fact | Output], set[str]]:
        """The facts that the tables read, those they are derived from first, and the parameters."""
        found: dict[str, Fact | Output] = {}
        parameters: set[str] = set()

        def take(name: str) -> None:
            subject = self.book.facts.get(name) or self.book.outputs.get(name)
            if name in self.book.parameters:
                parameters.add(name)
            if subject is None or name in found:
                return
            if isinstance(subject, Fact) and subject.formula:
                for inner in names_in(subject.formula):
                    take(inner.name)
            found[name] = subject

        for table in self.tables:
            parameters |= table.names_used() & set(self.book.parameters)
            for name in table.columns:
                take(name)
        return list(found.values()), parameters

    def item_definition(self, subject: Fact | Output) -> None:
        """The values a choice may have."""
        if subject.kind in CHOICES and subject.values:
            item = SubElement(self.root, "itemDefinition", name=f"t_{subject.code}")
            SubElement(item, "typeRef").text = "string"
            _text(SubElement(item, "allowedValues"), ", ".join(f'"{value}"' for value in subject.values))

    def result_definition(self, table: DecisionTable) -> None:
        """A table with several outputs gives a record of them; one that collects, a list of such records."""
        if len(table.outputs) < 2:
            return
        item = SubElement(self.root, "itemDefinition", name=f"t_{_name(table)}", isCollection=_yes(table.hit == "C"))
        for output in table.outputs.values():
            part = SubElement(item, "itemComponent", name=output.code)
            SubElement(part, "typeRef").text = _type(output)

    def fact(self, fact: Fact | Output) -> None:
        """Input data; a derived fact is a decision of its own, by its expression."""
        if isinstance(fact, Fact) and fact.formula:
            printer = Printer()
            self.expression(
                fact.code, _type(fact), printer.text(fact.formula), {n.name for n in names_in(fact.formula)}
            )
            for function in sorted(printer.strange):
                self.note(f"fact `{fact.code}`: DMN does not know the function `{function}`; define it in your tool")
            return
        if isinstance(fact, Output) and self.producer(fact.code):
            return  # a table of this model gives it
        item = SubElement(self.root, "inputData", id=f"i_{fact.code}", name=fact.code, label=fact.label(self.language))
        SubElement(item, "variable", name=fact.code, typeRef=_typed(fact))

    def parameter(self, name: str) -> None:
        """A parameter is a decision that is always the same."""
        value = self.book.parameter(name, self.day, self.book.currency)
        self.expression(name, _kind(self.book.parameters[name].kind), _literal(value), set())

    def expression(self, name: str, type_ref: str, text: str, reads: set[str]) -> None:
        item = SubElement(self.root, "decision", id=f"d_{name}", name=name)
        SubElement(item, "variable", name=name, typeRef=type_ref)
        self.require(item, reads)
        _text(SubElement(item, "literalExpression", typeRef=type_ref), text)

    def table(self, table: DecisionTable) -> None:
        name = _name(table)
        item = SubElement(self.root, "decision", id=f"d_{name}", name=name, label=self.title(table))
        several = len(table.outputs) > 1
        SubElement(item, "variable", name=name, typeRef=f"t_{name}" if several else _type(*table.outputs.values()))
        self.require(item, {*table.columns, *(table.names_used() & set(self.book.parameters))})
        hit, rows = self.order(table)
        body = SubElement(item, "decisionTable", id=f"t_{name}", hitPolicy=hit)
        for code, subject in table.columns.items():
            clause = SubElement(body, "input", id=f"c_{name}_{code}", label=subject.label(self.language))
            _text(SubElement(clause, "inputExpression", typeRef=_kind(subject.kind)), self.reference(code))
            if values := _allowed(subject):
                _text(SubElement(clause, "inputValues"), values)
        for output in table.outputs.values():
            clause = SubElement(body, "output", id=f"o_{name}_{output.code}", name=output.code, typeRef=_type(output))
            if values := self.output_values(output, rows):
                _text(SubElement(clause, "outputValues"), values)
        SubElement(body, "annotation", name="rule")
        for row in rows:
            self.rule(body, row, table)

    def rule(self, body: Element, row: Row, table: DecisionTable) -> None:
        printer = Printer()
        rule = SubElement(body, "rule", id="r_" + re.sub(r"\W", "_", f"{row.ref.id}_{row.ref.decision}"))
        for name in table.columns:
            tests = row.tests.get(name)
            _text(SubElement(rule, "inputEntry"), printer.tests(tests) if tests else "-")
        for name in table.outputs:
            node = row.outputs.get(name)
            _text(SubElement(rule, "outputEntry"), printer.text(node) if node else "null")
        _text(SubElement(rule, "annotationEntry"), row.ref.id)

    def order(self, table: DecisionTable) -> tuple[str, list[Row]]:
        """DMN has no exceptions: where rules beat others they come first, and the first that holds decides.

        That is the same answer, because a proved table leaves one rule where all beaten ones are put aside.
        """
        if not any(row.beats for row in table.rows):
            return HITS[table.hit], table.rows
        if table.hit in ("P", "C"):
            self.note(
                f"decision `{table.code}`: hit policy {table.hit} with exceptions; DMN has none, so its rules stand "
                "there as if no exception were marked"
            )
            return HITS[table.hit], table.rows
        return "FIRST", _beating_first(table)

    def output_values(self, output: Output, rows: list[Row]) -> str:
        """The values an output may have; outcomes with the strongest first, which hit policy P goes by."""
        if output.kind not in CHOICES or not output.values:
            return ""
        known = [outcome for outcome in self.book.settings.precedence if outcome in output.values]
        ranked = [*known, *(value for value in output.values if value not in known)]
        values = [f'"{value}"' for value in (ranked if output.code == "outcome" else output.values)]
        silent = any(output.code not in row.outputs for row in rows)
        return ", ".join([*values, "null"] if silent else values)

    def reference(self, name: str) -> str:
        """What a name is called in expressions: itself, or an output of the one table that gives it."""
        source = self.producer(name)
        if not source:
            return name
        return f"{_name(source)}.{name}" if len(source.outputs) > 1 else _name(source)

    def producer(self, name: str) -> DecisionTable | None:
        """The table that gives an output another table reads, if it is one alone."""
        givers = [table for table in self.tables if name in table.outputs and name not in table.columns]
        return givers[0] if len(givers) == 1 and name not in self.book.facts else None

    def require(self, item: Element, names: set[str]) -> None:
        """The arrows: what must be known or decided first."""
        for name in sorted(names):
            source = self.producer(name) if name in self.book.outputs and name not in self.book.facts else None
            fact = self.book.facts.get(name)
            decided = (
                source is not None or name in self.book.parameters or (fact is not None and fact.formula is not None)
            )
            if name not in self.book.parameters and fact is None and name not in self.book.outputs:
                continue  # a variable that an expression binds
            href = f"d_{_name(source)}" if source else f"d_{name}" if decided else f"i_{name}"
            arrow = SubElement(item, "informationRequirement")
            SubElement(arrow, "requiredDecision" if decided else "requiredInput", href=f"#{href}")
            self.needs.setdefault(item.get("id", ""), []).append(href)

    def say_what_is_left_out(self) -> None:
        """What DMN has no word for."""
        for table in self.tables:
            for name in table.columns:
                if name in self.book.outputs and name not in self.book.facts and not self.producer(name):
                    self.note(f"decision `{table.code}`: give it `{name}` yourself; several decisions of the book can")
        if self.book.floors:
            pages = ", ".join(sorted({floor.page.code for floor in self.book.floors}))
            self.note(f"the floors of the law ({pages}): DMN cannot lift an answer; the book does it after deciding")
        later = [code for code, one in self.book.parameters.items() if len(one.values) > 1]
        if later:
            self.note(f"the dates of parameters ({', '.join(sorted(later))}): the model holds the values of {self.day}")
        self.note("prose, translations, words for the customer, procedures and cases: DMN holds decisions only")
        self.note("unknown facts: the book asks, DMN answers null")

    def note(self, words: str) -> None:
        self.left_out[words] = None

    def title(self, table: DecisionTable) -> str:
        title = self.book.policy(table.policy).title(self.language)
        return title if table.name == "outcome" else f"{title}: {table.name}"

    @property
    def language(self) -> str:
        return self.book.languages[0]


def _beating_first(table: DecisionTable) -> list[Row]:
    """The rows, each before those it beats, otherwise as they stand."""
    order: list[int] = []
    waiting = set(range(len(table.rows)))
    while waiting:
        beaten = {other for place in waiting for other in table.rows[place].beats}
        free = sorted(waiting - beaten) or sorted(waiting)  # a circle is an error that `check` has told already
        order += free
        waiting -= set(free)
    return [table.rows[place] for place in order]


def _name(table: DecisionTable) -> str:
    """`late-delivery/outcome` as a name that FEEL reads."""
    return re.sub(r"\W", "_", f"{table.policy}_{table.name}")


def _kind(kind: str) -> str:
    return "number" if kind in NUMERIC else TYPES.get(kind, "string")


def _type(subject: Fact | Output) -> str:
    return _kind(subject.kind)


def _typed(subject: Fact | Output) -> str:
    return f"t_{subject.code}" if subject.kind in CHOICES and subject.values else _type(subject)


def _allowed(subject: Fact | Output) -> str:
    """The values a column may have: choices, or a range; outside of it the book has no rule, either."""
    if subject.kind in CHOICES and subject.values:
        return ", ".join(f'"{value}"' for value in subject.values)
    low, high = getattr(subject, "low", None), getattr(subject, "high", None)
    if low is not None and high is not None:
        return f"[{_literal(low)}..{_literal(high)}]"
    return f">= {_literal(low)}" if low is not None else f"<= {_literal(high)}" if high is not None else ""


def _literal(value: Any) -> str:
    kinds = {bool: "yes/no", date: "date"}
    return Printer().literal(Literal(value, kinds.get(type(value), "duration" if hasattr(value, "days") else "text")))


def _text(element: Element, text: str) -> None:
    SubElement(element, "text").text = text


def _yes(value: bool) -> str:
    return "true" if value else "false"
