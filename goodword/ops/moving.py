"""Moving a desk's rows to PostgreSQL: copied, compared, and only then committed.

The desk in SQLite is only read, and held so that nobody writes a word that would stay behind. All rows go into one
transaction of the target, and are compared before it is committed: a move that is killed, or that finds a difference,
leaves a target that says it is unfinished, and is simply begun again.
"""

import sys
from collections.abc import Callable
from time import monotonic

from django.db import IntegrityError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from goodword.lib.errors import Refused
from goodword.ops.database import UNFINISHED_MOVE
from goodword.ops.move_rows import Tally, all_tables, copy_table, go_on_counting, tables_of_nobody, tally_of
from goodword.ops.move_target import prepare_target, reach_target, without_password
from goodword.ops.progress import progress
from goodword.ops.stored_files import check_files

Tallies = dict[str, Tally]


def move_desk(url: str) -> bool:
    """Move every row, print the comparison and how to switch over; whether the files beside it are whole, too.

    Raises Refused, and leaves the target without a row, where anything arrived otherwise than it was sent.
    """
    began = monotonic()
    target = reach_target(url)
    with transaction.atomic():
        # BEGIN IMMEDIATE: no other process can write to the SQLite file until this block ends.
        prepare_target(target)
        source, arrived = _move_rows(target)
        transaction.set_rollback(True)
    _print_tables(source, arrived)
    is_whole = _print_files()
    print(f"Moved in {monotonic() - began:.0f} seconds.")
    _say_what_next(without_password(url))
    return is_whole


def _move_rows(target: BaseDatabaseWrapper) -> tuple[Tallies, Tallies]:
    """Copy, count on, compare; commit only what is equal. Raises Refused, and leaves no row, where anything differs."""
    tables = all_tables()
    total = sum(model._base_manager.count() for model in tables)
    try:
        with transaction.atomic(using=target.alias), target.cursor() as cursor:
            source = _each(tables, "Copying", total, lambda model, moved: copy_table(model, target, moved))
            # Keys that point in a circle could only be checked now that all rows are in.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            go_on_counting(target)
            arrived = _each(tables, "Comparing", total, lambda model, _: tally_of(model, target.alias))
            _refuse_differences(source, arrived)
            cursor.execute(f"DROP TABLE {UNFINISHED_MOVE}")
    except IntegrityError as error:
        what = str(error).splitlines()[0]
        raise Refused(
            f"A row names another that is not there: {what}. Nothing was moved; the desk in SQLite is as it was."
        ) from None
    return source, arrived


def _each(
    tables: list[type[models.Model]],
    title: str,
    total: int,
    do: Callable[[type[models.Model], Callable[[int], None]], Tally],
) -> Tallies:
    done: Tallies = {}
    with progress(title, total) as tell:
        rows = 0
        for model in tables:
            table = model._meta.db_table
            done[table] = do(model, lambda more, rows=rows, table=table: tell(rows + more, table))  # type: ignore[misc]
            rows += done[table].rows
            tell(rows, table)
    return done


def _refuse_differences(source: Tallies, arrived: Tallies) -> None:
    unequal = [table for table, tally in source.items() if not tally.agrees_with(arrived[table])]
    if unequal:
        told = "; ".join(f"{table}: {source[table].rows} rows here, {arrived[table].rows} there" for table in unequal)
        raise Refused(
            f"What arrived is not what was sent ({told}). Nothing was moved; the desk in SQLite is as it was. Move "
            "again into a fresh database, and report this with the names of the tables if it happens twice."
        )


def _print_tables(source: Tallies, arrived: Tallies) -> None:
    print(f"{'table':40} {'rows':>9}  checksum in SQLite = in PostgreSQL")
    for table, tally in source.items():
        print(f"{table:40} {arrived[table].rows:>9}  {tally.checksum[:12]} = {arrived[table].checksum[:12]}")
    print(f"{len(source)} tables, {sum(tally.rows for tally in arrived.values())} rows: all equal.")
    for table, tally in source.items():
        if tally.replaced:
            print(f"{table}: in {tally.replaced} rows a NUL, which PostgreSQL cannot keep, became U+FFFD.")
    if left := tables_of_nobody():
        print(f"Not of this version, and left in SQLite: {', '.join(left)}.")


def _print_files() -> bool:
    files = check_files()
    print(f"Mails and attachments stay in the folder `blobs`: {files}.")
    for digest in [*files.missing, *files.damaged][:10]:
        print(f"  {digest}: restore it from a backup", file=sys.stderr)
    return not files.missing and not files.damaged


def _say_what_next(url: str) -> None:
    name = connections["default"].settings_dict["NAME"]
    print(f"""
The desk in PostgreSQL is whole. The one in SQLite is as it was. To switch over:

1. Set GOODWORD_DATABASE={url}
2. Put the old database out of reach, or somebody starts it without the variable and answers there:
   mv {name} {name}.moved
3. Start `goodword web`, `goodword worker` and `goodword mail` (or `goodword run`) with the same GOODWORD_DATA:
   desk.toml and the folder `blobs` are still used.""")
