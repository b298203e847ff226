"""Settings, Mailboxes: where mail comes from and by which server it leaves; for managers."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from goodword.channels.mailboxes import actions
from goodword.channels.mailboxes.grants import ask_for_leave, take_leave
from goodword.channels.mailboxes.problems import MailboxProblem, Place, words_for
from goodword.channels.mailboxes.queries import inbox_for_manager, inboxes_for, mailbox_of, unaddressed
from goodword.channels.mailboxes.trying import is_fine, try_mailbox
from goodword.channels.models import Mailbox
from goodword.desk.models import Inbox
from goodword.lib.errors import Invalid, Refused
from goodword.web.answers import agent_of, staff_page
from goodword.web.mailbox_form import MailboxForm
from goodword.web.shown.mailboxes import shown_mailbox

MOST_UNADDRESSED = 20
_ASKED = "goodword.mailbox_sign_in"


@staff_page
@require_safe
def mailboxes(request: HttpRequest) -> HttpResponse:
    """All of them, and the mail that named none of our addresses."""
    shown = [shown_mailbox(inbox) for inbox in inboxes_for(agent_of(request))]
    context = {"here": "mailboxes", "mailboxes": shown, "unaddressed": unaddressed()[:MOST_UNADDRESSED]}
    return render(request, "web/mailboxes/list.html", context)


@staff_page
@sensitive_post_parameters()
def add(request: HttpRequest) -> HttpResponse:
    """A new one, in rehearsal."""
    inboxes_for(agent_of(request))
    form = MailboxForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mailbox = actions.add_mailbox(form.wish(), by=agent_of(request))
        except Invalid as error:
            _tell(form, error)
        else:
            messages.success(request, _("The mailbox is added, in rehearsal. Test it, then turn it on."))
            return redirect("web:mailbox_test", mailbox.inbox_id)
    return _form(request, form)


@staff_page
@sensitive_post_parameters()
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one. An empty password field leaves the password as it was."""
    inbox = inbox_for_manager(agent_of(request), pk)
    form = MailboxForm(request.POST or None, inbox=inbox)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_mailbox(actions.plumb(inbox), form.wish(), by=agent_of(request))
        except Invalid as error:
            _tell(form, error)
        else:
            messages.success(request, _("The mailbox is changed."))
            return redirect("web:mailbox_test", inbox.pk)
    return _form(request, form, inbox)


@staff_page
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Try everything it needs. Asked for by a button, because it takes a while and knocks at other people's servers."""
    inbox = inbox_for_manager(agent_of(request), pk)
    steps = try_mailbox(actions.plumb(inbox)) if request.method == "POST" else None
    context = {"here": "mailboxes", "inbox": inbox, "shown": shown_mailbox(inbox), "steps": steps}
    return render(request, "web/mailboxes/test.html", {**context, "fine": steps is not None and is_fine(steps)})


@staff_page
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Fetch and send nothing, or go on."""
    mailbox = _mailbox(request, pk)
    if mailbox.paused_at:
        actions.resume(mailbox, by=agent_of(request))
        messages.success(request, _("The mailbox goes on."))
    else:
        actions.pause(mailbox, by=agent_of(request))
        messages.success(request, _("The mailbox is paused: nothing is fetched or sent."))
    return redirect("web:mailboxes")


@staff_page
@require_POST
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn it on, or back into rehearsal."""
    mailbox = _mailbox(request, pk)
    if mailbox.inbox.sends:
        actions.rehearse(mailbox, by=agent_of(request))
        messages.success(request, _("The mailbox rehearses: it reads and advises, and sends nothing."))
    else:
        actions.turn_on(mailbox, by=agent_of(request))
        messages.success(request, _("The mailbox sends from now on."))
    return redirect("web:mailboxes")


@staff_page
@require_safe
def sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the provider's sign-in. What proves that it was us stays in her session."""
    try:
        asked = ask_for_leave(_mailbox(request, pk), _back_to())
    except MailboxProblem as error:
        raise _refused(error) from error
    request.session[_ASKED] = {"inbox": pk, "state": asked.state, "verifier": asked.verifier}
    return redirect(asked.url)


@staff_page
@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Back from the provider, with its code or its refusal."""
    asked = request.session.pop(_ASKED, None)
    if not asked or not constant_time_compare(asked["state"], request.GET.get("state", "")):
        raise Refused(_("This sign-in was not begun here, or has been used. Press the button once more."))
    mailbox = _mailbox(request, asked["inbox"])
    code = request.GET.get("code", "")
    if not code:
        messages.error(request, _("The provider gave no leave to use the mailbox. Sign in once more and allow it."))
        return redirect("web:mailboxes")
    try:
        take_leave(mailbox, code, asked["verifier"], _back_to(), by=agent_of(request))
    except MailboxProblem as error:
        raise _refused(error) from error
    messages.success(request, _("Signed in. The mailbox may now be read and sent from."))
    return redirect("web:mailbox_test", asked["inbox"])


def _back_to() -> str:
    """By the desk's public address: behind a proxy a request knows neither its host nor that it was encrypted."""
    return settings.PUBLIC_URL + reverse("web:mailbox_signed_in")


def _refused(error: MailboxProblem) -> Refused:
    what, do = words_for(error.problem, Place("", 0))
    return Refused(f"{what} {do} {error.problem.detail}".strip())


def _mailbox(request: HttpRequest, pk: int) -> Mailbox:
    inbox = inbox_for_manager(agent_of(request), pk)
    return mailbox_of(inbox) or actions.plumb(inbox)


def _tell(form: MailboxForm, error: Invalid) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _form(request: HttpRequest, form: MailboxForm, inbox: Inbox | None = None) -> HttpResponse:
    context = {"here": "mailboxes", "form": form, "inbox": inbox, "back_to": _back_to()}
    return render(request, "web/mailboxes/form.html", context, status=422 if form.errors else 200)
