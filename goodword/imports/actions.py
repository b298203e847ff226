"""Bringing history in: batch by batch, each whole or not at all, so that a run that was killed is simply run again.

What is brought in has happened already. It is filed without the events an arriving mail makes: nothing acknowledges
it, promises an answer to it, tells anybody of it or asks her how it was.
"""

import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from django.db import IntegrityError, connection, transaction

from goodword.desk.actions.numbering import next_number
from goodword.desk.arriving import KeptFile
from goodword.desk.models import Conversation, Inbox, Message
from goodword.imports.filing import Frame, Rows, add_rows, bytes_of
from goodword.imports.format import HistoryConversation
from goodword.imports.models import ImportedConversation
from goodword.imports.naming import own_source
from goodword.imports.people_in import find_erased, gather_people
from goodword.imports.reading import Line, read_lines
from goodword.imports.report import Report
from goodword.journal.actions import record
from goodword.journal.bulk import record_all
from goodword.lib.blobs import keep_blobs
from goodword.lib.errors import NotFound, Refused
from goodword.policies.queries import current_book

_BATCH_LINES = 200
_TRIES = 3
# On SQLite another process queues for the file by luck: a pause between batches lets a running desk come in.
_PAUSE_SECONDS = 0.02

Moved = Callable[[int, Report], None]


def import_history(
    path: Path, *, source: str = "", inbox: str = "", dry_run: bool = False, moved: Moved = lambda *_: None
) -> Report:
    """File every conversation of a history file that is not here yet; see docs/history.md.

    A line that is wrong is told in the report, with its number, and the rest goes on; one that was imported before
    is left as it is. `moved` is told how many bytes of the file are done. As a dry run nothing is stored, and
    customers and agents are not counted. Raises Invalid if the file cannot be opened, NotFound for an unknown
    `inbox`, Refused on a desk without a mailbox or a book.
    """
    began = time.monotonic()
    frame = _frame(path, inbox)
    report = Report(str(path), dry_run=dry_run)
    lines = read_lines(path, report, source=source, moved=lambda done: moved(done, report))
    while batch := list(islice(lines, _BATCH_LINES)):
        _import_batch(batch, frame, report)
        report.seconds = time.monotonic() - began
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            time.sleep(_PAUSE_SECONDS)
    report.seconds = time.monotonic() - began
    if report.made and not dry_run:
        counts = {name: getattr(report, name) for name in ("made", "messages", "persons", "agents", "files")}
        record("history.imported", "history", by="system", **counts)
    return report


def _frame(path: Path, inbox: str) -> Frame:
    inboxes = {each.address.lower(): each for each in Inbox.objects.order_by("id")}
    if not inboxes:
        raise Refused("This desk has no mailbox yet, and a conversation belongs to one. Make one first.")
    wanted = inbox.strip().lower() or next(iter(inboxes))
    if wanted not in inboxes:
        raise NotFound(f"There is no inbox {inbox}. There are: {', '.join(inboxes)}.")
    book = current_book()
    return Frame(inboxes[wanted], inboxes, tuple(book.languages), next(iter(book.roles), ""), path.absolute().parent)


def _import_batch(batch: list[Line], frame: Frame, report: Report) -> None:
    new = _not_here_yet(batch, report)
    new = _without_erased(new, report)
    new = _without_doubled_mails(new, report)
    files = _kept_files(new, frame, report)
    new = [line for line in new if line.number in files]
    if new and not report.dry_run:
        new = _filed(new, files, frame, report)
    _count(new, report)


def _not_here_yet(batch: list[Line], report: Report) -> list[Line]:
    """Those of the batch that were never imported; the others are counted, and told where they read differently."""
    rows = ImportedConversation.objects.filter(digest__in=[line.digest for line in batch])
    known = dict(rows.values_list("digest", "fingerprint"))
    ours = _our_own(batch)
    new: list[Line] = []
    for line in batch:
        if line.digest in known and known[line.digest] != line.fingerprint:
            report.tell_changed(line.number, line.conversation.id)
        elif line.digest in known or (line.conversation.source == own_source() and line.conversation.id in ours):
            report.as_before += 1
        else:
            known[line.digest] = line.fingerprint
            new.append(line)
    return new


