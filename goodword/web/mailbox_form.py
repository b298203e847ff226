"""The form of a mailbox: what a manager types, as the wish that `channels.mailboxes` checks and stores."""

from typing import Any

from django import forms
from django.utils.translation import get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from goodword.accounts.models import Team
from goodword.channels.mailboxes.wishes import GrantWish, MailboxWish, ServerWish
from goodword.channels.models import Mailbox, MailServer
from goodword.desk.models import Inbox
from goodword.policies.queries import current_book

_RECEIVES = [(Mailbox.IMAP, _("We fetch it by IMAP")), (Mailbox.SMTP, _("Your mail server hands it on to us by SMTP"))]
_SENDS = [("own", _("A server of its own")), ("desk", _("The desk's server (GOODWORD_SMTP_OUT)"))]
_SIGN_IN = [
    (Mailbox.PASSWORD, _("User and password")),
    (Mailbox.GOOGLE, _("Sign-in at Google")),
    (Mailbox.MICROSOFT, _("Sign-in at Microsoft")),
]
_SECURITY = [
    (MailServer.TLS, _("TLS from the first byte")),
    (MailServer.STARTTLS, _("STARTTLS")),
    (MailServer.PLAIN, _("No encryption (own network only)")),
]


def _password() -> forms.CharField:
    # Never sent back to a browser: an empty field means "as it was".
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
    return forms.CharField(label=pgettext_lazy("mailbox", "Password"), required=False, widget=widget, strip=False)


