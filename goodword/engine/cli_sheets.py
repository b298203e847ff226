"""`goodword import-sheets`: a spreadsheet made by `render --to xlsx`, changed by hand, back into the book's text."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from goodword.engine.book import read_book
from goodword.engine.cli import EPILOG, print_json
from goodword.engine.errors import EngineError

WORDS = (
    "Bring tables and numbers that were changed in a spreadsheet back into the book; only changed lines are written."
)


def add(commands: Any) -> None:
    """Adds the command's parser."""
    command = commands.add_parser("import-sheets", help=WORDS, description=WORDS, epilog=EPILOG)
    command.add_argument("file", help="the workbook, an .xlsx file made by: goodword render BOOK DIR --to xlsx")
    command.add_argument("book", help="the folder that holds book.yaml")
    command.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
    command.add_argument("--json", action="store_true", help="print what changed as JSON, for programs")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Writes the changed files, or nothing if anything is wrong."""
    from goodword.engine.sheets import book_from_sheets

    try:
        data = Path(options.file).read_bytes()
    except OSError as error:
        raise EngineError(f"cannot read {options.file}: {error.strerror}") from None
    book = read_book(options.book)
    changed, changes = book_from_sheets(data, book)
    files = sorted(name for name, text in changed.files.items() if text != book.files[name])
    if not options.dry_run:
        for name in files:
            (Path(options.book) / name).write_text(changed.files[name], encoding="utf-8")
    if options.json:
        print_json({"changed": [change.what for change in changes], "files": files})
        return 0
    for change in changes:
        print(f"{change.what} (sheet {change.sheet})")
    if files and not options.dry_run:
        print(f"Look at what it means now: goodword check {options.book}")
    print(f"{'Would change' if options.dry_run else 'Changed'}: {', '.join(files) or 'nothing'}.")
    return 0
