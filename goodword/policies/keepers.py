"""Who may change the book: the two highest roles, never the lowest, because who writes rules must answer for them."""

from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import agents_who_may, is_among_the_highest
from goodword.lib.errors import Refused
from goodword.policies.queries import current_book, has_book


def may_keep_the_book(agent: Agent) -> bool:
    """Whether `agent` may draft and publish the book."""
    return is_among_the_highest(agent, current_book())


def keepers() -> list[Agent]:
    """Everybody who may, the lowest rank first; nobody on a desk without a book."""
    book = current_book() if has_book() else None
    lowest = next(iter(book.roles)) if book and book.roles else ""
    return [agent for agent in agents_who_may(lowest, book) if is_among_the_highest(agent, book)] if book else []


def require_keeper(agent: Agent) -> None:
    """Raise Refused unless she may."""
    if not may_keep_the_book(agent):
        raise Refused(_("The policy book is kept by its managers. Report a gap, or ask one of them for the change."))
