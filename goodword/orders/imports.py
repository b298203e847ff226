"""Bringing in files of products, orders and deliveries: tried first, stopped and taken up again, told line by line.

An import is a row. Its records are stored a handful at a time, each handful in one transaction with the cursor behind
it: whoever is killed in the middle has stored whole handfuls, and the next one goes on where they end.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.blobs import blob_path, erase_blob, keep_blob
from goodword.lib.errors import Invalid, Refused
from goodword.orders.cells import Column, Problem, read_row
from goodword.orders.columns import KEYS, OF_THE_ORDER, ORDERS, check_heading, columns_of, kind_of
from goodword.orders.files import CSV, Raw, records, shape_of
from goodword.orders.models import Import, ImportStep
from goodword.orders.storing import REFUSED, Outcome, Row, store

AT_ONCE = 500
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
KEPT = timedelta(days=1)
LARGEST_BYTES = 64 * 1024 * 1024
_WHAT = ("created", "changed", "unchanged", "refused")
Progress = Callable[[Import], None]


def begin_file(path: Path | str, *, by: Agent | None = None, dry_run: bool = False) -> Import:
    """`begin_import` with the bytes of a file. Raises Invalid if it cannot be opened."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", field="file") from None
    return begin_import(content, Path(path).name, by=by, dry_run=dry_run)


def begin_import(content: bytes, name: str, *, by: Agent | None, dry_run: bool = False, kind: str = "") -> Import:
    """Keep a file to be imported, or go on with the same file if it has been begun and is not done.

    Raises Invalid for a file that is too large, empty, not text, or whose heading is wrong: then nothing is kept.
    """
    if len(content) > LARGEST_BYTES:
        raise Invalid(_("The file is larger than 64 MB. Send it in several parts."), field="file")
    blob = keep_blob(content)
    with transaction.atomic():
        begun = Import.objects.filter(blob=blob, dry_run=dry_run).exclude(state=Import.DONE).first()
        if begun:
            return resume_import(begun, by=by) if begun.state == Import.FAILED else begun
        shape = shape_of(blob_path(blob))
        found = kind_of(shape.heading)
        if kind and kind != found:
            raise Invalid(f"This is a file of {found}, not of {kind}.", field="kind")
        if shape.format == CSV:
            check_heading(shape.heading, found)
        total = sum(1 for _record in records(blob_path(blob), shape))
        made = Import.objects.create(
            kind=found, name=" ".join(name.split())[:200] or "file", blob=blob, dry_run=dry_run, by=by,
            actor=actor_of(by), total=total, made_at=clock.now(),
        )  # fmt: skip
        record("import.begun", f"import:{made.pk}", by=made.actor, of=found, dry_run=dry_run, records=total)
    return made


@transaction.atomic
def resume_import(imported: Import, *, by: Agent | None) -> Import:
    """Have a failed import go on at its cursor. Refused for one that has not failed, or whose file is gone."""
    row = Import.objects.select_for_update().get(pk=imported.pk)
    if row.state != Import.FAILED:
        raise Refused(_("This import has not failed: it is done, or it goes on by itself."))
    if not row.blob:
        raise Refused(_("The file of this import is not kept any more. Import it again."))
    row.state, row.problem, row.attempts, row.lease_until = Import.WAITING, "", 0, None
    row.save(update_fields=["state", "problem", "attempts", "lease_until"])
    record("import.resumed", f"import:{row.pk}", by=actor_of(by))
    return row


def import_for_real(imported: Import, *, by: Agent | None) -> Import:
    """Bring in what was only tried. Refused if the file is not kept any more."""
    if not imported.blob:
        raise Refused(_("The file of this import is not kept any more. Import it again."))
    return begin_import(blob_path(imported.blob).read_bytes(), imported.name, by=by)


def run_import(imported: Import, *, seconds: float = 3600.0, told: Progress | None = None) -> Import:
    """Go on with an import until it is done or the time is over; `told` hears of every handful.

    Does nothing to one that is done, or that somebody else runs. Raises what a bug raises: the lease then runs out,
    and at the third time the import has failed.
    """
    row = _claim(imported)
    if row is None:
        return Import.objects.get(pk=imported.pk)
    until = monotonic() + seconds
    try:
        shape = shape_of(blob_path(row.blob))
        waiting = _not_done(row, records(blob_path(row.blob), shape))
        while handful := list(islice(waiting, AT_ONCE)):
            _store_handful(row, handful)
            if told:
                told(row)
            if monotonic() > until and row.cursor < row.total:
                return _let_go(row)
    except Refused:  # another process runs it: what it has done stands
        return Import.objects.get(pk=row.pk)
    except (Invalid, OSError) as error:
        return _fail(row, str(error))
    return _finish(row)


def run_due(seconds: float = 2.0) -> int:
    """Go on with the oldest import that waits, or whose process died; how many were worked on."""
    now = clock.now()
    due = Import.objects.filter(Q(state=Import.WAITING) | Q(state=Import.RUNNING, lease_until__lte=now))
    row = due.order_by("id").first()
    if row is None:
        return 0
    run_import(row, seconds=seconds)
    return 1


def forget_files() -> int:
    """Erase the files of imports that were done a day ago: they are full of customers. How many were erased."""
    old = Import.objects.filter(state__in=[Import.DONE, Import.FAILED], made_at__lt=clock.now() - KEPT).exclude(blob="")
    erased = 0
    for row in old:
        Import.objects.filter(pk=row.pk).update(blob="")
        if not Import.objects.filter(blob=row.blob).exists():
            erase_blob(row.blob)
            erased += 1
    return erased


