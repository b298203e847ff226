"""Why a decision came out as it did, in whole sentences, for the customer or for the agent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from goodword.engine.compiled import CompiledTable
from goodword.engine.decision import ASK, GAP, Decision
from goodword.engine.differing import Otherwise, differences
from goodword.engine.errors import NotFound
from goodword.engine.feel.syntax import Compare, Interval, ListOf, Name, Node, Tests
from goodword.engine.feel.syntax import Literal as Written
from goodword.engine.languages import phrases
from goodword.engine.languages.shape import Phrases
from goodword.engine.tables import DecisionTable, Row, RuleRef
from goodword.engine.values import CHOICES
from goodword.engine.vocabulary import Fact, Output
from goodword.engine.words import format_kind, format_value, join, tell

if TYPE_CHECKING:
    from goodword.engine.book import Book
    from goodword.engine.boundary import Boundary
    from goodword.engine.deciding import Shelf

Reader = Literal["customer", "agent"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision in words. `boundary` is the nearest value at which it would be another one.

    `differences` say what would have to be otherwise for a better outcome, the fewest facts each.
    """

    summary: str
    reasons: list[str] = field(default_factory=list)
    boundary: str | None = None
    differences: list[str] = field(default_factory=list)
    clause_titles: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The explanation as plain values."""
        return asdict(self)


def explain(decision: Decision, shelf: Shelf, language: str, *, to: Reader = "customer") -> Explanation:
    """A decision in a language.

    A customer is told no staff clause, and neither a boundary nor a difference on what only she could tell: it would
    teach lying.
    """
    teller = _Teller(decision, shelf, phrases(language), language)
    summary = teller.customer() if to == "customer" else teller.agent()
    shown = [ref for ref in decision.fired if to == "agent" or teller.is_public(ref)]
    reasons = [teller.rule(ref) for ref in shown] if to == "agent" else teller.conditions_of(shown)
    boundary = decision.boundary
    if boundary and to == "customer" and not (teller.is_verified(boundary.fact) and teller.is_better(boundary)):
        boundary = None  # nobody who is told yes wants to hear when it would have been no
    titles = list(dict.fromkeys(teller.heading(ref) for ref in shown))
    said = boundary.sentence(language) if boundary else None
    return Explanation(summary, reasons, said, teller.differences(to), titles)


class _Teller:
    """One decision being told in one language."""

    def __init__(self, decision: Decision, shelf: Shelf, words: Phrases, language: str) -> None:
        self.decision, self.words, self.language = decision, words, language
        self.books: dict[str, tuple[Book, date]] = {}
        for use in decision.tables:
            self.books.setdefault(use.policy, (shelf.book_on(use.policy, use.day), use.day))
        if decision.policy not in self.books:
            day = max(decision.days.values(), default=date.max)
            self.books[decision.policy] = (shelf.book_on(decision.policy, day), day)
        for ref in decision.fired:  # a floor of the law stands in the book whose answer it lifted
            self.books.setdefault(ref.policy, self.books[decision.policy])

    @property
    def book(self) -> Book:
        return self.books[self.decision.policy][0]

    def value(self, name: str, value: Any) -> str:
        subject: Any = self.book.facts.get(name) or self.book.outputs.get(name)
        if subject is not None and subject.kind == "money" and not isinstance(value, list | tuple):
            return format_kind("money", value, self.language, currency=self.decision.currency or self.book.currency)
        return format_value(self.book, name, value, self.language)

    def output(self, name: str) -> str:
        value = self.decision.outputs.get(name)
        return self.value(name, value) if value not in (None, (), []) else ""

    def customer(self) -> str:
        words, decision = self.words, self.decision
        if decision.status == ASK and decision.question:
            return words.needs_question.format(question=self.question(decision.question))
        if decision.status == GAP:
            return words.no_rule
        outcome = decision.outcome
        sentences = []
        if outcome is not None:
            template = words.customer.get(outcome, words.customer["other"])
            sentences.append(template.format(outcome=self.output("outcome")))
        if self.output("reason"):
            sentences.append(self.because())
        if self.output("alternative"):
            sentences.append(words.instead.format(alternative=self.output("alternative")))
        return " ".join(sentences) or self.all_outputs()

    def because(self) -> str:
        """The reason; several, each once, in one sentence."""
        reason, words = self.decision.outputs["reason"], self.words
        several = isinstance(reason, tuple) and len(reason) > 1
        return (words.because_all if several else words.because).format(reason=self.output("reason"))

    def agent(self) -> str:
        words, decision = self.words, self.decision
        if decision.status == ASK and decision.question:
            labels = [self.label(code) for code in decision.open[1:]]
            more = " " + words.still_open.format(facts=join(labels, self.language)) if labels else ""
            return words.ask.format(question=self.question(decision.question)) + more
        if decision.status == GAP:
            return words.gap.format(policy=self.book.policy(decision.policy).title(self.language))
        outcome, reason = self.output("outcome"), self.output("reason")
        sentences = []
        if outcome:
            template = words.agent_because if reason else words.agent
            sentences.append(template.format(outcome=outcome, reason=reason))
        for name, template in (("alternative", words.instead), ("authority", words.may_decide), ("do", words.follows)):
            if text := self.output(name):
                sentences.append(template.format(alternative=text, role=text, actions=text))
        return " ".join(sentences) or self.all_outputs()

    def all_outputs(self) -> str:
        """For decisions that have no outcome: each output with its name."""
        parts = [
            self.words.condition.format(label=self.book.label("output", name, self.language), value=self.output(name))
            for name in self.decision.outputs
            if self.output(name)
        ]
        return ". ".join(parts) + "." if parts else ""

    def label(self, code: str) -> str:
        what = "fact" if code in self.book.facts else "output"
        try:
            return self.book.label(what, code, self.language)
        except NotFound:
            return code

    def question(self, code: str) -> str:
        return self.book.facts[code].question(self.language) if code in self.book.facts else self.label(code)

    def heading(self, ref: RuleRef) -> str:
        clause = self.books[ref.policy][0].document(ref.policy).clauses.get(ref.clause)
        return clause.heading(self.language) if clause else ref.clause

    def is_public(self, ref: RuleRef) -> bool:
        clause = self.books[ref.policy][0].document(ref.policy).clauses.get(ref.clause)
        return clause is not None and clause.audience == "public"

    def is_better(self, boundary: Boundary) -> bool:
        """Whether the outcome beyond a boundary is less strict; where no order says so, it may be told."""
        order = self.book.settings.precedence
        here, there = self.decision.outcome, boundary.other_outcome
        return here not in order or there not in order or order.index(there) > order.index(here)

    def is_verified(self, fact: str) -> bool:
        """Whether records, not the customer's word, say what this fact is: telling its limit teaches nobody to lie."""
        found = self.book.facts.get(fact)
        if found is None:
            return False
        if found.formula is None:
            return found.source not in ("ask", "")
        from goodword.engine.vocabulary import reads

        bases = [self.book.facts[name] for name in reads(fact, self.book.vocabulary) if name in self.book.facts]
        return all(base.source != "ask" for base in bases if base.formula is None)

    def differences(self, to: Reader) -> list[str]:
        """What would have to be otherwise for a better outcome; what the nearest boundary says is not said again."""
        found = self.decisive() if self.decision.outcome else None
        if found is None:
            return []
        compiled, values = found
        may_tell = self.is_verified if to == "customer" else (lambda name: True)
        outcomes, nearest = compiled.table.outputs["outcome"], self.decision.boundary
        return [
            self.words.would_be.format(
                outcome=outcomes.value_label(one.outcome, self.language),
                changes="; ".join(self.otherwise(change) for change in one.changes),
            )
            for one in differences(compiled, values, str(self.decision.outcome), may_tell)
            if nearest is None
            or [change.fact for change in one.changes] != [nearest.fact]
            or one.outcome != nearest.other_outcome
        ]

    def decisive(self) -> tuple[CompiledTable, Mapping[str, Any]] | None:
        """The table that set the outcome, with what it looked at; none where a law has lifted it."""
        known = {**self.decision.outputs, **self.decision.facts}
        fired = {ref.id for ref in self.decision.fired}
        for use in reversed(self.decision.tables):
            book = self.books[use.policy][0]
            compiled = book.compiled(use.policy, use.decision, use.day, self.decision.currency or book.currency)
            for row, outputs in zip(compiled.table.rows, compiled.outputs, strict=True):
                if row.ref.id in fired and outputs.get("outcome") == self.decision.outcome is not None:
                    return compiled, {name: known[name] for name in compiled.table.columns if name in known}
        return None

    def otherwise(self, change: Otherwise) -> str:
        """One fact as it would have to be: in the book's sentence, its limit in the value's place, else by name."""
        subject = self.book.facts.get(change.fact) or self.book.outputs[change.fact]
        said = self.span(change, subject)
        if isinstance(subject, Fact) and subject.told:
            sentences = [subject.sentence(value, said, self.language) for value in change.values or (None,)]
            if all(sentences):
                return join(sentences, self.language, "or")
        return self.words.condition.format(label=self.label(change.fact), value=said)

    def span(self, change: Otherwise, subject: Fact | Output) -> str:
        words, low, high = self.words, change.low, change.high
        if change.values:
            return join([self.value(change.fact, value) for value in change.values], self.language, "or")
        if isinstance(subject, Fact):  # where the fact itself ends no limit need be told
            low = None if low == subject.low else low
            high = None if high == subject.high else high
        if low is not None and low == high:
            return words.limits["="].format(limit=self.value(change.fact, low))
        if low is not None and high is not None:
            return words.between.format(low=self.value(change.fact, low), high=self.value(change.fact, high))
        if high is not None:
            return words.limits["<=" if change.whole else "<"].format(limit=self.value(change.fact, high))
        return words.limits[">=" if change.whole else ">"].format(limit=self.value(change.fact, low))

    def rule(self, ref: RuleRef) -> str:
        row = self.row(ref)
        heading = self.heading(ref)
        conditions = self.row_conditions(ref, row) if row else []
        template = self.words.rule if conditions else self.words.always
        sentence = template.format(heading=heading, row=ref.row, conditions=". ".join(conditions))
        beaten = [other for other in self.decision.overridden if row and self._beats(ref, row, other)]
        if beaten:
            named = [f"“{self.heading(other)}” {other.row}" for other in beaten]
            sentence += " " + self.words.overrides.format(rules=join(named, self.language))
        return sentence

    def _beats(self, ref: RuleRef, row: Row, other: RuleRef) -> bool:
        table = self.table(ref)
        return table is not None and any(table.rows[place].ref.id == other.id for place in row.beats)

    def table(self, ref: RuleRef) -> DecisionTable | None:
        return self.books[ref.policy][0].document(ref.policy).decisions.get(ref.decision)

    def row(self, ref: RuleRef) -> Row | None:
        table = self.table(ref)
        return next((row for row in table.rows if row.ref.id == ref.id), None) if table else None

    def conditions_of(self, refs: list[RuleRef]) -> list[str]:
        """What decided, each condition once."""
        found: dict[str, None] = {}
        for ref in refs:
            row = self.row(ref)
            for condition in self.row_conditions(ref, row) if row else []:
                found[condition + "."] = None
        return list(found)

    def row_conditions(self, ref: RuleRef, row: Row) -> list[str]:
        known: Mapping[str, Any] = {**self.decision.facts, **self.decision.outputs}
        conditions = []
        for name, tests in row.tests.items():
            if name in known and known[name] is not None:
                conditions.append(self.condition(ref, name, tests, known[name]))
        return conditions

    def condition(self, ref: RuleRef, name: str, tests: Tests, value: Any) -> str:
        told = tell(self.book, name, value, self.language, self.decision.currency)
        subject: Any = self.book.facts.get(name) or self.book.outputs[name]
        if subject.kind in CHOICES | {"yes/no", "text"}:
            return told
        limit = join([self.limit(ref, test, subject.kind) for test in tests.tests], self.language, "or")
        limit = self.words.otherwise.format(limit=limit) if tests.negated else limit
        return self.words.limited.format(told=told, limit=limit)

    def limit(self, ref: RuleRef, test: Node, kind: str) -> str:
        if isinstance(test, Interval):
            low, high = self.end(ref, test.low, kind), self.end(ref, test.high, kind)
            return self.words.between.format(low=low, high=high)
        assert isinstance(test, Compare)
        return self.words.limits[test.operator].format(limit=self.end(ref, test.value, kind))

    def end(self, ref: RuleRef, node: Node, kind: str) -> str:
        """A limit as a value; a parameter's with its name, so that the agent sees where it comes from."""
        book, day = self.books[ref.policy]
        currency = self.decision.currency or book.currency
        if isinstance(node, ListOf):
            return join([self.end(ref, item, kind) for item in node.items], self.language, "or")
        if isinstance(node, Name) and node.name in book.parameters:
            value = format_kind(kind, book.parameter(node.name, day, currency), self.language, currency=currency)
            return self.words.named.format(value=value, name=book.label("parameter", node.name, self.language))
        if isinstance(node, Written):
            return format_kind(kind, node.value, self.language, currency=currency)
        from goodword.engine.feel import compile_expression

        value = compile_expression(node, book.scope(day, currency))({})
        return format_kind(kind, value, self.language, currency=currency)
