"""The cells of a decision table as words, for readers who know no table notation: `<= 30` is "at most 30"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from goodword.engine.book import Book
from goodword.engine.errors import NotFound
from goodword.engine.feel.syntax import Compare, Interval, ListOf, Literal, Name, Node, Tests
from goodword.engine.languages import phrases
from goodword.engine.tables import Row
from goodword.engine.values import CHOICES
from goodword.engine.words import format_kind, format_value, join


@dataclass(frozen=True, slots=True)
class Cells:
    """Reads cells of one book in one language, with the parameters of one day."""

    book: Book
    day: date
    language: str

    def when(self, row: Row) -> list[tuple[str, str]]:
        """What must hold for a rule, each with the name of the fact; empty if it holds whatever the facts are."""
        return [(self.label(name), self.tests(name, tests, row.test_texts[name])) for name, tests in row.tests.items()]

    def then(self, row: Row) -> list[tuple[str, str]]:
        """What a rule gives, each with the name of the output."""
        given = [
            (self.label(name), self.output(name, node, row.output_texts[name])) for name, node in row.outputs.items()
        ]
        return [(label, words) for label, words in given if words]

    def label(self, name: str) -> str:
        """The name of a fact or an output, else its code."""
        what = "fact" if name in self.book.facts else "output"
        try:
            return self.book.label(what, name, self.language)
        except NotFound:
            return name

    def tests(self, name: str, tests: Tests, text: str) -> str:
        """An input cell in words; as it is written where there are no words for it."""
        subject: Any = self.book.facts.get(name) or self.book.outputs.get(name)
        try:
            limits = join([self._limit(name, subject.kind, test) for test in tests.tests], self.language, "or")
        except (NotFound, ValueError, TypeError):
            return text
        return phrases(self.language).otherwise.format(limit=limits) if tests.negated else limits

    def output(self, name: str, node: Node, text: str) -> str:
        """An output cell in words; arithmetic on parameters and facts as it is written."""
        try:
            return self._value(name, self.book.outputs[name].kind, node)
        except (NotFound, ValueError, TypeError):
            return text

    def _limit(self, name: str, kind: str, test: Node) -> str:
        words = phrases(self.language)
        if isinstance(test, Interval):
            return words.between.format(low=self._value(name, kind, test.low), high=self._value(name, kind, test.high))
        if not isinstance(test, Compare):
            raise ValueError(f"no words for {type(test).__name__}")
        value = self._value(name, kind, test.value)
        if test.operator == "=" and (kind in CHOICES or kind in ("yes/no", "text", "list")):
            return value
        return words.limits[test.operator].format(limit=value)

    def _value(self, name: str, kind: str, node: Node) -> str:
        if isinstance(node, ListOf):
            return join([self._value(name, kind, item) for item in node.items], self.language)
        if isinstance(node, Literal):
            return self._shown(name, kind, node.value)
        if isinstance(node, Name) and node.name in self.book.parameters:
            value = self.book.parameter(node.name, self.day, self.book.currency)
            return self._shown(name, kind, value)
        if isinstance(node, Name) and (node.name in self.book.facts or node.name in self.book.outputs):
            return self.label(node.name)
        raise ValueError("an expression")

    def _shown(self, name: str, kind: str, value: Any) -> str:
        """A value with its unit where a sentence around it does not name one."""
        if value is None:
            return ""
        if kind == "percent":
            return format_percent(value, self.language)
        if kind == "list":
            return format_value(self.book, name, [value], self.language)
        if kind in CHOICES:
            return format_value(self.book, name, value, self.language)
        return format_kind(kind, value, self.language, currency=self.book.currency, time_zone=self.book.time_zone)


def format_percent(value: Any, language: str) -> str:
    """A percentage with its sign where the language puts it.

    >>> format_percent(20, "tr"), format_percent(20, "da").replace("\\xa0", " ")
    ('%20', '20 %')
    """
    from babel.numbers import format_percent as by_babel

    return str(by_babel(Decimal(str(value)) / 100, locale=language, decimal_quantization=False))
