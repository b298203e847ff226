"""Gaps, overlaps and dead rows: an exact sweep over every situation a table can meet."""

from __future__ import annotations

from datetime import date

from goodword.engine import second_prover
from goodword.engine.book import Book
from goodword.engine.compiled import CompiledTable, bits
from goodword.engine.errors import EngineError
from goodword.engine.findings import Notes
from goodword.engine.first_hit import without_order
from goodword.engine.joint import dependent_columns
from goodword.engine.regions import Region, Sweep, regions, share, sweep, where
from goodword.engine.spans import first_day, versions
from goodword.engine.sweep import Budget, OverBudget
from goodword.engine.tables import DecisionTable, RuleRef
from goodword.engine.verdicts import Verdicts

STEPS = 3_000_000
SHOWN = 3


def check_tables(book: Book, sound: set[str], notes: Notes) -> None:
    """Proves every table of the `sound` policies for every span of days in which its parameters stay the same."""
    for code in sorted(sound):
        for table in book.policies[code].decisions.values():
            _check_table(book, table, notes)


def _check_table(book: Book, table: DecisionTable, notes: Notes) -> None:
    if table.hit == "F":
        _report_order(book, table, notes)
    won = 0
    for day, currency in versions(book, table):
        try:
            compiled = book.compiled(table.policy, table.name, day, currency)
            done = sweep(compiled, Budget(STEPS), dependent_columns(book, compiled))
        except OverBudget:
            alive = _prove_again(book, compiled, day, notes)
            if alive is None:
                return
            won |= alive
            continue
        except EngineError as error:
            notes.error("table.value", table.file, table.line, f"`{table.code}`: {error}")
            return
        when = f" (from {day})" if day != first_day(book, table) else ""
        verdicts = Verdicts(compiled)
        found = _report_gaps(done, verdicts, when, notes) + _report_clashes(done, verdicts, when, notes)
        for end in done.ends:
            won |= verdicts.deciding(end)
        if found:
            break  # the same holes on later days would only repeat
    else:
        _report_dead(table, won, notes)


def _report_order(book: Book, table: DecisionTable, notes: Notes) -> None:
    try:
        rewrite = without_order(book, table.policy, table.name)
    except EngineError:
        rewrite = ""  # what cannot be run is told where it is proved
    message = f"`{table.code}`: F lets the order of rows decide in silence"
    hint = "these U rows say the same, by marked exceptions" if rewrite else "use U and mark exceptions as 1.1"
    notes.warning("table.hit", table.file, table.line, message, hint, rewrite)


def _prove_again(book: Book, compiled: CompiledTable, day: date, notes: Notes) -> int | None:
    """Proves with z3 what the sweep could not; returns the rows that decide somewhere, None if there is no proof."""
    table = compiled.table
    columns = dependent_columns(book, compiled)
    proof = second_prover.prove(compiled, columns)
    if proof is None:
        hint = "split the table, or give some of its columns fewer limits"
        if not second_prover.installed():
            hint += "; or install goodword[prove], so that z3 can try"
        message = f"`{table.code}`: not proved within the budget"
        notes.warning("proof.budget", table.file, table.line, message, hint)
        return None
    if proof.gap is not None:
        message = f"`{table.code}` has no rule {where(proof.gap, columns)} (from {day})"
        notes.error("gap", table.file, table.line, message, "add a row for it")
    if proof.clash is not None:
        rows = bits(compiled.winners(proof.clash[0]))[:2]
        _report_clash(compiled, (rows[0], rows[-1]), f"{where(proof.clash[1], columns)} (from {day})", notes)
    if proof.gap is not None or proof.clash is not None:
        return None
    return compiled.full & ~sum(1 << place for place in proof.dead or ())


def _report_gaps(done: Sweep, verdicts: Verdicts, when: str, notes: Notes) -> int:
    bad = frozenset(filter(verdicts.is_gap, done.ends))
    table = done.compiled.table
    found = list(regions(done, bad, SHOWN)) if bad else []
    hint = f"add a row for it: {share(done, bad)} have none" if bad else ""
    for region, _ in found:
        message = f"`{table.code}` has no rule {where(region, done.columns)}{when}"
        notes.error("gap", table.file, table.line, message, hint)
    return len(found)


def _report_clashes(done: Sweep, verdicts: Verdicts, when: str, notes: Notes) -> int:
    compiled = done.compiled
    clashes: dict[tuple[int, ...], Region] = {}
    bad = frozenset(filter(verdicts.is_clash, done.ends))
    for region, end in regions(done, bad, 200):
        clashes.setdefault(tuple(bits(compiled.winners(end)))[:2], region)
    for rows, region in list(clashes.items())[:10]:
        _report_clash(compiled, (rows[0], rows[-1]), f"{where(region, done.columns)}{when}", notes)
    return len(clashes)


def _report_clash(compiled: CompiledTable, rows: tuple[int, int], situation: str, notes: Notes) -> None:
    first, second = (compiled.table.rows[row] for row in rows)
    both = f"rules {first.ref.id} and {second.ref.id} both hold {situation}"
    if first.beats and second.beats:
        hint = "say which one overrides the other"
        notes.error("exceptions", second.ref.file, second.ref.line, f"two exceptions: {both}", hint)
    else:
        hint = _overlap_hint(compiled, first.ref, second.ref)
        notes.error("overlap", second.ref.file, second.ref.line, both, hint)


def _overlap_hint(compiled: CompiledTable, first: RuleRef, second: RuleRef) -> str:
    if first.clause == second.clause:
        return f"part them, or number one as the exception ({first.row}.1)"
    return (
        f"part them, or write `overrides: [{first.clause}]` in the comment of `{second.clause}`, or the other way round"
    )


def _report_dead(table: DecisionTable, won: int, notes: Notes) -> None:
    for place, row in enumerate(table.rows):
        if not won >> place & 1:
            message = f"rule {row.ref.id} never decides: other rules override it, or no value fits"
            notes.warning("dead", row.ref.file, row.ref.line, message, "remove it, or mend its conditions")
