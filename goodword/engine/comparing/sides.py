"""One book's part in a comparison: the tables of a chain, what they give together, and which columns wait for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

from goodword.engine.columns import Column, is_whole
from goodword.engine.compiled import CompiledTable
from goodword.engine.deciding import derive
from goodword.engine.feel import names_in
from goodword.engine.feel.syntax import Binary, Call, Name, Negative, Node
from goodword.engine.joint import root_of
from goodword.engine.merging import Merged, merge
from goodword.engine.values import UNKNOWN
from goodword.engine.vocabulary import Fact, reads

if TYPE_CHECKING:
    from goodword.engine.book import Book

MOST_COMBINATIONS = 64  # of values that earlier tables may give to one derived fact
RISING = frozenset({"floor", "ceiling", "round"})


@dataclass(frozen=True, slots=True)
class Ending:
    """What one book says in a situation. `status` is "decided", "gap" (no rule) or "clash" (two rules at once)."""

    status: str
    outputs: tuple[tuple[str, Any], ...] = ()

    @property
    def outcome(self) -> str:
        """In a word: the outcome, the first output of a table without one, or why there is none."""
        if self.status != "decided":
            return {"gap": "no rule", "clash": "two rules at once"}[self.status]
        outputs = dict(self.outputs)
        return str(outputs.get("outcome", next(iter(outputs.values()), "decided")))


@dataclass(frozen=True, slots=True)
class Link:
    """A table of the chain; its rows are bits of one number, from `shift` on. `late` columns read earlier answers."""

    compiled: CompiledTable
    shift: int
    late: tuple[Column, ...]


class Side:
    """The tables of one book that are read one after the other on a day, their rows numbered through."""

    def __init__(self, book: Book, chain: Sequence[tuple[str, str]], day: date, currency: str, shift: int) -> None:
        self.book, self.start = book, shift
        self.links: list[Link] = []
        given: set[str] = set()
        for policy, decision in chain:
            compiled = book.compiled(policy, decision, day, currency)
            late = tuple(column for column in compiled.columns if given & {column.name, *self._reads(column.name)})
            self.links.append(Link(compiled, shift, late))
            given |= set(compiled.table.outputs)
            shift += len(compiled.table.rows)
        self.given, self.end = given, shift
        self._ended: dict[Any, Ending] = {}

    def _reads(self, name: str) -> set[str]:
        return reads(name, self.book.vocabulary)

    @property
    def columns(self) -> list[tuple[Link, Column]]:
        """The columns that a situation alone settles."""
        return [(link, column) for link in self.links for column in link.compiled.columns if column not in link.late]

    def root(self, name: str) -> str:
        """The fact of which a column is derived alone, if that has few enough values to be looked at; else itself."""
        return root_of(self.book, name)

    def waits_for(self, column: Column) -> str | None:
        """The one fact that a late column needs beside earlier answers; "" if none, None if it cannot be said so."""
        if column.name in self.given:
            return ""
        base = {name for name in self._reads(column.name) if name in self.book.facts}
        raw = [name for name in base if self.book.facts[name].formula is None]
        derived = [self.book.facts[name] for name in {column.name, *base} if self.book.facts[name].formula]
        if not raw:
            return ""
        few = len(raw) == 1 and bool(self.book.facts[raw[0]].values or self.book.facts[raw[0]].kind == "yes/no")
        rises = len(raw) == 1 and is_whole(self.book.facts[raw[0]]) and self.book.facts[raw[0]].kind != "date"
        if not few and not (rises and all(_rises(fact, {raw[0], *base}) for fact in derived)):
            return None
        return raw[0] if len(list(self.combinations(column))) <= MOST_COMBINATIONS else None

    def combinations(self, column: Column) -> list[dict[str, Any]]:
        """Every combination of what earlier tables may give to a late column."""
        names = sorted(self._reads(column.name) & self.given)
        values: list[list[Any]] = []
        for name in names:
            said = [outputs[name] for link in self.links for outputs in link.compiled.outputs if name in outputs]
            values.append(list(dict.fromkeys(said)))
        return [dict(zip(names, chosen, strict=True)) for chosen in product(*values)]

    def late_rows(self, link: Link, column: Column, known: Mapping[str, Any], given: Merged) -> int:
        """The rows that a late column passes, once it is known what earlier tables gave."""
        name = column.name
        if name in given.outputs:
            return column.look_up(given.outputs[name])
        if name in given.produced and name not in known:
            return column.dash
        facts = {code: value for code, value in known.items() if code != name}
        value = known.get(name, derive(link.compiled, {**facts, **given.outputs}, []).get(name, UNKNOWN))
        return column.dash if value is UNKNOWN else column.look_up(value)

    def ending(self, mask: int, known: Mapping[str, Any]) -> Ending:
        """What the chain says where the rows of `mask` hold so far; `known` are the facts that late columns need."""
        key = (mask >> self.start & (1 << self.end - self.start) - 1, tuple(known.items()))
        if key not in self._ended:
            self._ended[key] = self._work_out(mask, known)
        return self._ended[key]

    def _work_out(self, mask: int, known: Mapping[str, Any]) -> Ending:
        merged = Merged()
        for link in self.links:
            held = mask >> link.shift & link.compiled.full
            for column in link.late:
                held &= self.late_rows(link, column, known, merged)
            answer = link.compiled.answer(held)
            if answer.clash:
                return Ending("clash")
            if answer.outputs is None:
                return Ending("gap")
            merged = merge(merged, link.compiled.table, answer, self.book.settings.precedence)
        return Ending("decided", tuple(sorted(merged.outputs.items())))


def _rises(fact: Fact, names: set[str]) -> bool:
    """Whether a derived fact goes one way only as the one fact it reads grows, whatever else is given."""
    return fact.formula is not None and _one_way(fact.formula, names)


def _one_way(node: Node, names: set[str]) -> bool:
    found = sum(name.name in names for name in names_in(node))
    if found == 0 or isinstance(node, Name):
        return True
    if found > 1:
        return False
    if isinstance(node, Negative):
        return _one_way(node.operand, names)
    if isinstance(node, Call):
        return node.function in RISING and _one_way(node.arguments[0], names)
    if isinstance(node, Binary) and node.operator in ("+", "-", "*", "/"):
        upper = node.left if node.operator == "/" else None
        if upper is not None and not any(name.name in names for name in names_in(upper)):
            return False
        return _one_way(node.left, names) and _one_way(node.right, names)
    return False


__all__ = ["Ending", "Link", "Side"]
