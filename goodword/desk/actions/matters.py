"""Matters: opening them at a first guess, putting the guess right, and stating what is known of them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goodword import engine
from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.desk.actions.identity import prove_identity, weigh_identity
from goodword.desk.guessing import Guess, guess_matters
from goodword.desk.models import Approval, Conversation, Decision, FactValue, Gap, Matter, Message
from goodword.engine.values import coerce, to_plain
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.orders.models import Purchase, PurchaseLine
from goodword.policies.queries import current_book

__all__ = [
    "add_matter",
    "correct_matter",
    "open_matters",
    "prove_identity",
    "reopen_matter",
    "report_gap",
    "state_fact",
    "withdraw_fact",
    "withdraw_matter",
]

KEEP: Any = object()


@transaction.atomic
def open_matters(message: Message) -> list[Matter]:
    """Open what a customer's message seems to be about: at least one matter for a conversation that has none.

    A later message opens a matter only for an order that no matter is about yet.
    """
    conversation, is_first = message.conversation, message.is_first
    matters = [_open(conversation, guess, at=message.at, by=None) for guess in guess_matters(message)]
    if not matters and (is_first or not conversation.matters.exclude(state=Matter.WITHDRAWN).exists()):
        matters = [_open(conversation, Guess(), at=message.at, by=None)]
    if not is_first or any(matter.purchase_id for matter in matters):  # without an order there is nothing to doubt
        weigh_identity(conversation, by=None)
    return matters


@transaction.atomic
def add_matter(
    conversation: Conversation,
    *,
    by: Agent | None,
    policy: str = "",
    purchase: Purchase | None = None,
    line: PurchaseLine | None = None,
) -> Matter:
    """Open one more matter by hand; it counts as raised when the customer last wrote. Raises Invalid."""
    _check_policy(policy)
    last = conversation.messages.filter(direction=Message.IN).last()
    guess = Guess(policy, line.purchase if line else purchase, line)
    matter = _open(conversation, guess, at=last.at if last and last.at_is_known else clock.now(), by=by)
    matter.guessed = False
    matter.save(update_fields=["guessed"])
    weigh_identity(conversation, by=by)
    return matter


@transaction.atomic
def correct_matter(
    matter: Matter,
    *,
    by: Agent | None,
    policy: str = KEEP,
    purchase: Purchase | None = KEEP,
    line: PurchaseLine | None = KEEP,
) -> Matter:
    """Say what the matter is really about; what is not named stays. Raises Invalid; Refused once it is decided.

    A line brings its order along; another order lets go of a line that is not its own.
    """
    matter = _open_for_change(matter)
    if policy is not KEEP:
        _check_policy(policy)
        matter.policy = policy
    if purchase is not KEEP:
        matter.purchase = purchase
        matter.line = _line_of(purchase, matter.line)
    if line is not KEEP:
        matter.line = line
        matter.purchase = line.purchase if line else matter.purchase
    matter.guessed = False
    matter.save(update_fields=["policy", "purchase", "line", "guessed"])
    _drop_proposals(matter, by)
    record(
        "matter.corrected", matter.conversation.about, by=actor_of(by), matter=matter.pk, policy=matter.policy,
        purchase=matter.purchase_id, line=matter.line_id,
    )  # fmt: skip
    weigh_identity(matter.conversation, by=by)
    return matter


@transaction.atomic
def withdraw_matter(matter: Matter, *, by: Agent | None) -> Matter:
    """It was a mistake, or the customer takes it back. Refused once something has been decided on it."""
    matter = _open_for_change(matter)
    matter.state = Matter.WITHDRAWN
    matter.save(update_fields=["state"])
    _drop_proposals(matter, by)
    record("matter.withdrawn", matter.conversation.about, by=actor_of(by), matter=matter.pk)
    weigh_identity(matter.conversation, by=by)
    return matter


@transaction.atomic
def reopen_matter(matter: Matter, *, by: Agent | None) -> Matter:
    """Take a decided matter up again, because it was decided wrongly or something new has come to light.

    What was decided stands until a new decision corrects it. Refused if it is not decided.
    """
    matter = _locked(matter)
    if matter.state not in {Matter.DECIDED, Matter.DONE}:
        raise Refused(_("Only a matter that has been decided can be taken up again."))
    matter.state = Matter.OPEN
    matter.save(update_fields=["state"])
    record("matter.reopened", matter.conversation.about, by=actor_of(by), matter=matter.pk)
    return matter


@transaction.atomic
def state_fact(
    matter: Matter, fact: str, value: Any, provenance: str = FactValue.STATED, *, by: Agent | None
) -> FactValue:
    """Keep what the customer says, or what an agent has found out (`provenance` "verified").

    Raises Invalid for a fact the book does not know or a value it cannot have, and for a derived fact; Refused where
    only a record may say it, and once the matter is decided.
    """
    matter = _open_for_change(matter)
    kept = _checked(fact, value)
    if provenance not in {FactValue.STATED, FactValue.VERIFIED}:
        raise Invalid(_("A fact is either stated by the customer or verified by us."), field="provenance")
    stated, _created = FactValue.objects.update_or_create(
        matter=matter, fact=fact, defaults={"value": kept, "provenance": provenance, "by": by, "at": clock.now()}
    )
    _drop_proposals(matter, by)
    # The journal names the fact, never its value: a text fact may hold a customer's words.
    record("fact.stated", matter.conversation.about, by=actor_of(by), matter=matter.pk, fact=fact, how=provenance)
    return stated


@transaction.atomic
def withdraw_fact(matter: Matter, fact: str, *, by: Agent | None) -> None:
    """Forget what was said about a fact; quiet if nothing was. Refused once the matter is decided."""
    matter = _open_for_change(matter)
    deleted, _rows = matter.facts.filter(fact=fact).delete()
    if deleted:
        _drop_proposals(matter, by)
        record("fact.withdrawn", matter.conversation.about, by=actor_of(by), matter=matter.pk, fact=fact)


@transaction.atomic
def report_gap(matter: Matter, *, by: Agent | None, note: str = "") -> Gap:
    """Tell the policy's owner that the book has no answer here; once per matter and policy."""
    known = matter.gaps.filter(policy=matter.policy, settled_at=None).first()
    if known:
        return known
    book = current_book()
    policy = book.policies.get(matter.policy.partition("/")[0])
    owner = policy.owner if policy else (book.roles[-1] if book.roles else "")
    gap = Gap.objects.create(
        matter=matter, policy=matter.policy, owner=owner, note=note, reported_by=by, reported_at=clock.now()
    )
    record(
        "policy.gap_reported", matter.conversation.about, by=actor_of(by), matter=matter.pk, policy=matter.policy,
        gap=gap.pk,
    )  # fmt: skip
    return gap


