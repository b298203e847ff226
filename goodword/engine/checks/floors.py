"""Never below a law floor: proved for every situation and every span of days."""

from __future__ import annotations

from datetime import date

from goodword.engine.book import Book
from goodword.engine.checks.proof import STEPS
from goodword.engine.errors import EngineError
from goodword.engine.feel import names_in
from goodword.engine.findings import Notes
from goodword.engine.floors import Floor
from goodword.engine.joint import Short, fallen_short
from goodword.engine.regions import where
from goodword.engine.spans import versions
from goodword.engine.sweep import Budget, OverBudget
from goodword.engine.tables import DecisionTable
from goodword.engine.values import to_plain

SHOWN = 5


def check_floors(book: Book, sound: set[str], notes: Notes) -> None:
    """Notes every rule of the `sound` policies that gives a customer less than a law demands."""
    for floor in book.floors:
        if floor.policy in sound:
            _check(book, floor, book.table(floor.policy, floor.decision), notes)


def _check(book: Book, floor: Floor, table: DecisionTable, notes: Notes) -> None:
    told: set[tuple[str, str]] = set()
    for day, currency in versions(book, table, since=floor.since):
        if not floor.holds_on(day):
            continue
        try:
            compiled = book.compiled(table.policy, table.name, day, currency)
            found = list(fallen_short(book, floor, compiled, day, currency, Budget(STEPS)))
        except OverBudget:
            message = f"`{table.code}`: not proved within the budget to keep {_name(floor)}"
            notes.warning("proof.budget", table.file, table.line, message, "split the table")
            return
        except EngineError:
            return  # told already where the table itself was proved
        for short in found[:SHOWN]:
            pair = (short.rule.id, short.demanded_by.id)
            if pair not in told:
                told.add(pair)
                _report(book, table, short, day, notes)


def _report(book: Book, table: DecisionTable, short: Short, day: date, notes: Notes) -> None:
    least = "at most" if set(short.names) <= short.floor.at_most else "at least"
    given = ", ".join(f"{name} {_shown(short.given.get(name))}" for name in short.names)
    wanted = ", ".join(f"{name} {_shown(short.demand[name])}" for name in short.names)
    law = short.demanded_by
    message = (
        f"rule {short.rule.id} falls below the law {where(short.region, short.columns)} (on {day}): it gives {given}, "
        f"and {_name(short.floor)} demands {least} {wanted} ({law.file}:{law.line})"
    )
    read = sorted(_parameters(book, table, short))
    hint = f"mend the rule, or {' or '.join(f'`{name}`' for name in read)}" if read else "mend the rule"
    notes.error("floor", short.rule.file, short.rule.line, message, f"{hint}; this check is no legal advice")


def _name(floor: Floor) -> str:
    return f"{floor.source} ({floor.source_date})"


def _shown(value: object) -> str:
    return "nothing" if value is None else str(to_plain(value))


def _parameters(book: Book, table: DecisionTable, short: Short) -> set[str]:
    """The parameters that the rule's own cells read."""
    row = next((row for row in table.rows if row.ref == short.rule), None)
    nodes = [*row.tests.values(), *row.outputs.values()] if row else []
    return {name.name for node in nodes for name in names_in(node)} & set(book.parameters)