@transaction.atomic
def _claim(imported: Import) -> Import | None:
    row = Import.objects.select_for_update().get(pk=imported.pk)
    now = clock.now()
    is_held = row.state == Import.RUNNING and row.lease_until is not None and row.lease_until > now
    if is_held or row.state not in {Import.WAITING, Import.RUNNING}:
        return None
    row.attempts += 1
    if row.attempts > MOST_ATTEMPTS:
        row.state, row.problem = Import.FAILED, _("It stopped three times at the same place. Ask who runs this desk.")
    else:
        row.state, row.lease_until = Import.RUNNING, now + LEASE
    row.save(update_fields=["state", "problem", "attempts", "lease_until"])
    return row if row.state == Import.RUNNING else None


def _not_done(row: Import, raws: Iterator[Raw]) -> Iterator[tuple[Raw, Problem | None]]:
    """The records behind the cursor, each with what an earlier line of the file says against it."""
    seen: dict[tuple[str, ...], int] = {}
    heads: dict[str, tuple[int, dict[str, str]]] = {}
    for place, raw in enumerate(raws):
        clashes = [_clash(row.kind, cells, raw.line, seen, heads) for cells in raw.rows]
        if place >= row.cursor:
            yield raw, next((clash for clash in clashes if clash), None)


def _clash(
    kind: str,
    cells: dict[str, str],
    line: int,
    seen: dict[tuple[str, ...], int],
    heads: dict[str, tuple[int, dict[str, str]]],
) -> Problem | None:
    """Two records under one key, or two lines that tell one order differently, would overwrite each other at every
    import."""
    keys = KEYS[kind]
    key = tuple(" ".join(cells.get(name, "").split()) for name in keys)
    if (earlier := seen.setdefault(key, line)) != line:
        return Problem(line, keys[-1], f"line {earlier} says the same {' and '.join(keys)}")
    if kind != ORDERS:
        return None
    head = {name: cells.get(name, "").strip() for name in OF_THE_ORDER}
    first, told = heads.setdefault(key[0], (line, head))
    other = next((name for name in OF_THE_ORDER if told[name] and head[name] and told[name] != head[name]), "")
    return Problem(line, other, f"line {first} says another {other} of this order") if other else None


def _store_handful(row: Import, handful: list[tuple[Raw, Problem | None]]) -> None:
    """Store them with the cursor behind them, in one transaction. Raises Refused if somebody else runs this import."""
    columns = columns_of(row.kind)
    with transaction.atomic():
        outcomes = _stored(row, [_read(raw, clash, columns) for raw, clash in handful])
        told = [[raw.line, *outcome] for (raw, _problem), outcome in zip(handful, outcomes, strict=True)]
        counts = {what: sum(1 for outcome in outcomes if outcome.what == what) for what in _WHAT}
        ours = Import.objects.filter(pk=row.pk, state=Import.RUNNING, lease_until=row.lease_until)
        ImportStep.objects.create(of=row, first=row.cursor, outcomes=told)
        row.cursor += len(handful)
        row.lease_until, row.attempts = clock.now() + LEASE, 1
        for what, number in counts.items():
            setattr(row, what, getattr(row, what) + number)
        fields = ("cursor", "lease_until", "attempts", *_WHAT)
        if not ours.update(**{name: getattr(row, name) for name in fields}):
            raise Refused(_("This import is run by another process."))


def _read(raw: Raw, clash: Problem | None, columns: dict[str, Column]) -> list[Row] | Outcome:
    if raw.problems:
        return Outcome(REFUSED, raw.problems[0].column, raw.problems[0].message)
    rows: list[Row] = []
    for cells in raw.rows:
        row, problems = read_row(cells, columns, raw.line)
        if problems:
            told = problems[0].message if len(problems) == 1 else "; ".join(_named(problem) for problem in problems)
            return Outcome(REFUSED, problems[0].column, told[:1000])
        rows.append(row)
    return Outcome(REFUSED, clash.column, clash.message) if clash else rows


def _named(problem: Problem) -> str:
    return f"{problem.column}: {problem.message}" if problem.column else problem.message


def _stored(row: Import, read: list[list[Row] | Outcome]) -> list[Outcome]:
    good = [rows for rows in read if not isinstance(rows, Outcome)]
    with transaction.atomic():
        stored = iter(store(row.kind, good, by=row.by))
        if row.dry_run:
            transaction.set_rollback(True)
    return [each if isinstance(each, Outcome) else next(stored) for each in read]


def _let_go(row: Import) -> Import:
    Import.objects.filter(pk=row.pk, lease_until=row.lease_until).update(
        state=Import.WAITING, lease_until=None, attempts=0
    )
    row.state = Import.WAITING
    return row


def _finish(row: Import) -> Import:
    with transaction.atomic():
        row.state, row.finished_at, row.lease_until = Import.DONE, clock.now(), None
        row.save(update_fields=["state", "finished_at", "lease_until"])
        counts = {what: getattr(row, what) for what in _WHAT}
        kind = "orders.tried" if row.dry_run else "orders.imported"
        record(kind, f"import:{row.pk}", by=row.actor, of=row.kind, **dict[str, Any](counts))
    return row


def _fail(row: Import, problem: str) -> Import:
    with transaction.atomic(), suppress(Import.DoesNotExist):
        row.state, row.problem, row.lease_until = Import.FAILED, problem[:1000], None
        row.save(update_fields=["state", "problem", "lease_until"])
        record("import.failed", f"import:{row.pk}", by="system", of=row.kind)
    return row
