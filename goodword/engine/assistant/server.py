"""The tools of a book as a Model Context Protocol server, by the protocol's official SDK."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

import goodword
from goodword.engine.assistant.tools import Asked, BookTools
from goodword.engine.errors import EngineError

Facts = dict[str, Any]
Days = dict[str, date]
Scope = Mapping[str, Any]
Application = Callable[..., Awaitable[None]]


def server_for(tools: BookTools) -> MCPServer[Any]:
    """A server with the four tools over `tools`. What a tool refuses comes back in words that say what to do."""
    server: MCPServer[Any] = MCPServer(
        "goodword",
        title=tools.name,
        version=goodword.__version__,
        instructions=instructions(tools),
        log_level="WARNING",
    )

    async def decide(
        policy: str,
        facts: Facts,
        role: str | None = None,
        on: date | None = None,
        days: Days | None = None,
        language: str | None = None,
        conversation: int | None = None,
    ) -> dict[str, Any]:
        """Decide a situation by the company's policy book. Never guess a fact: what you leave out is unknown, and
        the answer then is `ask` with the one question to put. Say nothing to the customer that the answer does not
        allow. `facts` are name: value; money in the smallest unit of its currency; days as 2026-12-24. With the
        number of a `conversation` it is decided there and recorded, as if a person of the desk had done it."""
        return await _answer(
            tools, lambda: tools.decide(policy, facts, Asked(role, on, days or {}, language), conversation)
        )

    async def ask_next(
        policy: str, facts: Facts, role: str | None = None, on: date | None = None, language: str | None = None
    ) -> dict[str, Any]:
        """The one question that settles most, with the values that can answer it; or that nothing is open. Begin
        with the facts you have from records, and ask the customer only this."""
        return await _answer(tools, lambda: tools.ask_next(policy, facts, Asked(role, on, {}, language)))

    async def explain(
        policy: str, facts: Facts, role: str | None = None, on: date | None = None, language: str | None = None
    ) -> dict[str, Any]:
        """Why a situation is decided as it is, in whole sentences, in one of the book's languages."""
        return await _answer(tools, lambda: tools.explain(policy, facts, Asked(role, on, {}, language)))

    async def read_clause(clause: str, language: str | None = None, on: date | None = None) -> dict[str, Any]:
        """Read a clause word for word, like returns#hygiene; with a policy alone, like returns, its clauses."""
        return await _answer(tools, lambda: tools.read_clause(clause, Asked(None, on, {}, language)))

    for tool in (decide, ask_next, explain, read_clause):
        server.add_tool(tool)
    return server


def instructions(tools: BookTools) -> str:
    """What a machine is told before anything else."""
    policies = "\n".join(f"- {one['policy']}: {one['title']}. {one['summary']}" for one in tools.contents())
    return (
        f"You stand under the policy book of {tools.name}, as every person at its desk does. Decide nothing yourself: "
        "call `decide`, ask the customer what `ask_next` says, give the reason that `explain` gives, and quote "
        f"`read_clause`. The policies:\n{policies}"
    )


async def _answer(tools: BookTools, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a tool says; asked in a thread, because a desk's database may not be asked in an event loop."""
    from anyio import to_thread

    def asked() -> dict[str, Any]:
        try:
            return call()
        finally:
            tools.release()

    try:
        return await to_thread.run_sync(asked)
    except EngineError as error:
        raise ToolError(str(error)) from None


class OnlyWithToken:
    """Lets a request through that bears the secret; all others get 401 and are told how to send it."""

    def __init__(self, application: Application, token: str) -> None:
        self.application, self.expected = application, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """One ASGI call."""
        given = dict(scope.get("headers", [])).get(b"authorization", b"")
        if scope["type"] != "http" or hmac.compare_digest(given, self.expected):
            await self.application(scope, receive, send)
            return
        body = b"Send the header `Authorization: Bearer ...` with the token of this server.\n"
        headers = [(b"content-type", b"text/plain"), (b"www-authenticate", b"Bearer")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def serve_http(server: MCPServer[Any], host: str, port: int, token: str | None) -> None:
    """Serves over HTTP at /mcp until it is stopped; with a token only to who bears it."""
    import uvicorn

    application: Any = server.streamable_http_app(host=host, stateless_http=True, json_response=True)
    guarded = OnlyWithToken(application, token) if token else application
    uvicorn.run(guarded, host=host, port=port, log_level="warning")
