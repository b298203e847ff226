"""How this door answers: who asks, and where she goes after something was done."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from goodword.accounts.models import Agent
from goodword.policies.queries import one_look

# Where a request keeps the journal's cursor from before anything was read for its page.
CURSOR = "goodword.journal_seq"
Given = ParamSpec("Given")
Page = Callable[Concatenate[HttpRequest, Given], HttpResponse]


def staff_page(page: Page[Given]) -> Page[Given]:
    """Let only signed-in agents see `page`; everybody else is sent to the sign-in."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        return page(request, *args, **kwargs)

    return cast(Page[Given], login_required(guarded))


def agent_of(request: HttpRequest) -> Agent:
    """The agent who asks. Pages behind `staff_page` always have one."""
    return cast(Agent, request.user)


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for fragments, rather than a browser for a page."""
    return bool(getattr(request, "htmx", False))


def fragments(request: HttpRequest, templates: Sequence[str], context: dict[str, Any]) -> HttpResponse:
    """Each template rendered to replace its own element on the page, and what there is to say.

    What was said stays until she does something else: a page that refreshes itself does not wipe it away.
    """
    context = {**context, "oob": True}
    said = ["layout/messages.html"] if request.method == "POST" or len(get_messages(request)) else []
    with one_look():
        parts = [render_to_string(name, context, request) for name in (*templates, *said)]
    return HttpResponse("\n".join(parts))


def back_to(request: HttpRequest, fallback: str) -> HttpResponse:
    """A redirect to the page she came from (the form's `next`), if it is ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if ours else fallback)
