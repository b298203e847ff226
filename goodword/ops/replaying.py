"""`goodword replay --desk`: the decisions of this desk decided again, with the facts frozen at their time."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence

from goodword.engine import Book
from goodword.engine.cli_compare import trouble
from goodword.engine.cli_replay import add, asked, books_of, told
from goodword.engine.errors import EngineError, FactError
from goodword.engine.replay import BadLine, Case, replay, stored_case
from goodword.lib.errors import GoodwordError


def main(arguments: Sequence[str]) -> int:
    """Replays the decisions of the desk in GOODWORD_DATA and prints what changes; exit codes as of diff."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodword.settings")
    parser = argparse.ArgumentParser(prog="goodword")
    add(parser.add_subparsers(required=True))
    options = parser.parse_args(["replay", *arguments])
    try:
        return _replay(options)
    except EngineError as error:
        return trouble(error, as_json=options.json)
    except GoodwordError as error:
        print(f"goodword: {error}", file=sys.stderr)
        return 2


def _replay(options: argparse.Namespace) -> int:
    from goodword.ops.start import require_desk

    if options.cases or options.sql or options.print_sql:
        raise FactError("--desk replays the desk's own decisions, in process; leave out --cases and --sql")
    require_desk()
    books = books_of(options)
    with asked(options, 0, None) as made:
        return told(replay(_decisions(books, options.policy), books, made), books, options)


def _decisions(books: list[Book], policy: str) -> Iterator[Case | BadLine]:
    from goodword.desk.queries.past_cases import stored_decisions

    for place, stored in stored_decisions(policy):
        try:
            yield stored_case(place, stored, books, strict=False)
        except EngineError as error:
            yield BadLine(place, str(error))
