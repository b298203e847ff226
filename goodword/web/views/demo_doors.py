"""The three doors of the demo: no passwords, on this machine only."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from goodword.web.demo import demo_agent, demo_page

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_POST
@demo_page
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo's agent or manager, and go to what waits for them."""
    door = request.POST.get("door", "")
    agent = demo_agent(door) if door in {"agent", "manager"} else None
    if agent is None:
        raise Http404
    login(request, agent, backend=BACKEND)
    return redirect("web:approvals" if door == "manager" else "web:queue")
