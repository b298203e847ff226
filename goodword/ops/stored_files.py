"""The files beside the database: whether every one that a row names is there, and still what it was."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models

_NAMES_OF_COLUMNS = {"blob", "raw"}
_DIGEST_LENGTH = 64


@dataclass(frozen=True)
class FilesChecked:
    """How many files there are, and by their digests which are missing or no longer what they were."""

    whole: int
    missing: list[str]
    damaged: list[str]

    def __str__(self) -> str:
        return f"{self.whole} files whole, {len(self.missing)} missing, {len(self.damaged)} damaged"


def check_files() -> FilesChecked:
    """Read every stored file and compare it with its name, which is the SHA-256 of its bytes."""
    folder = Path(settings.BLOB_ROOT)
    there = {path.name: path for path in folder.glob("??/*") if len(path.name) == _DIGEST_LENGTH}
    damaged = sorted(name for name, path in there.items() if _digest(path) != name)
    missing = sorted(_named_by_rows() - set(there))
    return FilesChecked(len(there) - len(damaged), missing, damaged)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _named_by_rows() -> set[str]:
    named: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if field.name in _NAMES_OF_COLUMNS and isinstance(field, models.CharField):
                rows = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                named.update(rows.distinct().iterator())
    return named
