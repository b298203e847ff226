"""An agent's own notices, and only of conversations she may see."""

from django.db.models import Q, QuerySet

from goodword.accounts.models import Agent
from goodword.desk.queries.conversations import visible_to
from goodword.notifications.models import Notice


def notices_for(agent: Agent, *, unread_only: bool = False) -> QuerySet[Notice]:
    """What `agent` should know, the newest first."""
    seen = Q(conversation=None) | Q(conversation__in=visible_to(agent))
    notices = Notice.objects.filter(seen, agent=agent).select_related("conversation").order_by("-at", "-id")
    return notices.filter(read_at=None) if unread_only else notices


def unread_count(agent: Agent) -> int:
    """How many notices she has not read."""
    return notices_for(agent, unread_only=True).count()
