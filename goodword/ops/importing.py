"""`goodword import-orders`: a file brought in while one watches; stopped, it goes on where it was."""

import argparse
import sys
import time
from itertools import islice

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from goodword.orders.import_queries import outcomes_of, report_of
from goodword.orders.imports import begin_file, run_import
from goodword.orders.models import Import
from goodword.orders.storing import REFUSED

_MOST_SHOWN = 50
_SECONDS_BETWEEN_LOOKS = 0.3
_FINAL = (Import.DONE, Import.FAILED)


def import_orders(arguments: argparse.Namespace) -> int:
    """Import a file, naming every line that is refused; 1 if one was, or if the file could not be read to its end."""
    imported = begin_file(arguments.file, dry_run=arguments.dry_run)
    if imported.cursor:
        print(f"Going on after record {imported.cursor:,}: the same file was begun before.")
    imported = _watched(imported)
    if imported.state == Import.FAILED:
        print(f"{arguments.file}: {imported.problem}")
        return 1
    for line, _what, column, why in islice(outcomes_of(imported, only=REFUSED), _MOST_SHOWN):
        print(f"{arguments.file}: line {line}{f', column {column}' if column else ''}: {why}")
    if imported.refused > _MOST_SHOWN:
        print(f"... and {imported.refused - _MOST_SHOWN:,} more; --report FILE writes all of them.")
    if arguments.report:
        arguments.report.write_text("".join(report_of(imported)), encoding="utf-8")
    _summarise(imported)
    return 1 if imported.refused else 0


def _summarise(imported: Import) -> None:
    done = f"{imported.created:,} new, {imported.changed:,} changed, {imported.unchanged:,} as before"
    print(f"{imported.kind}: {done}, {imported.refused:,} refused")
    if imported.dry_run:
        print("A dry run: nothing was stored.")
    elif imported.refused:
        print("The refused lines were not stored. Mend them and import the file again: the others stay as they are.")


def _watched(imported: Import) -> Import:
    """Run it to its end, or watch the desk's own worker do so."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task(imported.kind, total=imported.total, completed=imported.cursor)

        def told(row: Import) -> None:
            progress.update(bar, completed=row.cursor)

        while imported.state not in _FINAL:
            imported = run_import(imported, told=told)
            told(imported)
            if imported.state not in _FINAL:
                time.sleep(_SECONDS_BETWEEN_LOOKS)
    return imported
