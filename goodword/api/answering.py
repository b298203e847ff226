"""Around every route: who asks and how often, what was sent, and that a request is done once, whole or not at all."""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from goodword.accounts.answering_once import (
    Answer,
    AnswerErased,
    OtherRequest,
    StillRunning,
    answer_once,
    answer_whole,
)
from goodword.accounts.api_keys import Allowance, count_request
from goodword.api import problems
from goodword.api.bodies import JSON, LARGEST_JSON_BYTES, check_content_type, is_keepable, read_body, read_json
from goodword.api.keys import Caller, caller_of
from goodword.api.problems import ApiError, FieldProblem
from goodword.policies.queries import one_look

View = Callable[..., HttpResponse]
Known = Mapping[str, Collection[str]]
_KEPT_HEADERS = ("Content-Type", "Location", "ETag")
_TOKEN = re.compile(r"[!-~]{1,255}")
TAKES_FILES = {"/api/v1/imports": ("application/json", "application/x-ndjson", "text/csv")}
LARGEST_FILE_BYTES = 64 * 1024 * 1024


def answered(view: View, known: Known) -> View:
    """`view` behind everything that holds for all addresses. `known`: its methods, and what the query of each holds."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return _answer(request, known, lambda: view(request, *args, **kwargs))
        except ApiError as error:
            return problems.of_this_door(request, error)
        except Exception as error:  # a bug outside the route: the same answer as for one inside
            return problems.of_a_bug(request, error)

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # a bearer key is never sent by a browser on its own
    return answer


def _answer(request: HttpRequest, known: Known, work: Callable[[], HttpResponse]) -> HttpResponse:
    if request.method not in known:
        return problems.wrong_method(request, known)
    if not is_keepable(request.path) or not all(map(is_keepable, _query_words(request))):
        raise ApiError(404, "There is nothing at this address: it holds a NUL or half a character.")
    caller = caller_of(request)
    if caller is None:
        return problems.wrong_key(request)
    request.caller = caller  # type: ignore[attr-defined]  # for BearerKey
    allowance = count_request(caller.key)
    try:
        if allowance.is_over:
            return _with_allowance(_too_many(allowance), allowance)
        _check_query(request, known[request.method or ""])
        response = _read_and_do(request, caller, work)
    except ApiError as error:
        response = problems.of_this_door(request, error)
    return _with_allowance(response, allowance)


def _check_query(request: HttpRequest, known: Collection[str]) -> None:
    """A word that is misspelt or stands there twice is an error: a filter that does nothing shows what nobody asked."""
    for name, values in request.GET.lists():
        if name not in known:
            message = f"There is no such parameter here. Known are: {', '.join(sorted(known)) or 'none'}."
        elif len(values) > 1:
            message = "This parameter stands there more than once. Send it once."
        else:
            continue
        wrong = FieldProblem(field=f"query.{name[:60]}", message=message, near=get_close_matches(name, known))
        raise ApiError(422, message, kind="unreadable-request", errors=[wrong])


def _read_and_do(request: HttpRequest, caller: Caller, work: Callable[[], HttpResponse]) -> HttpResponse:
    if request.method in {"GET", "HEAD"}:
        with one_look():
            return work()
    taken = TAKES_FILES.get(request.path)
    body = read_body(request, LARGEST_FILE_BYTES if taken else LARGEST_JSON_BYTES)
    if body:
        check_content_type(request, taken or (JSON,))
    request.sent = None if taken else read_json(body)  # type: ignore[attr-defined]  # for ParsedBefore
    token = _token(request) if request.method == "POST" else ""
    if not token:
        return _response(answer_whole(lambda: _as_answer(work())))
    return _done_once(caller, token, _digest(request, body), work)


def _done_once(caller: Caller, token: str, digest: str, work: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        answer, is_earlier = answer_once(caller.key, token, digest, lambda: _as_answer(work()))
    except OtherRequest as error:
        wrong = FieldProblem(field="header.Idempotency-Key", message=str(error))
        raise ApiError(422, str(error), kind="idempotency-key-reused", errors=[wrong]) from None
    except StillRunning as error:
        headers = {"Retry-After": str(error.seconds)}
        raise ApiError(409, str(error), kind="in-progress", headers=headers) from None
    except AnswerErased as error:
        raise ApiError(409, str(error), kind="answer-erased") from None
    response = _response(answer)
    if is_earlier:
        response["Idempotency-Replayed"] = "true"
    return response


def _token(request: HttpRequest) -> str:
    if "Idempotency-Key" not in request.headers:
        return ""
    token = str(request.headers["Idempotency-Key"])
    if not _TOKEN.fullmatch(token):
        message = "An idempotency key is 1 to 255 ASCII characters without blanks, such as a UUID."
        wrong = FieldProblem(field="header.Idempotency-Key", message=message)
        raise ApiError(422, message, kind="unreadable-request", errors=[wrong])
    return token


def _digest(request: HttpRequest, body: bytes) -> str:
    match = request.headers.get("If-Match", "")
    whole = hashlib.sha256(f"{request.method} {request.get_full_path()} {match}\n".encode())
    whole.update(body)
    return whole.hexdigest()


def _as_answer(response: HttpResponse) -> Answer:
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    if response.status_code >= 400:
        headers = dict(response.items())
    return Answer(response.status_code, headers, response.content.decode())


def _response(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.body, status=answer.status, headers=answer.headers)


def _query_words(request: HttpRequest) -> list[str]:
    return [word for name, values in request.GET.lists() for word in (name, *values)]


def _too_many(allowance: Allowance) -> HttpResponse:
    wait = allowance.reset_seconds
    detail = f"This key may ask {allowance.limit} times a minute. Ask again in {wait} seconds."
    return problems.problem(429, detail, kind="too-many-requests", headers={"Retry-After": str(wait)})


def _with_allowance(response: HttpResponse, allowance: Allowance) -> HttpResponse:
    """The draft of the IETF's HTTPAPI group, and beside it the three headers that most clients read today."""
    response["RateLimit-Policy"] = f'"minute";q={allowance.limit};w=60'
    response["RateLimit"] = f'"minute";r={allowance.remaining};t={allowance.reset_seconds}'
    response["RateLimit-Limit"] = str(allowance.limit)
    response["RateLimit-Remaining"] = str(allowance.remaining)
    response["RateLimit-Reset"] = str(allowance.reset_seconds)
    return response