def _our_own(batch: list[Line]) -> set[str]:
    """Conversations that this very desk wrote out: they are here, under their own numbers."""
    own = own_source()
    named = [line.conversation.id for line in batch if line.conversation.source == own]
    numbers = [int(each) for each in named if each.isdecimal() and len(each) < 18]
    found = Conversation.objects.filter(number__in=numbers).values_list("number", flat=True) if numbers else []
    return {str(number) for number in found}


def _without_erased(lines: list[Line], report: Report) -> list[Line]:
    erased = find_erased(lines)
    for line in lines:
        if line.number in erased:
            report.blame(line.number, "its customer was erased here, and is not brought in again. Leave the line out.")
    return [line for line in lines if line.number not in erased]


def _without_doubled_mails(lines: list[Line], report: Report) -> list[Line]:
    """A mail is one message: a line with one that is here already, or twice, would double it."""
    named = [each.mail_id for line in lines for each in line.conversation.messages if each.mail_id]
    rows = Message.objects.filter(mail_id__in=named).values_list("mail_id", "conversation__number")
    taken: dict[str, str] = {mail_id: f"conversation {number}" for mail_id, number in rows}
    good: list[Line] = []
    for line in lines:
        mails = [each.mail_id for each in line.conversation.messages if each.mail_id]
        double = next((mail for mail in mails if mail in taken or mails.count(mail) > 1), None)
        if double is not None:
            where = taken.get(double, "the same line")
            place = f"messages.{[each.mail_id for each in line.conversation.messages].index(double)}"
            report.blame(
                line.number, f"{place}: the mail with this `mail_id` is in {where} already. Leave one of the two out."
            )
            continue
        taken |= dict.fromkeys(mails, f"line {line.number}")
        good.append(line)
    return good


def _kept_files(lines: list[Line], frame: Frame, report: Report) -> dict[int, list[KeptFile]]:
    """The attachments of each line, on disk before any row names them; a line whose file is missing has no entry."""
    kept: dict[int, list[KeptFile]] = {}
    for line in lines:
        files = [file for each in line.conversation.messages for file in each.files]
        try:
            contents = [bytes_of(file, frame.folder) for file in files]
        except ValueError as error:
            report.blame(line.number, f"an attachment cannot be had: {error}.")
            continue
        blobs = [""] * len(files) if report.dry_run else keep_blobs(contents)
        kept[line.number] = [
            KeptFile(file.name, file.type, blob, len(content), file.content_id, file.inline)
            for file, blob, content in zip(files, blobs, contents, strict=True)
        ]
    return kept


def _filed(new: list[Line], files: dict[int, list[KeptFile]], frame: Frame, report: Report) -> list[Line]:
    """The lines, once they are stored. While we looked, a mail of the same customer may have come in: look again."""
    for _ in range(_TRIES):
        try:
            _file(new, files, frame, report)
        except IntegrityError:
            continue
        return new
    for line in new:
        report.blame(line.number, "somebody else filed the same, or near it, at this moment. Import the file again.")
    return []


@transaction.atomic
def _file(new: list[Line], files: dict[int, list[KeptFile]], frame: Frame, report: Report) -> None:
    people = gather_people(new, role=frame.role)
    rows = Rows()
    for number, line in enumerate(new, start=next_number()):
        add_rows(rows, line, frame, people, iter(files[line.number]), number)
    rows.store()
    record_all(
        "conversation.imported",
        [conversation.about for conversation in rows.conversations],
        by="system",
        payloads=[{"imported": imported.pk} for imported in rows.imported],
    )
    report.persons += people.persons_made
    report.agents += people.agents_made


def _count(new: list[Line], report: Report) -> None:
    known = set(current_book().policies)
    for line in new:
        report.made += 1
        report.unknown_situations += sum(code not in known for code in line.conversation.situations)
        report.messages += len(line.conversation.messages)
        report.without_time += sum(each.at is None for each in line.conversation.messages)
        report.files += _files_in(line.conversation)


def _files_in(said: HistoryConversation) -> int:
    return sum(len(each.files) for each in said.messages)
