"""What every template knows: the company whose desk this is, and how the reader likes it shown."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from goodword.lib.errors import NotFound
from goodword.policies.queries import current_book
from goodword.web.answers import CURSOR
from goodword.web.shown.frame import lazy_frame

THEMES = ("light", "dark")


def company(request: HttpRequest) -> dict[str, Any]:
    """`demo`, `theme`, the company from the book in force, and the frame of a signed-in agent's page."""
    theme = request.COOKIES.get("theme", "")
    user = getattr(request, "user", None)
    return {
        "demo": settings.DEMO,
        "theme": theme if theme in THEMES else "",
        "frame": lazy_frame(user if user is not None and user.is_authenticated else None, request.META.get(CURSOR)),
        **_from_the_book(),
    }


def _from_the_book() -> dict[str, Any]:
    try:
        book = current_book()
    except NotFound:
        return {"company_name": "Goodword", "memberships": [], "contact": {}}
    return {"company_name": book.name, "memberships": book.memberships, "contact": book.contact}
