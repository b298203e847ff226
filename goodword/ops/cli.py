"""The commands of a desk: `goodword run`, `new`, `health` and others; the engine's own are in `goodword.engine.cli`."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from goodword.engine.cli_mcp import add_serving
from goodword.lib.errors import GoodwordError
from goodword.ops.mailbox_arguments import describe as describe_mailbox

COMMANDS = {
    "run": "run the whole desk in one process; in an empty data folder it makes the demo first",
    "web": "run the web pages only (for PostgreSQL, beside `worker` and `mail`)",
    "worker": "run the background work only",
    "mail": "take mail over SMTP and fetch mailboxes only",
    "new": "found a desk of your own with the starter book",
    "demo": "run the demo; --fresh throws the old one away first",
    "import-book": "publish a book folder, if it is free of errors",
    "export-book": "write the book in force to a new folder",
    "import-orders": "import products, orders or deliveries from a CSV or JSON file",
    "import-history": "bring in conversations of another desk from a JSONL file",
    "export-history": "write this desk's conversations to a JSONL file",
    "api-key": "make a key for a program, and show it this once",
    "reindex": "make the search index anew; the old one answers until then",
    "erase-person": "erase everything personal of a customer; what was decided stays, without her",
    "mailbox": "add, list, test, pause mailboxes, and turn them on",
    "mcp-desk": "the desk for AI assistants; what they decide in a conversation is recorded as a person's is",
    "health": "say what works and what does not, and what to do about it",
    "backup": "write everything this desk keeps to one file (SQLite only)",
    "restore": "unpack a backup, checked, into an empty data folder",
    "move-to": "move this desk from SQLite to an empty PostgreSQL database",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 refused or failing, 2 not understood."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodword.settings")
    arguments = _parser().parse_args(argv)
    try:
        return _run(arguments)
    except GoodwordError as error:
        print(f"goodword: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ngoodword: stopped.", file=sys.stderr)
        return 130


def _run(arguments: argparse.Namespace) -> int:
    if arguments.command in {"run", "web", "worker", "mail", "demo"}:
        return _run_processes(arguments)
    if arguments.command == "new":
        from goodword.ops.new_desk import found_desk

        return found_desk(arguments)
    if arguments.command in {"move-to", "restore"} or getattr(arguments, "schema", False):
        return _run_apart(arguments)
    return _run_on_desk(arguments)


def _run_processes(arguments: argparse.Namespace) -> int:
    from goodword.ops import start

    if arguments.command == "demo":
        return start.demo(fresh=arguments.fresh)
    processes = {"run": start.everything, "web": start.web, "worker": start.worker, "mail": start.mail}
    return processes[arguments.command]()


def _run_apart(arguments: argparse.Namespace) -> int:
    """What must not, or need not, find a desk that is up."""
    if arguments.command == "import-history":
        import json

        from goodword.imports.format import history_schema

        print(json.dumps(history_schema(), indent=2))
        return 0
    from goodword.ops import move_to, restore

    return {"move-to": move_to.move, "restore": restore.restore}[arguments.command](arguments)


def _run_on_desk(arguments: argparse.Namespace) -> int:
    from goodword.ops.start import require_desk

    require_desk()
    from goodword.ops import assistant, history, importing, mailbox_commands, on_desk, reindexing

    commands = {
        "import-book": on_desk.import_book,
        "export-book": on_desk.export_book,
        "import-orders": importing.import_orders,
        "import-history": history.import_history,
        "export-history": history.export_history,
        "api-key": on_desk.api_key,
        "erase-person": on_desk.erase_person,
        "reindex": reindexing.reindex,
        "mailbox": mailbox_commands.run,
        "mcp-desk": assistant.serve,
        "health": on_desk.health,
        "backup": on_desk.backup,
    }
    return commands[arguments.command](arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="goodword", description="A customer-service desk that runs on a policy book.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    made = {name: commands.add_parser(name, help=words, description=words) for name, words in COMMANDS.items()}
    made["demo"].add_argument("--fresh", action="store_true", help="throw the old demo away and make a new one")
    made["import-book"].add_argument("folder", type=Path)
    made["import-book"].add_argument("--note", default="", help="why, for the book's history")
    made["export-book"].add_argument("folder", type=Path, help="a folder that is not there yet, or is empty")
    made["import-orders"].add_argument("file", type=Path)
    made["import-orders"].add_argument("--dry-run", action="store_true", help="say what would be stored, store nothing")
    made["import-orders"].add_argument("--report", type=Path, metavar="FILE", help="write what became of each line")
    _describe_history(made["import-history"], made["export-history"])
    made["restore"].add_argument("file", type=Path, help="what `goodword backup` wrote")
    made["move-to"].add_argument("url", help="postgresql://user:password@host:port/name")
    made["api-key"].add_argument("name", help="what the program is called")
    made["api-key"].add_argument("--agent", required=True, metavar="EMAIL", help="whose eyes the program has")
    made["api-key"].add_argument("--scope", action="append", metavar="SCOPE", help="default: all of them")
    made["api-key"].add_argument("--expires", type=date.fromisoformat, metavar="DAY", help="the last day it opens")
    made["api-key"].add_argument("--per-minute", type=int, metavar="N", help="requests it may make (default: 600)")
    made["erase-person"].add_argument("email", help="one of the customer's addresses")
    made["erase-person"].add_argument("--yes", action="store_true", help="do not ask whether it is meant")
    describe_mailbox(made["mailbox"])
    made["mcp-desk"].add_argument("--agent", required=True, metavar="EMAIL", help="as whom the assistant works here")
    add_serving(made["mcp-desk"])
    made["health"].add_argument("--json", action="store_true", help="the same as GET /healthz")
    made["backup"].add_argument("file", type=Path, help="a .tar.gz that is not there yet")
    _describe_new(made["new"])
    return parser


def _describe_history(bring_in: argparse.ArgumentParser, write_out: argparse.ArgumentParser) -> None:
    what = bring_in.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, help="one conversation a line; docs/history.md says how")
    what.add_argument("--schema", action="store_true", help="print the JSON Schema of a line, and do nothing else")
    bring_in.add_argument("--source", default="", help="the desk it comes from, for lines that do not say")
    bring_in.add_argument("--inbox", default="", metavar="EMAIL", help="for lines of no inbox here; default: the first")
    bring_in.add_argument("--dry-run", action="store_true", help="check every line, store nothing")
    bring_in.add_argument("--json", action="store_true", help="the report for a program")
    write_out.add_argument("file", type=Path, help="a .jsonl file that is not there yet")
    write_out.add_argument("--since", metavar="DAY", help="only conversations with a word since then")
    write_out.add_argument("--person", metavar="EMAIL", help="only this customer's conversations")


def _describe_new(new: argparse.ArgumentParser) -> None:
    new.add_argument("folder", nargs="?", type=Path, help="where it is kept (default: GOODWORD_DATA, or var)")
    new.add_argument("--name", help="the company's name")
    new.add_argument("--languages", help="languages of customers, like en,da; the first is the mailbox's")
    new.add_argument("--mailbox", help="the address customers write to")
    new.add_argument("--manager-name", help="name of the first manager")
    new.add_argument("--manager-email", help="the address she signs in with")
    new.add_argument("--manager-password", help="ten characters or more; asked for if left out")


if __name__ == "__main__":
    sys.exit(main())
