"""What the demo pages share: they exist only in a demo, and only for whoever sits at this machine."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from goodword.accounts.models import Agent
from goodword.policies.queries import current_book
from goodword.web.middleware import company_zone

Given = ParamSpec("Given")
Page = Callable[Concatenate[HttpRequest, Given], HttpResponse]
THIS_MACHINE = {"127.0.0.1", "::1"}


def demo_page(page: Page[Given]) -> Page[Given]:
    """Serve `page` in a demo, on this machine; anywhere else it does not exist. Days are the company's."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        if not is_demo(request):
            raise Http404
        with timezone.override(company_zone()):
            return page(request, *args, **kwargs)

    return cast("Page[Given]", guarded)


def is_demo(request: HttpRequest) -> bool:
    """Whether the doors without passwords stand open for this request."""
    return settings.DEMO and request.META.get("REMOTE_ADDR") in THIS_MACHINE


def demo_agent(door: str) -> Agent | None:
    """Who one is behind a door: "agent" is the lowest role of the book, "manager" the last but one."""
    roles = current_book().roles
    role = roles[0] if door == "agent" else roles[max(0, len(roles) - 2)]
    return Agent.objects.filter(role=role, is_active=True).order_by("id").first()
