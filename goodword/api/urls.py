"""The addresses of this door."""

from django.urls import URLPattern, include, path, re_path

from goodword.api.document import build_api, not_found
from goodword.api.problems import wrong_method_as_problem

api = build_api()
_patterns, _app_name, _namespace = api.urls
_routes = [
    URLPattern(route.pattern, wrong_method_as_problem(route.callback), route.default_args, route.name)
    for route in _patterns
]
urlpatterns = [
    path("", include((_routes, _app_name), namespace=_namespace)),
    re_path(r"^(?P<rest>.*)$", not_found),
]
