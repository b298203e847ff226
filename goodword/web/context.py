"""What every template knows: the company whose desk this is."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def company(request: HttpRequest) -> dict[str, Any]:
    """`demo` for every page; the company's name and memberships come from the book in force."""
    return {"demo": settings.DEMO}
