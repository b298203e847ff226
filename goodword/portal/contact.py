"""Writing to the company without a mail program: the form, and what is promised afterwards."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from goodword import engine
from goodword.channels.forms import entry_by_token, post_form
from goodword.portal.chapters import Chapter, chapters_for, notice_for
from goodword.portal.contact_form import OTHER, ContactForm, new_token, read_token
from goodword.portal.limits import may_post
from goodword.portal.moments import deadline_for
from goodword.portal.reader import Reader, for_the_reader, show
from goodword.promises.queries import open_promise

_PLACE = "contact-form"  # how a clause's `disclose:` names this page
_LONGEST_SUBJECT = 80
_TOO_MANY = gettext_lazy(
    "Many messages came from your connection within an hour. Please try again later, or write to us by e-mail."
)
_TOO_OLD = gettext_lazy(
    "We could not recognise this page any more. Everything you wrote is here: please send it once more."
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_reader
def write(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The form; posted, it becomes one conversation, however often it is posted."""
    if request.method == "POST":
        return _posted(request, reader)
    first = {"token": _fresh_token(reader), "about": request.GET.get("about", "")}
    return _page(request, reader, ContactForm(initial=first, situations=_situations(reader)))


@require_safe
@for_the_reader
def thanks(request: HttpRequest, reader: Reader) -> HttpResponse:
    """By when a person answers, as the book promises; the address alone tells nothing of who wrote."""
    entry = entry_by_token(request.GET.get("form", ""))
    conversation = entry.conversation if entry else None
    promise = open_promise(conversation) if conversation else None
    by_at = deadline_for(reader, promise.by_at) if promise else None
    words = _words_of_thanks(reader, by_at) if by_at else ""
    return show(request, reader, "thanks", conversation=conversation, by_at=by_at, words=words)


def _words_of_thanks(reader: Reader, by_at: datetime) -> str:
    """The book's own words for a form that has arrived; nothing if it has none."""
    values = {"reply_by": by_at, "company": reader.book.name}
    try:
        return engine.say(reader.book, "contact", "form-received", reader.language, values, reader.today).strip()
    except (engine.NotFound, engine.MissingWords):
        return ""


def _posted(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = ContactForm(request.POST, request.FILES, situations=_situations(reader))
    if form.is_from_a_robot:
        return _thank(reader, "")
    signed = read_token(request.POST.get("token", ""))
    if signed is None:
        return _again(request, reader, _TOO_OLD, 422)
    if not form.is_valid():
        return _page(request, reader, form, status=422)
    if not may_post(request):
        return _again(request, reader, _TOO_MANY, 429)
    number, notice = signed
    _store(reader, form.cleaned_data, number, notice)
    return _thank(reader, number)


def _store(reader: Reader, typed: dict[str, Any], number: str, notice: str) -> None:
    post_form(
        token=number,
        name=typed["name"],
        email=typed["email"],
        subject=_subject(reader, typed),
        text=typed["text"],
        language=reader.language,
        situation="" if typed["about"] == OTHER else typed["about"],
        order=typed["order"],
        attachments=[(file.name, file.content_type, file.read()) for file in typed["attachments"]],
        privacy_notice=notice,
    )


def _subject(reader: Reader, typed: dict[str, Any]) -> str:
    """The situation in the customer's words, and the order; or how her letter begins."""
    chosen = dict(_situations(reader)).get(typed["about"])
    parts = [chosen or typed["text"].strip().splitlines()[0][:_LONGEST_SUBJECT], typed["order"]]
    return ", ".join(part for part in parts if part)


def _situations(reader: Reader) -> list[tuple[str, str]]:
    """The public policies that a customer's letter can be about: those that know words to recognise it by."""
    return [(chapter.code, chapter.title) for chapter in chapters_for(reader) if _is_situation(chapter)]


def _is_situation(chapter: Chapter) -> bool:
    policy = chapter.policy
    return bool(policy.decisions) and any(policy.recognise(language) for language in policy.texts)


def _page(
    request: HttpRequest, reader: Reader, form: ContactForm, *, status: int = 200, said: Any = ""
) -> HttpResponse:
    chapters = chapters_for(reader)
    values = {"form": form, "notice": notice_for(chapters, _PLACE), "said": said, "place": "contact"}
    promise = next((chapter for chapter in chapters if chapter.code == "contact"), None)
    return show(request, reader, "contact", status=status, promise=promise, **values)


def _again(request: HttpRequest, reader: Reader, said: Any, status: int) -> HttpResponse:
    """The same page with all that was typed, a fresh token, and what is the matter on top."""
    typed = request.POST.copy()
    typed["token"] = _fresh_token(reader)
    return _page(request, reader, ContactForm(typed, situations=_situations(reader)), status=status, said=said)


def _fresh_token(reader: Reader) -> str:
    """A token that remembers which version of the privacy notice stands on the page."""
    notice = notice_for(chapters_for(reader), _PLACE)
    return new_token(notice.book_hash if notice else reader.book.hash)


def _thank(reader: Reader, number: str) -> HttpResponse:
    query = {name: value for name, value in (("form", number), ("language", reader.chosen)) if value}
    address = reverse("portal:thanks")
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)
