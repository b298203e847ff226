"""The book on the command line. `check`, `decide` and `ask` stand here, other commands in modules of their own.

A command's module is imported only when it is called; none imports Django.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from goodword.engine import Book, Decision, EngineError, Finding, check, decide, facts_from_json, read_book
from goodword.engine.errors import FactError, NotFound
from goodword.engine.values import to_plain

MODULES = {  # each has `add(commands)`, which adds its parser with `run` as default
    "compare": "goodword.engine.cli_compare",
    "drill": "goodword.engine.cli_drill",
    "import-dmn": "goodword.engine.cli_import",
    "import-sheets": "goodword.engine.cli_sheets",
    "render": "goodword.engine.cli_render",
    "mcp": "goodword.engine.cli_mcp",
    "replay": "goodword.engine.cli_replay",
}
EPILOG = "Exit codes: 0 all is well, 1 the book has errors or no rule fits, 2 the command was not understood."


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one of the engine's commands; returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    options = parser(*given[:1]).parse_args(given)
    gc.set_threshold(100_000)  # a short process with hardly a circle: looking for them costs a tenth of a small check
    try:
        code: int = options.run(options)
        return code
    except EngineError as error:
        if options.json:
            print_json({"error": str(error)})
        else:
            print(error, file=sys.stderr)
        return 1


def parser(command: str = "") -> argparse.ArgumentParser:
    """What the commands understand; of those in modules of their own only `command`."""
    top = argparse.ArgumentParser(prog="goodword", description="Check a policy book, and decide by it.", epilog=EPILOG)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add_check(commands)
    _add_deciding(commands, "decide", _decide, "Decide one situation: the outcome, why, and by which rule.")
    _add_deciding(commands, "ask", _ask, "Say which single question to ask next, or that everything is decided.")
    if command in MODULES:
        import_module(MODULES[command]).add(commands)
    return top


def _add_check(commands: Any) -> None:
    words = "Read a whole book and list everything that is wrong with it, with file, line and what to do."
    command = commands.add_parser("check", help=words, description=words, epilog=EPILOG)
    command.add_argument("book", help="the folder that holds book.yaml")
    command.add_argument("--json", action="store_true", help="print the findings as JSON, for programs")
    command.add_argument(
        "--on", type=day_argument, metavar="DATE", help="check as of this day (overdue reviews); today if left out"
    )
    command.set_defaults(run=_check)


def _add_deciding(commands: Any, name: str, run: Any, words: str) -> None:
    command = commands.add_parser(name, help=words, description=words, epilog=EPILOG)
    command.add_argument("book", help="the folder that holds book.yaml")
    command.add_argument("policy", help="the policy, like returns; or one decision of it, like refunds/authority")
    command.add_argument(
        "--facts",
        required=True,
        metavar="FILE",
        help='what is known, as JSON: {"category": "hygiene", "opened": true}; - reads standard input',
    )
    command.add_argument(
        "--on", type=day_argument, metavar="DATE", help="the day it is about, like 2026-12-24; today if left out"
    )
    command.add_argument("--role", help="the role of whoever decides, like agent or manager")
    command.add_argument("--language", help="the language of the explanation, like en or da")
    command.add_argument("--json", action="store_true", help="print the whole decision as JSON, for programs")
    if name == "decide":
        command.add_argument(
            "--trace", action="store_true", help="print every rule that was looked at as JSON, for auditors"
        )
    command.set_defaults(run=run)


def day_argument(text: str) -> date:
    """A day given on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date; write it like 2026-12-24") from None


def print_json(value: Any) -> None:
    """A result for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _check(options: argparse.Namespace) -> int:
    findings = check(options.book, options.on)
    errors = sum(finding.level == "error" for finding in findings)
    if options.json:
        counts = {"errors": errors, "warnings": len(findings) - errors}
        print_json({**counts, "findings": [finding.to_json() for finding in findings]})
    else:
        _print_findings(findings)
    return 1 if errors else 0


def _print_findings(findings: list[Finding]) -> None:
    if not findings:
        print("Nothing to mend.")  # the usual good news needs no colours, and no time to load them
        return
    from goodword.engine.cli_output import print_findings

    print_findings(findings)


def _facts(options: argparse.Namespace, book: Book) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if options.facts == "-" else Path(options.facts).read_text(encoding="utf-8")
        return facts_from_json(book, json.loads(text, parse_float=Decimal))
    except OSError as error:
        raise FactError(f"cannot read {options.facts}: {error.strerror}") from None
    except ValueError as error:
        where = "standard input" if options.facts == "-" else options.facts
        raise FactError(f"{where} is not JSON: {error}") from None


def _decided(options: argparse.Namespace) -> tuple[Book, Decision]:
    book = read_book(options.book)
    day = options.on or datetime.now(ZoneInfo(book.time_zone)).date()
    return book, decide(book, options.policy, _facts(options, book), day, role=options.role)


def _language(options: argparse.Namespace, book: Book) -> str:
    language: str = options.language or book.languages[0]
    if language not in book.languages:
        raise NotFound(f"the book is not written in `{language}`; it has {', '.join(book.languages)}")
    return language


def _decide(options: argparse.Namespace) -> int:
    book, decision = _decided(options)
    language = _language(options, book)
    if options.trace:
        from goodword.engine.tracing import trace

        print_json(trace(decision, book))
    elif options.json:
        from goodword.engine.explaining import explain

        explanation = explain(decision, book, language)
        print_json({**decision.to_json(), "explanation": to_plain(explanation.to_json())})
    else:
        from goodword.engine.cli_output import print_decision

        print_decision(decision, book, language)
    return 1 if decision.status == "gap" else 0


def _ask(options: argparse.Namespace) -> int:
    book, decision = _decided(options)
    language = _language(options, book)
    if options.json:
        asked = {"status": decision.status, "question": decision.question, "open": list(decision.open)}
        print_json({**asked, "words": book.question(decision.question, language) if decision.question else None})
    elif decision.question:
        print(f"{decision.question}: {book.question(decision.question, language)}")
    else:
        print("decided" if decision.status == "decided" else "the book has no rule for this")
    return 1 if decision.status == "gap" else 0


__all__ = ["EPILOG", "MODULES", "Finding", "day_argument", "main", "parser", "print_json"]
