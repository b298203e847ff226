"""Bringing in orders, products and deliveries from a file: tried first, watched, reported line by line."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from goodword.accounts.models import Agent
from goodword.accounts.queries import is_among_the_highest
from goodword.lib.errors import Invalid, Refused
from goodword.orders.import_queries import import_by_id, report_of
from goodword.orders.imports import LARGEST_BYTES, begin_import, import_for_real, resume_import
from goodword.policies.queries import current_book
from goodword.web.answers import agent_of, staff_page
from goodword.web.shown.imports import shown_import, shown_imports


@staff_page
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """The form, and what was brought in, the newest first; htmx asks for the list alone while one runs."""
    _manager(request)
    listed = shown_imports()
    context = {"here": "imports", "imports": listed, "is_running": any(each.is_running for each in listed)}
    template = "web/imports_list.html" if request.GET.get("part") == "list" else "web/imports.html"
    return render(request, template, context)


@staff_page
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One import with the lines that were refused."""
    _manager(request)
    return render(request, "web/import.html", {"here": "imports", "import": shown_import(import_by_id(pk))})


@staff_page
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the file; the worker brings it in, or only tries it."""
    manager = _manager(request)
    file = request.FILES.get("file")
    try:
        if not isinstance(file, UploadedFile):
            raise Invalid(_("Choose a file first."), field="file")
        if (file.size or 0) > LARGEST_BYTES:
            raise Invalid(_("The file is larger than 64 MB. Send it in several parts."), field="file")
        begun = begin_import(file.read(), file.name or "", by=manager, dry_run="try" in request.POST)
    except Invalid as error:
        context = {"here": "imports", "imports": shown_imports(), "wrong": str(error)}
        return render(request, "web/imports.html", context, status=422)
    return redirect("web:import", begun.pk)


@staff_page
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each line, as a CSV file."""
    _manager(request)
    headers = {"Content-Disposition": f'attachment; filename="import-{pk}.csv"'}
    lines = report_of(import_by_id(pk))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)  # type: ignore[return-value]  # a response like any other


@staff_page
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with one that has failed."""
    resume_import(import_by_id(pk), by=_manager(request))
    messages.success(request, _("The import goes on where it stopped."))
    return redirect("web:import", pk)


@staff_page
@require_POST
def store(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring in for real what was tried."""
    begun = import_for_real(import_by_id(pk), by=_manager(request))
    return redirect("web:import", begun.pk)


def _manager(request: HttpRequest) -> Agent:
    agent = agent_of(request)
    if not is_among_the_highest(agent, current_book()):
        raise Refused(_("Orders are brought in by managers. Ask one of them."))
    return agent
