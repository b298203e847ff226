"""A policy's chain as a decision tree over stored columns: what one SQL CASE is written from.

At each point the tree knows the sets of rows that may still hold. An unknown fact (NULL) leaves all its ways open;
where every way ends in the same answer there is an answer, else the case cannot be decided: as the engine itself asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from goodword.engine.columns import Cell, ChoiceColumn, Column
from goodword.engine.compiled import Answer, CompiledTable
from goodword.engine.deciding import DAY_SOURCES, ROLE_SOURCE, chain_of
from goodword.engine.errors import NotFound
from goodword.engine.lifting import floors_under
from goodword.engine.merging import Merged, merge
from goodword.engine.replay.results import NO_RULE, NOT_DECIDABLE, TWO_RULES, Result, Results, label_of
from goodword.engine.replay.sql.dialects import Dialect
from goodword.engine.replay.sql.facts import StoredFacts
from goodword.engine.replay.sql.formulas import NotInSql, Piece, stored
from goodword.engine.replay.version import When
from goodword.engine.vocabulary import Fact

if TYPE_CHECKING:
    from goodword.engine.book import Book

MOST_TREES = 20_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """The end: one result."""

    result: Result


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Where a fact is looked at: its cells with what follows each (neighbours alike are one), and what if unknown."""

    piece: Piece
    column: Column
    branches: tuple[tuple[tuple[Cell, ...], Tree], ...]
    unknown: Tree


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """Where a condition is asked before anything else."""

    condition: str
    then: Tree
    otherwise: Tree


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """Where the day that governs a case decides which parameters hold: spans as (first day after it, what follows)."""

    piece: Piece
    spans: tuple[tuple[date | None, Tree], ...]
    unknown: Tree


Tree = Leaf | Split | Guard | Days


@dataclass(frozen=True, slots=True)
class _Free:
    """A column that a stored value settles."""

    column: Column
    piece: Piece
    masks: tuple[int, ...]


