"""An answer that could not be sent, or is not known to have gone: she sends it again, or says that it has arrived."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.channels.models import OutgoingMail
from goodword.channels.sending import mark_sent, send_again, unsettled_for
from goodword.desk.queries.conversations import message_in
from goodword.lib.errors import NotFound, Refused
from goodword.web.answers import agent_of, staff_page
from goodword.web.conversation_pages import asked_conversation, page_changed


@staff_page
@require_POST
def again(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Send it once more, knowing that a second copy may arrive."""
    for mail in _unsettled(request, number, pk):
        send_again(mail, by=agent_of(request))
    messages.success(request, _("Your answer is on its way."))
    return page_changed(request, number, "head", "thread")


@staff_page
@require_POST
def arrived(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The customer has it, as she found out: it counts as sent."""
    for mail in _unsettled(request, number, pk):
        mark_sent(mail, by=agent_of(request))
    return page_changed(request, number, "head", "thread")


def _unsettled(request: HttpRequest, number: int, pk: int) -> list[OutgoingMail]:
    message = message_in(asked_conversation(request, number), pk)
    if message is None:
        raise NotFound(_("This conversation has no such message."))
    mails = list(unsettled_for(message))
    if not mails:
        raise Refused(_("This mail has gone, or is on its way."))
    return mails
