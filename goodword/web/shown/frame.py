"""The frame around every staff page: counts, notices, the book's problem, the cursor of the live page."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst
from django.utils.translation import get_language_info

from goodword.accounts.models import Agent
from goodword.accounts.queries import is_among_the_highest, leads
from goodword.channels.mailboxes.queries import rehearsing_inboxes
from goodword.desk.queries.conversations import counts_for
from goodword.desk.queries.waiting import approvals_waiting
from goodword.journal.queries import number_events
from goodword.notifications.queries import notices_for
from goodword.policies.queries import current_book, open_problem
from goodword.web.shown.notices import ShownNotice, shown_notice
from goodword.web.shown.words import role_words

MOST_NOTICES = 30


class Frame:
    """Everything the bar shows; each part is read only if a template asks for it."""

    def __init__(self, agent: Agent, seq: int | None = None) -> None:
        self.agent = agent
        # The journal's cursor at this page: taken before the page was read, so that what happens meanwhile is told.
        self.seq = number_events() if seq is None else seq

    @cached_property
    def counts(self) -> dict[str, int]:
        """Conversations per view of the queue."""
        return counts_for(self.agent)

    @cached_property
    def approvals(self) -> int:
        """How many decisions wait for this agent's word."""
        return len(approvals_waiting(self.agent))

    @cached_property
    def notices(self) -> list[ShownNotice]:
        """What she has not read yet, the newest first."""
        return [shown_notice(notice) for notice in notices_for(self.agent, unread_only=True)[:MOST_NOTICES]]

    @cached_property
    def problem(self) -> "Problem | None":
        """What keeps the changed book folder from being published."""
        found = open_problem()
        return Problem(found.findings) if found else None

    @cached_property
    def role(self) -> str:
        """Her role in words."""
        return role_words(current_book(), self.agent.role)

    @cached_property
    def leads(self) -> bool:
        """Whether she answers for the work of others, and so for the mail that went astray."""
        return leads(self.agent, current_book())

    @cached_property
    def manages(self) -> bool:
        """Whether she gives keys to programs and brings in orders."""
        return is_among_the_highest(self.agent, current_book())

    @cached_property
    def rehearsing(self) -> list[str]:
        """The inboxes that send nothing yet, by name."""
        return [inbox.name for inbox in rehearsing_inboxes()]

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        """The languages the pages are in, each by its own name."""
        return [(code, capfirst(get_language_info(code)["name_local"])) for code in settings.STAFF_LANGUAGES]


@dataclass(frozen=True)
class Problem:
    """The findings of a folder that could not be published."""

    findings: list[dict[str, Any]]

    @property
    def first(self) -> str:
        """The first mistake as file:line and message."""
        first = next((each for each in self.findings if each.get("level") == "error"), self.findings[0])
        return f"{first.get('file')}:{first.get('line')}: {first.get('message')}"


def lazy_frame(agent: Any, seq: int | None) -> Any:
    """The frame of a signed-in agent, made when a template first looks at it; None for anybody else.

    `seq` is the journal's cursor before the page was read, if it was taken then.
    """
    return SimpleLazyObject(lambda: Frame(agent, seq)) if isinstance(agent, Agent) else None
