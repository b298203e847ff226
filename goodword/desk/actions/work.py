"""Carrying out what was decided: an action is done, or cancelled, and the customer is told."""

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.actions.conversations import tell
from goodword.desk.actions.decisions import settle_matter
from goodword.desk.actions.following_up import facts_used, open_one
from goodword.desk.drafting import letter_about_done
from goodword.desk.models import Action, Decision, Matter, Message
from goodword.desk.planning import due_day
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Refused
from goodword.policies.queries import current_book


@transaction.atomic
def finish_action(action: Action, *, by: Agent) -> Action:
    """Note that it is done, tell the customer in the book's words and her language, and settle the matter.

    What is counted from this action's end gets its due day now. Raises Refused unless the action is open.
    """
    action = _open_action(action)
    action.state, action.done_at, action.done_by = Action.DONE, clock.now(), by
    action.told = _tell_customer(action, by)
    action.save(update_fields=["state", "done_at", "done_by", "told"])
    _record("action.done", action, by)
    _start_what_waited(action)
    settle_matter(action.matter, by=by)
    return action


@transaction.atomic
def cancel_action(action: Action, *, by: Agent) -> Action:
    """It need not be done after all. Raises Refused unless the action is open."""
    action = _open_action(action)
    action.state, action.done_at, action.done_by = Action.CANCELLED, clock.now(), by
    action.save(update_fields=["state", "done_at", "done_by"])
    _record("action.cancelled", action, by)
    settle_matter(action.matter, by=by)
    return action


@transaction.atomic
def take_alternative(decision: Decision, *, by: Agent) -> Action:
    """The customer takes what the refusal offered instead: that starts the action of this name.

    Raises Refused if the decision offers none that starts anything, is not final, or it has been taken already.
    """
    rows = Decision.objects.select_for_update(of=("self",)).select_related("matter__conversation", "matter__purchase")
    decision = rows.get(pk=decision.pk)
    kind = str(decision.outputs.get("alternative") or "")
    if decision.state != Decision.FINAL:
        raise Refused(_("Only what a final decision offers can be taken."))
    if kind not in current_book().actions:
        raise Refused(_("This decision offers no alternative that starts an action; answer the customer instead."))
    if decision.actions.filter(kind=kind).exclude(state=Action.CANCELLED).exists():
        raise Refused(_("The alternative has been taken already."))
    action = open_one(decision, kind, by=by)
    matter = decision.matter
    matter.state = Matter.DECIDED
    matter.save(update_fields=["state"])
    record("alternative.taken", matter.conversation.about, by=by.actor, decision=decision.pk, what=kind)
    return action


@transaction.atomic
def hand_over(action: Action, owner: Agent, *, by: Agent) -> Action:
    """Give an open action another owner. Raises Refused unless the action is open."""
    action = _open_action(action)
    action.owner = owner
    action.save(update_fields=["owner"])
    record("action.handed_over", action.matter.conversation.about, by=by.actor, action=action.pk, owner=owner.pk)
    return action


def _tell_customer(action: Action, by: Agent) -> Message | None:
    letter = letter_about_done(action, by)
    if not letter:
        return None
    try:
        return tell(action.matter.conversation, letter, by=by)
    except Refused:
        return None  # an inbox in rehearsal, or no address: what is done is done all the same


def _start_what_waited(done: Action) -> None:
    """The refund's days run from the day the goods came back: set its due day when that day is known."""
    decision = done.decision
    known = {**facts_used(decision), **decision.outputs}
    if known.get("counted_from") != done.kind:
        return
    book = current_book()
    today = clock.today(book.time_zone)
    for waiting in decision.actions.filter(state=Action.OPEN):
        if f"{waiting.kind.replace('-', '_')}_days" in known:
            waiting.due_on = due_day(book, waiting.kind, known, today, on=today)
            waiting.save(update_fields=["due_on"])


def _open_action(action: Action) -> Action:
    rows = Action.objects.select_for_update(of=("self",))
    related = ("decision", "matter__conversation__person", "matter__purchase", "matter__line__product")
    action = rows.select_related(*related).get(pk=action.pk)
    if action.state != Action.OPEN:
        raise Refused(_("This has been done or cancelled already."))
    return action


def _record(kind: str, action: Action, by: Agent) -> None:
    record(kind, action.matter.conversation.about, by=by.actor, action=action.pk, what=action.kind)
