"""How an agent likes her pages: light or dark, and in which language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from goodword.accounts.actions import choose_language
from goodword.web.answers import agent_of, back_to, staff_page
from goodword.web.context import THEMES

ONE_YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark in a cookie, or follow the system again. For everybody, signed in or not."""
    response = back_to(request, reverse("portal:front"))
    wanted = request.POST.get("theme", "")
    if wanted in THEMES:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie("theme", wanted, max_age=ONE_YEAR_SECONDS, samesite="Lax", secure=secure)
    else:
        response.delete_cookie("theme")
    return response


@staff_page
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Show her the pages in another language from now on."""
    choose_language(agent_of(request), request.POST.get("language", ""))
    return back_to(request, reverse("web:queue"))
