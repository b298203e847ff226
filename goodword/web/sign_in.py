"""Sign-in is allauth's; only the house rules around it are ours."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.utils.translation import gettext as _

from goodword.channels.mailboxes.queries import mailbox_of
from goodword.channels.models import Mailbox
from goodword.channels.transport import MaybeSent, NotSent, connected, hand_over
from goodword.desk.models import Inbox
from goodword.lib.errors import Refused


class StaffOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up by herself: a manager invites agents. Mails about sign-in leave as all others do."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False

    def get_from_email(self) -> str:
        """The desk's first inbox: an address that exists, unlike the framework's default."""
        inbox = Inbox.objects.order_by("id").first()
        return inbox.address if inbox else "desk@localhost"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand the mail to the outgoing server now. Raises Refused if it does not take it."""
        known = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        content = self.render_mail(template_prefix, email, {**known, **context})
        try:
            with connected(_first_mailbox()) as server:
                hand_over(server, self.get_from_email(), email, content.message().as_bytes())
        except (NotSent, MaybeSent) as error:
            raise Refused(_("The mail could not be sent: %(error)s") % {"error": error}) from error


def _first_mailbox() -> Mailbox | None:
    """The first inbox's, whose address the mail bears: a desk may have no server but those of its mailboxes."""
    inbox = Inbox.objects.order_by("id").first()
    return mailbox_of(inbox) if inbox else None
