"""Who is asking: a bearer key, the agent whose eyes it has, and what the key may be used for."""

from dataclasses import dataclass

from django.http import HttpRequest
from ninja.security import HttpBearer

from goodword.accounts.actions import agent_for_key
from goodword.accounts.models import Agent
from goodword.api.problems import ApiError


@dataclass(frozen=True)
class Caller:
    """The agent a key stands for, and the scopes it was made with."""

    agent: Agent
    scopes: frozenset[str]


class BearerKey(HttpBearer):
    """`Authorization: Bearer KEY`; a wrong or ended key gets 401."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller behind `token`, or None."""
        found = agent_for_key(token.strip())
        return Caller(found[0], frozenset(found[1])) if found else None


def caller_with(request: HttpRequest, scope: str) -> Agent:
    """The agent whose eyes this request has. Raises ApiError 403 if her key was not made for `scope`."""
    caller: Caller = request.auth  # type: ignore[attr-defined]  # set by ninja after BearerKey
    if scope in caller.scopes or "*" in caller.scopes:
        return caller.agent
    raise ApiError(403, f"This API key was not made for `{scope}`. Ask a manager for one that is.", kind="scope")
