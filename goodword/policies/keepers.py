"""Who may change the book: the two highest roles, never the lowest, because who writes rules must answer for them."""

from goodword.accounts.models import Agent
from goodword.accounts.queries import agents_who_may, rank_of
from goodword.lib.errors import Refused
from goodword.policies.queries import current_book, has_book

KEEPING_ROLES = 2


def may_keep_the_book(agent: Agent) -> bool:
    """Whether `agent` may draft and publish the book."""
    book = current_book()
    return agent.is_active and rank_of(agent.role, book) >= _least_rank(list(book.roles))


def keepers() -> list[Agent]:
    """Everybody who may, the lowest rank first; nobody on a desk without a book."""
    book = current_book() if has_book() else None
    return agents_who_may(list(book.roles)[_least_rank(list(book.roles))], book) if book and book.roles else []


def require_keeper(agent: Agent) -> None:
    """Raise Refused unless she may."""
    if not may_keep_the_book(agent):
        raise Refused("The policy book is kept by its managers. Report a gap, or ask one of them for the change.")


def _least_rank(roles: list[str]) -> int:
    return max(0, min(1, len(roles) - 1), len(roles) - KEEPING_ROLES)
