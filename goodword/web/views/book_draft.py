"""Writing the next version of the book in the browser: edit, see what is wrong, see whom it changes, publish."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword import engine
from goodword.desk.queries.past_cases import past_cases
from goodword.lib.errors import Invalid, NotFound
from goodword.policies.actions import discard_draft, publish_draft, save_draft, start_draft
from goodword.policies.errors import BookInvalid
from goodword.policies.keepers import require_keeper
from goodword.policies.models import Draft
from goodword.policies.preview import preview_draft
from goodword.policies.queries import current_book, current_draft, readable
from goodword.web.answers import agent_of, is_htmx, staff_page
from goodword.web.shown.changes import shown_changes

FIRST_FILE = "returns.md"


@staff_page
def draft(request: HttpRequest) -> HttpResponse:
    """The draft: its files at one side, the one she edits at the other, what is wrong below it."""
    require_keeper(agent_of(request))
    current = _draft()
    return render(request, "web/book_draft.html", _context(current, request.GET.get("file", "")))


@staff_page
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin a draft from the book in force, or go on with the one there is."""
    require_keeper(agent_of(request))
    start_draft(by=agent_of(request))
    name = request.POST.get("file", "")
    return redirect(reverse("web:book_draft", query={"file": name} if name else None))


@staff_page
@require_POST
def findings(request: HttpRequest) -> HttpResponse:
    """Keep the text as it is now and say what is wrong with it, with its lines."""
    require_keeper(agent_of(request))
    name = request.POST.get("file", "")
    current = _keep(request, _draft(), name)
    if is_htmx(request):
        return render(request, "web/book_findings.html", _context(current, name))
    return render(request, "web/book_draft.html", _context(current, name))


@staff_page
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the draft would have changed, and for whom: past decisions decided again with the facts of their time.

    With a day, as if all fell on it: only so does a value that begins in the future show.
    """
    require_keeper(agent_of(request))
    name = request.POST.get("file", "")
    current = _keep(request, _draft(), name)
    day = _asked_day(request)
    seen = preview_draft(current, past_cases(), on=day)
    context = _context(current, name) | {
        "preview": seen,
        "day": day,
        "changes": shown_changes(seen.changes, current_book(), agent_of(request)),
    }
    template = "web/book_preview.html" if is_htmx(request) else "web/book_draft.html"
    return render(request, template, context)


@staff_page
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Put the draft in force, if nothing is wrong with it."""
    require_keeper(agent_of(request))
    name = request.POST.get("file", "")
    current = _keep(request, _draft(), name)
    try:
        publish_draft(current, by=agent_of(request), note=request.POST.get("note", "").strip()[:500])
    except BookInvalid as error:
        messages.error(request, str(error))
        return render(request, "web/book_draft.html", _context(current, name), status=422)
    messages.success(request, _("The new version is in force."))
    return redirect("web:policies")


@staff_page
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    require_keeper(agent_of(request))
    discard_draft(_draft(), by=agent_of(request))
    messages.success(request, _("The draft is gone. The book in force has not changed."))
    return redirect("web:policies")


def _draft() -> Draft:
    found = current_draft()
    if found is None:
        raise NotFound(_("There is no draft of the book. Begin one from the list of policies."))
    return found


def _asked_day(request: HttpRequest) -> date | None:
    asked = request.POST.get("day", "").strip()
    try:
        return date.fromisoformat(asked) if asked else None
    except ValueError:
        raise Invalid(
            _("“%(asked)s” is not a day. Write it like 2026-12-24.") % {"asked": asked}, field="day"
        ) from None


def _keep(request: HttpRequest, current: Draft, name: str) -> Draft:
    if name not in current.files or "text" not in request.POST:
        return current
    # A browser sends line ends as CRLF; the book's files have LF, and their hash must not change for that.
    text = request.POST["text"].replace("\r\n", "\n")
    if text == current.files[name]:
        return current
    return save_draft(current, {**current.files, name: text}, by=agent_of(request))


def _context(current: Draft, name: str) -> dict[str, object]:
    files = sorted(current.files)
    name = name if name in current.files else (FIRST_FILE if FIRST_FILE in current.files else files[0])
    found = engine.check(readable(current.files))
    return {
        "here": "policies",
        "draft": current,
        "files": [(each, current.files[each] != current.based_on.files.get(each)) for each in files],
        "file": name,
        "text": current.files[name],
        "findings": sorted(found, key=lambda each: (each.level != "error", each.file != name, each.file, each.line)),
        "errors": sum(1 for each in found if each.level == "error"),
    }
