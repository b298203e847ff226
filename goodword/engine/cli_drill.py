"""`goodword drill`: questions on a policy, with the engine's answers and the clause that says so."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from goodword.engine.book import read_book
from goodword.engine.cli import EPILOG, day_argument, print_json
from goodword.engine.errors import EngineError

WORDS = "Ask about a policy where it is tricky: pairs of situations one step apart, each with its answer and clause."


def add(commands: Any) -> None:
    """Adds the command's parser."""
    command = commands.add_parser("drill", help=WORDS, description=WORDS, epilog=EPILOG)
    command.add_argument("book", help="the folder that holds book.yaml")
    command.add_argument("policy", help="the policy, like returns; or one decision of it, like refunds/authority")
    command.add_argument("--count", type=int, default=10, help="how many questions; 10 if left out")
    command.add_argument("--seed", type=int, default=0, help="another number draws other questions; the same, the same")
    command.add_argument("--language", help="the language of the questions, like da; the book's first if left out")
    command.add_argument("--on", type=day_argument, metavar="DATE", help="as of this day; today if left out")
    command.add_argument("--json", action="store_true", help="print the questions as JSON, for programs")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints the questions, the answers below each."""
    from goodword.engine.teaching import drill

    if options.count < 1:
        raise EngineError("--count should be 1 or more")
    book = read_book(options.book)
    day = options.on or datetime.now(ZoneInfo(book.time_zone)).date()
    drawn = drill(book, options.policy, day, count=options.count, seed=options.seed, language=options.language)
    if options.json:
        print_json({"of": drawn.of, "questions": [question.to_json() for question in drawn.questions]})
        return 0
    for number, question in enumerate(drawn.questions, start=1):
        print(f"{number}. {'. '.join(question.situation)}.")
        print(f"   {question.asked}")
        print(f"   > {question.answer} [{question.heading}, {', '.join(question.rules)}]\n")
    print(f"{len(drawn.questions)} of {drawn.of}")
    return 0
