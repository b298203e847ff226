"""Every row of every table, copied in a stream, and the checksums that show that nothing became anything else.

A table's checksum is the sum, modulo 2^256, of the SHA-256 of its rows: it does not depend on the order in which a
database gives them. It is computed by the same lines of code from what each of the two databases gives back.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db import DataError, IntegrityError, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from goodword.lib.errors import Refused

_AT_A_TIME = 2000
_WIDTH = 2**256
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Row = tuple[Any, ...]


@dataclass
class Tally:
    """What a table holds: rows, their checksum, and in how many something PostgreSQL cannot keep was replaced."""

    rows: int = 0
    sum: int = 0
    replaced: int = 0

    def add(self, row: Row) -> None:
        """Count one row."""
        self.rows += 1
        self.sum = (self.sum + int.from_bytes(hashlib.sha256(_canonical(row)).digest())) % _WIDTH

    @property
    def checksum(self) -> str:
        """The sum in hex."""
        return f"{self.sum:064x}"

    def agrees_with(self, other: "Tally") -> bool:
        """Whether both hold the same rows."""
        return (self.rows, self.sum) == (other.rows, other.sum)


def all_tables() -> list[type[models.Model]]:
    """The model of every table, those that join two included."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy and not model._meta.swapped]


def copy_table(model: type[models.Model], target: BaseDatabaseWrapper, moved: Callable[[int], None]) -> Tally:
    """Copy all rows with their ids, auto-set moments included; `moved` is told how many so far.

    NUL, and half a surrogate pair, which PostgreSQL cannot keep, become U+FFFD and are counted. Raises Refused, with
    table and row, for a text that is longer than its column: SQLite does not mind, PostgreSQL does.
    """
    fields = model._meta.local_concrete_fields
    quote = target.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    tally = Tally()
    with target.cursor() as cursor:
        cursor.execute(f"DELETE FROM {quote(model._meta.db_table)}")
        try:
            with cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as copy:
                for found in rows_of(model, "default"):
                    row = _storable(found, tally)
                    _refuse_too_long(model, fields, row)
                    tally.add(row)
                    copy.write_row([
                        field.get_db_prep_save(value, connection=target)
                        for field, value in zip(fields, row, strict=True)
                    ])  # fmt: skip
                    if tally.rows % _AT_A_TIME == 0:
                        moved(tally.rows)
        except (DataError, IntegrityError) as error:
            # Its first line only: the others quote the row.
            what = str(error).splitlines()[0]
            raise Refused(f"PostgreSQL does not take a row of {model._meta.db_table}: {what}.") from None
    return tally


def rows_of(model: type[models.Model], alias: str) -> Iterator[Row]:
    """Every row as Python values, in a stream, in the order of keys."""
    names = [field.attname for field in model._meta.local_concrete_fields]
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
    yield from rows.iterator(chunk_size=_AT_A_TIME)


def tally_of(model: type[models.Model], alias: str) -> Tally:
    """What a table holds in the database `alias`."""
    tally = Tally()
    for row in rows_of(model, alias):
        tally.add(row)
    return tally


def go_on_counting(target: BaseDatabaseWrapper) -> None:
    """Let every table's next id follow the highest that SQLite ever gave: ids of deleted rows stay unused, since the
    journal may still name them."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        given = {name: int(seq) for name, seq in cursor.fetchall()}
    with target.cursor() as cursor:
        for model in all_tables():
            key = model._meta.pk
            if isinstance(key, models.AutoField | models.BigAutoField | models.SmallAutoField):
                table = model._meta.db_table
                last = given.get(table, 0)
                sequence = [target.ops.quote_name(table), key.column]
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)", [*sequence, max(last, 1), last > 0]
                )


def tables_of_nobody() -> list[str]:
    """Tables of the SQLite desk that no part of this version knows: they are named, and stay where they are."""
    known = {model._meta.db_table for model in all_tables()} | {"django_migrations", "cache"}
    there = set(connections["default"].introspection.table_names()) - known
    # Words that can be searched are a database's own; the desk makes them anew where it has moved.
    return sorted(table for table in there if not table.startswith("search_words"))


def _storable(row: Row, tally: Tally) -> Row:
    made = tuple(_without_nul(value) for value in row)
    tally.replaced += made != row
    return made


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("�", value)
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(each) for key, each in value.items()}
    return value


def _refuse_too_long(model: type[models.Model], fields: Any, row: Row) -> None:
    for field, value in zip(fields, row, strict=True):
        if field.max_length and isinstance(value, str) and len(value) > field.max_length:
            raise Refused(
                f"{model._meta.db_table}, row {row[0]}: {field.column} is {len(value)} characters long, and PostgreSQL "
                f"takes {field.max_length}. Shorten it in the desk, then move again. Nothing was moved."
            )


def _canonical(row: Row) -> bytes:
    return json.dumps([_plain(value) for value in row], sort_keys=True, default=_words).encode()


def _plain(value: Any) -> Any:
    """PostgreSQL writes 1.0 and 1e3 of a JSON value in its own way; a number is the same number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value


def _words(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
