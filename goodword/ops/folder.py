"""The data folder before Django knows of it: `desk.toml`, its secret key, and the lock of whoever runs it."""

import fcntl
import json
import os
import secrets
from pathlib import Path

from goodword.lib.configuration import ConfigurationError

DESK_FILE = "desk.toml"
_held_locks: dict[Path, int] = {}


def has_desk(data: Path) -> bool:
    """Whether a desk lives in this folder already."""
    return (data / DESK_FILE).exists()


def write_desk_file(data: Path, *, demo: bool, url: str = "", smtp_out: str = "") -> None:
    """Found a desk in `data`: kind, secret key and plumbing, readable by its owner only.

    Raises ConfigurationError where a desk, or the remains of one, would be overwritten.
    """
    _refuse_remains(data)
    lines = [
        "# What kind of desk lives in this folder. The secret key signs sessions and mail tokens: keep it.",
        f"demo = {json.dumps(demo)}",
        f"secret_key = {json.dumps(secrets.token_urlsafe(50))}",
    ]
    lines += [f"url = {json.dumps(url)}"] if url else []
    lines += [f"smtp_out = {json.dumps(smtp_out)}"] if smtp_out else []
    _make_folder(data)
    handle = os.open(data / DESK_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def lock_folder(data: Path) -> None:
    """Hold the folder for this process: two processes writing one SQLite desk would pass the write lock by."""
    if data in _held_locks:
        return
    handle = os.open(data / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise ConfigurationError(
            f"another goodword runs on {data} already. Stop it, or set GOODWORD_DATA to another folder."
        ) from None
    _held_locks[data] = handle


def _refuse_remains(data: Path) -> None:
    if has_desk(data):
        raise ConfigurationError(f"{data} holds a desk already; it is left as it is. Choose another folder.")
    if (data / "goodword.sqlite3").exists():
        raise ConfigurationError(
            f"{data} holds a database but no {DESK_FILE}. Restore {DESK_FILE} from a backup, or choose another folder."
        )


def _make_folder(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError, PermissionError):
        raise ConfigurationError(
            f"GOODWORD_DATA is {str(data)!r}; it must be a folder this user may write to."
        ) from None
    if not os.access(data, os.W_OK):
        raise ConfigurationError(f"GOODWORD_DATA is {str(data)!r}, and this user may not write there.")
