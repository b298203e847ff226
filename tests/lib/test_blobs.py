"""Blobs: kept by what they hold, durable, erasable."""

import os
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from goodword.lib import blobs
from goodword.lib.errors import NotFound


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.BLOB_ROOT = tmp_path / "blobs"


def test_what_was_kept_is_read_back_byte_for_byte() -> None:
    content = bytes(range(256)) * 7
    assert blobs.read_blob(blobs.keep_blob(content)) == content


def test_the_name_is_the_sha256_of_the_bytes() -> None:
    assert blobs.keep_blob(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_same_bytes_are_kept_once_and_no_scratch_file_stays(tmp_path: Path) -> None:
    assert blobs.keep_blob(b"twice") == blobs.keep_blob(b"twice")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_what_a_killed_process_left_half_written_goes_after_an_hour_and_nothing_else(tmp_path: Path) -> None:
    kept = blobs.keep_blob(b"whole")
    folder = tmp_path / "blobs" / kept[:2]
    old, new = folder / "tmpold", folder / "tmpnew"
    for file in (old, new, folder / kept):
        file.write_bytes(b"whole")
    long_ago = time.time() - 3700
    os.utime(old, (long_ago, long_ago))
    os.utime(folder / kept, (long_ago, long_ago))
    assert blobs.clean_up() == 1
    assert sorted(file.name for file in folder.iterdir()) == sorted([kept, "tmpnew"])


def test_a_desk_without_a_blob_yet_has_nothing_to_clean() -> None:
    assert blobs.clean_up() == 0


def test_an_erased_blob_is_not_found_and_erasing_it_again_is_quiet() -> None:
    digest = blobs.keep_blob(b"gone")
    blobs.erase_blob(digest)
    blobs.erase_blob(digest)
    with pytest.raises(NotFound, match="may have been erased"):
        blobs.read_blob(digest)


def test_file_and_folder_are_synced_before_the_name_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = blobs.os.fsync
    monkeypatch.setattr(blobs.os, "fsync", lambda handle: (synced.append(handle), real(handle)))
    blobs.keep_blob(b"durable")
    assert len(synced) == 3  # the file, its folder, and the folder of the new folder
