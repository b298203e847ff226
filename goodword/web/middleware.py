"""What happens around every page: her language, and the house's errors put into HTTP, once."""

from collections.abc import Callable
from contextlib import nullcontext
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.decorators import sync_only_middleware
from django.utils.http import url_has_allowed_host_and_scheme

from goodword.accounts.queries import staff_language
from goodword.journal.queries import number_events
from goodword.lib.errors import GoodwordError, Invalid, NotFound, Refused
from goodword.policies.queries import current_book, one_look
from goodword.web.answers import CURSOR

Page = Callable[[HttpRequest], HttpResponse]
READING = {"GET", "HEAD"}
STAFF_DOORS = ("/desk/", "/sign-in/")
_STATUS: dict[type[GoodwordError], int] = {NotFound: 404, Refused: 409, Invalid: 422}


@sync_only_middleware
def speak_the_agents_language(get_response: Page) -> Page:
    """Show the pages in the signed-in agent's own language and in the company's time.

    Before she has signed in that is the browser's language, if the staff pages are whole in it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        if signed_in or request.path.startswith(STAFF_DOORS):
            _speak(request, staff_language(getattr(request.user, "language", "") or translation.get_language() or ""))
        if not signed_in:
            return get_response(request)
        if request.method in READING and "HX-Request" not in request.headers:
            request.META[CURSOR] = number_events()
        # What is only read is read in one version of the book; a post may publish the next one.
        with one_look() if request.method in READING else nullcontext(), timezone.override(company_zone()):
            return get_response(request)

    return middleware


def _speak(request: HttpRequest, language: str) -> None:
    request.LANGUAGE_CODE = language
    translation.activate(language)


@sync_only_middleware
def translate_errors(get_response: Page) -> Page:
    """Turn NotFound, Refused and Invalid into pages with the right status; rooms know nothing of HTTP."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, GoodwordError):
            return None
        status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
        return _said_in_place(request, error, status) or _error_page(request, error, status)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django's own hook
    return middleware


def _said_in_place(request: HttpRequest, error: GoodwordError, status: int) -> HttpResponse | None:
    """For htmx: the sentence above the page she is on, which stays as it is."""
    if not getattr(request, "htmx", False):
        return None
    messages.error(request, str(error))
    response = render(request, "layout/messages.html", {"oob": True}, status=status)
    response["HX-Reswap"] = "none"
    return response


def _error_page(request: HttpRequest, error: GoodwordError, status: int) -> HttpResponse:
    back = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    context = {"message": str(error), "status": status, "back": back if ours else ""}
    return render(request, "web/error.html", context, status=status)


def company_zone() -> ZoneInfo:
    """The zone in which the company's days begin; UTC before it has a book."""
    try:
        return ZoneInfo(current_book().time_zone)
    except NotFound:
        return ZoneInfo("UTC")
