"""Mails with the trees that Stalwart's parser makes of them: subject, sender, text and files are the same.

Where ours differ on purpose, it is said why; whoever reads one more as they do has to take it off the list.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from goodword.channels.html_text import as_text
from goodword.channels.parsing import parse
from tests.channels.post import SHARED_MAIL

FOLDER = SHARED_MAIL / "stalwart"
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="../shared/data/mail is not here")

RAW_8_BIT = "raw 8-bit letters in a header (or a body that says us-ascii): we read them as Windows does, they give up"
UUENCODED = "a part with a transfer encoding that is not in MIME (x-uuencode): we undo it, they do not"
NO_PARTS = "a multipart without its own boundary, or cut off: we show its text, they attach it"
UNCLOSED = "inner boundaries that are not closed: for us they end with the outer one (RFC 2046, 5.1.2), they go on"
OTHERWISE: dict[str, str] = {
    "legacy/010": RAW_8_BIT,
    "legacy/020": RAW_8_BIT,
    "legacy/022": RAW_8_BIT,
    "legacy/052": RAW_8_BIT,
    "legacy/026": UUENCODED,
    "legacy/048": UUENCODED,
    "malformed/002": NO_PARTS,
    "malformed/004": NO_PARTS,
    "malformed/006": NO_PARTS,
    "malformed/008": NO_PARTS,
    "malformed/012": UNCLOSED,
    "malformed/016": UNCLOSED,
    "malformed/020": "two Content-Types over one part: the first counts for us, the last for them, who lose its HTML",
    "thirdparty/002": "rubbish that says base64 is undone as far as it goes; they give up and attach it",
    "thirdparty/000": "a NUL in the text: PostgreSQL keeps none, so a replacement character stands for it",
}


def trees() -> list[Path]:
    return sorted(FOLDER.rglob("*.json"))


def test_subject_sender_text_and_files_are_as_in_the_trees_but_for_those_that_are_explained() -> None:
    found = {f"{path.parent.name}/{path.stem}": differences(path) for path in trees()}
    assert len(found) == 54
    assert {name: what for name, what in found.items() if what and name not in OTHERWISE} == {}
    assert [name for name in OTHERWISE if not found[name]] == []


def differences(path: Path) -> list[str]:
    """What of subject, sender, text and files is not as expected."""
    tree, read = json.loads(path.read_text(encoding="utf-8")), parse(path.with_suffix(".eml").read_bytes())
    expected = {
        "subject": told(tree, "subject"),
        "sender": sender_of(tree),
        "text": lines("\n".join(filter(None, (text_of(tree["parts"][at]) for at in tree["text_body"])))),
        "files": [bytes_of(tree["parts"][at]) for at in tree["attachments"]],
    }
    # Where line ends are the wire's own they are compared as line feeds; a mail in a mail is compared by being there.
    files = [plain(file.content) for file in read.files]
    files = [b"" if want == b"" else ours for want, ours in zip(expected["files"], files, strict=False)] + files[
        len(expected["files"]) :
    ]
    ours = {
        "subject": read.subject,
        "sender": (read.sender.name, read.sender.address),
        "text": lines(read.text),
        "files": files,
    }
    return [what for what in expected if expected[what] != ours[what]]


def told(tree: dict[str, Any], name: str) -> str:
    values = [header["value"] for header in tree["parts"][0]["headers"] if header["name"] == name]
    return str(values[-1].get("Text", "")) if values and isinstance(values[-1], dict) else ""


def sender_of(tree: dict[str, Any]) -> tuple[str, str]:
    for header in tree["parts"][0]["headers"]:
        if header["name"] == "from" and isinstance(header["value"], dict):
            listed = header["value"].get("Address", {})
            group = [each for part in listed.get("Group", []) for each in part["addresses"]]
            for one in [*listed.get("List", []), *group]:
                return (one.get("name") or "", (one.get("address") or "").lower())
    return ("", "")


def text_of(part: dict[str, Any]) -> str:
    if "Html" in part["body"]:
        return as_text(part["body"]["Html"])
    return str(part["body"].get("Text", ""))


def bytes_of(part: dict[str, Any]) -> bytes:
    """A file's bytes; those of a mail in a mail are not in the tree."""
    body = part["body"]
    kept = body.get("Binary") or body.get("InlineBinary")
    if kept is not None:
        return plain(bytes(kept))
    return plain(str(body.get("Text") or body.get("Html") or "").encode())


def lines(text: str) -> str:
    """Without the line ends that joining parts adds."""
    return "\n".join(line for line in text.replace("\r\n", "\n").split("\n") if line.strip())


def plain(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")
