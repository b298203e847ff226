"""The starter book made a company's own: its name, its mailbox, its languages, and nothing that is only Nordhvile's."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from goodword import packs
from goodword.policies.folder import read_folder

_SHOP = "Nordhvile"
_ADDRESS = re.compile(r", Lyngvej \d+, \d{4} Silkeborg(, Denmark|, Danmark)?(?=,| |\.)")
_FIRST_LANGUAGE = "en"
_TAGLINE = {
    "en": "Customer service",
    "da": "Kundeservice",
    "id": "Layanan pelanggan",
    "ms": "Khidmat pelanggan",
    "tr": "Müşteri hizmetleri",
}
_HEADING = "# The policy book's frame. Made from Goodword's starter book; now it is yours.\n"


def starter_folder() -> Path:
    """Where the starter book stands."""
    return Path(packs.__path__[0]) / "shop"


def starter_files() -> dict[str, str]:
    """The starter book as it is, by file name."""
    return read_folder(starter_folder())


def starter_languages() -> list[str]:
    """The languages the starter book is written in, the originals' first."""
    settings = (starter_folder() / "book.yaml").read_text(encoding="utf-8")
    written = re.search(r"^languages: \[(.+)\]$", settings, re.MULTILINE)
    return [code.strip() for code in written[1].split(",")] if written else [_FIRST_LANGUAGE]


def book_for(name: str, mailbox: str, languages: Sequence[str]) -> dict[str, str]:
    """The starter book under the company's name, in those of its languages that are wanted.

    Telephone, address and memberships are emptied: a desk claims nothing its company has not said. English stays,
    as the tables stand in it.
    """
    files = {path: text for path, text in starter_files().items() if not _is_unwanted(path, languages)}
    own = {path: _ADDRESS.sub("", text).replace(_SHOP, name) for path, text in files.items() if path != "book.yaml"}
    own["book.yaml"] = _book_yaml(files["book.yaml"], name, mailbox, languages)
    return own


def _is_unwanted(path: str, languages: Sequence[str]) -> bool:
    translated = re.fullmatch(r".*\.([a-z]{2})\.md", path)
    return translated is not None and translated[1] not in languages


def _book_yaml(text: str, name: str, mailbox: str, languages: Sequence[str]) -> str:
    spoken = [_FIRST_LANGUAGE, *(code for code in languages if code != _FIRST_LANGUAGE)]
    for key, value in {
        "name": json.dumps(name, ensure_ascii=False),
        "tagline": json.dumps(_TAGLINE, ensure_ascii=False),
        "languages": json.dumps(spoken),
        "contact": f'{{email: {json.dumps(mailbox)}, phone: "", address: ""}}',
        "memberships": "[]",
    }.items():
        text = _with_entry(text, key, value)
    return re.sub(r"\A(#.*\n)+", _HEADING, text)


def _with_entry(text: str, key: str, value: str) -> str:
    """The YAML with the top-level `key`, however many lines it has, set to `value`; comments elsewhere stay."""
    pattern = re.compile(rf"^{key}:.*\n(?:[ \t]+.*\n|\n(?=[ \t]))*", re.MULTILINE)
    return pattern.sub(lambda _: f"{key}: {value}\n", text, count=1)
