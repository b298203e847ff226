"""Who works here, and who may do what."""

from collections.abc import Collection
from datetime import date
from typing import Protocol

from django.conf import settings

from goodword.accounts.models import Agent
from goodword.lib.errors import NotFound

_HIGHEST = 2


class RankedBook(Protocol):
    """What this room needs of a policy book: its roles in rank order, lowest first."""

    @property
    def roles(self) -> Collection[str]: ...


def actor_of(agent: Agent | None) -> str:
    """How the journal names whoever acts: "agent:3", or "system" where nobody did."""
    return agent.actor if agent else "system"


def agent_by_email(email: str) -> Agent:
    """The active agent with this address, whatever its case. Raises NotFound."""
    agent = Agent.objects.filter(email=email.strip().lower(), is_active=True).first()
    if agent is None:
        raise NotFound(f"Nobody with the address {email.strip()} works here.")
    return agent


def staff_language(wanted: str) -> str:
    """The language to show the staff pages in: `wanted` if they are whole in it, else the first they are in."""
    return wanted if wanted in settings.STAFF_LANGUAGES else str(settings.STAFF_LANGUAGES[0])


def rank_of(role: str, book: RankedBook) -> int:
    """The place of `role` in the book's order, from 0; -1 if the book does not know it (it may then do nothing)."""
    roles = list(book.roles)
    return roles.index(role) if role in roles else -1


def is_among_the_highest(agent: Agent, book: RankedBook) -> bool:
    """Whether she has one of the book's two highest roles, and, where there is more than one role, not the lowest.

    They answer for the house: they change the book, and erase a customer or forbid that she is erased.
    """
    roles = list(book.roles)
    least = max(0, min(1, len(roles) - 1), len(roles) - _HIGHEST)
    return agent.is_active and rank_of(agent.role, book) >= least


def leads(agent: Agent, book: RankedBook) -> bool:
    """Whether she answers for the work of others: any role above the lowest, or the only one there is."""
    return agent.is_active and rank_of(agent.role, book) >= min(1, len(list(book.roles)) - 1)


def may_decide(agent: Agent, authority_role: str, book: RankedBook, *, day: date) -> bool:
    """Whether `agent` may grant on `day` what the book leaves to `authority_role`; no role named: everybody may.

    The one place where authority is judged. `day` is not used yet: certificates, which run out, will join here.
    """
    if not agent.is_active:
        return False
    if not authority_role:
        return True
    needed = rank_of(authority_role, book)
    return needed >= 0 and rank_of(agent.role, book) >= needed


def agents_who_may(role: str, book: RankedBook) -> list[Agent]:
    """The active agents whose role is `role` or ranks above it, lowest rank first, then by name."""
    needed = rank_of(role, book)
    if needed < 0:
        return []
    able = list(book.roles)[needed:]
    agents = Agent.objects.filter(role__in=able, is_active=True, is_program=False).order_by("name", "id")
    return sorted(agents, key=lambda agent: able.index(agent.role))