class MailboxForm(forms.Form):
    """Everything of a mailbox. Rules between fields are `wishes.check`'s; here is only what a field can hold."""

    address = forms.CharField(label=_("Address customers write to"), max_length=254)
    name = forms.CharField(label=_("Name customers see as the sender"), max_length=100)
    language = forms.ChoiceField(label=_("Language most customers write there"))
    languages = forms.MultipleChoiceField(
        label=_("Languages that are told apart there"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all languages of the book."),
    )  # fmt: skip
    team = forms.ModelChoiceField(
        Team.objects.order_by("name"), label=_("Team"), required=False, empty_label=_("No team")
    )
    signature = forms.CharField(label=_("Signature below every mail"), max_length=200, required=False)
    aliases = forms.CharField(
        label=_("Further addresses of this inbox"), required=False,
        help_text=_("Separated by commas. @example.com takes every address of that domain."),
    )  # fmt: skip
    plus = forms.BooleanField(
        label=_("Ask for answers at an address with a plus sign (hello+c42-…@)"), required=False, initial=True,
        help_text=_("An answer then finds its conversation even from the strangest mail program."),
    )  # fmt: skip
    receives = forms.ChoiceField(label=_("How mail comes in"), choices=_RECEIVES, widget=forms.RadioSelect)
    sign_in = forms.ChoiceField(label=_("How we sign in"), choices=_SIGN_IN)
    incoming_host = forms.CharField(label=_("Server for reading"), required=False)
    incoming_port = forms.IntegerField(label=_("Port"), required=False, help_text=_("Empty: the usual one."))
    incoming_security = forms.ChoiceField(label=_("Encryption"), choices=_SECURITY)
    incoming_verifies = forms.BooleanField(label=_("Check the server's certificate"), required=False, initial=True)
    incoming_user = forms.CharField(label=pgettext_lazy("mailbox", "User"), required=False)
    incoming_password = _password()
    folders = forms.CharField(label=_("Folders to read"), required=False, help_text=_("Separated by commas."))
    reads_from = forms.DateField(
        label=_("Read mail from this day on"), required=False, help_text=_("Empty: all that is there."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    sends = forms.ChoiceField(label=_("How answers leave"), choices=_SENDS, widget=forms.RadioSelect)
    outgoing_host = forms.CharField(label=_("Server for sending"), required=False)
    outgoing_port = forms.IntegerField(label=_("Port"), required=False, help_text=_("Empty: the usual one."))
    outgoing_security = forms.ChoiceField(label=_("Encryption"), choices=_SECURITY)
    outgoing_verifies = forms.BooleanField(label=_("Check the server's certificate"), required=False, initial=True)
    outgoing_user = forms.CharField(label=pgettext_lazy("mailbox", "User"), required=False)
    outgoing_password = _password()
    client_id = forms.CharField(label=_("Client id of your application"), max_length=300, required=False)
    client_secret = _password()
    authorize_url = forms.CharField(label=_("Address of the sign-in"), required=False)
    token_url = forms.CharField(label=_("Address for tokens"), required=False)

    def __init__(self, *given: Any, inbox: Inbox | None = None, **more: Any) -> None:
        if inbox is not None:
            more["initial"] = as_entered(inbox)
        else:
            more["initial"] = _at_first()
        more["label_suffix"] = ""
        super().__init__(*given, **more)
        languages = [(code, get_language_info(code)["name_translated"]) for code in current_book().languages]
        for name in ("language", "languages"):
            self.fields[name].choices = languages  # type: ignore[attr-defined]  # both are choices
        self.fields["client_secret"].label = _("Client secret of your application")
        if inbox is not None:
            self.fields["address"].disabled = True
        for name, bound in self.fields.items():
            if bound.help_text:
                bound.widget.attrs["aria-describedby"] = f"{name}-hint"

    def wish(self) -> MailboxWish:
        """What was entered. Call it on a valid form."""
        entered = self.cleaned_data
        with_token = entered["sign_in"] != Mailbox.PASSWORD
        return MailboxWish(
            address=entered["address"],
            name=entered["name"],
            language=entered["language"],
            languages=tuple(entered["languages"]),
            team=entered["team"],
            signature=entered["signature"],
            aliases=_listed(entered["aliases"]),
            uses_plus_addresses=entered["plus"],
            sign_in=entered["sign_in"],
            folders=_listed(entered["folders"]),
            reads_from=entered["reads_from"],
            incoming=self._server("incoming") if entered["receives"] == Mailbox.IMAP else None,
            outgoing=self._server("outgoing") if entered["sends"] == "own" else None,
            grant=self._grant() if with_token else None,
        )

    def _server(self, way: str) -> ServerWish:
        entered = self.cleaned_data
        return ServerWish(
            host=entered[f"{way}_host"],
            port=entered[f"{way}_port"],
            security=entered[f"{way}_security"],
            verifies_certificate=entered[f"{way}_verifies"],
            user=entered[f"{way}_user"] or (entered["address"] if entered["sign_in"] != Mailbox.PASSWORD else ""),
            password=entered[f"{way}_password"] or None,
        )

    def _grant(self) -> GrantWish:
        entered = self.cleaned_data
        return GrantWish(
            entered["client_id"], entered["client_secret"] or None, entered["authorize_url"], entered["token_url"]
        )


def as_entered(inbox: Inbox) -> dict[str, Any]:
    """The form of an inbox as it is now; passwords and secrets are left out."""
    mailbox = Mailbox.objects.filter(inbox=inbox).first()
    known = {"address": inbox.address, "name": inbox.name, "language": inbox.language}
    if mailbox is None:
        return _at_first() | known | {"receives": Mailbox.SMTP, "sends": "desk"}
    servers = {server.way: server for server in mailbox.servers.all()}
    grant = getattr(mailbox, "grant", None)
    return {
        **known,
        "languages": mailbox.languages,
        "team": mailbox.team_id,
        "signature": mailbox.signature,
        "aliases": ", ".join(mailbox.aliases),
        "plus": mailbox.uses_plus_addresses,
        "receives": mailbox.receives,
        "sign_in": mailbox.sign_in,
        "folders": ", ".join(mailbox.folders.order_by("id").values_list("name", flat=True)) or "INBOX",
        "reads_from": mailbox.reads_from,
        "sends": "own" if MailServer.OUT in servers else "desk",
        **_of_server("incoming", servers.get(MailServer.IN)),
        **_of_server("outgoing", servers.get(MailServer.OUT)),
        "client_id": grant.client_id if grant else "",
        "authorize_url": grant.authorize_url if grant else "",
        "token_url": grant.token_url if grant else "",
    }


def _of_server(way: str, server: MailServer | None) -> dict[str, Any]:
    if server is None:
        return {f"{way}_verifies": True}
    return {
        f"{way}_host": server.host,
        f"{way}_port": server.port,
        f"{way}_security": server.security,
        f"{way}_verifies": server.verifies_certificate,
        f"{way}_user": server.user,
    }


def _at_first() -> dict[str, Any]:
    return {
        "language": current_book().languages[0], "receives": Mailbox.IMAP, "sends": "own", "folders": "INBOX",
        "sign_in": Mailbox.PASSWORD, "plus": True, "incoming_verifies": True, "outgoing_verifies": True,
        "outgoing_security": MailServer.TLS,
    }  # fmt: skip


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
