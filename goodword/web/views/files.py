"""What came with a message: files, its own layout, the whole original; never served as a page of ours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from goodword.channels.html import is_only_text, with_inline_images
from goodword.desk.models import Message
from goodword.lib.blobs import read_blob
from goodword.lib.errors import NotFound
from goodword.web.answers import staff_page
from goodword.web.conversation_pages import asked_conversation
from goodword.web.shown.mail_parts import picture_addresses
from goodword.web.untrusted import as_download, as_sealed_page


@staff_page
def attachment(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """A file, always as a download."""
    messages = asked_conversation(request, number).messages
    found = messages.filter(attachments__pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such file in this conversation."))
    file = found.attachments.get(pk=pk)
    return as_download(read_blob(file.blob), file.name, file.content_type)


@staff_page
def message_html(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The frame in which a message is shown as it was laid out."""
    message = _message(request, number, pk)
    context = {"number": number, "message": message, "here": "queue"}
    template = "web/message_frame.html" if getattr(request, "htmx", False) else "web/message_layout.html"
    return render(request, template, context)


@staff_page
@xframe_options_sameorigin
def message_page(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The cleaned layout itself: no script, no form, nothing from another host."""
    message = _message(request, number, pk)
    if is_only_text(message.html):
        told = _("The layout of this mail is nested too deeply to be shown. Here are its words, without it.")
        return as_sealed_page(f"<p><em>{escape(told)}</em></p>{message.html}")
    return as_sealed_page(with_inline_images(message.html, picture_addresses(message)))


@staff_page
def message_original(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The mail as it came or went, byte by byte."""
    message = _message(request, number, pk)
    if not message.raw:
        raise NotFound(_("This message did not come as a mail."))
    return as_download(read_blob(message.raw), f"message-{message.pk}.eml", "application/octet-stream")


def _message(request: HttpRequest, number: int, pk: int) -> Message:
    found = asked_conversation(request, number).messages.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such message in this conversation."))
    return found
