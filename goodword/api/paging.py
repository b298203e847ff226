"""Cursors: where a page ended, so that the next one goes on behind it whatever came in between."""

import base64
import binascii
import json
from typing import Any

from goodword.api.problems import ApiError, FieldProblem


def to_cursor(*position: Any) -> str:
    """The sort key of a page's last row as an opaque word for a URL."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def from_cursor(cursor: str, parts: int) -> list[Any]:
    """The sort key again. Raises ApiError 422 if this is no cursor of ours."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        position = None
    if isinstance(position, list) and len(position) == parts:
        return position
    wrong = FieldProblem(field="query.cursor", message="This is not a cursor from an earlier page.")
    raise ApiError(422, "The cursor is not one this API gave out. Begin again without it.", errors=[wrong])
