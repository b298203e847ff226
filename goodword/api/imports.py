"""Files of products, orders and deliveries, brought in by the desk's worker: begun, watched, told line by line."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from goodword.accounts.models import Agent
from goodword.api.asked import Id
from goodword.api.keys import caller_with
from goodword.api.paging import Next, Paged, pages_by_id
from goodword.orders.import_queries import import_by_id, imports, report_of
from goodword.orders.imports import begin_import, import_for_real, resume_import
from goodword.orders.models import Import

router = Router(tags=["imports"])
READ = ("orders:read", "orders:write", "deliveries:read", "deliveries:write")
WRITE = ("orders:write", "deliveries:write")


class ImportOut(Schema):
    """A file on its way in. The counts grow while it runs."""

    id: int
    kind: str = Field(description="products, orders or deliveries.")
    name: str
    dry_run: bool
    state: str = Field(description="waiting, running, done or failed.")
    problem: str
    total: int = Field(description="Records in the file.")
    cursor: int = Field(description="How many of them are done.")
    created: int
    changed: int
    unchanged: int
    refused: int
    made_at: datetime
    finished_at: datetime | None


class ImportPage(Schema):
    """The newest first."""

    imports: list[ImportOut]
    next: Next


class Begun(Schema):
    """How the file is to be brought in."""

    kind: Literal["products", "orders", "deliveries"] | None = Field(
        default=None, description="Read off the file if left out; refused (422) if it holds something else."
    )
    dry_run: bool = Field(default=False, description="Say what would be stored, and store nothing.")
    name: Annotated[str, Field(max_length=200)] = Field(default="API", description="What the list calls it.")


class Reported(Schema):
    """Which records the report tells of."""

    only: Literal["created", "changed", "unchanged", "refused"] | None = None


_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string", "minLength": 1}},
            "application/x-ndjson": {"schema": {"type": "string", "minLength": 1}},
            "application/json": {"schema": {"type": "array", "minItems": 1, "items": {"type": "object"}}},
        },
    }
}
_CSV = {"responses": {200: {"description": "The report.", "content": {"text/csv": {"schema": {"type": "string"}}}}}}


@router.get("/imports", response=ImportPage, summary="Imports")
def list_imports(request: HttpRequest, wanted: Query[Paged]) -> ImportPage:
    """Those of everybody."""
    caller_with(request, *READ)
    shown, following = pages_by_id(imports(), wanted, newest_first=True)
    return ImportPage(imports=[ImportOut.from_orm(each) for each in shown], next=following)


@router.post("/imports", response={202: ImportOut}, summary="Import a file", openapi_extra=_FILE)
def create_import(request: HttpRequest, response: HttpResponse, how: Query[Begun]) -> Status[ImportOut]:
    """CSV, one JSON object a line, or a JSON array, up to 64 MB. The worker brings it in; GET the address in `Location`
    to watch it. The same file sent again while it is not done is the same import. docs/import.md tells the columns."""
    agent = caller_with(request, *WRITE)
    begun = begin_import(request.body, how.name, by=agent, dry_run=how.dry_run, kind=how.kind or "")
    _require_scope(request, begun)
    return _accepted(response, begun)


@router.get("/imports/{pk}", response=ImportOut, summary="One import")
def read_import(request: HttpRequest, pk: Id) -> ImportOut:
    """How far it is."""
    caller_with(request, *READ)
    return ImportOut.from_orm(import_by_id(pk))


@router.get("/imports/{pk}/report", response=None, summary="Its report", openapi_extra=_CSV)
def read_report(request: HttpRequest, pk: Id, which: Query[Reported]) -> HttpResponse:
    """Every record as a line of CSV: line, outcome, column, reason."""
    caller_with(request, *READ)
    return _as_csv(report_of(import_by_id(pk), only=which.only or ""), f"import-{pk}.csv")


@router.post("/imports/{pk}/resume", response={202: ImportOut}, summary="Go on with it")
def resume(request: HttpRequest, response: HttpResponse, pk: Id) -> Status[ImportOut]:
    """Refused (409) unless it has failed. One whose process died goes on by itself."""
    agent, found = _to_write(request, pk)
    return _accepted(response, resume_import(found, by=agent))


@router.post("/imports/{pk}/store", response={202: ImportOut}, summary="Store what was tried")
def store(request: HttpRequest, response: HttpResponse, pk: Id) -> Status[ImportOut]:
    """Bring in the file of a dry run for real, as an import of its own. Its file is kept for a day."""
    agent, found = _to_write(request, pk)
    return _accepted(response, import_for_real(found, by=agent))


def _to_write(request: HttpRequest, pk: int) -> tuple[Agent, Import]:
    agent = caller_with(request, *WRITE)
    found = import_by_id(pk)
    _require_scope(request, found)
    return agent, found


def _require_scope(request: HttpRequest, begun: Import) -> None:
    caller_with(request, "deliveries:write" if begun.kind == "deliveries" else "orders:write")


def _accepted(response: HttpResponse, begun: Import) -> Status[ImportOut]:
    response["Location"] = f"/api/v1/imports/{begun.pk}"
    return Status(202, ImportOut.from_orm(begun))


def _as_csv(lines: Iterable[str], name: str) -> HttpResponse:
    headers: dict[str, Any] = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)  # type: ignore[return-value]  # ninja hands it on as it is
