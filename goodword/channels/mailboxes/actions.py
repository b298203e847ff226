"""Adding, changing, pausing mailboxes; rehearsal on and off. Each change is in the journal, without any secret."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.channels.mailboxes.grants import PROVIDERS
from goodword.channels.mailboxes.problems import Problem
from goodword.channels.mailboxes.queries import mailbox_of
from goodword.channels.mailboxes.sealing import seal
from goodword.channels.mailboxes.wishes import PORTS, GrantWish, MailboxWish, ServerWish, check
from goodword.channels.models import Mailbox, MailFolder, MailServer, OAuthGrant
from goodword.desk.models import Conversation, Inbox
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid
from goodword.policies.queries import current_book


def add_mailbox(wish: MailboxWish, *, by: Agent | None) -> Mailbox:
    """Store a new inbox and its mailbox, in rehearsal: it reads and advises, and sends nothing until `turn_on`.

    Raises Invalid for a field that makes no sense or an address that is taken.
    """
    check(wish, current_book().languages)
    now = _this_second()
    try:
        with transaction.atomic():
            inbox = Inbox.objects.create(
                address=wish.address.strip().lower(), name=wish.name.strip(), language=wish.language, sends=False
            )
            mailbox = Mailbox.objects.create(inbox=inbox, started_at=now, changed_at=now)
            _fill(mailbox, wish)
            record("mailbox.added", f"mailbox:{mailbox.pk}", by=actor_of(by), inbox=inbox.pk)
    except IntegrityError:
        raise Invalid(_("There is a mailbox with this address already."), field="address") from None
    return mailbox


@transaction.atomic
def plumb(inbox: Inbox) -> Mailbox:
    """The mailbox of an inbox; made where it has none: by SMTP to us, sending (or not) as it did."""
    now = clock.now()
    mailbox, _created = Mailbox.objects.get_or_create(inbox=inbox, defaults={"started_at": now, "changed_at": now})
    return mailbox


@transaction.atomic
def change_mailbox(mailbox: Mailbox, wish: MailboxWish, *, by: Agent | None) -> Mailbox:
    """Store what the manager entered. The address stays: customers know it. Raises Invalid."""
    check(wish, current_book().languages)
    mailbox = _locked(mailbox)
    inbox = mailbox.inbox
    inbox.name, inbox.language = wish.name.strip(), wish.language
    inbox.save(update_fields=["name", "language"])
    _fill(mailbox, wish)
    record("mailbox.changed", f"mailbox:{mailbox.pk}", by=actor_of(by))
    return mailbox


@transaction.atomic
def turn_on(mailbox: Mailbox, *, by: Agent | None) -> Mailbox:
    """End the rehearsal: from now on it sends. Quiet if it does already.

    Nothing that was held back is sent: there is nothing, for in rehearsal no mail is made. What follows (a promise,
    counted from now, to whoever waits) is in `reactions`.
    """
    mailbox = _locked(mailbox)
    if mailbox.inbox.sends:
        return mailbox
    mailbox.sends_since, mailbox.changed_at = _this_second(), clock.now()
    mailbox.save(update_fields=["sends_since", "changed_at"])
    Inbox.objects.filter(pk=mailbox.inbox_id).update(sends=True)
    record("mailbox.turned_on", f"mailbox:{mailbox.pk}", by=actor_of(by), inbox=mailbox.inbox_id)
    mailbox.inbox.refresh_from_db()
    return mailbox


@transaction.atomic
def rehearse(mailbox: Mailbox, *, by: Agent | None) -> Mailbox:
    """Send nothing any more, from now on; what is queued stays where it is. Quiet if it rehearses already."""
    mailbox = _locked(mailbox)
    if not mailbox.inbox.sends:
        return mailbox
    Inbox.objects.filter(pk=mailbox.inbox_id).update(sends=False)
    Mailbox.objects.filter(pk=mailbox.pk).update(sends_since=None, changed_at=clock.now())
    record("mailbox.rehearsing", f"mailbox:{mailbox.pk}", by=actor_of(by), inbox=mailbox.inbox_id)
    return _locked(mailbox)


@transaction.atomic
def pause(mailbox: Mailbox, *, by: Agent | None) -> Mailbox:
    """Fetch nothing and send nothing until it is resumed. Mail that comes over SMTP is still kept and filed."""
    return _set_paused(mailbox, clock.now(), "mailbox.paused", by)


@transaction.atomic
def resume(mailbox: Mailbox, *, by: Agent | None) -> Mailbox:
    """Go on where it was paused: what came meanwhile is fetched, what was queued is sent."""
    return _set_paused(mailbox, None, "mailbox.resumed", by)


def _this_second() -> datetime:
    """IMAP's dates have no fractions: a mail of this very second must not be older than this moment."""
    return clock.now().replace(microsecond=0)


