"""How often one address may post or try, and how often a fresh link is mailed; counted in the shared cache, so that it
holds across processes."""

from django.core.cache import cache
from django.http import HttpRequest

FORMS_PER_HOUR = 20
WRONG_LINKS_PER_HOUR = 60
FRESH_LINKS_PER_HOUR = 3
_HOUR_SECONDS = 3600


def may_post(request: HttpRequest) -> bool:
    """Count one more form from this network address; false once it has posted too many within the hour."""
    return _one_more(f"portal.forms:{_from(request)}") <= FORMS_PER_HOUR


def may_try_links(request: HttpRequest, *, failed: bool = False) -> bool:
    """Whether this network address may open links still; `failed` counts one more that was none of ours."""
    key = f"portal.links:{_from(request)}"
    tried = _one_more(key) if failed else int(cache.get(key) or 0)
    return tried <= WRONG_LINKS_PER_HOUR


def may_ask_for_a_link(conversation_pk: int) -> bool:
    """Count one more fresh link for a conversation; false once enough were mailed within the hour."""
    return _one_more(f"portal.fresh:{conversation_pk}") <= FRESH_LINKS_PER_HOUR


def _one_more(key: str) -> int:
    cache.add(key, 0, timeout=_HOUR_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two calls: a new hour begins
        return 1


def _from(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
