"""The addresses of this door."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from goodword.api.document import build_api, not_found
from goodword.api.problems import wrong_method_as_problem

api = build_api()
_routes, _app_name, _namespace = api.urls


def _with_problems(route: URLPattern | URLResolver) -> URLPattern:
    """The route with 405 as a problem. Ninja's own view at the root answers outside its error handlers, so ours
    stands there; the route itself stays, since the document needs its name."""
    assert isinstance(route, URLPattern)
    view = not_found if route.name == "api-root" else route.callback
    return URLPattern(route.pattern, wrong_method_as_problem(view), route.default_args, route.name)


urlpatterns = [
    path("", include(([_with_problems(route) for route in _routes], _app_name), namespace=_namespace)),
    re_path(r"^(?P<rest>.*)$", not_found),
]
