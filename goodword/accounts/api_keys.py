"""Keys of programs: making one, ending it, knowing it by its secret, and counting what it asks."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent, ApiKey
from goodword.accounts.queries import RankedBook, actor_of, is_among_the_highest, rank_of
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid, NotFound, Refused

SCOPES = (
    "conversations:read", "conversations:write", "messages:read", "messages:write", "matters:read", "matters:write",
    "facts:read", "facts:write", "decisions:preview", "decisions:read", "decisions:write", "people:read",
    "people:write", "orders:read", "orders:write", "deliveries:read", "deliveries:write", "policies:read",
    "events:read",
)  # fmt: skip
PER_MINUTE = 600
_MOST_PER_MINUTE = 1_000_000
_LONGEST_NAME = 100
_WINDOW = timedelta(minutes=1)


@dataclass(frozen=True)
class Allowance:
    """What is left of a key's minute. `reset_seconds` is when the next one begins."""

    limit: int
    remaining: int
    reset_seconds: int
    is_over: bool


@transaction.atomic
def make_api_key(
    name: str,
    agent: Agent,
    scopes: Iterable[str],
    by: Agent | None,
    *,
    book: RankedBook | None = None,
    expires_at: datetime | None = None,
    per_minute: int = PER_MINUTE,
) -> tuple[ApiKey, str]:
    """A key that sees what `agent` sees, and its secret, which is shown this once and not kept.

    Raises Invalid for an empty name, an unknown scope, a day that is over; with a `book`, Refused unless `by` has one
    of its two highest roles, and for an agent who ranks above her: a key lends nobody more than she has.
    """
    if book is not None:
        _require_authority(by, agent.role, book)
    wanted = _checked_scopes(scopes)
    _check_name(name)
    if expires_at is not None and expires_at <= clock.now():
        raise Invalid(_("A key that has run out already opens nothing. Choose a later day."), field="expires_on")
    if not 1 <= per_minute <= _MOST_PER_MINUTE:
        raise Invalid(_("A key may ask once a minute at least."), field="per_minute")
    secret = f"gw_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=name.strip(), digest=_digest(secret), scopes=wanted, agent=agent, made_at=clock.now(),
        expires_at=expires_at, per_minute=per_minute,
    )  # fmt: skip
    record("api_key.made", key.actor, by=actor_of(by), agent=agent.pk, scopes=wanted)
    return key, secret


@transaction.atomic
def make_program(name: str, role: str, *, book: RankedBook, by: Agent | None) -> Agent:
    """Somebody for a key to act as who is no colleague: a program with a role. It cannot sign in.

    Raises Invalid for an empty name or an unknown role, Refused for a role above one's own.
    """
    _check_name(name)
    if rank_of(role, book) < 0:
        raise Invalid(_("The policy book has no such role."), field="role")
    _require_authority(by, role, book)
    address = f"program-{secrets.token_hex(8)}@desk.invalid"
    program = Agent.objects.create_user(address, None, name=name.strip(), role=role, is_program=True)
    record("agent.invited", program.actor, by=actor_of(by), role=role)
    return program


@transaction.atomic
def make_key_of_program(
    name: str,
    role: str,
    scopes: Iterable[str],
    *,
    by: Agent,
    book: RankedBook,
    expires_at: datetime | None = None,
    per_minute: int = PER_MINUTE,
) -> tuple[ApiKey, str]:
    """A program with a role and its key, in one step. Raises as `make_program` and `make_api_key`, and Invalid without
    a scope: such a key would open nothing."""
    wanted = list(scopes)
    if not wanted:
        raise Invalid(_("Choose what the key may be used for."), field="scopes")
    program = make_program(name, role, book=book, by=by)
    return make_api_key(name, program, wanted, by, book=book, expires_at=expires_at, per_minute=per_minute)


@transaction.atomic
def end_api_key(key: ApiKey, *, by: Agent | None, book: RankedBook | None = None) -> None:
    """The key opens nothing from now on; quiet if it had ended before. With a `book`, Refused without the authority."""
    if book is not None:
        _require_authority(by, key.agent.role, book)
    if ApiKey.objects.filter(pk=key.pk, ended_at=None).update(ended_at=clock.now()):
        record("api_key.ended", key.actor, by=actor_of(by))


def key_for(secret: str) -> ApiKey | None:
    """The key with this secret; None if it is wrong, has run out or was ended, or its agent no longer works here."""
    alive = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    keys = ApiKey.objects.select_related("agent").filter(alive, ended_at=None, agent__is_active=True)
    return keys.filter(digest=_digest(secret)).first()


def agent_for_key(secret: str) -> tuple[Agent, list[str]] | None:
    """Whose eyes a program has that shows this secret, and its scopes; None for a key that opens nothing."""
    key = key_for(secret)
    return (key.agent, list(key.scopes)) if key else None


def api_keys() -> QuerySet[ApiKey]:
    """Every key there ever was, the living first, then the newest."""
    return ApiKey.objects.select_related("agent").order_by(F("ended_at").asc(nulls_first=True), "-id")


def api_key(pk: int) -> ApiKey:
    """One key. Raises NotFound."""
    found = ApiKey.objects.select_related("agent").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such key."))
    return found


@transaction.atomic
def count_request(key: ApiKey) -> Allowance:
    """Note that the key was used now, and say what is left of its minute.

    One UPDATE of one row: two processes that count at once both count, which Django's cache does not promise.
    """
    now = clock.now()
    minute = now.replace(second=0, microsecond=0)
    row = ApiKey.objects.filter(pk=key.pk)
    again = Case(When(minute=minute, then=F("used") + 1), default=1)
    row.update(last_used_at=now, used=again, minute=minute)
    used = row.values_list("used", flat=True).get()
    reset = ceil((minute + _WINDOW - now).total_seconds())
    return Allowance(key.per_minute, max(0, key.per_minute - used), reset, used > key.per_minute)


def _require_authority(by: Agent | None, role: str, book: RankedBook) -> None:
    """Nobody (None: whoever runs the machine) is above her; she herself must be among the highest."""
    if by is None:
        return
    if not is_among_the_highest(by, book):
        raise Refused(_("Only a manager may give keys to programs. Ask one of them."))
    if rank_of(role, book) > rank_of(by.role, book):
        raise Refused(_("A key cannot act with a higher role than your own."))


def _checked_scopes(scopes: Iterable[str]) -> list[str]:
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown:
        raise Invalid(f"There is no scope {unknown[0]!r}. Known are: {', '.join(SCOPES)}.", field="scopes")
    return wanted


def _check_name(name: str) -> None:
    if not name.strip() or len(name.strip()) > _LONGEST_NAME:
        raise Invalid(_("A key has a name of up to 100 letters, so that it can be told apart and ended."), field="name")


def _digest(secret: str) -> str:
    # A plain hash is enough: the secret is 256 random bits, so there is nothing to guess.
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
