"""The company's word on paper: the handbook and each policy as PDF, as everybody may read them."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from goodword.policies.printing import Printed, handbook_pdf, policy_pdf
from goodword.portal.chapters import chapter_for
from goodword.portal.reader import Reader, for_the_reader


@require_safe
@for_the_reader
def handbook(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Every public policy in force today, as one printed book in the reader's language."""
    return handed_out(handbook_pdf(reader.language, reader.today))


@require_safe
@for_the_reader
def leaflet(request: HttpRequest, reader: Reader, code: str) -> HttpResponse:
    """One public policy, as it stands today or as it stood on the day asked for with `?on=`."""
    try:
        day = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        day = reader.today
    chapter_for(reader, code, day if "on" in request.GET else None)  # not for the public: not found
    return handed_out(policy_pdf(code, reader.language, day))


def handed_out(printed: Printed) -> HttpResponse:
    """A printed file, to be read in the browser or kept."""
    response = HttpResponse(printed.content, content_type=printed.media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{printed.name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
