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
        raise Refused("This desk is kept in PostgreSQL. Use pg_dump, and copy the folder `blobs` after it.")
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


def _copy_database(copy: Path) -> None:
    source = sqlite3.connect(settings.DATABASES["default"]["NAME"])
    target = sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
