"""The API as a whole: which routes it has, and its OpenAPI 3.1 document made true about headers and problems."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from goodword.api import (
    conversation_decisions,
    conversations,
    decisions,
    events,
    facts,
    imports,
    matters,
    messages,
    orders,
    people,
    policies,
    policy_texts,
    problems,
    search,
)
from goodword.api.bodies import ParsedBefore
from goodword.api.keys import BearerKey

WRITING = {"post", "put", "patch", "delete"}
_READ = {
    "401": "The key is missing, not known or ended.",
    "403": "The key was not made for this.",
    "404": "There is no such thing for this key.",
    "422": "What was sent makes no sense; `errors` names each place.",
    "429": "The key has asked too often; `Retry-After` says for how long to wait.",
    "500": "A mistake of ours. Nothing was stored.",
}
_WRITE = _READ | {
    "400": "The body is not JSON.",
    "409": "Understood, and not possible now; or the same request is being answered at this moment.",
    "413": "The body is too large.",
    "415": "The body is of another kind than this address takes.",
}
_MATCH = {"412": "The conversation is no longer in the state that `If-Match` names."}
_RATE_HEADERS = {
    "RateLimit-Limit": {"description": "Requests in a minute.", "schema": {"type": "string"}},
    "RateLimit-Remaining": {"description": "How many are left.", "schema": {"type": "string"}},
    "RateLimit-Reset": {"description": "Seconds until the next minute begins.", "schema": {"type": "string"}},
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any word that no other request of this key has. The same request sent again with it within 24 "
    "hours is not done again, and gets the first answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag you have read: refused with 412 if something happened in the conversation since.",
    "schema": {"type": "string", "maxLength": 200, "pattern": '^(\\*|"[0-9-]{1,60}")$'},
}
DESCRIPTION = "A customer-service desk that runs on a policy book. docs/api.md tells it in prose, with examples."
ROOMS = (
    conversations, messages, matters, facts, conversation_decisions, decisions, people, orders, imports, policies,
    policy_texts, events, search,
)  # fmt: skip


class DeskApi(NinjaAPI):
    """NinjaAPI whose document lists headers and the problems (RFC 9457) that every address can answer with."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """The OpenAPI document; each operation with its problems as application/problem+json."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schemas = document["components"]["schemas"]
        schemas.update(_problem_schemas())
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _complete(path, method, operation)
        return document


def build_api() -> DeskApi:
    """The API with every route. Ninja's own page of documentation loads its parts from elsewhere: see `open_pages`."""
    api = DeskApi(
        title="Goodword",
        version="1",
        description=DESCRIPTION,
        urls_namespace="api",
        docs_url=None,
        auth=BearerKey(),
        parser=ParsedBefore(),
    )
    problems.install(api)
    for room in ROOMS:
        api.add_router("", room.router)
    return api


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Write down what ninja does not know of: our headers and our problems."""
    answers = _WRITE if method in WRITING else _READ
    parameters = operation.setdefault("parameters", [])
    if method == "post":
        parameters.append(_IDEMPOTENCY_KEY)
    if method in WRITING and "/conversations/{number}" in path:
        parameters.append(_IF_MATCH)
        answers = answers | _MATCH
    for status, answer in operation["responses"].items():
        answer["headers"] = {**answer.get("headers", {}), **_RATE_HEADERS}
        operation["responses"][status] = answer
    operation["responses"].update(_answers(answers))


def _problem_schemas() -> dict[str, Any]:
    schema = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), "Problem": schema}


def _answers(answers: dict[str, str]) -> dict[str, Any]:
    content = {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": text, "content": content} for status, text in answers.items()}
