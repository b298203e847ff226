"""The addresses of this door."""

from inspect import getclosurevars

from django.urls import URLPattern, URLResolver, include, path, re_path

from goodword.api.answering import answered
from goodword.api.document import build_api
from goodword.api.open_pages import docs, not_found, open_page

api = build_api()
_routes, _app_name, _namespace = api.urls
_OPEN = {"openapi-json"}


def _guarded(route: URLPattern | URLResolver) -> URLPattern:
    """The route behind what holds for all. Ninja's own view at the root answers outside its error handlers, so ours
    stands there; the route itself stays, since the document needs its name."""
    assert isinstance(route, URLPattern)
    if route.name == "api-root":
        view = not_found
    elif route.name in _OPEN:
        view = open_page(route.callback)
    else:
        view = answered(route.callback, _query_words(route))
    return URLPattern(route.pattern, view, route.default_args, route.name)


def _query_words(route: URLPattern) -> dict[str, set[str]]:
    """For each method that the address takes: what its query may hold."""
    path_view = getclosurevars(route.callback).nonlocals["self"]  # ninja keeps its PathView in a closure
    words: dict[str, set[str]] = {}
    for operation in path_view.operations:
        query = (model for model in operation.models if model.__ninja_param_source__ == "query")
        known = {name for model in query for name in model.__ninja_flatten_map__}
        words |= dict.fromkeys(operation.methods, known)
    return words


urlpatterns = [
    path("docs", open_page(docs), name="api-docs"),
    path("", include(([_guarded(route) for route in _routes], _app_name), namespace=_namespace)),
    re_path(r"^(?P<rest>.*)$", not_found),
]
