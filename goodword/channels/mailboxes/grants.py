"""OAuth 2 for Google's and Microsoft's mail: the authorization-code flow with PKCE (RFC 6749, 7636), and its tokens.

The customer's administrator registers an application at the provider and enters its id here. Addresses are kept with
the grant, so that a tenant of one's own, or a provider in a test, is only another row.
"""

import base64
import hashlib
import json
import secrets
import threading
import urllib.error
import urllib.request
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db import transaction

from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.channels.mailboxes.problems import MailboxProblem
from goodword.channels.mailboxes.sealing import seal, unseal
from goodword.channels.models import Mailbox, OAuthGrant
from goodword.journal.actions import record
from goodword.lib import clock

_TIMEOUT_SECONDS = 20
_MOST_BYTES = 1024 * 1024
# A token is renewed this long before it ends: signing in to a slow server takes time, too.
_IN_GOOD_TIME = timedelta(minutes=2)
_WITHOUT_END = timedelta(hours=1)
_renewing: dict[int, threading.Lock] = defaultdict(threading.Lock)


@dataclass(frozen=True)
class Provider:
    """Where a provider's sign-in stands, what we ask leave for, and its mail servers."""

    name: str
    authorize_url: str
    token_url: str
    scope: str
    imap_host: str
    smtp_host: str
    smtp_port: int
    smtp_security: str


PROVIDERS = {
    Mailbox.GOOGLE: Provider(
        name="Google",
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",
        scope="https://mail.google.com/",
        imap_host="imap.gmail.com",
        smtp_host="smtp.gmail.com",
        smtp_port=465,
        smtp_security="tls",
    ),
    Mailbox.MICROSOFT: Provider(
        name="Microsoft",
        authorize_url="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        token_url="https://login.microsoftonline.com/common/oauth2/v2.0/token",
        scope="https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        imap_host="outlook.office365.com",
        smtp_host="smtp.office365.com",
        smtp_port=587,
        smtp_security="starttls",
    ),
}


@dataclass(frozen=True)
class Asked:
    """A sign-in that has begun. `state` and `verifier` stay with the one who began it; only `url` leaves the house."""

    url: str
    state: str
    verifier: str


def ask_for_leave(mailbox: Mailbox, redirect_uri: str) -> Asked:
    """Begin the sign-in at the provider: where to send the manager. Writes nothing."""
    grant = _grant_of(mailbox)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": grant.client_id,
        "redirect_uri": redirect_uri,
        "scope": grant.scope,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": mailbox.inbox.address,
        # Google gives a refresh token only if both of these are asked for; others ignore them.
        "access_type": "offline",
        "prompt": "consent",
    }
    joined = "&" if urlsplit(grant.authorize_url).query else "?"
    return Asked(f"{grant.authorize_url}{joined}{urlencode(asked)}", state, verifier)


def take_leave(mailbox: Mailbox, code: str, verifier: str, redirect_uri: str, *, by: Agent | None) -> OAuthGrant:
    """Exchange the provider's code for tokens and keep them, sealed. Raises MailboxProblem if it gives none."""
    grant = _grant_of(mailbox)
    answer = _ask(grant, grant_type="authorization_code", code=code, redirect_uri=redirect_uri, code_verifier=verifier)
    if not answer.get("refresh_token") and not grant.refresh_token:
        raise MailboxProblem("sign_in_ended", "no refresh token was given")
    with transaction.atomic():
        grant.granted_at = clock.now()
        _keep(grant, answer)
        Mailbox.objects.filter(pk=mailbox.pk).update(changed_at=clock.now(), problem="", problem_detail="")
        record("mailbox.signed_in", f"mailbox:{mailbox.pk}", by=actor_of(by))
    return grant


def access_token(mailbox: Mailbox) -> str:
    """A token that is good for at least two minutes; renewed at the provider if need be.

    The provider is asked outside any transaction, and by one thread at a time for each mailbox. Raises MailboxProblem.
    """
    with _renewing[mailbox.pk]:
        grant = _grant_of(mailbox)
        if grant.access_until and grant.access_until - _IN_GOOD_TIME > clock.now():
            return unseal(grant.access_token)
        if not grant.refresh_token:
            raise MailboxProblem("sign_in_needed")
        answer = _ask(grant, grant_type="refresh_token", refresh_token=unseal(grant.refresh_token))
        _keep(grant, answer)
        return str(answer["access_token"])


def forget_access(mailbox: Mailbox) -> None:
    """The server refused the token before its time: the next one is fetched anew."""
    OAuthGrant.objects.filter(mailbox=mailbox).update(access_until=None, access_token="")


def xoauth2(user: str, token: str) -> str:
    """The words with which IMAP and SMTP are told the token (Google's and Microsoft's XOAUTH2)."""
    return f"user={user}\1auth=Bearer {token}\1\1"


def _grant_of(mailbox: Mailbox) -> OAuthGrant:
    grant = OAuthGrant.objects.filter(mailbox=mailbox).first()
    if grant is None:
        raise MailboxProblem("sign_in_needed")
    return grant


def _keep(grant: OAuthGrant, answer: dict[str, Any]) -> None:
    """Store what was given. A provider that renews the refresh token, too, wants the new one next time."""
    seconds = str(answer.get("expires_in", ""))
    lasts = timedelta(seconds=int(seconds)) if seconds.isdigit() else _WITHOUT_END
    grant.access_token, grant.access_until = seal(str(answer["access_token"])), clock.now() + lasts
    if answer.get("refresh_token"):
        grant.refresh_token = seal(str(answer["refresh_token"]))
    grant.save()


def _ask(grant: OAuthGrant, **wanted: str) -> dict[str, Any]:
    form = {**wanted, "client_id": grant.client_id}
    if grant.client_secret:
        form["client_secret"] = unseal(grant.client_secret)
    request = urllib.request.Request(
        grant.token_url,
        data=urlencode(form).encode("ascii"),
        headers={"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:
            answer = json.loads(response.read(_MOST_BYTES))
    except urllib.error.HTTPError as error:
        raise _refused(error) from None
    except (OSError, ValueError) as error:
        raise MailboxProblem("sign_in_unreachable", type(error).__name__) from None
    if not isinstance(answer, dict) or not answer.get("access_token"):
        raise MailboxProblem("sign_in_unreachable", "no access token in the answer")
    return answer


def _refused(error: urllib.error.HTTPError) -> MailboxProblem:
    """RFC 6749, 5.2: the error's code. `invalid_grant` is final; a server's own trouble passes."""
    try:
        told = json.loads(error.read(_MOST_BYTES))
        code = str(told.get("error", "")) if isinstance(told, dict) else ""
    except (OSError, ValueError):
        code = ""
    final = code in {"invalid_grant", "invalid_client", "unauthorized_client", "access_denied"}
    return MailboxProblem("sign_in_ended" if final else "sign_in_unreachable", code or f"HTTP {error.code}")
