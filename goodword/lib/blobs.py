"""Raw mail and attachments, kept by the SHA-256 of their bytes under the data folder.

A blob is on disk (file and folder fsynced) before any row that names it is committed, so a row never
points at nothing, whatever moment the power fails.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from goodword.lib.errors import NotFound


def keep_blob(content: bytes) -> str:
    """Write `content` durably and return its SHA-256 in hex. The same bytes are kept once."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if not path.exists():
        _write_durably(path, content)
    return digest


def read_blob(digest: str) -> bytes:
    """The bytes kept under `digest`. Raises NotFound if they were erased or never kept."""
    try:
        return _path(digest).read_bytes()
    except FileNotFoundError:
        raise NotFound(f"The stored file {digest[:12]}… is not here; it may have been erased.") from None


def erase_blob(digest: str) -> None:
    """Delete the bytes kept under `digest`; quiet if they are gone already."""
    _path(digest).unlink(missing_ok=True)


def _path(digest: str) -> Path:
    return Path(settings.BLOB_ROOT) / digest[:2] / digest


def _write_durably(path: Path, content: bytes) -> None:
    new_folder = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    _sync_folder(path.parent)
    if new_folder:
        _sync_folder(path.parent.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
