"""Deciding in bulk: a policy made ready for one day, so that each situation costs only its look-ups.

A chain is walked as a tree: at each table the rows that hold (a bit mask) lead to the next node, which has already
merged what the tables before it gave. Whatever is not plain (a fact unknown, a gap, a clash, an amount with its own
currency, an answer below a floor of the law) is left to the careful way in `deciding`, which knows everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from goodword.engine.asking import only_answer
from goodword.engine.columns import Column
from goodword.engine.compiled import Answer
from goodword.engine.decision import DECIDED, Decision, TableUse
from goodword.engine.errors import EngineError
from goodword.engine.lifting import floors_under
from goodword.engine.merging import Merged, merge
from goodword.engine.values import UNKNOWN, Money
from goodword.engine.vocabulary import reads

if TYPE_CHECKING:
    from goodword.engine.book import Book
    from goodword.engine.vocabulary import Fact

KEPT = 20_000  # values remembered for each column, derived fact and node: enough for a replay, never endless
NOT_PLAIN: frozenset[type] = frozenset({Money, type(None), type(UNKNOWN)})
Careful = Callable[[Mapping[str, Any]], Decision]


class NotPlain(Exception):
    """This situation goes the careful way."""


GIVE_UP = (KeyError, TypeError, ValueError, ArithmeticError, NotPlain, EngineError)


class Passes(dict[Any, int]):
    """The rows that each value of a column passes, worked out when first seen."""

    __slots__ = ("look_up",)

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.look_up = column.look_up

    def __missing__(self, value: Any) -> int:
        if type(value) in NOT_PLAIN:
            raise NotPlain
        mask = self.look_up(value)
        if len(self) < KEPT:
            self[value] = mask
        return mask


def look_up_all(pairs: Sequence[tuple[str, Passes]]) -> Callable[[Mapping[str, Any]], int]:
    """The function that gives the rows which facts pass in all of some columns, written out for up to eight of them.

    Written out it is three times as fast as a loop.
    """
    if len(pairs) > 8:
        first, rest = look_up_all(pairs[:8]), look_up_all(pairs[8:])
        return lambda facts: first(facts) & rest(facts)
    padded = [*pairs, *([(pairs[0][0], pairs[0][1])] if pairs and len(pairs) % 2 else [])]
    if not padded:
        return lambda facts: -1
    (a, in_a), (b, in_b), *others = padded
    if not others:
        return lambda facts: in_a[facts[a]] & in_b[facts[b]]
    (c, in_c), (d, in_d), *others = others
    if not others:
        return lambda facts: in_a[facts[a]] & in_b[facts[b]] & in_c[facts[c]] & in_d[facts[d]]
    (e, in_e), (f, in_f), *others = others
    if not others:
        return lambda facts: (
            in_a[facts[a]] & in_b[facts[b]] & in_c[facts[c]] & in_d[facts[d]] & in_e[facts[e]] & in_f[facts[f]]
        )
    (g, in_g), (h, in_h) = others
    return lambda facts: (
        in_a[facts[a]]
        & in_b[facts[b]]
        & in_c[facts[c]]
        & in_d[facts[d]]
        & in_e[facts[e]]
        & in_f[facts[f]]
        & in_g[facts[g]]
        & in_h[facts[h]]
    )


class Derived:
    """A derived fact that remembers what it was for the same inputs."""

    __slots__ = ("compute", "fact", "inputs", "known", "name")

    def __init__(self, fact: Fact, inputs: tuple[str, ...], compute: Callable[[Mapping[str, Any]], Any]) -> None:
        self.name, self.fact, self.inputs, self.compute = fact.code, fact, inputs, compute
        self.known: dict[Any, Any] = {}

    def add_to(self, values: dict[str, Any]) -> None:
        """Adds the fact to `values`, if its inputs say what it is. Raises what `GIVE_UP` lists if that needs care."""
        try:
            key = tuple([values[name] for name in self.inputs])
            found = self.known.get(key, self)
        except (KeyError, TypeError):  # an input is unknown, or a list or record that cannot be a key
            key, found = None, self
        if found is self:
            if not NOT_PLAIN.isdisjoint([type(values[name]) for name in self.inputs if name in values]):
                raise NotPlain
            found = self.compute(values)
            if found is not UNKNOWN and found is not None:
                found = self.fact.settle(found)
            if key is not None and len(self.known) < KEPT:
                self.known[key] = found
        if found is not UNKNOWN and found is not None:
            values[self.name] = found


@dataclass(frozen=True, slots=True)
class Stop:
    """One table of a chain: which decision, in which book, on which governing day."""

    book: Book
    day: date
    policy: str
    decision: str


class Link:
    """One table of the chain, ready for a span of days."""

    __slots__ = ("book", "compiled", "day", "derived", "passes")

    def __init__(self, stop: Stop, currency: str) -> None:
        self.book, self.day = book, day = stop.book, stop.day
        self.compiled = compiled = book.compiled(stop.policy, stop.decision, day, currency)
        self.passes = {column.name: Passes(column) for column in compiled.columns}
        self.derived = [Derived(fact, book.inputs_of(fact), compute) for fact, compute in compiled.derived]


class Node:
    """A place in the chain: what the tables so far gave, and where each set of rows of the next one leads."""

    __slots__ = ("columns", "derived", "following", "given", "link", "look_up", "mask", "merged", "partly", "place")

    def __init__(self, plan: Plan, place: int, merged: Merged) -> None:
        self.place, self.merged, self.given = place, merged, merged.outputs
        self.following: dict[int, Node] = {}
        self.partly: dict[tuple[int, tuple[str, ...]], Node | None] = {}  # some columns unknown; None: needs care
        self.columns: list[tuple[str, Passes]] = []
        self.link = plan.links[place] if place < len(plan.links) else None
        self.derived = self.link.derived if self.link else []
        self.look_up: Callable[[Mapping[str, Any]], int] = look_up_all(())
        self.mask = 0
        if self.link:
            empty = merged.produced - merged.outputs.keys()  # left empty by the chain: passes only `-`
            self.mask = self.link.compiled.full
            for column in self.link.compiled.columns:
                self.mask &= column.dash if column.name in empty else self.mask
            self.columns = [pair for pair in self.link.passes.items() if pair[0] not in empty]
            self.look_up = look_up_all(self.columns)


class Plan:
    """A policy's chain for a span of days in one currency; shared by all days of the span."""

    __slots__ = ("currency", "links", "outputs", "root")

    def __init__(self, stops: Sequence[Stop], currency: str) -> None:
        self.currency = currency
        self.links = [Link(stop, currency) for stop in stops]
        self.outputs = frozenset(name for link in self.links for name in link.compiled.table.outputs)
        self.root = Node(self, 0, Merged())

    def follow(self, node: Node, mask: int) -> Node:
        """The node after a table in which exactly the rows of `mask` hold. Raises NotPlain for gaps and clashes.

        No row at all may be a value outside its range, which only the careful way looks at.
        """
        assert node.link is not None
        found = self._after(node, mask, node.link.compiled.answer(mask))
        if found is None:
            raise NotPlain
        if len(node.following) < KEPT:
            node.following[mask] = found
        return found

    def follow_partly(self, node: Node, values: Mapping[str, Any]) -> Node:
        """The node after a table of which not all facts are known. Raises NotPlain where one of them matters."""
        assert node.link is not None
        mask, unknown = node.mask, []
        for name, passes in node.columns:
            if name in values:
                mask &= passes[values[name]]
            else:
                unknown.append(name)
        key = (mask, tuple(unknown))
        if key not in node.partly:
            if len(node.partly) >= KEPT:
                node.partly.clear()
            node.partly[key] = self._whatever(node, mask, unknown)
        found = node.partly[key]
        if found is None:
            raise NotPlain
        return found

    def _whatever(self, node: Node, mask: int, unknown: Sequence[str]) -> Node | None:
        """The node after a table if the unknown columns cannot change its answer."""
        assert node.link is not None
        compiled, vocabulary = node.link.compiled, node.link.book.vocabulary
        if any(not node.merged.produced.isdisjoint({name, *reads(name, vocabulary)}) for name in unknown):
            return None  # what the chain has left empty is known to be nothing
        answer = only_answer(compiled, mask, [column for column in compiled.columns if column.name in unknown])
        return None if answer is None else self._after(node, mask, answer)

    def _after(self, node: Node, mask: int, answer: Answer) -> Node | None:
        """The node after an answer; None for what needs care."""
        assert node.link is not None
        book, compiled, currency = node.link.book, node.link.compiled, self.currency
        if not mask or answer.clash or answer.outputs is None:
            return None
        if book.floors and floors_under(book, compiled, node.link.day, currency).could_lift(answer.outputs):
            return None
        return Node(self, node.place + 1, merge(node.merged, compiled.table, answer, book.settings.precedence))


