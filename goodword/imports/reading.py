"""A history file as lines: each one read, checked and named, or blamed with its number; the rest goes on."""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from goodword.imports.format import HistoryConversation
from goodword.imports.report import Report
from goodword.lib.errors import Invalid

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MAY_BE_UNSTORABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_WHAT_TO_DO = {
    "timezone_aware": "write the moment with its offset, like 2024-05-01T10:00:00+02:00 or …Z",
    "extra_forbidden": "there is no such field; leave it out, or put it into `ids` or `tags`",
    "missing": "add it",
    "string_too_long": "shorten it, or keep the whole of it in a message's text",
}


@dataclass(frozen=True)
class Line:
    """A conversation of the file, with its line's number and the digest of what it is called there."""

    number: int
    conversation: HistoryConversation
    digest: str
    fingerprint: str


def digest_of(source: str, key: str) -> str:
    """The SHA-256 under which something of another desk is known here."""
    return hashlib.sha256(f"{source}\0{key}".encode()).hexdigest()


def read_lines(path: Path, report: Report, *, source: str = "", moved: Callable[[int], None]) -> Iterator[Line]:
    """Every readable line; what cannot be read is blamed in `report`. `source` is for lines that name none.

    `moved` is told after each line how many bytes of the file are behind us. Reads .jsonl and .jsonl.gz.
    Raises Invalid if the file cannot be opened.
    """
    with _opened(path) as (file, position):
        for number, raw in enumerate(file, start=1):
            report.read += 1
            moved(position())
            if not raw.strip():
                report.blank += 1
            elif line := _line(number, raw, source, report):
                yield line


class _opened:
    """The file, unpacked if it is packed, and how far into its bytes on disk we are."""

    def __init__(self, path: Path) -> None:
        try:
            self._disk: IO[bytes] = path.open("rb")
        except OSError as error:
            raise Invalid(f"{path} cannot be read: {error.strerror}.", field="file") from None
        packed = self._disk.read(2) == b"\x1f\x8b"
        self._disk.seek(0)
        self._file: Any = gzip.GzipFile(fileobj=self._disk) if packed else self._disk

    def __enter__(self) -> tuple[Iterator[bytes], Callable[[], int]]:
        return iter(self._file), self._disk.tell if self._file is not self._disk else self._file.tell

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._disk.close()


def _line(number: int, raw: bytes, source: str, report: Report) -> Line | None:
    try:
        conversation = _parsed(raw)
    except ValidationError as error:
        report.blame(number, _words(error))
        return None
    except ValueError as error:
        report.blame(number, f"this is no JSON in UTF-8: {error}. Write one conversation as one line of JSON.")
        return None
    if not conversation.source and source:
        conversation = conversation.model_copy(update={"source": source})
    if not conversation.source:
        report.blame(number, "`source` is missing. Add the name of the desk it comes from, or give --source NAME.")
        return None
    whole = conversation.model_dump_json(exclude_defaults=True).encode()
    return Line(
        number, conversation, digest_of(conversation.source, conversation.id), hashlib.sha256(whole).hexdigest()
    )


def _parsed(raw: bytes) -> HistoryConversation:
    if b"\x00" not in raw and not _MAY_BE_UNSTORABLE.search(raw):
        return HistoryConversation.model_validate_json(raw)
    import json

    return HistoryConversation.model_validate_json(json.dumps(_storable(json.loads(raw))))


def _storable(value: Any) -> Any:
    """Without what PostgreSQL and UTF-8 cannot keep: NUL and half a surrogate pair each become U+FFFD."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("�", value)
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    return value


def _words(error: ValidationError) -> str:
    """Each mistake with its place, and what to do; never the value, which may be a customer's words."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    told = [_mistake(each) for each in found[:3]]
    more = f" And {len(found) - 3} more." if len(found) > 3 else ""
    return " ".join(told) + more


def _mistake(each: Any) -> str:
    where = ".".join(str(step) for step in each["loc"]) or "the line"
    what = each["msg"].removeprefix("Value error, ")
    advice = _WHAT_TO_DO.get(each["type"], "see docs/history.md")
    return f"{where}: {what[:1].lower() + what[1:]}; {advice}."
