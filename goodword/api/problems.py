"""Every error of the API as problem details (RFC 9457): one shape, one place that makes it."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from goodword.lib.errors import GoodwordError, Invalid, NotFound, Refused

CONTENT_TYPE = "application/problem+json"
View = Callable[..., HttpResponse]
_STATUS: dict[type[GoodwordError], int] = {NotFound: 404, Refused: 409, Invalid: 422}


class FieldProblem(Schema):
    """One thing that is wrong in what was sent."""

    field: str = Field(description="Where it stands, like `facts.category` or `query.limit`.")
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

    def __init__(self, status: int, detail: str, *, kind: str = "", errors: list[FieldProblem] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind, self.errors = status, detail, kind, errors or []


def problem(
    status: int, detail: str, *, kind: str = "", errors: list[FieldProblem] | None = None, headers: Any = None
) -> HttpResponse:
    """A problem as a response; `kind` becomes the URN `urn:goodword:problem:KIND`, or about:blank."""
    body = Problem(
        type=f"urn:goodword:problem:{kind}" if kind else "about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=errors or [],
    )
    return JsonResponse(body.dict(), status=status, content_type=CONTENT_TYPE, headers=headers)


def install(api: NinjaAPI) -> None:
    """Have `api` answer every error it knows as a problem; a bug stays Django's to report."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        ApiError: _of_this_door,
        GoodwordError: _of_the_house,
        ValidationError: _of_the_request,
        HttpError: _of_ninja,
        Http404: _nothing_here,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def no_such_address(request: HttpRequest) -> HttpResponse:
    """The answer to any address under the API that has no route."""
    return problem(404, f"There is nothing at {request.path}. GET /api/v1/openapi.json lists every address.")


def wrong_method_as_problem(view: View) -> View:
    """Ninja answers 405 in plain text before any handler is asked; here it becomes a problem like the rest."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        detail = f"{request.path} does not take {request.method}. It takes {response['Allow']}."
        return problem(405, detail, headers={"Allow": response["Allow"]})

    return answered


def _of_this_door(request: HttpRequest, error: ApiError) -> HttpResponse:
    return problem(error.status, error.detail, kind=error.kind, errors=error.errors)


def _of_the_house(request: HttpRequest, error: GoodwordError) -> HttpResponse:
    status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
    field = getattr(error, "field", "")
    errors = [FieldProblem(field=field, message=str(error))] if field else []
    return problem(status, str(error), errors=errors)


def _of_the_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [FieldProblem(field=_place(item["loc"]), message=str(item["msg"])) for item in error.errors]
    named = "; ".join(f"{item.field}: {item.message}" for item in errors)
    return problem(422, f"What was sent cannot be read. {named}.", kind="unreadable-request", errors=errors)


def _of_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 401:
        return problem(401, _wrong_key(request), kind="wrong-key", headers={"WWW-Authenticate": "Bearer"})
    return problem(error.status_code, str(error))


def _nothing_here(request: HttpRequest, error: Http404) -> HttpResponse:
    return no_such_address(request)


def _wrong_key(request: HttpRequest) -> str:
    if not request.headers.get("Authorization"):
        return "This address needs an API key. Send the header `Authorization: Bearer YOUR-KEY`."
    return "The API key is not known here or has ended. Ask a manager of this desk for a new one."


def _place(location: tuple[str | int, ...]) -> str:
    """`("body", "preview", "facts")` as `facts`; ninja puts the source and the parameter's name in front."""
    source, *rest = [str(part) for part in location]
    if source == "body":
        return ".".join(rest[1:]) or "body"
    return ".".join([source, *rest])
