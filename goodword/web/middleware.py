"""What happens around every page: her language, and the house's errors put into HTTP, once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.decorators import sync_only_middleware

from goodword.lib.errors import GoodwordError, Invalid, NotFound, Refused

Page = Callable[[HttpRequest], HttpResponse]
_STATUS: dict[type[GoodwordError], int] = {NotFound: 404, Refused: 409, Invalid: 422}


@sync_only_middleware
def speak_the_agents_language(get_response: Page) -> Page:
    """Show the pages in the signed-in agent's own language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]  # set by LocaleMiddleware the same way
        return get_response(request)

    return middleware


@sync_only_middleware
def translate_errors(get_response: Page) -> Page:
    """Turn NotFound, Refused and Invalid into pages with the right status; rooms know nothing of HTTP."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, GoodwordError):
            return None
        status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
        return render(request, "web/error.html", {"message": str(error), "status": status}, status=status)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django's own hook
    return middleware
