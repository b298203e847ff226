"""Inviting agents and changing what they are."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from goodword.accounts.models import Agent, Team
from goodword.accounts.queries import RankedBook, actor_of, rank_of, staff_language
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused


@transaction.atomic
def invite_agent(
    email: str,
    name: str,
    role: str,
    *,
    book: RankedBook,
    by: Agent | None,
    password: str | None = None,
    language: str = "en",
    teams: Iterable[Team] = (),
) -> Agent:
    """Store a new agent. Without a password she sets one by "forgotten password" before she can sign in.
    In a `language` the staff pages are not in, she is shown English.

    Raises Invalid for an address that is none or is taken, an empty name, and a role the book does not have.
    """
    address = _new_address(email)
    if not name.strip():
        raise Invalid("An agent has a name: customers are answered by a person.", field="name")
    _check_role(role, book)
    shown_in = staff_language(language)
    agent = Agent.objects.create_user(address, password, name=name.strip(), role=role, language=shown_in)
    agent.teams.set(teams)
    record("agent.invited", agent.actor, by=actor_of(by), role=role)
    return agent


@transaction.atomic
def change_role(agent: Agent, role: str, *, book: RankedBook, by: Agent) -> Agent:
    """Give her another role of the book. Raises Invalid; Refused for one's own role."""
    _check_role(role, book)
    if agent == by:
        raise Refused("Nobody changes her own role. Ask somebody else with the authority to do it.")
    earlier, agent.role = agent.role, role
    agent.save(update_fields=["role"])
    record("agent.role_changed", agent.actor, by=by.actor, earlier=earlier, role=role)
    return agent


@transaction.atomic
def choose_language(agent: Agent, language: str) -> Agent:
    """Show her the pages in another language from now on. Raises Invalid for one the pages are not in."""
    if language not in settings.STAFF_LANGUAGES:
        raise Invalid("The pages are not in this language.", field="language")
    agent.language = language
    agent.save(update_fields=["language"])
    record("agent.language_chosen", agent.actor, by=agent.actor, language=language)
    return agent


@transaction.atomic
def end_agent(agent: Agent, *, by: Agent) -> None:
    """She no longer works here: she cannot sign in and her keys end; what she did keeps her name. Refused for self."""
    if agent == by:
        raise Refused("Nobody ends her own account. Ask somebody else with the authority to do it.")
    agent.is_active = False
    agent.save(update_fields=["is_active"])
    agent.api_keys.filter(ended_at=None).update(ended_at=clock.now())
    record("agent.ended", agent.actor, by=by.actor)


def _new_address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid(f"{email!r} is not a mail address.", field="email") from None
    if Agent.objects.filter(email=address).exists():
        raise Invalid(f"There is an agent with the address {address} already.", field="email")
    return address


def _check_role(role: str, book: RankedBook) -> None:
    if rank_of(role, book) < 0:
        raise Invalid(f"The book has no role {role!r}. It has: {', '.join(book.roles)}.", field="role")
