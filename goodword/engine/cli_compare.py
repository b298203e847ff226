"""`goodword compare`: which situations two versions of a book decide differently, how many, and where."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from goodword.engine.book import Book, read_book
from goodword.engine.cli import day_argument
from goodword.engine.errors import EngineError
from goodword.engine.values import to_plain

if TYPE_CHECKING:
    from rich.console import Console

    from goodword.engine.comparing import Change, Compared, Comparison

WORDS = (
    "Set two versions of a book side by side: exactly how many situations come out differently, which ones in words, "
    "and from what to what. Nothing is changed."
)
EPILOG = "Exit codes, as of diff: 0 every situation is decided alike, 1 some are not, 2 it could not be done."
REGIONS = 6  # shown of each change


def add(commands: Any) -> None:
    """Adds the command's parser."""
    command = commands.add_parser("compare", help=WORDS, description=WORDS, epilog=EPILOG)
    command.add_argument("book_a", help="the folder of the one version, usually the book as it is")
    command.add_argument("book_b", help="the folder of the other, usually the book as it is to be")
    command.add_argument("policy", nargs="?", help="one policy, like returns; all if left out")
    command.add_argument("--on", type=day_argument, metavar="DATE", help="with this day's values; today if left out")
    command.add_argument("--json", action="store_true", help="print everything as JSON, for programs")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints the comparison; 1 if something changes."""
    from goodword.engine.comparing import compare

    try:
        before, after = read_book(options.book_a), read_book(options.book_b)
        found = compare(before, after, options.policy, options.on)
    except EngineError as error:
        return trouble(error, as_json=options.json)
    if options.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        _print(found, after)
    return 0 if found.changes_nothing else 1


def trouble(error: EngineError, *, as_json: bool) -> int:
    """Tells why it could not be done."""
    if as_json:
        print(json.dumps({"error": str(error)}))
    else:
        print(error, file=sys.stderr)
    return 2


def _print(found: Comparison, book: Book) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    console.print(f"As of {found.day.isoformat()}")
    for parameter in found.parameters:
        before, after = (_value(value) for value in parameter.on_day)
        told = f"{before} -> {after}" if before != after else f"{after} on this day, but not on every day"
        console.print(f"  {parameter.code}: {told}", style="bold", markup=False)
    alike = [compared for compared in found.tables if compared.changed == 0]
    for compared in found.tables:
        if compared.changed != 0:
            _print_table(console, compared)
    if alike:
        told = f"{len(alike)} of {len(found.tables)} tables and chains decide every situation alike."
        console.print(told, style="green")
    for title, presence in (("facts", found.facts), ("outputs", found.outputs), ("tables", found.decisions)):
        _print_presence(console, title, presence.as_json())
    for rule in found.words_only:
        console.print(f"words only: {rule}", style="dim", markup=False)
    if found.changes_nothing:
        console.print("No situation comes out differently.", style="bold green")


def _print_table(console: Console, compared: Compared) -> None:
    title = "through the chain " if compared.through_chain else ""
    if compared.changed is None:
        console.print(f"\n{title}{compared.code}: {'; '.join(compared.notes)}", style="yellow", markup=False)
        return
    share = f"{compared.changed:,} of {compared.situations:,} situations change"
    console.print(f"\n{title}{compared.code}: {share}", style="bold", markup=False)
    if compared.endless:
        names = ", ".join(compared.endless)
        console.print(f"  (of {names} kinds of values are counted: there are values without end)", style="dim")
    for note in compared.notes:
        console.print(f"  ({note})", style="yellow", markup=False)
    for (before, after), number in compared.outcomes.items():
        console.print(f"  {before} -> {after}: {number:,}", style="bold", markup=False)
        for change in compared.changes:
            if (change.before.outcome, change.after.outcome) == (before, after):
                _print_change(console, change)


def _print_change(console: Console, change: Change) -> None:
    old, new = dict(change.before.outputs), dict(change.after.outputs)
    names = [name for name in change.differs if name != "outcome"]
    told = [f"{name} {_value(old.get(name))} -> {_value(new.get(name))}" for name in names]
    console.print(f"    {change.situations:,}: {', '.join(told) or 'the outcome alone'}", markup=False)
    for region in change.regions[:REGIONS]:
        console.print(f"      {region}", style="cyan", markup=False)
    if len(change.regions) > REGIONS or not change.all_regions:
        console.print("      … and further regions (--json lists more)", style="dim")


def _print_presence(console: Console, title: str, presence: dict[str, Any]) -> None:
    for name in presence["only_before"]:
        console.print(f"{title} only in the first book: {name}", markup=False)
    for name in presence["only_after"]:
        console.print(f"{title} only in the second book: {name}", markup=False)
    for name, told in presence["changed"].items():
        console.print(f"{title} that differ: {name}: {told}", markup=False)


def _value(value: Any) -> str:
    plain = to_plain(value)
    if plain is None:
        return "nothing"
    return "[" + ", ".join(map(str, plain)) + "]" if isinstance(plain, list) else str(plain)
