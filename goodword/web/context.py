"""What every template knows: the company whose desk this is, and how the reader likes it shown."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark")


def company(request: HttpRequest) -> dict[str, Any]:
    """`demo`, `theme`, and the company's name and memberships from the book in force."""
    theme = request.COOKIES.get("theme", "")
    return {"demo": settings.DEMO, "theme": theme if theme in THEMES else "", **_from_the_book()}


def _from_the_book() -> dict[str, Any]:
    try:
        from goodword.policies.queries import current_book
    except ImportError:
        return {"company_name": "Goodword", "memberships": []}
    book = current_book()
    return {"company_name": book.name, "memberships": book.memberships, "contact": book.contact}
