"""The customer's own page: she follows her conversation by a signed link, and answers there."""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodword.channels.forms import entry_by_token, post_answer
from goodword.channels.own_page import conversation_by_token, conversation_once_named, mail_fresh_link, token_for
from goodword.desk.models import Attachment, Conversation
from goodword.desk.wording import spoken_language
from goodword.lib.blobs import read_blob
from goodword.lib.errors import NotFound
from goodword.policies.queries import current_book, one_look
from goodword.portal.answer_form import AnswerForm
from goodword.portal.contact_form import new_token, read_token
from goodword.portal.downloads import as_download
from goodword.portal.limits import may_ask_for_a_link, may_post, may_try_links
from goodword.portal.own_page_shown import OwnPage, shown_messages
from goodword.portal.reader import Reader, show, understood

Page = Callable[..., HttpResponse]
_TOO_MANY = gettext_lazy(
    "Many messages came from your connection within an hour. Please try again later, or write to us by e-mail."
)
_TOO_OLD = gettext_lazy(
    "We could not recognise this page any more. Everything you wrote is here: please send it once more."
)


def for_whoever_holds_the_link(page: Page) -> Page:
    """Open `page` to whoever holds a link that works, in the customer's language; else offer a fresh link.

    Nothing of it is kept by caches, found by search engines, or told to other sites by the browser.
    """

    @wraps(page)
    def opened(request: HttpRequest, token: str, **more: int) -> HttpResponse:
        if not may_try_links(request):
            raise Http404
        conversation = conversation_by_token(token)
        named = conversation or conversation_once_named(token)
        if named is None:
            may_try_links(request, failed=True)
        reader = _reader(request, named)
        zone = ZoneInfo(reader.book.time_zone)
        with translation.override(reader.language), timezone.override(zone), one_look():
            if conversation is None:
                response = _expired(request, reader)
            else:
                response = page(request, reader, conversation, token, **more)
        return _private(response, reader)

    return opened


@require_http_methods(["GET", "HEAD", "POST"])
@for_whoever_holds_the_link
def own_page(request: HttpRequest, reader: Reader, conversation: Conversation, token: str) -> HttpResponse:
    """What was said, what is promised, what is being done; posted, her answer is taken in, however often."""
    if request.method == "POST":
        return _posted(request, reader, conversation, token)
    answered = entry_by_token(request.GET.get("sent", ""))
    form = AnswerForm(initial={"token": new_token("")})
    return _shown(request, reader, conversation, form, arrived=answered is not None)


@require_safe
@for_whoever_holds_the_link
def own_file(
    request: HttpRequest, reader: Reader, conversation: Conversation, token: str, pk: int
) -> HttpResponse:  # fmt: skip
    """A file that came or went with one of the messages she sees."""
    file = Attachment.objects.filter(pk=pk, message__in=shown_messages(conversation)).first()
    if file is None:
        return show(request, reader, "not_found", status=404)
    try:
        content = read_blob(file.blob)
    except NotFound:
        return show(request, reader, "not_found", status=404)
    return as_download(content, file.name, file.content_type)


@require_POST
def fresh_link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail her a fresh link; whoever asks sees the same whether or not we know an address for her."""
    named = conversation_once_named(token)
    reader = _reader(request, named)
    with translation.override(reader.language), timezone.override(ZoneInfo(reader.book.time_zone)):
        if may_post(request) and named and may_ask_for_a_link(named.pk):
            mail_fresh_link(named)
        return _private(show(request, reader, "own_page_link", asked=True), reader)


def _posted(request: HttpRequest, reader: Reader, conversation: Conversation, token: str) -> HttpResponse:
    form = AnswerForm(request.POST, request.FILES)
    here = reverse("portal:own_page", args=[token])
    if form.is_from_a_robot:
        return HttpResponseRedirect(here)
    signed = read_token(request.POST.get("token", ""))
    if signed is None:
        return _again(request, reader, conversation, said=_TOO_OLD, status=422)
    if not form.is_valid():
        return _shown(request, reader, conversation, form, status=422)
    if not may_post(request):
        return _again(request, reader, conversation, said=_TOO_MANY, status=429)
    files = [(file.name, file.content_type, file.read()) for file in form.cleaned_data["attachments"]]
    stands_in = post_answer(conversation, token=signed[0], text=form.cleaned_data["text"], attachments=files)
    if stands_in.pk != conversation.pk:
        here = reverse("portal:own_page", args=[token_for(stands_in)])
    return HttpResponseRedirect(f"{here}?sent={signed[0]}#arrived")


def _again(
    request: HttpRequest, reader: Reader, conversation: Conversation, *, said: object, status: int
) -> HttpResponse:
    """The same page with all that was typed, a fresh token, and what is the matter on top."""
    typed = request.POST.copy()
    typed["token"] = new_token("")
    return _shown(request, reader, conversation, AnswerForm(typed), status=status, said=said)


def _shown(
    request: HttpRequest,
    reader: Reader,
    conversation: Conversation,
    form: AnswerForm,
    *,
    status: int = 200,
    said: object = "",
    arrived: bool = False,
) -> HttpResponse:
    token = request.path.rstrip("/").rpartition("/")[2]
    values = {"page": OwnPage(conversation, reader), "form": form, "said": said, "arrived": arrived, "token": token}
    return show(request, reader, "own_page", status=status, **values)


def _expired(request: HttpRequest, reader: Reader) -> HttpResponse:
    status = 410 if request.method in {"GET", "HEAD"} else 409
    typed = request.POST.get("text", "").strip()  # not lost with the link: it is shown, to be sent by the next one
    return show(request, reader, "own_page_link", status=status, asked=False, typed=typed)


def _reader(request: HttpRequest, conversation: Conversation | None) -> Reader:
    book = current_book()
    asked = request.GET.get("language", "")
    chosen = asked if asked in book.languages else ""
    hers = spoken_language(conversation) if conversation else understood(request, book)
    return Reader(book, chosen or hers, chosen)


def _private(response: HttpResponse, reader: Reader) -> HttpResponse:
    response.headers["Content-Language"] = reader.language
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # To our own pages only: other sites never see the address. Not "no-referrer", which takes the Origin off forms.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
