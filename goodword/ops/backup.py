"""One file with everything a desk keeps: taken while it runs, without stopping anybody."""

import sqlite3
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings

from goodword.lib.errors import Refused
from goodword.ops.database import on_sqlite


def write_backup(file: Path) -> int:
    """Write database, blobs and desk.toml as a .tar.gz and return its size in bytes.

    The database is copied first: a blob is on disk before the row that names it, so every row finds its blob.
    Raises Refused where a file is there already, and on PostgreSQL, whose own tools do it better.
    """
    if not on_sqlite():
        raise Refused(_with_postgresql_tools())
    if file.exists():
        raise Refused(f"{file} is there already. Name a new file, so that no backup is overwritten.")
    with tempfile.TemporaryDirectory() as folder, tarfile.open(file, "x:gz") as archive:
        copy = Path(folder) / "goodword.sqlite3"
        _copy_database(copy)
        archive.add(copy, "goodword.sqlite3")
        archive.add(settings.DATA_ROOT / "desk.toml", "desk.toml")
        if settings.BLOB_ROOT.exists():
            archive.add(settings.BLOB_ROOT, "blobs")
    file.chmod(0o600)
    return file.stat().st_size


def _with_postgresql_tools() -> str:
    """The database first, then the files: a file is on disk before the row that names it."""
    kept = settings.DATABASES["default"]
    where = [f"--{name}={kept[key]}" for name, key in (("host", "HOST"), ("port", "PORT"), ("username", "USER"))
             if kept[key]]  # fmt: skip
    files = "blobs desk.toml" if settings.BLOB_ROOT.exists() else "desk.toml"
    return (
        "This desk is kept in PostgreSQL, whose own tools back it up. In this order:\n"
        f"  pg_dump --format=custom --file=goodword.dump {' '.join([*where, kept['NAME']])}\n"
        f"  tar -czf goodword-files.tar.gz -C {settings.DATA_ROOT} {files}\n"
        "To restore: createdb NAME, pg_restore --no-owner --dbname=NAME goodword.dump, unpack the files into a folder, "
        "and start with GOODWORD_DATA and GOODWORD_DATABASE naming the two."
    )


def _copy_database(copy: Path) -> None:
    source = sqlite3.connect(settings.DATABASES["default"]["NAME"])
    target = sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
