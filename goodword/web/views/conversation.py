"""The conversation page, and what is written in it: replies, drafts, notes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.desk.actions.conversations import (
    add_note,
    close_conversation,
    save_draft,
)
from goodword.desk.actions.conversations import reopen as reopen_conversation
from goodword.desk.actions.conversations import reply as send_reply
from goodword.desk.actions.conversations import take as take_conversation
from goodword.desk.arriving import NewFile
from goodword.desk.errors import DiffersFromDecision, StaleReply
from goodword.desk.models import Conversation
from goodword.desk.queries.conversations import message_in, number_after_merging
from goodword.lib.errors import Refused
from goodword.notifications.actions import mark_conversation_read
from goodword.people.actions import open_record
from goodword.web.answers import agent_of, is_htmx, staff_page
from goodword.web.conversation_pages import asked_conversation, page_changed, show_page
from goodword.web.drafts import offer_words
from goodword.web.shown.differences import marked


@staff_page
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The page. Opening it is reading the customer's record, which is noted at the one gate.

    The number of a conversation that was merged leads to the one it is in now.
    """
    agent = agent_of(request)
    if kept := number_after_merging(agent, number):
        return HttpResponseRedirect(reverse("web:conversation", args=[kept]))
    conversation = asked_conversation(request, number)
    if conversation.person:
        open_record(conversation.person, agent, "conversation")
    mark_conversation_read(agent, conversation)
    return show_page(request, number)


@staff_page
@require_POST
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Send the answer, unless the customer wrote meanwhile or the words differ from what was decided."""
    conversation, agent = asked_conversation(request, number), agent_of(request)
    text, files = _written(request), _files(request)
    if not conversation.inbox.sends:
        return _kept_in_rehearsal(request, conversation, text)
    try:
        send_reply(
            conversation,
            text,
            by=agent,
            attachments=files,
            seen_message=message_in(conversation, request.POST.get("seen")),
            expect_differences_confirmed="confirmed" in request.POST,
        )
    except (StaleReply, DiffersFromDecision) as held_back:
        save_draft(conversation, agent, text)
        return _held_back(request, number, text, held_back)
    messages.success(request, _("Your answer is on its way."))
    return page_changed(request, number, "head", "thread", "reply", "work", focus="thread")


def _kept_in_rehearsal(request: HttpRequest, conversation: Conversation, text: str) -> HttpResponse:
    """Nothing leaves a mailbox that rehearses; what she wrote is kept as her draft, and she is told."""
    save_draft(conversation, agent_of(request), text)
    messages.warning(request, _("Rehearsal: nothing was sent. Your answer is kept as a draft."))
    return page_changed(request, conversation.number, "reply", focus="reply-text")


def _held_back(request: HttpRequest, number: int, text: str, why: Refused) -> HttpResponse:
    if isinstance(why, StaleReply):
        return page_changed(request, number, "thread", "reply", focus="stale", status=409, text=text, stale=why.message)
    found = marked(text, why.differences) if isinstance(why, DiffersFromDecision) else []
    return page_changed(request, number, "reply", focus="differences", status=409, text=text, differences=found)


def _written(request: HttpRequest) -> str:
    # Browsers send line ends as CRLF; what is kept, compared and mailed has LF. PostgreSQL keeps no NUL.
    return request.POST.get("text", "").replace("\r\n", "\n").replace("\0", "")


def _files(request: HttpRequest) -> list[NewFile]:
    uploads = request.FILES.getlist("files")
    return [(each.name or "file", each.content_type or "application/octet-stream", each.read()) for each in uploads]


@staff_page
@require_POST
def keep_draft(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what she has written so far. htmx gets the moment it was kept; a plain form the page again."""
    conversation = asked_conversation(request, number)
    save_draft(conversation, agent_of(request), _written(request))
    if is_htmx(request):
        return HttpResponse(escape(_("Draft kept.")))
    return page_changed(request, number, focus="reply-text")


@staff_page
@require_POST
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """Put the policy's words into the reply box; she asked for it, so what stood there gives way."""
    conversation = asked_conversation(request, number)
    offer_words(conversation, agent_of(request), replace=True)
    return page_changed(request, number, "reply", "work", focus="reply-text")


@staff_page
@require_POST
def note(request: HttpRequest, number: int) -> HttpResponse:
    """Keep a note that the customer never sees."""
    conversation, text = asked_conversation(request, number), _written(request).strip()
    if text:
        add_note(conversation, text, by=agent_of(request))
    return page_changed(request, number, "thread", "reply", focus="thread")


@staff_page
@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Make it hers."""
    take_conversation(asked_conversation(request, number), by=agent_of(request))
    return page_changed(request, number, "head", "thread")


@staff_page
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Close it with its outcome; refused while anything is open."""
    conversation = asked_conversation(request, number)
    outcome, why = request.POST.get("outcome", ""), request.POST.get("why", "")
    close_conversation(conversation, outcome, by=agent_of(request), why=why)
    messages.success(request, _("The conversation is closed."))
    return page_changed(request, number, "head", "thread", "work")


@staff_page
@require_POST
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Open it again."""
    reopen_conversation(asked_conversation(request, number), by=agent_of(request))
    return page_changed(request, number, "head", "thread", "work")
