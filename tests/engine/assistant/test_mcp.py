"""An AI assistant under the book, asked by a client of the official SDK over both of its ways."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

pytest.importorskip("mcp", reason='the extra "mcp" is not installed')

from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from goodword import cli, engine
from goodword.engine.assistant.tools import Asked, BookTools

STARTER = Path(__file__).parents[3] / "goodword" / "packs" / "shop"
OPENED_TOPPER = {"category": "hygiene", "made_to_measure": False, "sealed": True, "opened": True, "faulty": False}
ON = "2026-12-01"


@pytest.fixture(scope="module")
def book() -> engine.Book:
    """The starter book, read once."""
    return engine.read_book(STARTER)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def http_server(port: int, **environment: str) -> Iterator[str]:
    """`goodword mcp` over HTTP as a process of its own."""
    command = [sys.executable, "-m", "goodword", "mcp", str(STARTER), "--http", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL) as process:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        try:
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait(20)


async def all_four(client: Client) -> dict[str, Any]:
    """What each of the four tools answers."""
    said: dict[str, Any] = {"tools": sorted(tool.name for tool in (await client.list_tools()).tools)}
    whole = {"policy": "returns", "facts": {**OPENED_TOPPER, "days_since_delivery": 5}, "on": ON}
    part = {"policy": "returns", "facts": {"category": "hygiene"}, "on": ON}
    calls = {
        "decide": {**whole, "facts": {**whole["facts"], "purchases_last_year": 1}},  # type: ignore[dict-item]
        "ask_next": part,
        "explain": {**whole, "language": "da", "facts": {**whole["facts"], "purchases_last_year": 1}},  # type: ignore[dict-item]
        "read_clause": {"clause": "returns#hygiene", "language": "en", "on": ON},
    }
    for name, arguments in calls.items():
        result = await client.call_tool(name, arguments)
        assert not result.is_error, result.content
        said[name] = result.structured_content
    wrong = await client.call_tool("decide", {"policy": "retruns", "facts": {}})
    said["wrong"] = (wrong.is_error, wrong.content[0].text)  # type: ignore[union-attr]
    return said


def check_answers(said: dict[str, Any], book: engine.Book) -> None:
    """The answers are the engine's own."""
    assert said["tools"] == ["ask_next", "decide", "explain", "read_clause"]
    assert (said["decide"]["status"], said["decide"]["outcome"]) == ("decided", "refuse")
    assert said["decide"]["clauses"][0] == "returns#hygiene"
    assert said["decide"]["book"] == book.hash
    question = said["ask_next"]
    assert question["status"] == "ask"
    assert question["question"] == book.question(question["fact"], "en")
    assert said["explain"]["summary"].startswith("Det kan vi desværre ikke. ")
    assert said["read_clause"]["heading"] == "Hygiene goods"
    assert "voucher of 10 per cent" in said["read_clause"]["text"]
    assert said["wrong"][0] is True
    assert "no policy `retruns`: did you mean `returns`" in said["wrong"][1]


def test_all_four_tools_answer_over_standard_input_and_output(book: engine.Book) -> None:
    async def talk() -> dict[str, Any]:
        started = StdioServerParameters(command=sys.executable, args=["-m", "goodword", "mcp", str(STARTER)])
        async with Client(stdio_client(started)) as client:
            return await all_four(client)

    check_answers(asyncio.run(talk()), book)


def test_all_four_tools_answer_over_http(book: engine.Book) -> None:
    async def talk(address: str) -> dict[str, Any]:
        async with Client(streamable_http_client(address)) as client:
            return await all_four(client)

    with http_server(free_port()) as address:
        check_answers(asyncio.run(talk(address)), book)


def test_over_http_only_the_bearer_of_the_token_is_answered() -> None:
    with http_server(free_port(), GOODWORD_MCP_TOKEN="a-secret-of-ours") as address:
        answers = [posted(address, bearer) for bearer in ("", "Bearer a-guess", "Bearer a-secret-of-ours")]
    assert [status for status, _ in answers[:2]] == [401, 401]
    assert "Authorization: Bearer" in answers[0][1]
    assert answers[2][0] != 401


def posted(address: str, bearer: str) -> tuple[int, str]:
    """The status and the words of the answer to a request that bears this."""
    ask = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}).encode()
    headers = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    request = Request(address, ask, {**headers, "authorization": bearer})
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_beyond_this_machine_it_is_not_served_without_a_token(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOODWORD_MCP_TOKEN", raising=False)
    assert cli.main(["mcp", str(STARTER), "--http", "0.0.0.0:8765"]) == 1
    assert "set GOODWORD_MCP_TOKEN to a secret" in capsys.readouterr().err


def test_a_customers_assistant_reads_no_staff_clause(book: engine.Book) -> None:
    def read(reader: str) -> BookTools:
        return BookTools(lambda: (book, book), reader)  # type: ignore[arg-type]

    staff = next(
        clause.anchor
        for policy in book.policies.values()
        for clause in policy.clauses.values()
        if clause.audience == "staff" and policy.status == "published"
    )
    with pytest.raises(engine.NotFound, match=f"no clause `{staff}`"):
        read("customer").read_clause(staff, Asked())
    assert read("agent").read_clause(staff, Asked())["clause"] == staff


@pytest.mark.parametrize(
    ("facts", "asked", "words"),
    [
        ({"opend": True}, {}, "unknown fact `opend`: did you mean `opened`?"),
        ({"opened": "perhaps"}, {}, "fact `opened`"),
        ({}, {"role": "chief"}, "no role `chief`"),
        ({}, {"language": "sv"}, "the book is not written in `sv`"),
        ({}, {"days": {"delivery": "2026-12-01"}}, "no governing day `delivery`"),
    ],
)
def test_what_is_wrong_is_said_in_words(book: engine.Book, facts: Any, asked: Any, words: str) -> None:
    with pytest.raises(engine.EngineError, match="(?s).*" + words.replace("?", r"\?")):
        BookTools(lambda: (book, book)).decide("returns", facts, Asked(**asked))


def test_a_book_published_anew_is_followed_at_the_next_call(book: engine.Book) -> None:
    shelf = [book]
    tools = BookTools(lambda: (shelf[0], shelf[0]))
    before = tools.read_clause("returns#hygiene", Asked())
    text = book.files["returns.md"].replace("Once it is open we cannot", "Once it has been opened we cannot")
    shelf[0] = engine.parse_book({**book.files, "returns.md": text})
    after = tools.read_clause("returns#hygiene", Asked())
    assert json.dumps(before) != json.dumps(after)
    assert "Once it has been opened" in after["text"]
