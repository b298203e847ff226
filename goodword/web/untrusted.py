"""Serving what strangers sent: as a download, or as a page that can do nothing."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# Only what a browser will not run; everything else is just bytes. A download all the same.
HARMLESS = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "text/csv"}
SEALED = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


def as_download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """The bytes as a file to be saved, whatever they call themselves."""
    kind = content_type.split(";")[0].strip().lower()
    response = HttpResponse(content, content_type=kind if kind in HARMLESS else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name or "file") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def as_sealed_page(html: str) -> HttpResponse:
    """Cleaned HTML under a policy of its own: no script, no form, no picture from outside, no link that leads here."""
    response = HttpResponse(html)
    response["Content-Security-Policy"] = SEALED
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