class Decider:
    """Decides one policy on its governing days, as often as wanted: `decider(facts)` gives the decision,
    `outputs(facts)` only what it grants. Both give what `decide` gives for the same books, policy and days.
    """

    __slots__ = ("_circumstances", "_direct", "_plan", "_root", "careful", "policy", "tables")

    def __init__(
        self, plan: Plan, policy: str, days: Sequence[date], circumstances: Mapping[str, Any], careful: Careful
    ) -> None:
        self._plan, self._circumstances, self.careful = plan, circumstances, careful
        self._root = plan.root
        self.policy = policy
        used = [(link.compiled.table, day, link.book) for link, day in zip(plan.links, days, strict=True)]
        self.tables = tuple(TableUse(table.name, table.policy, day, book.rules_hash) for table, day, book in used)
        # one table, nothing derived, nothing told by the call: its columns are all there is
        self._direct = len(plan.links) == 1 and not plan.root.derived and not circumstances

    def outputs(self, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Only what the policy gives, without a record; None unless it is decided. Read it, do not change it.

        Raises FactError and NotUnique as `decide` does.
        """
        if self._direct:
            root = self._root
            try:
                return root.following[root.look_up(facts) & root.mask].given
            except GIVE_UP:
                pass
        try:
            return self._walk(facts, dict(facts)).given
        except GIVE_UP:
            decision = self.careful(facts)
            return decision.outputs if decision.status == DECIDED else None

    def __call__(self, facts: Mapping[str, Any]) -> Decision:
        """The decision, whose record (rules, facts used, boundary) is put together when first looked at."""
        values = dict(facts)
        if not NOT_PLAIN.isdisjoint(map(type, values.values())):
            return self.careful(facts)
        try:
            if self._direct:
                root = self._root
                try:
                    mask = root.look_up(values) & root.mask
                except KeyError:
                    node = self._plan.follow_partly(root, values)
                else:
                    node = root.following.get(mask) or self._plan.follow(root, mask)
                return Decision.later(node.merged, values, self)
            node = self._walk(facts, values)
        except GIVE_UP:
            return self.careful(facts)
        return Decision.later(node.merged, dict(facts), self)

    def _walk(self, facts: Mapping[str, Any], values: dict[str, Any]) -> Node:
        for name, told in self._circumstances.items():
            values.setdefault(name, told)
        if len(self._plan.links) > 1 and not self._plan.outputs.isdisjoint(facts):
            raise NotPlain
        node = self._root
        while node.link is not None:
            for derived in node.derived:
                if derived.name not in facts:  # worked out again at each table: it may be about what the last one gave
                    derived.add_to(values)
            try:
                mask = node.look_up(values) & node.mask
            except KeyError:
                node = self._plan.follow_partly(node, values)
            else:
                node = node.following.get(mask) or self._plan.follow(node, mask)
            values.update(node.given)
        return node
