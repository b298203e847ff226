"""Questions in words, with their answers and the clause that says so."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from goodword.engine.book import Book
from goodword.engine.compiled import Answer, CompiledTable
from goodword.engine.errors import NotFound
from goodword.engine.languages import phrases
from goodword.engine.publish import clause_markdown
from goodword.engine.teaching.pairs import Pair, find_pairs
from goodword.engine.values import to_plain
from goodword.engine.words import format_kind, format_value, tell


@dataclass(frozen=True, slots=True)
class Question:
    """One situation to be answered. `choices` are all answers the table can give, `answer` the right one of them.

    `facts` are the situation as the engine takes it; questions of one `pair` differ in one fact.
    """

    pair: int
    facts: Mapping[str, Any]
    situation: tuple[str, ...]
    asked: str
    choices: tuple[str, ...]
    answer: str
    clause: str
    heading: str
    says: str
    rules: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "pair": self.pair,
            "facts": to_plain(dict(self.facts)),
            "situation": list(self.situation),
            "asked": self.asked,
            "choices": list(self.choices),
            "answer": self.answer,
            "clause": self.clause,
            "heading": self.heading,
            "says": self.says,
            "rules": list(self.rules),
        }


@dataclass(frozen=True, slots=True)
class Drill:
    """The questions drawn, and how many there are in all."""

    questions: tuple[Question, ...]
    of: int


def drill(
    book: Book,
    policy: str,
    day: date,
    *,
    count: int = 10,
    seed: int = 0,
    language: str | None = None,
    emphasis: Mapping[str, int] | None = None,
) -> Drill:
    """Up to `count` questions on a policy (or one decision of it), the same for the same seed, none twice.

    Raises NotFound for a policy without a table, or a language the book has not.
    """
    code, _, decision = policy.partition("/")
    name = decision or book.policy(code).primary
    if name is None:
        raise NotFound(f"the policy `{code}` has no decision table to be asked about; it is read")
    if language and language not in book.languages:
        raise NotFound(f"the book is not written in `{language}`; it has {', '.join(book.languages)}")
    compiled = book.compiled(code, name, day, book.currency)
    pairs = find_pairs(book, compiled, day, random.Random(f"{seed} {book.rules_hash} {policy}"), emphasis or {})
    asker = _Asker(book, compiled, day, language or book.languages[0])
    found: dict[tuple[Any, ...], Question] = {}
    for number, pair in enumerate(pairs, start=1):
        for question in asker.questions(number, pair):
            found.setdefault(tuple(sorted((key, repr(value)) for key, value in question.facts.items())), question)
    return Drill(tuple(found.values())[:count], len(found))


@dataclass(frozen=True, slots=True)
class _Asker:
    """Puts the situations of one table into words of one language."""

    book: Book
    compiled: CompiledTable
    day: date
    language: str

    def questions(self, number: int, pair: Pair) -> list[Question]:
        there = {**pair.facts, pair.fact: pair.step}
        return [
            self.question(number, facts, answer)
            for facts, answer in zip((pair.facts, there), pair.answers, strict=True)
        ]

    def question(self, number: int, facts: Mapping[str, Any], answer: Answer) -> Question:
        ref = answer.fired[0]
        clause = self.book.document(ref.policy).clauses[ref.clause]
        return Question(
            number,
            dict(facts),
            tuple(self.told(name, value) for name, value in facts.items()),
            self.asked,
            self.choices,
            self.answered(answer.outputs or {}),
            clause.anchor,
            clause.heading(self.language),
            clause_markdown(clause, self.language, self.day),
            tuple(one.id for one in answer.fired),
        )

    def told(self, name: str, value: Any) -> str:
        """One fact as a line of the situation."""
        return tell(self.book, name, value, self.language)

    @property
    def judged(self) -> list[str]:
        """What is asked for: the outcome with what it rests on, or whatever else the table gives."""
        outputs = self.compiled.table.outputs
        if "outcome" in outputs:
            return [name for name in ("outcome", "reason", "alternative") if name in outputs]
        return [name for name, output in outputs.items() if not output.annotation]

    @property
    def asked(self) -> str:
        label = self.compiled.table.outputs[self.judged[0]].label(self.language)
        return phrases(self.language).drill.format(label=label)

    @property
    def choices(self) -> tuple[str, ...]:
        """Every answer the table can give, in the order of its rules."""
        return tuple(dict.fromkeys(self.answered(outputs) for outputs in self.compiled.outputs))

    def answered(self, outputs: Mapping[str, Any]) -> str:
        """An answer in words: the outcome, then why and what instead."""
        said = [self.shown(name, outputs[name]) for name in self.judged if outputs.get(name) not in (None, (), [])]
        head, *rest = said or [""]
        return f"{head} ({'; '.join(rest)})" if rest else head

    def shown(self, name: str, value: Any) -> str:
        output = self.compiled.table.outputs[name]
        if output.kind == "money":
            return format_kind("money", value, self.language, currency=self.book.currency)
        return format_value(self.book, name, value, self.language)