class Growing:
    """Grows the tree of one policy of one book; results are interned in `results`, which several books may share."""

    def __init__(
        self, book: Book, policy: str, when: When, columns: frozenset[str], dialect: Dialect, results: Results,
        *, role: str | None = None, currency: str = "", never_empty: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self.book, self.when, self.dialect, self.results = book, when, dialect, results
        self.currency, self.never_empty = currency or book.currency, never_empty
        code, _, decision = policy.partition("/")
        self.chain = chain_of(book, code, decision)
        told: dict[str, Any] = {fact.code: role for fact in book.circumstances if role and fact.source == ROLE_SOURCE}
        told |= {fact.code: when.on or when.today for fact in book.circumstances if fact.source == "today"}
        self.facts = StoredFacts(book, columns, dialect, told)
        self.given = frozenset(name for link in self.chain for name in book.table(*link).outputs)
        self.grown: dict[Any, Tree] = {}

    def tree(self) -> Tree:
        """The whole chain. Raises NotInSql for what SQL cannot say with the same meaning."""
        return self.chain_from(Merged(), 0, {})

    def chain_from(self, merged: Merged, depth: int, days: Mapping[str, date]) -> Tree:
        """What follows once the first `depth` tables have given this; `days` are the governing days settled so far."""
        if depth == len(self.chain):
            result = self.results.of(label_of(merged.outputs), merged.outputs)
            return self.grown.setdefault(result, Leaf(result))
        outputs = repr(sorted(merged.outputs.items(), key=lambda item: item[0]))
        key = (depth, outputs, merged.produced, tuple(sorted(days.items())))
        if key not in self.grown:
            self.grown[key] = self._by_day(merged, depth, days)
        return self.grown[key]

    def _by_day(self, merged: Merged, depth: int, days: Mapping[str, date]) -> Tree:
        if self.when.on:
            return self._table(merged, depth, self.when.on, days)
        governed_by = self.book.policy(self.chain[depth][0]).governed_by
        if governed_by in days:
            return self._table(merged, depth, days[governed_by], days)
        facts = [fact for fact in self.book.circumstances if fact.source == DAY_SOURCES[governed_by]]
        if governed_by == "today" or not facts:
            return self._table(merged, depth, self.when.today, days)
        unknown = self.leaf(NOT_DECIDABLE)
        if facts[0].code not in self.facts.columns:
            return unknown
        piece = stored(facts[0], self.facts.column(facts[0].code), self.dialect)
        spans = [
            (until, self._table(merged, depth, day, {**days, governed_by: day}))
            for day, until in self._spans(governed_by)
        ]
        return Days(piece, tuple(spans), unknown)

    def _spans(self, governed_by: str) -> list[tuple[date, date | None]]:
        """The spans of days between which what this day governs differs: a day of each, and the first one after it."""
        spans: list[tuple[date, date | None]] = []
        before: Any = None
        for day, until in zip([date.min, *self.book.change_days], [*self.book.change_days, None], strict=True):
            told = self._told_on(governed_by, day)
            if spans and told == before:
                spans[-1] = (spans[-1][0], until)
            else:
                spans.append((day, until))
            before = told
        return spans

    def _told_on(self, governed_by: str, day: date) -> Any:
        told: list[Any] = []
        for policy, decision in self.chain:
            if self.book.policy(policy).governed_by == governed_by:
                try:
                    compiled = self.book.compiled(policy, decision, day, self.currency)
                except NotFound:
                    told.append(None)
                    continue
                floors = floors_under(self.book, compiled, day, self.currency)
                told.append((dict(compiled.scope.constants), [floor.page.code for floor, _ in floors.floors]))
        return told

    def _table(self, merged: Merged, depth: int, day: date, days: Mapping[str, date]) -> Tree:
        policy, decision = self.chain[depth]
        try:
            compiled = self.book.compiled(policy, decision, day, self.currency)
        except NotFound:  # a parameter without a value on that day, or in that currency
            return self.leaf(NOT_DECIDABLE)
        return _Table(self, compiled, merged, depth, day, days).tree()

    def leaf(self, label: str) -> Tree:
        """The one leaf that gives no answer for this reason."""
        result = self.results.of(label)
        return self.grown.setdefault(result, Leaf(result))


class _Table:
    """One table of the chain on one day, after what earlier tables gave."""

    def __init__(
        self, growing: Growing, compiled: CompiledTable, merged: Merged, depth: int, day: date, days: Mapping[str, date]
    ) -> None:
        self.growing, self.compiled, self.merged, self.depth, self.day = growing, compiled, merged, depth, day
        self.days = days
        self.empty = frozenset(merged.produced - merged.outputs.keys())
        self._keys: dict[tuple[int, int], frozenset[Any]] = {}
        self._trees: dict[tuple[frozenset[int], int], Tree] = {}
        self.free: list[_Free] = []

    def tree(self) -> Tree:
        mask, late = self.compiled.full, []
        for column in self.compiled.columns:
            if column.name in self.merged.outputs:
                mask &= column.look_up(self.merged.outputs[column.name])
            elif column.name in self.empty:
                mask &= column.dash
            else:
                late.append((column, self.growing.facts.missing_outputs(column, self.empty, self.merged.outputs)))
        waiting = [(column, missing) for column, missing in late if missing is not None]
        plain = [column for column, missing in late if missing is None]
        return self._with_empty(mask, waiting, plain)

    def _with_empty(self, mask: int, waiting: Sequence[tuple[Column, list[str]]], plain: Sequence[Column]) -> Tree:
        """Columns about outputs left empty pass only `-`, once the facts they also read are known."""
        if not waiting:
            return self._guarded(mask, plain)
        (column, missing), *others = waiting
        dashed = self._with_empty(mask & column.dash, others, plain)
        stored = [self.growing.facts.column(code) for code in missing if code in self.growing.facts.columns]
        if len(stored) < len(missing):
            return self._with_empty(mask, others, [*plain, column])
        if not stored:
            return dashed
        unknown = self._with_empty(mask, others, [*plain, column])
        return Guard(" AND ".join(f"{name} IS NOT NULL" for name in stored), dashed, unknown)

    def _guarded(self, mask: int, columns: Sequence[Column]) -> Tree:
        """A value outside its range is a gap, before anything else is looked at."""
        self._keys, self._trees = {}, {}
        self.free = [self._as_free(column) for column in columns]
        self.free.sort(key=lambda free: (-self._tested(free.column), len(free.masks)))
        outside = [text for free in self.free for text in self._outside(free)]
        tree = self._grow(frozenset((mask,)), 0)
        return Guard(" OR ".join(outside), self.growing.leaf(NO_RULE), tree) if outside else tree

    def _as_free(self, column: Column) -> _Free:
        try:
            piece = self.growing.facts.piece(column.name, self.merged.outputs, self.compiled)
        except NotInSql as error:
            row = next((row for row in self.compiled.table.rows if column.name in row.tests), None)
            place = f"row {row.ref.row} ({row.ref.file}:{row.ref.line})" if row else "a heading"
            raise NotInSql(
                f"{self.compiled.table.code}, {place}, column `{column.name}`, cannot be said in SQL: {error}. Replay "
                "it in process, or store the fact itself as a column"
            ) from None
        if column.name in self.empty or piece.text is None:
            piece = Piece(None, "unknown")
        return _Free(column, piece, tuple(dict.fromkeys(cell.mask for cell in column.cells)))

    def _tested(self, column: Column) -> int:
        return sum(column.name in row.tests for row in self.compiled.table.rows)

    def _outside(self, free: _Free) -> list[str]:
        subject, piece = free.column.subject, free.piece
        if piece.text is None or not isinstance(subject, Fact) or isinstance(free.column, ChoiceColumn):
            return []
        dialect = self.growing.dialect
        ends = [(end, sign) for end, sign in ((subject.low, "<"), (subject.high, ">")) if end is not None]
        return [f"{measure(piece)} {sign} {bound(end, piece, dialect)}" for end, sign in ends]

    def _answers(self, mask: int, place: int) -> frozenset[Any]:
        """The different answers that may still come from these rows."""
        key = (mask, place)
        if key not in self._keys:
            if place == len(self.free):
                self._keys[key] = frozenset((self.compiled.answer(mask).key(),))
            else:
                ways = {mask & passed for passed in self.free[place].masks}
                self._keys[key] = frozenset().union(*(self._answers(way, place + 1) for way in ways))
        return self._keys[key]

    def _grow(self, states: frozenset[int], place: int) -> Tree:
        key = (states, place)
        if key not in self._trees:
            if len(self._trees) > MOST_TREES:
                raise NotInSql(
                    f"{self.compiled.table.code} has too many ways for one expression, with every fact perhaps "
                    "unknown: replay it in process, or see that fewer columns have empty cells"
                )
            self._trees[key] = self._grow_anew(states, place)
        return self._trees[key]

    def _grow_anew(self, states: frozenset[int], place: int) -> Tree:
        possible = frozenset().union(*(self._answers(state, place) for state in states))
        if len(possible) == 1:
            return self._ending(min(states), place)
        if place == len(self.free):
            return self.growing.leaf(NOT_DECIDABLE)
        free = self.free[place]
        unknown = self._grow(frozenset(state & mask for state in states for mask in free.masks), place + 1)
        if free.piece.text is None:
            return unknown
        runs: list[tuple[list[Cell], Tree]] = []
        for cell in free.column.cells:
            following = self._grow(frozenset(state & cell.mask for state in states), place + 1)
            if runs and runs[-1][1] is following:
                runs[-1][0].append(cell)
            else:
                runs.append(([cell], following))
        branches = tuple((tuple(cells), following) for cells, following in runs)
        if self.growing.facts.always_known(free.column.name, self.growing.never_empty):
            unknown = branches[-1][1]
        if all(following is unknown for _, following in branches):
            return unknown
        return self._shared(free, branches, unknown)

    def _shared(self, free: _Free, branches: tuple[tuple[tuple[Cell, ...], Tree], ...], unknown: Tree) -> Tree:
        """The same split again, if there is one: so that equal ends are seen to be equal."""
        key: Any = (free.column.name, tuple((tuple(map(id, cells)), id(tree)) for cells, tree in branches), id(unknown))
        return self._trees.setdefault(key, Split(free.piece, free.column, branches, unknown))

    def _ending(self, mask: int, place: int) -> Tree:
        for free in self.free[place:]:
            mask &= free.masks[0]
        answer = self.compiled.answer(mask)
        if answer.clash or answer.outputs is None:
            return self.growing.leaf(TWO_RULES if answer.clash else NO_RULE)
        self._refuse_floors(answer)
        growing = self.growing
        merged = merge(self.merged, self.compiled.table, answer, growing.book.settings.precedence)
        return growing.chain_from(merged, self.depth + 1, self.days)

    def _refuse_floors(self, answer: Answer) -> None:
        floors = floors_under(self.growing.book, self.compiled, self.day, self.growing.currency)
        if floors.floors and floors.could_lift(answer.outputs or {}):
            ref = answer.fired[0].id if answer.fired else self.compiled.table.code
            raise NotInSql(
                f"{self.compiled.table.code}: the rule {ref} gives less than the law page "
                f"{floors.floors[0][0].page.file} demands, and lifting it needs the engine: replay it in process, or "
                "mend the rule (`goodword check` names it)"
            )


def measure(piece: Piece) -> str:
    """What limits are compared with."""
    return piece.times() if piece.kind == "number" else str(piece.text)


def bound(end: Any, piece: Piece, dialect: Dialect) -> str:
    """A limit, in the measure of a piece."""
    if piece.kind == "day":
        return dialect.literal(end)
    return dialect.literal(end * piece.under)
