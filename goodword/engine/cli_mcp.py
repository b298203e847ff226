"""`goodword mcp`: the book for AI assistants, over standard input and output or over HTTP."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from goodword.engine.book import read_book
from goodword.engine.cli import EPILOG
from goodword.engine.errors import EngineError

WORDS = "Serve the book to AI assistants by the Model Context Protocol: they decide as your people do."
LOCAL = ("127.0.0.1", "localhost", "::1")
TOKEN = "GOODWORD_MCP_TOKEN"


def add(commands: Any) -> None:
    """Adds the command's parser."""
    command = commands.add_parser("mcp", help=WORDS, description=WORDS, epilog=EPILOG)
    command.add_argument("book", help="the folder that holds book.yaml")
    add_serving(command)
    command.set_defaults(run=run, json=False)


def add_serving(command: argparse.ArgumentParser) -> None:
    """What says to whom and over what it is served."""
    command.add_argument(
        "--for", dest="reader", choices=("customer", "agent"), default="customer",
        help="whom the assistant serves; a customer's is told no staff clause and no limit that teaches lying",
    )  # fmt: skip
    command.add_argument(
        "--http", metavar="HOST:PORT",
        help=f"serve over HTTP at /mcp instead of standard input; beyond this machine only with a token in {TOKEN}",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Serves until it is stopped."""
    from goodword.engine.assistant.tools import BookTools

    book = read_book(options.book)
    return serve(BookTools(lambda: (book, book), options.reader), options.http)


def serve(tools: Any, http: str | None) -> int:
    """Serves some tools over standard input and output, or over HTTP at host:port. Raises EngineError."""
    try:
        from goodword.engine.assistant.server import serve_http, server_for
    except ImportError:
        raise EngineError('the MCP library is not installed; install it with: pip install "goodword[mcp]"') from None
    server = server_for(tools)
    if http is None:
        server.run("stdio")
        return 0
    host, port = _place(http)
    token = os.environ.get(TOKEN)
    if host not in LOCAL and not token:
        raise EngineError(f"{host} can be reached from other machines; set {TOKEN} to a secret that assistants send")
    print(f"http://{http}/mcp", file=sys.stderr, flush=True)
    serve_http(server, host, port, token)
    return 0


def _place(http: str) -> tuple[str, int]:
    host, _, port = http.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise EngineError(f"`{http}` is no place to serve at; write it like 127.0.0.1:8765")
    return host.strip("[]"), int(port)
