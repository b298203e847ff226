"""Handing a conversation to another department: offered with a note, accepted there or sent back with a reason.

It lies in the other team's queue from the moment it is offered, and what the customer was promised runs on.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent, Team
from goodword.accounts.queries import rank_of
from goodword.desk.actions.conversations import add_note
from goodword.desk.actions.corrections import locked
from goodword.desk.models import Conversation, Transfer
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.policies.queries import current_book


@transaction.atomic
def offer_transfer(conversation: Conversation, department: str, note: str, *, by: Agent) -> Transfer:
    """Offer it to a department of the book, with a note that says what is wanted of them.

    Raises Invalid for an unknown department and without a note; Refused where no team works in it, where it is there
    already, and while it is on offer elsewhere.
    """
    if not note.strip():
        raise Invalid(_("Say in a note what the other department should do; nobody there knows it yet."), field="note")
    team = _team_of(department)
    conversation = locked(conversation)
    if conversation.team_id == team.pk or conversation.merged_into_id:
        raise Refused(_("This conversation is with that department already."))
    if conversation.transfers.filter(state=Transfer.OFFERED).exists():
        raise Refused(_("This conversation is on offer to a department. Wait for its answer, or take the offer back."))
    transfer = Transfer.objects.create(
        conversation=conversation, department=department, team=team, note=note.strip(), offered_by=by,
        offered_at=clock.now(), from_team=conversation.team, from_assignee=conversation.assignee,
        from_department=conversation.department,
    )  # fmt: skip
    add_note(conversation, note.strip(), by=by)
    _place(conversation, team=team, assignee=None, department=department)
    _record("transfer.offered", transfer, by, team=team.pk)
    return transfer


@transaction.atomic
def accept_transfer(transfer: Transfer, *, by: Agent) -> Transfer:
    """Take it over: it is hers now. Refused for anybody who does not work in that department, and a second time."""
    transfer = _offered(transfer)
    _refuse_strangers(transfer, by)
    conversation = locked(transfer.conversation)
    _answer(transfer, Transfer.ACCEPTED, "", by)
    _place(conversation, team=transfer.team, assignee=by, department=transfer.department)
    _record("transfer.accepted", transfer, by)
    return transfer


@transaction.atomic
def send_back(transfer: Transfer, word: str, *, by: Agent) -> Transfer:
    """It is not theirs: back to where it was, with the reason. Raises Invalid without one; Refused as `accept`."""
    if not word.strip():
        raise Invalid(_("Say why it is not yours: your colleague has to go on with it."), field="word")
    transfer = _offered(transfer)
    _refuse_strangers(transfer, by)
    _answer(transfer, Transfer.SENT_BACK, word.strip(), by)
    add_note(transfer.conversation, word.strip(), by=by)
    _put_back(transfer)
    _record("transfer.sent_back", transfer, by)
    return transfer


@transaction.atomic
def withdraw_transfer(transfer: Transfer, *, by: Agent) -> Transfer:
    """Take the offer back. Refused for anybody but whoever made it, and once it is answered."""
    transfer = _offered(transfer)
    if by.pk != transfer.offered_by_id:
        raise Refused(_("Only whoever offered it can take the offer back."))
    _answer(transfer, Transfer.WITHDRAWN, "", by)
    _put_back(transfer)
    _record("transfer.withdrawn", transfer, by)
    return transfer


def may_accept(transfer: Transfer, agent: Agent) -> bool:
    """Whether she works in the department it is offered to, or has the highest role."""
    book = current_book()
    if rank_of(agent.role, book) == len(book.roles) - 1:
        return True
    return agent.teams.filter(department=transfer.department).exists()


def _team_of(department: str) -> Team:
    if department not in current_book().departments:
        raise Invalid(_("The policy book has no department “%(code)s”.") % {"code": department}, field="department")
    team = Team.objects.filter(department=department).order_by("pk").first()
    if team is None:
        raise Refused(_("No team works in that department yet, so nobody would see it. Ask a manager to make one."))
    return team


def _offered(transfer: Transfer) -> Transfer:
    rows = Transfer.objects.select_for_update(of=("self",))
    related = ("conversation", "team", "from_team", "from_assignee", "offered_by")
    transfer = rows.select_related(*related).get(pk=transfer.pk)
    if transfer.state != Transfer.OFFERED:
        raise Refused(_("This offer has been answered already. Reload the page to see how."))
    return transfer


def _refuse_strangers(transfer: Transfer, by: Agent) -> None:
    if not may_accept(transfer, by):
        raise Refused(_("This is offered to another department than yours; somebody there has to answer."))


def _answer(transfer: Transfer, state: str, word: str, by: Agent) -> None:
    transfer.state, transfer.word = state, word
    transfer.answered_by, transfer.answered_at = by, clock.now()
    transfer.save(update_fields=["state", "word", "answered_by", "answered_at"])


def _put_back(transfer: Transfer) -> None:
    conversation = locked(transfer.conversation)
    assignee = transfer.from_assignee if transfer.from_assignee and transfer.from_assignee.is_active else None
    _place(conversation, team=transfer.from_team, assignee=assignee, department=transfer.from_department)


def _place(conversation: Conversation, *, team: Team | None, assignee: Agent | None, department: str) -> None:
    conversation.team, conversation.assignee, conversation.department = team, assignee, department
    conversation.save(update_fields=["team", "assignee", "department"])


def _record(kind: str, transfer: Transfer, by: Agent, *, team: int | None = None) -> None:
    record(
        kind, transfer.conversation.about, by=by.actor, transfer=transfer.pk, department=transfer.department,
        offered_by=transfer.offered_by_id, team=team,
    )  # fmt: skip
