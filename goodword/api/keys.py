"""Who is asking: a bearer key, the agent whose eyes it has, and what the key may be used for."""

from dataclasses import dataclass

from django.http import HttpRequest
from ninja.security import HttpBearer

from goodword.accounts.api_keys import key_for
from goodword.accounts.models import Agent, ApiKey
from goodword.api.problems import ApiError

_LONGEST_SECRET = 200


@dataclass(frozen=True)
class Caller:
    """A key, the agent it stands for, and the scopes it was made with."""

    key: ApiKey
    agent: Agent
    scopes: frozenset[str]


class BearerKey(HttpBearer):
    """`Authorization: Bearer KEY`. Who it is was found out before the route was asked (`answering`)."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller behind `token`, or None."""
        return getattr(request, "caller", None)


def caller_of(request: HttpRequest) -> Caller | None:
    """Who asks; None for a key that is missing, wrong or ended. What she does here, the journal notes as the key's."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if kind.lower() != "bearer" or not token or len(token) > _LONGEST_SECRET:
        return None
    key = key_for(token)
    if key is None:
        return None
    key.agent.through_key = key.pk
    return Caller(key, key.agent, frozenset(key.scopes))


def caller_with(request: HttpRequest, *scopes: str) -> Agent:
    """The agent whose eyes this request has. Raises ApiError 403 if her key was made for none of `scopes`."""
    caller: Caller = request.auth  # type: ignore[attr-defined]  # set by ninja after BearerKey
    if caller.scopes & {*scopes, "*"}:
        return caller.agent
    needed = " or ".join(f"`{scope}`" for scope in scopes)
    raise ApiError(403, f"This API key was not made for {needed}. Ask a manager for one that is.", kind="scope")
