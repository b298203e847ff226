"""Raw mail and attachments, kept by the SHA-256 of their bytes under the data folder.

A blob is on disk (file and folder fsynced) before any row that names it is committed, so a row never
points at nothing, whatever moment the power fails.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from goodword.lib.errors import NotFound

_UNFINISHED = "tmp"
_named: set[Path] = set()


def keep_blob(content: bytes) -> str:
    """Write `content` durably and return its SHA-256 in hex. The same bytes are kept once."""
    return keep_blobs([content])[0]


def keep_blobs(contents: Sequence[bytes]) -> list[str]:
    """Write several at once: the disk is waited for once per file and folder, after all have been written."""
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    new = {_path(digest): content for digest, content in zip(digests, contents, strict=True)}
    new = {path: content for path, content in new.items() if not path.exists()}
    # Once this process has seen a folder's own name to the disk, it need not wait for the root again.
    new_folders = {path.parent for path in new if path.parent not in _named or not path.parent.exists()}
    written = [(_write_aside(path, content), path) for path, content in new.items()]
    for temporary, _ in written:
        _sync(temporary)
    for temporary, path in written:
        os.replace(temporary, path)
    for folder in {path.parent for path in new}:
        _sync(folder)
    if new_folders:
        _sync(Path(settings.BLOB_ROOT))
        _named.update(new_folders)
    return digests


def read_blob(digest: str) -> bytes:
    """The bytes kept under `digest`. Raises NotFound if they were erased or never kept."""
    try:
        return _path(digest).read_bytes()
    except FileNotFoundError:
        what = gettext("The stored file %(digest)s… is not here; it may have been erased.") % {"digest": digest[:12]}
        raise NotFound(what) from None


def blob_path(digest: str) -> Path:
    """Where the bytes kept under `digest` are, to be read as a stream."""
    return _path(digest)


def erase_blob(digest: str) -> None:
    """Delete the bytes kept under `digest`; quiet if they are gone already."""
    _path(digest).unlink(missing_ok=True)


def clean_up(*, seconds: float = 3600.0) -> int:
    """Delete what a process that was killed while writing left half written, once it is `seconds` old; how many files.

    Nothing points at such a file: a blob gets its name only when all of it is on the disk.
    """
    before, cleaned = time.time() - seconds, 0
    for file in Path(settings.BLOB_ROOT).glob(f"??/{_UNFINISHED}*"):
        with suppress(FileNotFoundError):  # another process has just finished it
            if file.stat().st_mtime < before:
                file.unlink()
                cleaned += 1
    return cleaned


def _path(digest: str) -> Path:
    return Path(settings.BLOB_ROOT) / digest[:2] / digest


def _write_aside(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=_UNFINISHED, dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return Path(temporary)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
