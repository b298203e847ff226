"""The mail page: what could not be read, what was ignored, what may not have gone, and what to do about each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from goodword.accounts.models import Agent
from goodword.accounts.queries import leads
from goodword.channels.intake import run_again
from goodword.channels.models import OutgoingMail, RawMail
from goodword.channels.queries import bytes_of, counts, raw_mail
from goodword.channels.sending import mark_sent, send_again, unsettled
from goodword.desk.queries.conversations import visible_to
from goodword.lib.errors import NotFound, Refused
from goodword.policies.queries import current_book
from goodword.web.answers import agent_of, staff_page
from goodword.web.shown.set_aside import mails_set_aside, mails_unsettled
from goodword.web.shown.words import reason_words
from goodword.web.untrusted import as_download


@staff_page
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """All of it, the newest first, under the counts."""
    agent = _lead(request)
    context = {"here": "mail", "counts": counts(), "astray": mails_set_aside(), "unsettled": mails_unsettled(agent)}
    return render(request, "web/mail.html", context)


@staff_page
@require_safe
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """A mail as it came, as a download."""
    _lead(request)
    return as_download(bytes_of(raw_mail(pk)), f"mail-{pk}.eml", "application/octet-stream")


@staff_page
@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it in once more; what was ignored, too, since she asks for it."""
    agent, found = _lead(request), raw_mail(pk)
    done = run_again(found.pk, by=agent, anyway=found.state == RawMail.IGNORED)
    if done.state == RawMail.FILED and done.message:
        number = done.message.conversation.number
        messages.success(request, _("The mail is now in conversation %(number)s.") % {"number": number})
    else:
        messages.warning(request, _("It could not be filed: %(reason)s") % {"reason": reason_words(done.problem)})
    return redirect("web:mail")


@staff_page
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it once more, knowing that a second copy may arrive."""
    send_again(_outgoing(request, pk), by=agent_of(request))
    messages.success(request, _("The mail is on its way."))
    return redirect("web:mail")


@staff_page
@require_POST
def arrived(request: HttpRequest, pk: int) -> HttpResponse:
    """It went out, as she found out: it counts as sent."""
    mark_sent(_outgoing(request, pk), by=agent_of(request))
    messages.success(request, _("The mail counts as sent."))
    return redirect("web:mail")


def _outgoing(request: HttpRequest, pk: int) -> OutgoingMail:
    rows = unsettled().filter(message__conversation__in=visible_to(_lead(request)))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("This mail has gone, or is on its way."))
    return found


def _lead(request: HttpRequest) -> Agent:
    agent = agent_of(request)
    if not leads(agent, current_book()):
        raise Refused(_("Mail that went astray is looked after by team leads and managers."))
    return agent
