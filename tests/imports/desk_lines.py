"""One line of a history with everything in it, and how to import lines in a test."""

import json
from pathlib import Path
from typing import Any

from goodword.imports.actions import import_history
from goodword.imports.report import Report

FULL: dict[str, Any] = {
    "version": 1,
    "source": "old-desk",
    "id": "T-17",
    "state": "closed",
    "channel": "mail",
    "subject": "My lamp flickers",
    "language": "en",
    "person": {
        "id": "c-9", "name": "Vera Lund", "mails": ["vera@lund.example"], "phones": ["+45 11 22 33 44"],
        "language": "en", "country": "DK",
    },
    "assignee": {"mail": "ida@nordhvile.example"},
    "department": "customer-service",
    "inbox": "support@old.example",
    "situations": ["returns"],
    "outcome": "solved",
    "opened_at": "2024-05-01T10:00:00+02:00",
    "closed_at": "2024-05-02T09:00:00Z",
    "tags": ["lamp"],
    "ids": {"order": "10001"},
    "messages": [
        {
            "direction": "in", "text": "It flickers.", "at": "2024-05-01T10:00:00+02:00", "from_name": "Vera",
            "from_address": "vera@lund.example", "mail_id": "a1@lund.example", "subject": "My lamp flickers",
            "files": [{"name": "lamp.txt", "type": "text/plain", "base64": "cGljdHVyZQ=="}],
        },
        {"direction": "note", "text": "She is right.", "at": "2024-05-01T11:00:00Z", "agent": {"name": "Bo Holt"}},
        {
            "direction": "out", "text": "Send it back.", "at": "2024-05-01T12:00:00.123456Z",
            "agent": {"mail": "ida@nordhvile.example"}, "html": "<p>Send it <b>back</b>.</p>",
            "in_reply_to": "a1@lund.example", "references": ["a1@lund.example"], "to": ["vera@lund.example"],
        },
    ],
    "decisions": [
        {
            "situation": "returns", "outcome": "allow", "at": "2024-05-01T11:30:00Z", "amount_cents": 49900,
            "currency": "DKK", "agent": {"mail": "ida@nordhvile.example"}, "reason": "it is broken",
        }
    ],
}  # fmt: skip


def line(**changed: Any) -> dict[str, Any]:
    """A short line: one chat with one message, changed as wanted."""
    return {"source": "old-desk", "id": "1", "messages": [{"direction": "in", "text": "Hello there"}], **changed}


def import_lines(folder: Path, *lines: dict[str, Any] | str, **options: Any) -> Report:
    """Write the lines (a string is written as it is) and import them."""
    file = folder / "history.jsonl"
    written = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in lines]
    file.write_text("".join(f"{each}\n" for each in written), encoding="utf-8")
    return import_history(file, **options)
