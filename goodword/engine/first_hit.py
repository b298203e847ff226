"""Tables whose order decides (hit policy F), written as tables whose order does not (U).

Of two rows that can hold together the upper one becomes an exception of the lower one: row 1.1 under row 1. Which rows
can hold together is looked at on every span of days; the numbers come from an elimination tree, in which all lower
neighbours of a row are its ancestors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goodword.engine.compiled import CompiledTable, bits
from goodword.engine.spans import versions
from goodword.engine.table_text import ARROW
from goodword.engine.tables import DecisionTable, Row

if TYPE_CHECKING:
    from goodword.engine.book import Book


def without_order(book: Book, policy: str, decision: str = "") -> str:
    """The rules of an F decision as U tables in Markdown, clause by clause, with the same answer to every situation.

    Empty if there is no such rewrite: rows that already override others, or two tables of it under one heading.
    Raises NotFound for a policy or decision that is not there, EngineError for one that cannot be run.
    """
    table = book.table(policy, decision or book.policy(policy).primary or "")
    if any(row.beats for row in table.rows) or _is_parted(book, table):
        return ""
    together = [0] * len(table.rows)
    for day, currency in versions(book, table):
        compiled = book.compiled(table.policy, table.name, day, currency)
        together = [held | mask for held, mask in zip(together, _overlaps(compiled), strict=True)]
    clauses: dict[str, list[int]] = {}
    for place, row in enumerate(table.rows):
        clauses.setdefault(row.ref.clause, []).append(place)
    return "\n\n".join(_clause(table, code, clauses, together) for code in clauses)


def _is_parted(book: Book, table: DecisionTable) -> bool:
    """Whether a clause gives this decision more than one table: an exception stands in the table of its rule."""
    clauses = book.policies[table.policy].clauses.values()
    return any(clause.decides == table.name and len(clause.section("").tables) > 1 for clause in clauses)


def _overlaps(compiled: CompiledTable) -> list[int]:
    """For each row the rows that can hold together with it; more if columns depend on one another."""
    found = []
    for place in range(len(compiled.table.rows)):
        mask = compiled.full
        for column in compiled.columns:
            beside = 0
            for cell in column.cells:
                if cell.mask >> place & 1:
                    beside |= cell.mask
            mask &= beside
        found.append(mask)
    return found


def _clause(table: DecisionTable, code: str, clauses: dict[str, list[int]], together: Sequence[int]) -> str:
    own = clauses[code]
    below = [
        other for other, places in clauses.items()
        if places[0] > own[0] and any(together[mine] >> place & 1 for mine in own for place in places)
    ]  # fmt: skip
    keys = ([f"decides: {table.name}"] if table.name != "outcome" else []) + (
        [f"overrides: [{', '.join(below)}]"] if below else []
    )
    comment = [f"<!-- #{code} {', '.join(keys)} -->", ""] if keys else []
    inputs = [name for name in table.columns if any(name in table.rows[place].tests for place in own)]
    outputs = [name for name in table.outputs if any(name in table.rows[place].outputs for place in own)]
    lines = [("U", *inputs, ARROW, *outputs), ("---",) * (len(inputs) + len(outputs) + 2)]
    lines += [_line(number, table.rows[place], inputs, outputs) for number, place in _numbered(own, together)]
    return "\n".join([*comment, *(f"| {' | '.join(cells)} |" for cells in lines)])


def _line(number: str, row: Row, inputs: Sequence[str], outputs: Sequence[str]) -> tuple[str, ...]:
    tests = [row.test_texts.get(name, "-") for name in inputs]
    said = [row.output_texts.get(name, "") for name in outputs]
    return (number, *(cell.replace("|", "\\|") for cell in tests), "", *(cell.replace("|", "\\|") for cell in said))


def _numbered(own: Sequence[int], together: Sequence[int]) -> list[tuple[str, int]]:
    """The rows with their new numbers, each exception after its rule."""
    mine = sum(1 << place for place in own)
    lower = {place: together[place] & mine & -(2 << place) for place in own}
    parents: dict[int, int] = {}
    for place in own:
        if lower[place]:
            parent = bits(lower[place])[0]
            parents[place] = parent
            lower[parent] |= lower[place] & ~(1 << parent)
    children: dict[int, list[int]] = {}
    for place in own:
        children.setdefault(parents.get(place, -1), []).append(place)
    numbered: list[tuple[str, int]] = []
    waiting = [(str(count), place) for count, place in enumerate(children.get(-1, []), start=1)]
    while waiting:
        number, place = waiting.pop(0)
        numbered.append((number, place))
        waiting[:0] = [(f"{number}.{count}", child) for count, child in enumerate(children.get(place, []), start=1)]
    return numbered
