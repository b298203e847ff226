"""`goodword import-history` and `export-history`: conversations of other desks in, one's own out."""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from django.db import OperationalError

from goodword.imports.actions import import_history as bring_in
from goodword.imports.exporting import conversations_to_export, erased_among, history_lines
from goodword.imports.report import Report
from goodword.journal.actions import record
from goodword.lib.errors import Invalid, NotFound, Refused
from goodword.ops.progress import progress
from goodword.people.models import Person
from goodword.people.queries import person_by_address

_MOST_PRINTED = 20


def import_history(arguments: argparse.Namespace) -> int:
    """Import a file and say what became of it; 1 if a line is wrong or has changed since it was imported."""
    file: Path = arguments.file
    if not file.is_file():
        raise Invalid(f"{file} is not there, or is no file. Name a .jsonl or .jsonl.gz file.", field="file")
    try:
        with progress("Importing", file.stat().st_size) as tell:
            report = bring_in(
                file, source=arguments.source, inbox=arguments.inbox, dry_run=arguments.dry_run,
                moved=lambda done, so_far: tell(done, _so_far(so_far)),
            )  # fmt: skip
    except OperationalError as error:
        what = str(error).splitlines()[0]
        raise Refused(f"The database does not answer ({what}). Run it again: what came in so far is kept.") from None
    if arguments.json:
        print(json.dumps(report.to_json(), indent=2))
    else:
        _print(report)
    return 0 if report.is_whole else 1


def export_history(arguments: argparse.Namespace) -> int:
    """Write the conversations to a new file, which gets its name only when it is whole."""
    file: Path = arguments.file
    if file.exists():
        raise Refused(f"{file} is there already. Name a new file, so that nothing is overwritten.")
    since, person = _since(arguments.since), _person(arguments.person)
    conversations = conversations_to_export(since=since, person=person)
    written, messages = 0, 0
    unfinished = file.with_name(f".{file.name}.unfinished")
    # Only its owner may read it: it holds everything customers have written.
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out, progress("Exporting", conversations.count()) as tell:
        for line, count in history_lines(conversations):
            out.write(line + "\n")
            written, messages = written + 1, messages + count
            tell(written, f"{messages} messages")
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(file)
    record("history.exported", "history", by="system", conversations=written, messages=messages)
    print(f"{file}: {written} conversations, {messages} messages.")
    if person is None and (left_out := erased_among(since)):
        print(f"Left out, because their customer was erased: {left_out}.")
    return 0


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        since = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"--since is {text!r}; it must be a day or a moment like 2026-01-31.", field="since") from None
    return since if since.tzinfo else since.replace(tzinfo=UTC)


def _person(address: str | None) -> Person | None:
    if address is None:
        return None
    person = person_by_address(address)
    if person is None:
        raise NotFound(f"No customer has the address {address}. Nothing was written.")
    return person


def _so_far(report: Report) -> str:
    rate = f", {report.messages_a_second:,.0f} a second" if report.seconds else ""
    return f"{report.made:,} conversations, {report.messages:,} messages{rate}"


def _print(report: Report) -> None:
    for trouble in report.troubles[:_MOST_PRINTED]:
        print(f"{report.file}: {trouble}", file=sys.stderr)
    more = report.wrong + report.changed - min(len(report.troubles), _MOST_PRINTED)
    if more > 0:
        print(f"{report.file}: and {more} more lines; --json names up to a thousand.", file=sys.stderr)
    print(f"{report.read} lines read: {report.made} conversations made, {report.as_before} here before, "
          f"{report.changed} changed, {report.wrong} wrong, {report.blank} blank.")  # fmt: skip
    print(f"{report.messages} messages ({report.without_time} without a time), {report.files} attachments, "
          f"{report.persons} new customers, {report.agents} agents who do not work here.")  # fmt: skip
    print(f"{report.seconds:.1f} seconds, {report.messages_a_second:,.0f} messages a second.")
    if report.unknown_situations:
        print(f"{report.unknown_situations} situations are no policy of the book; their codes are kept as they are.")
    if report.wrong:
        print("Mend the lines named above and import the file again: what is here already is not doubled.")
    if report.dry_run:
        print("A dry run: nothing was stored.")
