"""One policy of one or two versions as SQL: the CASE that gives each case the number of its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from goodword.engine.replay.results import Result, Results
from goodword.engine.replay.sql.dialects import Dialect
from goodword.engine.replay.sql.facts import StoredFacts
from goodword.engine.replay.sql.growing import Growing
from goodword.engine.replay.sql.writing import Numbers, write
from goodword.engine.replay.version import Version, When
from goodword.engine.values import CHOICES

if TYPE_CHECKING:
    from goodword.engine.book import Book


@dataclass(frozen=True, slots=True)
class Case:
    """A version as SQL: `text` gives a number, `results` say what it stands for; `amounts` are SQL by name."""

    text: str
    numbers: Numbers
    amounts: Mapping[str, str]


@dataclass(slots=True)
class Compiler:
    """Writes versions for one table of cases: by its columns, those never empty, the currencies it names."""

    dialect: Dialect
    columns: frozenset[str]
    when: When
    role: str | None = None
    never_empty: frozenset[str] = frozenset()
    currencies: Sequence[str] = ()
    results: Results = field(default_factory=Results)
    numbers: Numbers = field(default_factory=Numbers)

    def case(self, book: Book, policy: str) -> Case:
        """A version over the table `c`. Raises NotInSql where SQL cannot say it with the same meaning."""
        texts = {currency: self._text(book, policy, currency) for currency in self.currencies or (book.currency,)}
        text = next(iter(texts.values()))
        if self.currencies:
            column = f"c.{self.dialect.identifier('currency')}"
            parts = [f"WHEN {self.dialect.literal(each)} THEN {written}" for each, written in texts.items()]
            text = f"CASE COALESCE({column}, {self.dialect.literal(book.currency)}) {' '.join(parts)} END"
        return Case(text, self.numbers, dict(self._amounts(book, policy)))

    def _text(self, book: Book, policy: str, currency: str) -> str:
        growing = Growing(
            book, policy, self.when, self.columns, self.dialect, self.results, role=self.role, currency=currency,
            never_empty=self.never_empty,
        )  # fmt: skip
        return write(growing.tree(), self.dialect, self.numbers, policy)

    def _amounts(self, book: Book, policy: str) -> Iterator[tuple[str, str]]:
        """What each result is worth, as SQL over its number `{}`: filled in where the number stands."""
        version = Version(book, policy, self.when, role=self.role)
        decided = [(place, result) for place, result in enumerate(self.numbers.results) if result.decided]
        for name in version.money_outputs:
            yield name, _chosen({place: str(result.outputs.get(name, 0)) for place, result in decided})
        for name in version.money_facts:
            yield name, _chosen(dict(self._following(book, version, name, decided)))

    def _following(
        self, book: Book, version: Version, name: str, decided: Sequence[tuple[int, Result]]
    ) -> Iterator[tuple[int, str]]:
        day = self.when.on or self.when.today
        facts = StoredFacts(book, self.columns - {name}, self.dialect, {})
        compiled = book.compiled(*version.chain[-1], day, book.currency)
        scoped = _Scoped(compiled, book.scope(day, book.currency))
        for place, result in decided:
            if not version.follows(name, result):
                yield place, "0"
                continue
            given = {code: value for code, value in result.outputs.items() if not isinstance(value, tuple)}
            piece = facts.piece(name, given, scoped)  # type: ignore[arg-type]  # of a table it reads the scope only
            if piece.text is not None:
                yield place, piece.times()


@dataclass(frozen=True, slots=True)
class _Scoped:
    """A table's stand-in where a fact follows from the whole chain, and not within one table."""

    compiled: Any
    scope: Any


def _chosen(parts: Mapping[int, str]) -> str:
    grouped: dict[str, list[int]] = {}
    for place, text in parts.items():
        grouped.setdefault(text, []).append(place)
    if not grouped:
        return "CAST(NULL AS BIGINT)"
    cases = [f"WHEN {{}} IN ({', '.join(map(str, places))}) THEN {text}" for text, places in grouped.items()]
    return f"CASE {' '.join(cases)} END"


def unreadable(books: Sequence[Book], columns: Sequence[str], dialect: Dialect) -> str:
    """The condition for a stored value that no version knows; "" if there can be none."""
    parts = []
    for name in columns:
        known = [book.facts[name] for book in books if name in book.facts]
        if known and all(fact.kind in CHOICES for fact in known):
            values = dict.fromkeys(value for fact in known for value in fact.values)
            listed = ", ".join(map(dialect.literal, values))
            parts.append(f"c.{dialect.identifier(name)} NOT IN ({listed})")
    return " OR ".join(f"({part})" for part in parts)


__all__ = ["Case", "Compiler", "unreadable"]
