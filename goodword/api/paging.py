"""Cursors: where a page ended, so that the next one goes on behind it whatever came in between."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from ninja import Schema
from pydantic import Field

from goodword.api.problems import ApiError, FieldProblem
from goodword.api.values import LARGEST_ID

Row = TypeVar("Row", bound=Model)
Cursor = Annotated[str | None, Field(max_length=200, description="The `next` of the page before.")]
Limit = Annotated[int, Field(ge=1, le=100, description="How many at most.")]
Next = Annotated[str | None, Field(description="Cursor of the page after this one, or null at the end.")]


class Paged(Schema):
    """Which page."""

    cursor: Cursor = None
    limit: Limit = 50


def to_cursor(*position: Any) -> str:
    """The sort key of a page's last row as an opaque word for a URL."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def from_cursor(cursor: str, parts: int) -> list[Any]:
    """The sort key again. Raises ApiError 422 if this is no cursor of ours."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        position = None
    if isinstance(position, list) and len(position) == parts:
        return position
    raise wrong_cursor()


def wrong_cursor() -> ApiError:
    """The problem of a cursor that is not one of this list."""
    wrong = FieldProblem(field="query.cursor", message="This is not a cursor from an earlier page.")
    return ApiError(422, "The cursor is not one of this list. Begin again without it.", kind="cursor", errors=[wrong])


def pages_by_id(rows: QuerySet[Row], wanted: Paged, *, newest_first: bool = False) -> tuple[list[Row], str | None]:
    """One page of rows by id, and the cursor of the page after. The query costs the same however far one has got."""
    rows = rows.order_by("-pk" if newest_first else "pk")
    if wanted.cursor:
        (last,) = from_cursor(wanted.cursor, parts=1)
        if not isinstance(last, int) or isinstance(last, bool) or not 0 < last <= LARGEST_ID:
            raise wrong_cursor()
        rows = rows.filter(pk__lt=last) if newest_first else rows.filter(pk__gt=last)
    return cut(rows[: wanted.limit + 1], wanted.limit, lambda row: to_cursor(row.pk))


def cut(rows: Iterable[Row], limit: int, cursor_of: Callable[[Row], str]) -> tuple[list[Row], str | None]:
    """Of one row too many: those to show, and the cursor if there are more."""
    found = list(rows)
    shown = found[:limit]
    return shown, cursor_of(shown[-1]) if len(found) > limit else None
