"""What waits for somebody: approvals for a word, actions for a hand, gaps for the book's owner."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import may_decide
from goodword.desk.models import Action, Approval, Gap
from goodword.desk.queries.conversations import visible_to
from goodword.lib import clock
from goodword.lib.errors import NotFound
from goodword.policies.queries import current_book


def approvals_waiting(agent: Agent) -> list[Approval]:
    """The requests that this agent may answer, the oldest first; never her own."""
    book = current_book()
    today = clock.today(book.time_zone)
    waiting = _approvals(agent).filter(state=Approval.WAITING).exclude(asked_by=agent).order_by("asked_at", "id")
    return [each for each in waiting if may_decide(agent, each.role, book, day=today)]


def approvals_asked(agent: Agent, *, limit: int = 20) -> QuerySet[Approval]:
    """What she has asked for, the newest first."""
    return _approvals(agent).filter(asked_by=agent).order_by("-id")[:limit]


def approval_for(agent: Agent, pk: int) -> Approval:
    """One request in a conversation she may see. Raises NotFound."""
    found = _approvals(agent).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such request for approval."))
    return found


def actions_for(agent: Agent, *, department: str = "", mine: bool = False) -> QuerySet[Action]:
    """What is to be done, due first: of one department, or hers, or all she may see."""
    actions = _actions(agent).filter(state=Action.OPEN)
    if mine:
        actions = actions.filter(owner=agent)
    if department:
        actions = actions.filter(department=department)
    return actions.order_by("due_on", "id")


def action_for(agent: Agent, pk: int) -> Action:
    """One action in a conversation she may see. Raises NotFound."""
    found = _actions(agent).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such action."))
    return found


def open_gaps(agent: Agent) -> QuerySet[Gap]:
    """Where the book had no answer and nobody has settled it yet, the newest first."""
    gaps = Gap.objects.filter(settled_at=None, matter__conversation__in=visible_to(agent))
    return gaps.select_related("matter__conversation", "reported_by").order_by("-id")


def _approvals(agent: Agent) -> QuerySet[Approval]:
    seen = Approval.objects.filter(decision__matter__conversation__in=visible_to(agent))
    return seen.select_related(
        "asked_by", "answered_by", "decision__by", "decision__matter__purchase", "decision__matter__line__product",
        "decision__matter__conversation__person",
    )  # fmt: skip


def _actions(agent: Agent) -> QuerySet[Action]:
    seen = Action.objects.filter(matter__conversation__in=visible_to(agent))
    return seen.select_related(
        "owner", "matter__conversation__person", "matter__purchase", "matter__line__product", "decision"
    )
