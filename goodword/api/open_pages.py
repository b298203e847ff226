"""What needs no key: the OpenAPI document, a page that shows it, and the answer to an address that leads nowhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from goodword.api import problems
from goodword.api.reading_the_document import chapters

View = Callable[..., HttpResponse]


def open_page(view: View) -> View:
    """`view` for everybody, read only; a mistake in it is a problem like any other."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return problems.wrong_method(request, {"GET"})
        try:
            return view(request, *args, **kwargs)
        except Exception as error:
            return problems.of_a_bug(request, error)

    return answer


def docs(request: HttpRequest) -> HttpResponse:
    """The document as a page: made here, without a script, and nothing of it comes from another host."""
    from goodword.api.urls import api  # the address list needs this page, and this page the list

    document = api.get_openapi_schema()
    return render(request, "api/docs.html", {"document": document, "chapters": chapters(document)})


@csrf_exempt
def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any address without a route."""
    return problems.no_such_address(request)
