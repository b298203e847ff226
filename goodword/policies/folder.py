"""A book as a folder of text files: read and written byte for byte, so that nothing is lost either way."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from goodword.engine import Finding
from goodword.policies.errors import BookInvalid


def read_folder(path: Path) -> dict[str, str]:
    """Every file under `path` by its relative name; hidden files, and what editors leave behind, are passed over.

    Raises BookInvalid for a folder that is not there and for a file that is not UTF-8 text.
    """
    if not path.is_dir():
        raise BookInvalid([Finding("error", "no-folder", str(path), 1, "there is no such folder")])
    files = sorted(file for file in path.rglob("*") if file.is_file() and not _is_passed_over(file.relative_to(path)))
    return {file.relative_to(path).as_posix(): _text_of(file, path) for file in files}


def write_folder(files: Mapping[str, str], path: Path) -> None:
    """Make `path` hold exactly `files` beside whatever `read_folder` passes over; unchanged files are not touched."""
    check_names(files)
    path.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        _write_if_changed(path / name, text.encode("utf-8"))
    for old in set(_names_in(path)) - set(files):
        (path / old).unlink()


def check_names(files: Mapping[str, str]) -> None:
    """Raise BookInvalid for a name that would leave the folder, or that no reading of it would find again."""
    wrong = [
        Finding("error", "file-name", name, 1, "a file of a book has a plain relative name like cases/returns.yaml")
        for name in files
        if not _is_plain(name)
    ]
    wrong += [
        Finding("error", "not-text", name, text[: text.index("\0")].count("\n") + 1, "there is a NUL character here")
        for name, text in files.items()
        if "\0" in text
    ]
    if wrong:
        raise BookInvalid(wrong)


def _text_of(file: Path, root: Path) -> str:
    content = file.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        name = file.relative_to(root).as_posix()
        hint = "save it as UTF-8 text, or keep it outside the book"
        raise BookInvalid([Finding("error", "not-text", name, line, "this is not UTF-8 text", hint)]) from None


def _names_in(path: Path) -> list[str]:
    names = (file.relative_to(path) for file in path.rglob("*") if file.is_file())
    return [name.as_posix() for name in names if not _is_passed_over(name)]


def _is_passed_over(name: Path) -> bool:
    hidden = any(part.startswith(".") for part in name.parts)
    return hidden or name.name.endswith(("~", ".tmp", ".swp")) or name.name.startswith("#")


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name
    return bool(name) and inside and path.as_posix() == name and not _is_passed_over(Path(name))


def _write_if_changed(file: Path, content: bytes) -> None:
    if file.exists() and file.read_bytes() == content:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(content)
    new.replace(file)
