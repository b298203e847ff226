"""The `goodword` command: the engine's own commands here, everything that needs the desk handed on to `ops`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches

import goodword

ENGINE = {
    "check": "everything that is wrong with a policy book",
    "decide": "decide one situation by a book",
    "ask": "the next question to ask",
    "compare": "which situations two versions of a book decide differently",
    "replay": "past cases decided again: who would have got what else",
    "drill": "questions on a policy, with the right answers",
    "render": "the book as handbook, leaflets, receipt lines and notices",
    "import-dmn": "a DMN model of another tool as the draft of a book",
    "import-sheets": "a spreadsheet of the book's tables and numbers, back into its text",
    "mcp": "the book for AI assistants (Model Context Protocol)",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code. The desk (and Django with it) is imported only for its own commands."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = given[0] if given else "--help"
    if command in ("-h", "--help", "help"):
        print(_help())
        return 0
    if command == "--version":
        print(f"goodword {goodword.__version__}")
        return 0
    if command == "replay" and "--desk" in given:
        from goodword.ops.replaying import main as replay_desk

        return replay_desk(given[1:])
    if command in ENGINE:
        from goodword.engine.cli import main as engine_main

        return engine_main(given)
    from goodword.ops.cli import COMMANDS
    from goodword.ops.cli import main as desk_main

    if command not in COMMANDS and not command.startswith("-"):
        near = get_close_matches(command, [*ENGINE, *COMMANDS], 1)
        meant = f"did you mean `{near[0]}`?" if near else "`goodword --help` lists them all"
        print(f"goodword: there is no command `{command}`: {meant}", file=sys.stderr)
        return 2

    return int(desk_main(given) or 0)


def _help() -> str:
    from goodword.ops.cli import COMMANDS

    rows = [f"  goodword {name:14} {words}" for name, words in (ENGINE | COMMANDS).items()]
    lines = ["Goodword: a customer-service desk that runs on a policy book.", "", *rows, ""]
    return "\n".join([*lines, "goodword COMMAND --help says more about one of them."])
