"""The one page of this door, for monitors."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from goodword.ops.health import examine


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """What works and what does not; 503 as long as part of the desk does not work."""
    report = examine()
    return JsonResponse(report.to_json(), status=200 if report.works else 503)
