"""Approvals: a second pair of eyes on what the book leaves to a higher role; never the asker's own."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goodword.accounts.models import Agent
from goodword.accounts.queries import may_decide
from goodword.desk.actions.decisions import finalise
from goodword.desk.models import Approval, Decision
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.policies.queries import current_book


@transaction.atomic
def ask_approval(decision: Decision, reason: str = "", *, by: Agent) -> Approval:
    """Ask those with the authority to agree to a proposed decision; without `reason` the book's own stands in.

    Raises Refused if the decision is final, withdrawn, or asked about already.
    """
    decision = _locked_decision(decision)
    if decision.state == Decision.AWAITING:
        raise Refused(_("Approval has been asked already. You are told as soon as it is answered."))
    if decision.state != Decision.PROPOSED:
        raise Refused(_("This decision no longer waits for anybody. Decide the matter again if something has changed."))
    approval = Approval.objects.create(
        decision=decision,
        role=decision.authority,
        reason=reason.strip() or decision.reason or _reason_of_the_book(decision),
        asked_by=by,
        asked_at=clock.now(),
    )
    decision.state = Decision.AWAITING
    decision.save(update_fields=["state"])
    _record("approval.asked", approval, by, role=approval.role)
    return approval


@transaction.atomic
def approve(approval: Approval, word: str = "", *, by: Agent) -> Approval:
    """Agree: the decision becomes final and its actions open. Refused for the asker, and without the authority."""
    approval = _answer(approval, Approval.APPROVED, word, by)
    _record("approval.approved", approval, by)
    finalise(approval.decision, by=by)
    return approval


@transaction.atomic
def decline(approval: Approval, word: str, *, by: Agent) -> Approval:
    """Say no, with a word of why; the matter is open again. Raises Invalid without a word; Refused as `approve`."""
    if not word.strip():
        raise Invalid(_("Say in a word why not: your colleague has to answer the customer."), field="word")
    approval = _answer(approval, Approval.DECLINED, word, by)
    _record("approval.declined", approval, by)
    _set_aside(approval.decision, by)
    return approval


@transaction.atomic
def withdraw(approval: Approval, *, by: Agent) -> Approval:
    """Take the request back; the matter is open again. Refused for anybody but the asker and those above her."""
    approval = _locked(approval)
    if approval.state != Approval.WAITING:
        raise Refused(str(_ANSWERED))
    if by != approval.asked_by and not _has_authority(approval, by):
        raise Refused(_("Only whoever asked, or somebody who could answer, can take this request back."))
    _close(approval, Approval.WITHDRAWN, "", by)
    _record("approval.withdrawn", approval, by)
    _set_aside(approval.decision, by)
    return approval


def may_answer(approval: Approval, agent: Agent) -> bool:
    """Whether she may approve or decline: she has the authority and did not ask or decide it herself."""
    own = agent.pk in {approval.asked_by_id, approval.decision.by_id}
    return approval.state == Approval.WAITING and not own and _has_authority(approval, agent)


_ANSWERED = gettext_lazy("This request has been answered already. Reload the page to see how.")


def _answer(approval: Approval, state: str, word: str, by: Agent) -> Approval:
    approval = _locked(approval)
    if approval.state != Approval.WAITING:
        raise Refused(str(_ANSWERED))
    if by.pk in {approval.asked_by_id, approval.decision.by_id}:
        raise Refused(_("Nobody approves her own request: that is what the second pair of eyes is for."))
    if not _has_authority(approval, by):
        book = current_book()
        role = book.label("role", approval.role, by.language) if approval.role in book.roles else approval.role
        raise Refused(_("Your role may not answer this. The policy leaves it to: %(role)s.") % {"role": role})
    _close(approval, state, word, by)
    return approval


def _close(approval: Approval, state: str, word: str, by: Agent) -> None:
    approval.state, approval.word = state, word.strip()
    approval.answered_by, approval.answered_at = by, clock.now()
    approval.save(update_fields=["state", "word", "answered_by", "answered_at"])


def _set_aside(decision: Decision, by: Agent) -> None:
    decision.state = Decision.DECLINED
    decision.save(update_fields=["state"])
    about = decision.matter.conversation.about
    record("decision.declined", about, by=by.actor, decision=decision.pk, matter=decision.matter_id)


def _has_authority(approval: Approval, agent: Agent) -> bool:
    book = current_book()
    return may_decide(agent, approval.role, book, day=clock.today(book.time_zone))


def _reason_of_the_book(decision: Decision) -> str:
    return str(decision.explanation.get("summary") or "")


def _record(kind: str, approval: Approval, by: Agent, **more: Any) -> None:
    decision = approval.decision
    record(
        kind, decision.matter.conversation.about, by=by.actor, approval=approval.pk, decision=decision.pk,
        asked_by=approval.asked_by_id, **more,
    )  # fmt: skip


def _locked_decision(decision: Decision) -> Decision:
    rows = Decision.objects.select_for_update(of=("self",))
    return rows.select_related("matter__conversation__person", "matter__purchase").get(pk=decision.pk)


def _locked(approval: Approval) -> Approval:
    rows = Approval.objects.select_for_update(of=("self",))
    related = ("decision__matter__conversation__person", "decision__matter__purchase", "asked_by")
    return rows.select_related(*related).get(pk=approval.pk)
