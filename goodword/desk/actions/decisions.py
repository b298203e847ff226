"""Deciding a matter: by the book, or against it with a reason; and what the customer was told of it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of, may_decide
from goodword.desk.actions.decision_corrections import correction_begun, settle_correction
from goodword.desk.actions.following_up import facts_used, open_actions
from goodword.desk.actions.matters import report_gap
from goodword.desk.departing import plan_departure
from goodword.desk.drafting import draft_reply
from goodword.desk.models import Action, Approval, Conversation, Decision, FrozenRecord, Matter, Message
from goodword.desk.planning import plan
from goodword.desk.queries.advice import ASK, DECIDED, GAP, NONE, Advice, advice_for
from goodword.desk.queries.facts import frozen_record
from goodword.desk.standing_by import weigh_word
from goodword.engine.values import to_plain
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.policies.queries import current_book, one_look


@transaction.atomic
@one_look()
def decide(matter: Matter, *, by: Agent) -> Decision:
    """Decide as the book advises. Final, with its actions, if `by` has the authority; else proposed, to be approved.

    Raises Refused while the book still asks, where it has no answer, where the writer is not shown to be the buyer,
    and where it would take back an answer by which the book says that we stand.
    """
    matter = _open_matter(matter)
    advice = advice_for(matter, by)
    _refuse_unless_decided(advice)
    assert advice.decision is not None
    decision = _store(
        matter, advice, by, outcome=advice.outcome, outputs=advice.outputs, authority=advice.authority,
        kind=Decision.FOLLOWED, trace=advice.decision.to_json(),
    )  # fmt: skip
    return _conclude(decision, by)


@transaction.atomic
@one_look()
def depart(matter: Matter, outcome: str, outputs: Mapping[str, Any], reason: str, *, by: Agent) -> Decision:
    """Decide against the policy, or where it has no answer: marked as a departure, with the reason and the authority.

    `outputs` are outputs of the book (`refund_percent`, `do`, …). The least role is the strictest of: what the book
    asks for this outcome and amount, what it asks for its own answer, and one rank above the lowest. Raises Invalid
    for an outcome or output the book does not know, and without a reason; Refused where the writer is unknown.
    """
    matter = _open_matter(matter)
    if not reason.strip():
        raise Invalid(_("A departure from the policy needs its reason."), field="reason")
    advice = advice_for(matter, by)
    departure = plan_departure(advice, outcome, outputs)
    _refuse_unknown_writer(advice)
    decision = _store(
        matter, advice, by, outcome=outcome, outputs=departure.outputs, authority=departure.authority,
        kind=Decision.DEPARTURE, trace=departure.trace, reason=reason.strip(),
    )  # fmt: skip
    return _conclude(decision, by)


@transaction.atomic
def finalise(decision: Decision, *, by: Agent | None) -> Decision:
    """Make a proposed or approved decision final: correct what it replaces, settle the matter, open its actions."""
    decision.state = Decision.FINAL
    decision.save(update_fields=["state"])
    settled = _correct_earlier(decision, by)
    matter = decision.matter
    matter.state = Matter.DECIDED
    matter.save(update_fields=["state"])
    record(
        "decision.final", matter.conversation.about, by=actor_of(by), decision=decision.pk,
        matter=matter.pk, outcome=decision.outcome,
    )  # fmt: skip
    open_actions(decision, by=by, settled=settled)
    return _offer_draft(decision, decision.by or by)


@transaction.atomic
def attach_reply(conversation: Conversation, message: Message, text: str, *, offered: str = "") -> list[Decision]:
    """Keep with each final, unanswered decision what the customer was told: the draft offered and the text sent.

    A matter that needs nothing more is then done; one the book had no answer for is reported to the policy's owner.
    """
    answered = list(_final_decisions(conversation).filter(message=None).select_related("matter__conversation"))
    for decision in answered:
        decision.message, decision.text_sent = message, text
        decision.draft_offered = offered or decision.draft_offered
        decision.save(update_fields=["message", "text_sent", "draft_offered"])
        settle_matter(decision.matter, by=message.author)
    _report_gaps(conversation, message.author)
    return answered


def settle_matter(matter: Matter, *, by: Agent | None) -> bool:
    """Mark a decided matter as done once none of its actions is open; says whether it now is."""
    if matter.state != Matter.DECIDED or matter.actions.filter(state=Action.OPEN).exists():
        return False
    matter.state = Matter.DONE
    matter.save(update_fields=["state"])
    record("matter.done", matter.conversation.about, by=actor_of(by), matter=matter.pk)
    return True


def _refuse_unknown_writer(advice: Advice) -> None:
    if advice.identity_needed:
        raise Refused(
            _(
                "The writer has not been shown to be the buyer, so nothing about the order may be decided yet. "
                "Ask for what proves it, and note it when it comes."
            )
        )


def _refuse_unless_decided(advice: Advice) -> None:
    _refuse_unknown_writer(advice)
    if advice.status == ASK and advice.question:
        question = advice.question.questions[advice.agent_language]
        raise Refused(_("The policy cannot answer yet. Find out first: %(question)s") % {"question": question})
    if advice.status in {GAP, NONE}:
        raise Refused(
            _(
                "The policy book has no answer to this. Answer it in your own words, or depart with a reason; "
                "the owner of the policy hears of the gap."
            )
        )
    assert advice.status == DECIDED


def _open_matter(matter: Matter) -> Matter:
    rows = Matter.objects.select_for_update(of=("self",))
    matter = rows.select_related("conversation__person", "purchase", "line__product").get(pk=matter.pk)
    if matter.state != Matter.OPEN:
        raise Refused(_("This matter is decided already. Take it up again first if it was decided wrongly."))
    if Approval.objects.filter(decision__matter=matter, state=Approval.WAITING).exists():
        raise Refused(_("Somebody has been asked to approve this matter. Wait for it, or withdraw the request."))
    return matter


def _store(
    matter: Matter, advice: Advice, by: Agent, *, outcome: str, outputs: Mapping[str, Any], **fields: Any
) -> Decision:
    decision = Decision.objects.create(
        matter=matter,
        made_at=clock.now(),
        by=by,
        policy=matter.policy,
        outcome=outcome,
        outputs=to_plain(outputs),
        book_hash=current_book().hash,
        explanation=_explanation(advice),
        advice=advice.to_json(),
        corrects=matter.decisions.filter(state=Decision.FINAL).last(),
        **fields,
    )
    buyer = matter.purchase.person if matter.purchase else matter.conversation.person
    FrozenRecord.objects.create(decision=decision, person=buyer, fields=frozen_record(matter, by))
    return decision


def _explanation(advice: Advice) -> dict[str, Any]:
    return {
        "language": advice.agent_language,
        "summary": advice.explanation,
        "reasons": list(advice.reasons),
        "boundary": advice.boundary,
        "clauses": [clause.anchor for clause in advice.clauses],
    }


def _conclude(decision: Decision, by: Agent) -> Decision:
    matter = decision.matter
    _stand_by_our_word(decision)
    _replace_proposals(decision)
    record(
        "decision.made", matter.conversation.about, by=by.actor, decision=decision.pk, matter=matter.pk,
        policy=decision.policy, outcome=decision.outcome, how=decision.kind, authority=decision.authority,
    )  # fmt: skip
    book = current_book()
    if may_decide(by, decision.authority, book, day=clock.today(book.time_zone)):
        return finalise(decision, by=by)
    return _offer_draft(decision, by)


def _stand_by_our_word(decision: Decision) -> None:
    """Where it takes the place of an answer she has been given: let it pass, ask for a higher role, or refuse it."""
    matter, book = decision.matter, current_book()
    planned = plan(book, decision.outputs, facts_used(decision), clock.today(book.time_zone))
    word = weigh_word(matter, decision.outcome, decision.outputs, planned)
    if word is None:
        return
    if word.question:
        question = book.facts[word.question].question(get_language() or book.languages[0])
        raise Refused(_("The policy cannot answer yet. Find out first: %(question)s") % {"question": question})
    if word.stands:
        raise Refused(
            _(
                "The customer has been told otherwise, and by the policy book we stand by our word: what she was told "
                "holds. Leave the decision as it was; the mistake is ours to pay for."
            )
        )
    ranks = list(book.roles)
    roles = [role for role in (decision.authority, word.authority) if role in ranks]
    decision.authority = max(roles, key=ranks.index, default=decision.authority)
    decision.save(update_fields=["authority"])
    if correction := correction_begun(matter):
        correction.word = word.to_json()
        correction.save(update_fields=["word"])


def _offer_draft(decision: Decision, agent: Agent | None) -> Decision:
    """Keep the letter that the policy offers now that this much is decided."""
    if agent:
        decision.draft_offered = draft_reply(decision.matter.conversation, agent)
        decision.save(update_fields=["draft_offered"])
    return decision


def _replace_proposals(decision: Decision) -> None:
    earlier = decision.matter.decisions.filter(state=Decision.PROPOSED).exclude(pk=decision.pk)
    earlier.update(state=Decision.CORRECTED)


def _correct_earlier(decision: Decision, by: Agent | None) -> dict[str, int | None]:
    """What was final before is corrected now; what it had asked for and nobody has done yet is cancelled, or goes on
    as whoever corrected it said. The kinds (and amounts) that need not be opened again."""
    settled: dict[str, int | None] = {}
    for earlier in decision.matter.decisions.filter(state=Decision.FINAL).exclude(pk=decision.pk):
        earlier.state = Decision.CORRECTED
        earlier.save(update_fields=["state"])
        record(
            "decision.corrected", decision.matter.conversation.about, by=actor_of(by), decision=earlier.pk,
            new=decision.pk,
        )  # fmt: skip
        kept = settle_correction(earlier, decision)
        for action in earlier.actions.exclude(state=Action.CANCELLED):
            if action.state == Action.DONE or action.pk in kept:
                settled[action.kind] = action.amount_cents
            _carry_over(action, decision, by, is_kept=action.pk in kept)
    return settled


def _carry_over(action: Action, decision: Decision, by: Agent | None, *, is_kept: bool) -> None:
    about, actor = decision.matter.conversation.about, actor_of(by)
    if is_kept:
        action.decision = decision
        action.save(update_fields=["decision"])
        record("action.kept", about, by=actor, action=action.pk, what=action.kind)
    elif action.state == Action.OPEN:
        action.state = Action.CANCELLED
        action.save(update_fields=["state"])
        record("action.cancelled", about, by=actor, action=action.pk, what=action.kind)


def _final_decisions(conversation: Conversation) -> Any:
    return Decision.objects.filter(matter__conversation=conversation, state=Decision.FINAL)


def _report_gaps(conversation: Conversation, author: Agent | None) -> None:
    """She had to answer without the book: its owner should hear of it."""
    if author is None:
        return
    for matter in conversation.matters.filter(state=Matter.OPEN).select_related("conversation"):
        if advice_for(matter, author).status in {GAP, NONE}:
            report_gap(matter, by=author)
