"""Handing a customer a file of her own conversation: always as a download, and never as a page of ours."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def as_download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """The bytes as a file to be saved. Only pictures and PDF keep their kind; anything else is just bytes."""
    kind = content_type.split(";")[0].strip().lower()
    harmless = kind in {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"}
    response = HttpResponse(content, content_type=kind if harmless else "application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, name or "file") or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
