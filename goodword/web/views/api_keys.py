"""The keys of programs: which there are, making one (its secret is shown this once), ending one."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from goodword.accounts.api_keys import PER_MINUTE, api_key, api_keys, end_api_key, make_key_of_program
from goodword.accounts.models import Agent
from goodword.accounts.queries import is_among_the_highest
from goodword.lib.errors import Invalid, Refused
from goodword.policies.queries import current_book, time_zone
from goodword.web.answers import agent_of, staff_page
from goodword.web.shown.api_keys import roles_for, scope_groups, shown_key

_LONGEST_RATE = 7


@staff_page
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Every key, the living first, and the form for a new one."""
    return render(request, "web/api_keys.html", _context(_manager(request)))


@staff_page
@require_POST
@never_cache
def make(request: HttpRequest) -> HttpResponse:
    """Make a key and show its secret on the page itself: it is never in an address, nor on a second page."""
    manager = _manager(request)
    given = request.POST
    try:
        key, secret = make_key_of_program(
            given.get("name", ""), given.get("role", ""), given.getlist("scopes"), by=manager, book=current_book(),
            expires_at=_end_of(given.get("expires_on", "")), per_minute=_rate(given.get("per_minute", "")),
        )  # fmt: skip
    except Invalid as error:
        wrong = {"wrong": {error.field: str(error)}, "given": given, "chosen": given.getlist("scopes")}
        return render(request, "web/api_keys.html", _context(manager) | wrong, status=422)
    return render(request, "web/api_keys.html", _context(manager) | {"made": shown_key(key), "secret": secret})


@staff_page
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """It opens nothing from now on."""
    manager = _manager(request)
    end_api_key(api_key(pk), by=manager, book=current_book())
    messages.success(request, _("The key has ended. Whatever uses it is refused from now on."))
    return redirect("web:api_keys")


def _context(manager: Agent) -> dict[str, Any]:
    return {
        "here": "api_keys",
        "keys": [shown_key(key) for key in api_keys()],
        "roles": roles_for(manager, current_book()),
        "scope_groups": scope_groups(),
        "per_minute": PER_MINUTE,
    }


def _manager(request: HttpRequest) -> Agent:
    agent = agent_of(request)
    if not is_among_the_highest(agent, current_book()):
        raise Refused(_("Only a manager may give keys to programs. Ask one of them."))
    return agent


def _end_of(day: str) -> datetime | None:
    """The end of that day where the company is."""
    if not day.strip():
        return None
    try:
        found = parse_date(day.strip())
    except ValueError:
        found = None
    if found is None:
        raise Invalid(_("This is not a day. Write it like 2026-12-24."), field="expires_on")
    return datetime.combine(found + timedelta(days=1), time(), ZoneInfo(time_zone()))


def _rate(number: str) -> int:
    text = number.strip() or str(PER_MINUTE)
    if not text.isdecimal() or len(text) > _LONGEST_RATE:
        raise Invalid(_("This is not a whole number."), field="per_minute")
    return int(text)
