"""The API as a whole: which routes it has, and its OpenAPI 3.1 document made true about problems."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from goodword.api import conversations, decisions, events, policies, problems
from goodword.api.keys import BearerKey

_PROBLEMS = {
    "400": "The body is not JSON.",
    "401": "The key is missing, not known or ended.",
    "403": "The key was not made for this.",
    "404": "There is no such thing for this key.",
    "405": "The address does not take this method; `Allow` names those it takes.",
    "409": "Understood, and not possible now.",
    "422": "What was sent makes no sense; `errors` names each field.",
}


class DeskApi(NinjaAPI):
    """NinjaAPI whose document lists the problems (RFC 9457) that every address can answer with."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """The OpenAPI document; each operation with its problems as application/problem+json."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        document["components"]["schemas"]["Problem"] = _problem_schema()
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"].update(_answers())
        return document


def build_api() -> DeskApi:
    """The API with every route; no page of documentation, since such a page loads its parts from elsewhere."""
    api = DeskApi(
        title="Goodword",
        version="1",
        description="A customer-service desk that runs on a policy book. docs/api.md tells it in prose.",
        urls_namespace="api",
        docs_url=None,
        auth=BearerKey(),
    )
    problems.install(api)
    for room in (conversations, decisions, events, policies):
        api.add_router("", room.router)
    return api


def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any address without a route."""
    return problems.no_such_address(request)


def _problem_schema() -> dict[str, Any]:
    schema = problems.Problem.model_json_schema(ref_template="#/components/schemas/Problem/$defs/{model}")
    return dict(schema)


def _answers() -> dict[str, Any]:
    content = {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": text, "content": content} for status, text in _PROBLEMS.items()}
