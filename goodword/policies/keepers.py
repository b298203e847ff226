"""Who may change the book: the two highest roles, because whoever writes the rules must answer for them."""

from goodword.accounts.models import Agent
from goodword.accounts.queries import rank_of
from goodword.lib.errors import Refused
from goodword.policies.queries import current_book

KEEPING_ROLES = 2


def may_keep_the_book(agent: Agent) -> bool:
    """Whether `agent` may draft and publish the book."""
    book = current_book()
    return agent.is_active and rank_of(agent.role, book) >= max(0, len(book.roles) - KEEPING_ROLES)


def require_keeper(agent: Agent) -> None:
    """Raise Refused unless she may."""
    if not may_keep_the_book(agent):
        raise Refused("The policy book is kept by its managers. Report a gap, or ask one of them for the change.")
