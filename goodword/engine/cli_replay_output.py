"""What `goodword replay` prints for people."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from goodword.engine.book import Book
from goodword.engine.replay import Replayed, as_mapping
from goodword.engine.values import Money
from goodword.engine.words import format_money

FEW = 8


def print_replayed(found: Replayed, book: Book, *, beside: str) -> None:
    """Matrix, money, whom it touches, what is lacking, and what could not be read."""
    console = Console(highlight=False, soft_wrap=True)
    share = f" ({found.changed / found.cases:.1%})" if found.cases else ""
    console.print(f"{found.cases:,} cases, {found.changed:,} come out differently{share}", style="bold")
    if found.not_decidable:
        console.print(f"{found.not_decidable:,} not decidable: a fact is not on record, and nothing was guessed")
    _print_matrix(console, found.matrix, beside)
    _print_money(console, found, book)
    for name, values in found.touched.items():
        listed = ", ".join(f"{value} {number:,}" for value, number in list(values.items())[:FEW])
        console.print(Text(f"  changed by {name}: {listed}"))
    if found.persons:
        console.print(f"  {found.persons:,} different customers among the changed cases")
    for name, number in list(found.lacking.items())[:FEW]:
        console.print(Text(f"  lacking: {name} in {number:,} cases", style="yellow"))
    _print_changes(console, found)
    for note in found.notes:
        console.print(Text(f"  ({note})", style="dim"))
    for bad in found.bad_lines[:FEW]:
        console.print(Text(f"line {bad.line}: {bad.message}", style="red"))
    if found.bad:
        console.print(f"{found.bad:,} lines could not be read and were left out", style="bold red")
    rate = found.cases / found.seconds if found.seconds else 0
    console.print(f"{found.seconds:.1f} s, {rate:,.0f} cases a second", style="dim")


def _print_matrix(console: Console, matrix: Mapping[tuple[str, str], int], beside: str) -> None:
    columns = sorted({after for _, after in matrix})
    table = Table(box=None, padding=(0, 2))
    table.add_column(beside or "before", style="bold")
    for column in columns:
        table.add_column(f"-> {column}", justify="right")
    for before, row in sorted(as_mapping(matrix).items()):
        cells = [Text(f"{row.get(after, 0):,}", style="dim" if after == before else "bold") for after in columns]
        table.add_row(Text(before), *cells)
    console.print(table)


def _print_money(console: Console, found: Replayed, book: Book) -> None:
    language = book.languages[0]
    for each in found.sums:
        before, after = (format_money(Money(cents, each.currency), language) for cents in (each.before, each.after))
        more = format_money(Money(abs(each.after - each.before), each.currency), language)
        way = "more" if each.after >= each.before else "less"
        line = f"  {each.name} in {each.currency}: {before} -> {after}, {more} {way}"
        console.print(Text(line, style="bold" if each.after != each.before else "dim"))
    if found.amounts_unknown:
        console.print(Text(f"  (in {found.amounts_unknown:,} cases an amount is not on record)", style="yellow"))


def _print_changes(console: Console, found: Replayed) -> None:
    for change in found.changes:
        line = f"  {change.key}: {change.before.label} -> {change.after.label}"
        differs = ", ".join(change.differs)
        console.print(Text(f"{line} ({differs})", style="dim"))
    if found.changed > len(found.changes):
        rest = found.changed - len(found.changes)
        console.print(Text(f"  … and {rest:,} more (--changed FILE writes them all)", style="dim"))
