"""The decision tree as one SQL CASE, which gives the number of a result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from goodword.engine.columns import ELSE, Cell
from goodword.engine.replay.results import Result
from goodword.engine.replay.sql.dialects import Dialect
from goodword.engine.replay.sql.formulas import NotInSql
from goodword.engine.replay.sql.growing import Days, Guard, Leaf, Split, Tree, bound, measure

MOST_ENDS = 50_000  # of an expression written out: beyond that databases choke on it


class Numbers:
    """Results by number, in the order in which they were first written."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self._places: dict[Result, int] = {}

    def of(self, result: Result) -> int:
        """The number that stands for a result."""
        if result not in self._places:
            self._places[result] = len(self.results)
            self.results.append(result)
        return self._places[result]


def write(tree: Tree, dialect: Dialect, numbers: Numbers, what: str) -> str:
    """The tree as an expression over the table `c`. Raises NotInSql if it would be too long for a database."""
    ends = _ends(tree, {})
    if ends > MOST_ENDS:
        raise NotInSql(
            f"{what} would be an expression with {ends:,} ends: replay it in process, or see that fewer columns have "
            "empty cells"
        )
    return _write(tree, dialect, numbers)


def _ends(tree: Tree, known: dict[int, int]) -> int:
    if id(tree) not in known:
        known[id(tree)] = 1 if isinstance(tree, Leaf) else sum(_ends(child, known) for child in _children(tree))
    return known[id(tree)]


def _children(tree: Tree) -> list[Tree]:
    match tree:
        case Split():
            return list({id(each): each for each in (*(branch for _, branch in tree.branches), tree.unknown)}.values())
        case Guard():
            return [tree.then, tree.otherwise]
        case Days():
            return [*(following for _, following in tree.spans), tree.unknown]
    return []


def _write(tree: Tree, dialect: Dialect, numbers: Numbers) -> str:
    match tree:
        case Leaf():
            return str(numbers.of(tree.result))
        case Guard():
            then, otherwise = (_write(part, dialect, numbers) for part in (tree.then, tree.otherwise))
            return f"CASE WHEN {tree.condition} THEN {then} ELSE {otherwise} END"
        case Days():
            return _days(tree, dialect, numbers)
        case Split():
            return _split(tree, dialect, numbers)


def _days(tree: Days, dialect: Dialect, numbers: Numbers) -> str:
    parts = [f"WHEN {tree.piece.text} IS NULL THEN {_write(tree.unknown, dialect, numbers)}"]
    for until, following in tree.spans:
        text = _write(following, dialect, numbers)
        parts.append(f"WHEN {tree.piece.text} < {dialect.literal(until)} THEN {text}" if until else f"ELSE {text}")
    return f"CASE {' '.join(parts)} END"


def _split(tree: Split, dialect: Dialect, numbers: Numbers) -> str:
    kind = tree.column.subject.kind
    if kind == "yes/no":
        return _yes_no(tree, dialect, numbers)
    if tree.piece.kind == "word":
        return _words(tree, dialect, numbers)
    return _ordered(tree, dialect, numbers)


def _yes_no(tree: Split, dialect: Dialect, numbers: Numbers) -> str:
    following = {cell.sample: branch for cells, branch in tree.branches for cell in cells}
    parts = [
        f"WHEN {'' if value else 'NOT '}{tree.piece.text} THEN {_write(following[value], dialect, numbers)}"
        for value in (True, False)
        if following[value] is not tree.unknown
    ]
    return f"CASE {' '.join(parts)} ELSE {_write(tree.unknown, dialect, numbers)} END"


def _words(tree: Split, dialect: Dialect, numbers: Numbers) -> str:
    grouped: dict[int, tuple[Tree, list[Any]]] = {}
    for cells, following in tree.branches:
        grouped.setdefault(id(following), (following, []))[1].extend(cell.sample for cell in cells)
    parts, text = [], tree.piece.text
    rest = next((following for following, words in grouped.values() if ELSE in words), None)
    if rest is not None and rest is not tree.unknown:
        parts.append(f"WHEN {text} IS NULL THEN {_write(tree.unknown, dialect, numbers)}")
    for following, words in grouped.values():
        if following is not (rest or tree.unknown):
            listed = ", ".join(dialect.literal(word) for word in words)
            parts.append(f"WHEN {text} IN ({listed}) THEN {_write(following, dialect, numbers)}")
    last = _write(rest or tree.unknown, dialect, numbers)
    return f"CASE {' '.join(parts)} ELSE {last} END" if parts else last


def _ordered(tree: Split, dialect: Dialect, numbers: Numbers) -> str:
    """Limits from below to above; the last one needs none, since values outside the range were told before."""
    text = tree.piece.text
    parts = []
    *upward, (_, last) = tree.branches
    if last is not tree.unknown:  # else NULL, which passes no limit, comes to the same end
        parts.append(f"WHEN {text} IS NULL THEN {_write(tree.unknown, dialect, numbers)}")
    for cells, branch in upward:
        parts.append(f"WHEN {_up_to(tree, cells, dialect)} THEN {_write(branch, dialect, numbers)}")
    end = _write(last, dialect, numbers)
    return f"CASE {' '.join(parts)} ELSE {end} END" if parts else end


def _up_to(tree: Split, cells: Sequence[Cell], dialect: Dialect) -> str:
    last = cells[-1]
    if last.single:
        return f"{measure(tree.piece)} <= {bound(last.sample, tree.piece, dialect)}"
    return f"{measure(tree.piece)} < {bound(last.high, tree.piece, dialect)}"


__all__ = ["Numbers", "write"]
