"""Dialogues of two public collections as lines of a history: the only places that know how those look."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
STAR, MULTIDOGO = DATA / "star", DATA / "multidogo"
STAR_DIALOGUES, MULTIDOGO_CHATS = 2729, 14147

needs_star = pytest.mark.skipif(not STAR.exists(), reason=f"the dialogues are not at {STAR}")
needs_multidogo = pytest.mark.skipif(not MULTIDOGO.exists(), reason=f"the chats are not at {MULTIDOGO}")


def star_lines(most: int | None = None) -> Iterator[dict[str, Any]]:
    """Two-sided dialogues with times; what the agent asked her system is a note, and its answer has no time."""
    for number, dialogue in enumerate(_records(STAR / "dialogues_service.jsonl.gz")):
        if number == most:
            return
        agent = {"id": dialogue["agent_id"], "name": f"Agent {dialogue['agent_id'][:4]}"}
        yield {
            "source": "star",
            "id": str(dialogue["id"]),
            "channel": "chat",
            "subject": ", ".join(dialogue["tasks"]).replace("_", " ").capitalize()[:500],
            "person": {"id": dialogue["customer_id"]},
            "assignee": agent,
            "tags": [*dialogue["domains"], *dialogue["tasks"]],
            "messages": [_star_message(turn, agent) for turn in dialogue["turns"]],
        }


def _star_message(turn: dict[str, Any], agent: dict[str, str]) -> dict[str, Any]:
    at = {"at": datetime.fromtimestamp(turn["t"], UTC).isoformat()} if turn.get("t") else {}
    if turn["speaker"] == "customer":
        return {"direction": "in", "text": turn["text"], **at}
    if turn["speaker"] == "agent":
        return {"direction": "out", "text": turn["text"], "agent": agent, **at}
    said = {name: turn[name] for name in ("api", "query", "result") if name in turn}
    return {"direction": "note", "automatic": True, "text": json.dumps(said, ensure_ascii=False), **at}


def multidogo_lines(most: int | None = None) -> Iterator[dict[str, Any]]:
    """Chats of which only the customer's side was published, without any time and without a name."""
    number = 0
    for file in sorted(MULTIDOGO.glob("*.jsonl.gz")):
        for chat in _records(file):
            if number == most:
                return
            number += 1
            yield {
                "source": f"multidogo {chat['domain']}",
                "id": chat["id"],
                "channel": "chat",
                "tags": [chat["domain"], chat["split"]],
                "messages": [{"direction": "in", "text": turn["text"]} for turn in chat["customer_turns"]],
            }


def write_history(path: Path, lines: Iterator[dict[str, Any]]) -> tuple[int, int]:
    """Write the lines; how many conversations and how many messages they are."""
    conversations = messages = 0
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            conversations, messages = conversations + 1, messages + len(line["messages"])
    return conversations, messages


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
