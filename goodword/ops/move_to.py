"""`goodword move-to URL`: a desk kept in SQLite becomes the same desk kept in PostgreSQL. Never the other way."""

import argparse
import sys

from goodword.lib.configuration import ConfigurationError, read_configuration
from goodword.lib.errors import Refused
from goodword.ops.database import bring_up_to_date, on_sqlite, start_django
from goodword.ops.folder import has_desk, lock_folder


def move(arguments: argparse.Namespace) -> int:
    """Lock the desk of the data folder and move it; 1 if a file beside the database is missing or damaged.

    Raises ConfigurationError where the desk runs or is none, Refused where it may not move or did not arrive whole.
    """
    configuration = read_configuration()
    if not has_desk(configuration.data):
        raise ConfigurationError(f"there is no desk in {configuration.data}. Set GOODWORD_DATA to a desk's folder.")
    # Before anything is read: while this process holds the folder, `goodword run` does not start on it.
    lock_folder(configuration.data)
    start_django()
    if not on_sqlite():
        raise Refused(
            "This desk is kept in PostgreSQL already (GOODWORD_DATABASE is set). move-to goes from SQLite to "
            "PostgreSQL only; between two PostgreSQL databases use pg_dump and pg_restore."
        )
    bring_up_to_date()
    print(f"{configuration.data} is locked: nobody can write to it until this is done.", file=sys.stderr)
    from goodword.ops.moving import move_desk

    return 0 if move_desk(arguments.url) else 1
