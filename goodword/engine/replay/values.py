"""Facts of past cases as values of their kinds: from cells of a file, and from stored records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from goodword.engine.errors import FactError
from goodword.engine.facts import facts_from_json, one_currency
from goodword.engine.values import WHOLE, coerce
from goodword.engine.vocabulary import Fact, Output, reads

if TYPE_CHECKING:
    from goodword.engine.book import Book

KEPT = 20_000  # texts remembered for each column: enough for a replay, never endless
YES, NO = ("yes", "true", "1", "t", "y"), ("no", "false", "0", "f", "n")


class Cells(dict[str, Any]):
    """The values that the cells of a column stand for, worked out when first seen. An empty cell is None: unknown.

    So is a value that only another version (`others`) knows; one that none knows is an error.
    """

    __slots__ = ("others", "subject")

    def __init__(self, subject: Fact | Output, others: Sequence[Fact | Output] = ()) -> None:
        super().__init__({"": None})
        self.subject, self.others = subject, others

    def __missing__(self, text: str) -> Any:
        try:
            value = read_cell(self.subject, text)
        except FactError:
            if not any(_reads(other, text) for other in self.others):
                raise
            value = None
        if len(self) < KEPT:
            self[text] = value
        return value


def _reads(subject: Fact | Output, text: str) -> bool:
    try:
        return read_cell(subject, text) is not None
    except FactError:
        return False


def read_cell(subject: Fact | Output, text: str) -> Any:
    """A cell as a value; None if it is empty. Raises FactError that names the fact."""
    text = text.strip()
    if not text:
        return None
    try:
        if subject.kind == "yes/no":
            if text.lower() in YES:
                return True
            if text.lower() in NO:
                return False
            raise ValueError(f'should be yes or no, not "{text}"')
        if subject.kind in WHOLE and text.isdigit():
            return int(text)
        if subject.kind in ("list", "record"):
            return coerce(subject.kind, json.loads(text, parse_float=Decimal))
        return coerce(subject.kind, text, subject.values or None)
    except ValueError as error:
        raise FactError(f"`{subject.code}` {error}") from None


class Reader:
    """Makes facts of one book, and the outputs named, from the cells of a line."""

    def __init__(
        self, book: Book, columns: Sequence[str], *, outputs: Iterable[str] = (), facts: bool = True,
        others: Sequence[Book] = (),
    ) -> None:  # fmt: skip
        known: dict[str, Fact | Output] = dict(book.facts) if facts else {}
        known |= {name: book.outputs[name] for name in outputs if name in book.outputs}
        self.subjects = [(place, known[name]) for place, name in enumerate(columns) if name in known]
        elsewhere = [other for other in others if other is not book]
        self._cells = [
            (place, one.code, Cells(one, [other.facts[one.code] for other in elsewhere if one.code in other.facts]))
            for place, one in self.subjects
        ]
        names = {subject.code for _, subject in self.subjects}
        self.again = again(book, names)

    def same_as(self, other: Reader) -> bool:
        """Whether the other one reads every line alike."""
        return [_key(pair) for pair in self.subjects] == [_key(pair) for pair in other.subjects] and (
            self.again == other.again
        )

    def read(self, cells: Sequence[str]) -> dict[str, Any]:
        """The facts of a line; an unknown one is left out. Raises FactError for a value that a fact cannot have."""
        facts = {}
        for place, name, known in self._cells:
            value = known[cells[place]]
            if value is not None:
                facts[name] = value
        for name, needed in self.again:
            if name in facts and needed <= facts.keys():
                del facts[name]
        return facts


def _key(pair: tuple[int, Fact | Output]) -> tuple[Any, ...]:
    place, subject = pair
    return place, subject.code, subject.kind, tuple(subject.values)


def again(book: Book, names: set[str]) -> list[tuple[str, frozenset[str]]]:
    """The derived facts among some names that the book works out itself where what they are derived from is known.

    Their formula may be what has changed. What follows from an output (the amount of a refund) follows from the
    version's own answer.
    """
    found = []
    for name in sorted(names & set(book.facts)):
        fact = book.facts[name]
        if fact.formula is None:
            continue
        needed = {code for code in reads(name, book.vocabulary) if code in book.facts and not book.facts[code].formula}
        if needed <= names:
            found.append((name, frozenset(needed)))
    return found


def facts_from_stored(
    book: Book, facts: Mapping[str, Any], record: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, FactError]]:
    """The facts of a stored case as a book knows them, and those with values that it does not know, with the error.

    They are as given, and read from the record by each fact's `source`. What the book does not know is left out: then
    it is unknown, and unknown asks. A derived fact is worked out again where all it is derived from is known.
    """
    recorded = {code: record[fact.source] for code, fact in book.facts.items() if fact.source in record}
    raw = {**recorded, **facts}
    found: dict[str, Any] = {}
    refused: dict[str, FactError] = {}
    for code, value in raw.items():
        if code not in book.facts and code not in book.outputs:
            continue
        try:
            found |= facts_from_json(book, {code: value})
        except FactError as error:
            refused[code] = error
    for name, needed in again(book, set(found)):
        if needed <= found.keys():
            del found[name]
    return found, refused


def plain_amounts(facts: Mapping[str, Any], currency: str) -> tuple[dict[str, Any], str]:
    """Facts with amounts as plain integers, and the currency they are in. Raises FactError where currencies differ."""
    plain, found = one_currency(facts, currency)
    if currency and found != currency:
        raise FactError(f"an amount in {found} in a case in {currency}: nothing is converted")
    return plain, found