def _open(conversation: Conversation, guess: Guess, *, at: datetime, by: Agent | None) -> Matter:
    matter = Matter.objects.create(
        conversation=conversation, policy=guess.policy, purchase=guess.purchase, line=guess.line, opened_at=at
    )
    record(
        "matter.opened", conversation.about, by=actor_of(by), matter=matter.pk, policy=guess.policy,
        purchase=matter.purchase_id,
    )  # fmt: skip
    return matter


def _open_for_change(matter: Matter) -> Matter:
    matter = _locked(matter)
    if matter.state != Matter.OPEN:
        raise Refused(_("This matter is decided. Take it up again first if something about it has to change."))
    if Approval.objects.filter(decision__matter=matter, state=Approval.WAITING).exists():
        raise Refused(_("Somebody has been asked to approve this matter as it stands. Withdraw the request first."))
    return matter


def _locked(matter: Matter) -> Matter:
    rows = Matter.objects.select_for_update(of=("self",))
    return rows.select_related("conversation__person", "purchase", "line__product").get(pk=matter.pk)


def _drop_proposals(matter: Matter, by: Agent | None) -> None:
    """What was proposed on other facts no longer stands."""
    for decision in matter.decisions.filter(state=Decision.PROPOSED):
        decision.state = Decision.CORRECTED
        decision.save(update_fields=["state"])
        record("decision.corrected", matter.conversation.about, by=actor_of(by), decision=decision.pk)


def _check_policy(policy: str) -> None:
    code, _slash, decision = policy.partition("/")
    book = current_book()
    known = book.policies.get(code)
    if policy and (known is None or (decision and decision not in known.decisions)):
        raise Invalid(_("The policy book has no policy “%(policy)s”.") % {"policy": policy}, field="policy")


def _line_of(purchase: Purchase | None, line: PurchaseLine | None) -> PurchaseLine | None:
    if purchase is None:
        return None
    if line and line.purchase_id == purchase.pk:
        return line
    lines = list(purchase.lines.all()[:2])
    return lines[0] if len(lines) == 1 else None


def _checked(code: str, value: Any) -> Any:
    book = current_book()
    try:
        fact = book.fact(code)
    except engine.NotFound as error:
        raise Invalid(f"{error}.", field="fact") from error
    if fact.formula is not None:
        raise Invalid(_("“%(fact)s” is worked out from other facts; state those.") % {"fact": code}, field="fact")
    if fact.verified:
        raise Refused(_("Only a record can say this; a word, the customer's or ours, is not enough."))
    try:
        return to_plain(coerce(fact.kind, value, fact.values or None))
    except ValueError as error:
        raise Invalid(f"{fact.code} {error}.", field="value") from error
