"""`goodword restore FILE`: a backup unpacked into an empty data folder, and checked before anybody starts it."""

import argparse
import shutil
import sqlite3
import tarfile
from pathlib import Path

from goodword.lib.configuration import ConfigurationError, read_configuration
from goodword.lib.errors import Invalid
from goodword.ops.database import bring_up_to_date, start_django
from goodword.ops.folder import DESK_FILE, has_desk

_DATABASE = "goodword.sqlite3"


def restore(arguments: argparse.Namespace) -> int:
    """Unpack, have SQLite check the database, bring it up to date, and compare every stored file with its SHA-256.

    Raises ConfigurationError for a folder that is not empty, Invalid for a file that is no backup; then the folder is
    as it was. 1 if a stored file is missing or damaged: the rest is there and can be used.
    """
    configuration = read_configuration()
    data = configuration.data
    _refuse_occupied(data)
    was_there = data.exists()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _unpack(arguments.file, data)
        _refuse_broken(data / _DATABASE)
    except BaseException:
        for path in data.iterdir() if was_there else [data]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    start_django()
    bring_up_to_date()
    from goodword.ops.stored_files import check_files

    files = check_files()
    print(f"The desk is in {data}: the database is whole; mails and attachments: {files}.")
    for digest in [*files.missing, *files.damaged][:10]:
        print(f"  {digest}: not in this backup as it was; look for it in an earlier one")
    return 1 if files.missing or files.damaged else 0


def _refuse_occupied(data: Path) -> None:
    if has_desk(data) or (data.exists() and (not data.is_dir() or any(data.iterdir()))):
        raise ConfigurationError(
            f"{data} is not an empty folder; it is left as it is. Set GOODWORD_DATA to a new one to restore into."
        )


def _unpack(file: Path, data: Path) -> None:
    try:
        with tarfile.open(file, "r:gz") as archive:
            # "data" lets nothing out of the folder, and no device, link or foreign owner in.
            archive.extractall(data, filter="data")
    except OSError as error:
        raise Invalid(f"{file} cannot be unpacked: {error.strerror or error}. Name what `backup` wrote.") from None
    except (tarfile.TarError, EOFError) as error:
        raise Invalid(f"{file} is no whole backup ({type(error).__name__}). Take another one.") from None
    lacking = [name for name in (DESK_FILE, _DATABASE) if not (data / name).is_file()]
    if lacking:
        raise Invalid(f"{file} is no backup of a desk: {', '.join(lacking)} is not in it.")


def _refuse_broken(database: Path) -> None:
    connection = sqlite3.connect(database)
    try:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    finally:
        connection.close()
    if found != "ok":
        raise Invalid(f"the database in this backup is damaged: {found}. Take an earlier backup.")
