"""An answer that was wrong: begun with a reason, carried out by a new decision naming the old one, or left."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.models import Action, Approval, Conversation, Decision, DecisionCorrection, FactValue, Matter
from goodword.desk.queries.standing import is_answered
from goodword.desk.standing_by import DECISION, POLICY
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.policies.queries import current_book


@transaction.atomic
def begin_correction(
    decision: Decision, reason: str, *, by: Agent, keeps: Iterable[int] = ()
) -> DecisionCorrection:
    """Say that a final decision was wrong and why; its matter is open again, and what it said holds until a new one.

    `keeps` are ids of its open actions that go on whatever comes. Raises Invalid without a reason; Refused for a
    decision that is not final, or is being corrected already.
    """
    if not reason.strip():
        raise Invalid(_("Say what was wrong with the decision: it stays on record beside the new one."), field="reason")
    decision = _locked(decision)
    if decision.state != Decision.FINAL or decision.matter.state not in {Matter.DECIDED, Matter.DONE}:
        raise Refused(_("Only a decision that holds can be corrected. Reload the page to see how it stands."))
    matter = decision.matter
    mine = set(decision.actions.filter(state=Action.OPEN).values_list("pk", flat=True))
    correction = DecisionCorrection.objects.create(
        decision=decision, reason=reason.strip(), keeps=sorted(mine & set(keeps)), matter_before=matter.state,
        begun_by=by, begun_at=clock.now(),
    )  # fmt: skip
    _forget_what_was_found_out(matter)
    matter.state = Matter.OPEN
    matter.save(update_fields=["state"])
    _record("correction.begun", correction, by)
    return correction


@transaction.atomic
def leave_decision(correction: DecisionCorrection, *, by: Agent) -> DecisionCorrection:
    """It was right after all: everything is as it was before. Refused once it is corrected, or waits for approval."""
    rows = DecisionCorrection.objects.select_for_update(of=("self",))
    correction = rows.select_related("decision__matter__conversation").get(pk=correction.pk)
    matter = correction.decision.matter
    if correction.state != DecisionCorrection.BEGUN:
        raise Refused(_("This correction is settled already. Reload the page to see how."))
    if Approval.objects.filter(decision__matter=matter, state=Approval.WAITING).exists():
        raise Refused(_("Somebody has been asked to approve this matter as it stands. Withdraw the request first."))
    matter.decisions.filter(state=Decision.PROPOSED).update(state=Decision.CORRECTED)
    _settle(correction, DecisionCorrection.LEFT)
    matter.state = correction.matter_before
    matter.save(update_fields=["state"])
    _wait_again(matter.conversation)
    _record("correction.left", correction, by)
    return correction


def correction_begun(matter: Matter) -> DecisionCorrection | None:
    """The correction that waits for a new decision on this matter, if there is one."""
    begun = DecisionCorrection.objects.filter(decision__matter=matter, state=DecisionCorrection.BEGUN)
    return begun.select_related("decision", "begun_by").last()


def settle_correction(earlier: Decision, new: Decision) -> list[int]:
    """The new decision is final: note it with the correction; the ids of actions that go on. In the caller's
    transaction."""
    correction = earlier.corrections.filter(state=DecisionCorrection.BEGUN).last()
    if correction is None:
        return []
    correction.new = new
    _settle(correction, DecisionCorrection.MADE)
    return list(correction.keeps)


def _settle(correction: DecisionCorrection, state: str) -> None:
    correction.state, correction.settled_at = state, clock.now()
    correction.save(update_fields=["state", "settled_at", "new"])


def _wait_again(conversation: Conversation) -> None:
    """Nothing is to be told after all: where our answer was the last word, it is her turn again."""
    if conversation.state == Conversation.OPEN and is_answered(conversation):
        conversation.state = Conversation.WAITING
        conversation.save(update_fields=["state"])


def _forget_what_was_found_out(matter: Matter) -> None:
    """Whether she acted on an answer is asked of each answer anew."""
    policy = current_book().policies.get(POLICY)
    if policy and DECISION in policy.decisions:
        columns = list(policy.decisions[DECISION].columns)
        FactValue.objects.filter(matter=matter, fact__in=columns).delete()


def _record(kind: str, correction: DecisionCorrection, by: Agent) -> None:
    about = correction.decision.matter.conversation.about
    record(kind, about, by=by.actor, decision=correction.decision_id, matter=correction.decision.matter_id)


def _locked(decision: Decision) -> Decision:
    rows = Decision.objects.select_for_update(of=("self",))
    return rows.select_related("matter__conversation__person", "matter__purchase").get(pk=decision.pk)
