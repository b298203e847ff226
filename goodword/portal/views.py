"""The company's word as everybody may read it, without signing in."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from goodword.lib.errors import Invalid
from goodword.portal.chapters import chapter_for, chapters_for
from goodword.portal.reader import Reader, for_the_reader, show


@require_safe
@for_the_reader
def front(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The company's customer page; in a demo, the three doors."""
    if settings.DEMO:
        return show(request, reader, "doors")
    return show(request, reader, "front", chapters=chapters_for(reader))


@require_safe
@for_the_reader
def policies(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The mission, then every public policy with its sentence."""
    return show(request, reader, "policies", chapters=chapters_for(reader), place="policies")


@require_safe
@for_the_reader
def policy(request: HttpRequest, reader: Reader, code: str) -> HttpResponse:
    """One policy, as it stands today or as it stood on the day asked for with `?on=`."""
    asked_day = _asked_day(request)
    chapter = chapter_for(reader, code, asked_day)
    chapters = chapters_for(reader)
    codes = [other.code for other in chapters]
    place = codes.index(code) if code in codes else len(codes)
    return show(
        request,
        reader,
        "policy",
        chapter=chapter,
        asked_day=asked_day,
        before=chapters[place - 1] if place else None,
        after=chapters[place + 1] if place + 1 < len(chapters) else None,
        place="policies",
    )


def _asked_day(request: HttpRequest) -> date | None:
    asked = request.GET.get("on", "")
    if not asked:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        raise Invalid(_("“%(asked)s” is not a day. Write it like 2026-12-24.") % {"asked": asked}, field="on") from None
