"""How often one address may post: counted in the shared cache, so that it holds across processes."""

from django.core.cache import cache
from django.http import HttpRequest

FORMS_PER_HOUR = 20
_HOUR_SECONDS = 3600


def may_post(request: HttpRequest) -> bool:
    """Count one more form from this network address; false once it has posted too many within the hour."""
    key = f"portal.forms:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, timeout=_HOUR_SECONDS)
    try:
        return bool(cache.incr(key) <= FORMS_PER_HOUR)
    except ValueError:  # it ran out between the two calls: a new hour begins
        return True
