"""`goodword import-dmn`: a DMN model of another tool as the draft of a book."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from goodword.engine.cli import EPILOG, print_json
from goodword.engine.errors import EngineError

WORDS = "Make a DMN model (1.1 to 1.5) of another tool into the draft of a policy book, and say what did not fit."


def add(commands: Any) -> None:
    """Adds the command's parser."""
    command = commands.add_parser("import-dmn", help=WORDS, description=WORDS, epilog=EPILOG)
    command.add_argument("file", help="the model, a .dmn file")
    command.add_argument("folder", help="a folder for the book that is not there yet, or is empty")
    command.add_argument("--language", default="en", help="the language of its names, like da; en if left out")
    command.add_argument("--currency", default="EUR", help="the currency of its amounts, like DKK; EUR if left out")
    command.add_argument("--json", action="store_true", help="print what was made as JSON, for programs")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Makes the book and says what it holds, and what it does not."""
    from goodword.engine.dmn import read_dmn
    from goodword.engine.dmn.importing import book_from_dmn

    folder = Path(options.folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise EngineError(f"{folder} is there already and is not empty; name another folder, nothing was written")
    try:
        text = Path(options.file).read_bytes()
    except OSError as error:
        raise EngineError(f"cannot read {options.file}: {error.strerror}") from None
    made = book_from_dmn(read_dmn(text), options.language, options.currency)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.files.items():
        (folder / name).write_text(content, encoding="utf-8")
    if options.json:
        print_json({"files": sorted(made.files), "left_out": list(made.left_out)})
        return 0
    for name in sorted(made.files):
        print(folder / name)
    print("\nWhat the model said and this book does not, or not yet:")
    for words in made.left_out:
        print(f"- {words}")
    print(f"\nGive it words and cases, then run: goodword check {folder}")
    return 0
