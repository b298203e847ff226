"""Reading what was sent: its size, kind and JSON; what no database can keep is refused here, once for all routes."""

import json
import math
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from goodword.api.problems import ApiError, FieldProblem, pointer_to

JSON = "application/json"
LARGEST_JSON_BYTES = 1024 * 1024
_WIDEST = 2**63
_CHUNK = 64 * 1024


class ParsedBefore(Parser):
    """Hands ninja the JSON that `read_json` has read already."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The parsed body."""
        return request.sent  # type: ignore[attr-defined]  # set by answering


def read_body(request: HttpRequest, largest_bytes: int) -> bytes:
    """The whole body. Raises ApiError 413, before reading it where its length is given."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    body = b""
    if not length.isdecimal() or int(length) <= largest_bytes:
        parts, size = [], 0
        while size <= largest_bytes and (part := request.read(_CHUNK)):
            parts.append(part)
            size += len(part)
        body = b"".join(parts)
        if size <= largest_bytes:
            request._body = body  # Django's own limit is one for all addresses
            return body
    detail = f"The body is larger than the {largest_bytes:,} bytes this address takes. Send it in several parts."
    raise ApiError(413, detail, kind="too-large")


def check_content_type(request: HttpRequest, taken: tuple[str, ...]) -> None:
    """Raises ApiError 415 for a body that says it is something else."""
    if request.content_type not in taken:
        known = " or ".join(taken)
        detail = f"The body must be {known}; the header Content-Type says {request.content_type or 'nothing'}."
        raise ApiError(415, detail, kind="content-type", headers={"Accept": ", ".join(taken)})


def read_json(body: bytes) -> Any:
    """The body as JSON. Raises ApiError 400 if it is none, 422 for what cannot be kept: NUL, half a character, a
    number beyond 64 bits."""
    if not body:
        return None
    try:
        sent = json.loads(body, parse_constant=_no_number)
    except RecursionError:
        raise ApiError(400, "The body is nested too deeply to be read.", kind="not-json") from None
    except ValueError:
        raise ApiError(400, "The body is not JSON in UTF-8.", kind="not-json") from None
    for place, message in _unkeepable(sent):
        field = ".".join(str(part) for part in place) or "body"
        wrong = FieldProblem(field=_kept(field), pointer=_kept(pointer_to(place)), message=message)
        raise ApiError(422, f"What was sent cannot be kept. {message}", kind="unreadable-request", errors=[wrong])
    return sent


def is_keepable(text: str) -> bool:
    """Whether both databases can keep it: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any(0xD800 <= ord(sign) <= 0xDFFF for sign in text)


def _unkeepable(sent: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), sent)]
    while waiting:
        place, part = waiting.pop()
        if isinstance(part, str) and not is_keepable(part):
            yield place, "This text holds a NUL or half a character."
        elif isinstance(part, bool) or part is None:
            continue
        elif isinstance(part, int) and not -_WIDEST <= part < _WIDEST:
            yield place, "This number is beyond 64 bits."
        elif isinstance(part, float) and not math.isfinite(part):
            yield place, "This number is too large."
        elif isinstance(part, list):
            waiting.extend(((*place, number), each) for number, each in enumerate(part))
        elif isinstance(part, dict):
            waiting.extend(((*place, name), each) for name, each in part.items())
            waiting.extend(((*place, name), name) for name in part if not is_keepable(name))


def _kept(text: str) -> str:
    return text.replace("\x00", "\ufffd").encode("utf-8", errors="replace").decode("utf-8")


def _no_number(word: str) -> None:
    raise ValueError(word)
