"""Every error of the API as problem details (RFC 9457): one shape, one place that makes it."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from traceback import extract_tb
from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from goodword.lib.errors import GoodwordError, Invalid, NotFound, Refused

log = structlog.get_logger("goodword.api")

CONTENT_TYPE = "application/problem+json"
_STATUS: dict[type[GoodwordError], int] = {NotFound: 404, Refused: 409, Invalid: 422}
_OUTSIDE_THE_BODY = ("query", "path", "header")


class FieldProblem(Schema):
    """One thing that is wrong in what was sent."""

    field: str = Field(description="Where it stands, like `facts.category`, `query.limit` or `header.If-Match`.")
    pointer: str | None = Field(
        default=None, description="The same place in the body as a JSON pointer (RFC 6901), like `#/facts/category`."
    )
    message: str = Field(description="What is wrong with it, as a sentence.")
    near: list[str] = Field(default=[], description="Names that were probably meant.")


class Problem(Schema):
    """What went wrong (RFC 9457). `detail` is a sentence for a person; `errors` is for the program."""

    type: str = Field(default="about:blank", description="A stable name of the kind of problem.")
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []


class ApiError(Exception):
    """Raised by this door itself. `kind` is the stable last word of the problem's `type`."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str = "",
        errors: list[FieldProblem] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind
        self.errors, self.headers = errors or [], headers or {}


def problem(
    status: int, detail: str, *, kind: str = "", errors: list[FieldProblem] | None = None, headers: Any = None
) -> HttpResponse:
    """A problem as a response; `kind` becomes the URN `urn:goodword:problem:KIND`, or about:blank."""
    body = Problem(
        type=f"urn:goodword:problem:{kind}" if kind else "about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=[_pointed(error) for error in errors or []],
    )
    return JsonResponse(body.model_dump(), status=status, content_type=CONTENT_TYPE, headers=headers)


def pointer_to(parts: Iterable[str | int]) -> str:
    """A place in a body as the fragment of a JSON pointer: `("facts", "a/b")` is `#/facts/a~1b`."""
    return "#" + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def install(api: NinjaAPI) -> None:
    """Have `api` answer every error as a problem; a bug is logged, and says nothing of itself to whoever asked."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        ApiError: of_this_door,
        GoodwordError: _of_the_house,
        ValidationError: _of_the_request,
        HttpError: _of_ninja,
        Http404: _nothing_here,
        Exception: of_a_bug,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def no_such_address(request: HttpRequest) -> HttpResponse:
    """The answer to any address under the API that has no route."""
    return problem(404, "There is nothing at this address. GET /api/v1/openapi.json lists every address.")


def wrong_method(request: HttpRequest, allowed: Iterable[str]) -> HttpResponse:
    """The answer to a method that the address does not take."""
    allow = ", ".join(sorted(allowed))
    return problem(405, f"This address does not take {request.method}. It takes {allow}.", headers={"Allow": allow})


def wrong_key(request: HttpRequest) -> HttpResponse:
    """The answer to somebody whose key opens nothing."""
    if request.headers.get("Authorization"):
        detail = "The API key is not known here or has ended. Ask a manager of this desk for a new one."
    else:
        detail = "This address needs an API key. Send the header `Authorization: Bearer YOUR-KEY`."
    return problem(401, detail, kind="wrong-key", headers={"WWW-Authenticate": "Bearer"})


def of_this_door(request: HttpRequest, error: ApiError) -> HttpResponse:
    """What this door itself refuses."""
    return problem(error.status, error.detail, kind=error.kind, errors=error.errors, headers=error.headers)


def of_a_bug(request: HttpRequest, error: Exception) -> HttpResponse:
    """A mistake of ours: where it happened is logged, never its text, which may quote a customer."""
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]
    log.error("api.failed", method=request.method, error=type(error).__name__, where=where[-6:])
    detail = "Something went wrong here, and nothing was stored. Try again; if it stays, tell whoever runs this desk."
    return problem(500, detail, kind="bug")


def _of_the_house(request: HttpRequest, error: GoodwordError) -> HttpResponse:
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 409)
    field = getattr(error, "field", "")
    errors = [FieldProblem(field=field, message=str(error))] if field else _differences(error)
    return problem(status, str(error), kind=getattr(error, "kind", ""), errors=errors)


def _differences(error: GoodwordError) -> list[FieldProblem]:
    """Where a letter says something else than was decided (`desk.errors.DiffersFromDecision`)."""
    found = getattr(error, "differences", ())
    return [FieldProblem(field="text", message=f"{each.found!r} is not {each.expected!r}.") for each in found]


def _of_the_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if all(item["loc"][0] == "path" for item in error.errors):
        return no_such_address(request)
    errors = [_field_problem(tuple(item["loc"]), str(item["msg"])) for item in error.errors]
    named = "; ".join(f"{item.field}: {item.message}" for item in errors[:5])
    return problem(422, f"What was sent cannot be read. {named}.", kind="unreadable-request", errors=errors)


def _field_problem(location: tuple[str | int, ...], message: str) -> FieldProblem:
    """`("body", "preview", "facts")` as `facts`; ninja puts the source and the parameter's name in front."""
    source, *rest = location
    if source == "body":
        inside = [str(part) for part in rest[1:]]
        return FieldProblem(field=".".join(inside) or "body", pointer=pointer_to(inside), message=message)
    return FieldProblem(field=".".join(str(part) for part in location), message=message)


def _of_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 401:
        return wrong_key(request)
    return problem(error.status_code, str(error))


def _nothing_here(request: HttpRequest, error: Http404) -> HttpResponse:
    return no_such_address(request)


def _pointed(error: FieldProblem) -> FieldProblem:
    """With its JSON pointer, if it is about the body."""
    if error.pointer is not None or error.field.split(".")[0] in _OUTSIDE_THE_BODY:
        return error
    inside = [] if error.field == "body" else error.field.split(".")
    return error.model_copy(update={"pointer": pointer_to(inside)})