def give_to_team(conversation: Conversation) -> None:
    """Bring a new conversation to the team of its inbox, if that has one. In the transaction of its opening."""
    mailbox = mailbox_of(conversation.inbox)
    team = mailbox.team_id if mailbox else None
    if team is not None and conversation.team_id is None:
        conversation.team_id = team
        conversation.save(update_fields=["team"])


def note_looked(mailbox: Mailbox) -> None:
    """All folders have been read to the end just now: nothing is wrong."""
    Mailbox.objects.filter(pk=mailbox.pk).update(looked_at=clock.now(), problem="", problem_detail="", problem_at=None)


def note_problem(mailbox: Mailbox, problem: Problem) -> None:
    """Keep what is wrong, since when, and in the server's words."""
    rows = Mailbox.objects.filter(pk=mailbox.pk)
    rows.exclude(problem=problem.code).update(problem_at=clock.now())
    rows.update(problem=problem.code, problem_detail=problem.detail)


def _set_paused(mailbox: Mailbox, at: datetime | None, kind: str, by: Agent | None) -> Mailbox:
    mailbox = _locked(mailbox)
    if (mailbox.paused_at is None) != (at is None):
        mailbox.paused_at, mailbox.changed_at = at, clock.now()
        mailbox.save(update_fields=["paused_at", "changed_at"])
        record(kind, f"mailbox:{mailbox.pk}", by=actor_of(by))
    return mailbox


def _locked(mailbox: Mailbox) -> Mailbox:
    return Mailbox.objects.select_for_update(of=("self",)).select_related("inbox").get(pk=mailbox.pk)


def _fill(mailbox: Mailbox, wish: MailboxWish) -> None:
    earlier = mailbox.reads_from
    mailbox.aliases = [alias.strip().lower() for alias in wish.aliases]
    mailbox.languages, mailbox.team = list(wish.languages), wish.team
    mailbox.signature, mailbox.uses_plus_addresses = wish.signature.strip(), wish.uses_plus_addresses
    mailbox.receives = Mailbox.IMAP if wish.incoming else Mailbox.SMTP
    mailbox.sign_in, mailbox.reads_from, mailbox.changed_at = wish.sign_in, wish.reads_from, clock.now()
    # What was wrong was wrong with the old ones; the next look says how it is now.
    mailbox.problem, mailbox.problem_detail, mailbox.problem_at = "", "", None
    mailbox.save()
    _set_server(mailbox, MailServer.IN, wish.incoming)
    _set_server(mailbox, MailServer.OUT, wish.outgoing)
    reads_more = earlier is not None and (wish.reads_from is None or wish.reads_from < earlier)
    _set_folders(mailbox, wish, reads_more=reads_more)
    if wish.sign_in != Mailbox.PASSWORD and wish.grant:
        _set_grant(mailbox, wish.grant)


def _set_server(mailbox: Mailbox, way: str, wish: ServerWish | None) -> None:
    if wish is None:
        mailbox.servers.filter(way=way).delete()
        return
    kept: dict[str, object] = {
        "host": wish.host.strip(),
        "port": wish.port or PORTS[way, wish.security],
        "security": wish.security,
        "verifies_certificate": wish.verifies_certificate,
        "user": wish.user.strip(),
    }
    if wish.password is not None:
        kept["password"] = seal(wish.password)
    else:
        _refuse_to_pass_on(mailbox.servers.filter(way=way).first(), wish)
    MailServer.objects.update_or_create(mailbox=mailbox, way=way, defaults=kept)


def _refuse_to_pass_on(server: MailServer | None, wish: ServerWish) -> None:
    """A stored password is for one server: else whoever may enter another one could have it sent there."""
    if server and server.password and (server.host, server.user) != (wish.host.strip(), wish.user.strip()):
        field = "incoming_password" if server.way == MailServer.IN else "outgoing_password"
        raise Invalid(_("Server or user has changed: enter the password again."), field=field)


def _set_folders(mailbox: Mailbox, wish: MailboxWish, *, reads_more: bool) -> None:
    wanted = list(dict.fromkeys(name.strip() for name in wish.folders if name.strip())) if wish.incoming else []
    mailbox.folders.exclude(name__in=wanted).delete()
    for name in wanted:
        MailFolder.objects.get_or_create(mailbox=mailbox, name=name)
    if reads_more:  # older mail was passed by: read from the beginning, where what we have is known by its bytes
        mailbox.folders.update(last_uid=0)


def _set_grant(mailbox: Mailbox, wish: GrantWish) -> None:
    provider = PROVIDERS[mailbox.sign_in]
    kept = {
        "client_id": wish.client_id.strip(),
        "authorize_url": wish.authorize_url.strip() or provider.authorize_url,
        "token_url": wish.token_url.strip() or provider.token_url,
        "scope": provider.scope,
    }
    if wish.client_secret is not None:
        kept["client_secret"] = seal(wish.client_secret)
    OAuthGrant.objects.update_or_create(mailbox=mailbox, defaults=kept)
