"""Merging two conversations into one and splitting one into two: late mail follows, and either can be undone."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.actions.conversations import doubt_identity, open_conversation, reopen
from goodword.desk.actions.correcting_customer import revoke_page
from goodword.desk.actions.corrections import locked
from goodword.desk.actions.drafts import renew_drafts
from goodword.desk.actions.identity import weigh_identity
from goodword.desk.actions.matters import open_matters
from goodword.desk.models import Contact, Conversation, Draft, Matter, Message, Regrouping, Transfer
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused

_STANDING = ("state", "waiting_on", "outcome", "closed_at")


@transaction.atomic
def merge_conversations(gone: Conversation, kept: Conversation, *, by: Agent) -> Regrouping:
    """Put everything of `gone` into `kept`; its number, and mail that answers it, lead there from now on.

    Refused for one and the same, for one merged before, for two customers', and while `gone` is on offer elsewhere.
    """
    gone, kept = _both_locked(gone, kept)
    _refuse_merge(gone, kept)
    moved = _everything(gone)
    regrouping = _move(Regrouping.MERGE, gone, kept, moved, by=by, before=_standing(gone))
    _bring_drafts(gone, kept)
    if not kept.complaints.filter(unmarked_at=None).exists():
        gone.complaints.filter(unmarked_at=None).update(conversation=kept)
    if gone.state != Conversation.CLOSED == kept.state:
        kept = reopen(kept, by=by)
    _empty(gone, kept)
    _take_in(kept, gone, by)
    record("conversation.merged", kept.about, by=by.actor, out_of=gone.pk, regrouping=regrouping.pk)
    record("conversation.merged_away", gone.about, by=by.actor, into=kept.pk)
    renew_drafts(kept)
    return regrouping


@transaction.atomic
def split_conversation(
    conversation: Conversation, messages: Iterable[int], *, by: Agent, matters: Iterable[int] = (), subject: str = ""
) -> Conversation:
    """Take the chosen messages (and matters) out into a conversation of their own; late mail to them follows them.

    Without matters the new one is guessed at like any new letter. Raises Invalid where none, or all, are chosen;
    Refused for a conversation that was merged away.
    """
    source = locked(conversation)
    if source.merged_into_id:
        raise Refused(_("This conversation has been merged into another. Split that one."))
    moved = _chosen(source, set(messages), set(matters))
    target = _opened(source, moved["messages"], subject, by)
    regrouping = _move(Regrouping.SPLIT, source, target, moved, by=by)
    first = target.messages.filter(direction=Message.IN).first()
    if first and not moved["matters"]:
        open_matters(first)
    for each in (source, target):
        weigh_identity(each, by=by)
        renew_drafts(each)
    record("conversation.split", source.about, by=by.actor, into=target.pk, regrouping=regrouping.pk)
    record("conversation.split_off", target.about, by=by.actor, out_of=source.pk)
    return target


@transaction.atomic
def undo_regrouping(regrouping: Regrouping, *, by: Agent) -> Regrouping:
    """Put back what went from one to the other. What has come since stays where it came.

    Refused if it was undone before, or the conversation it went to has been merged on.
    """
    rows = Regrouping.objects.select_for_update(of=("self",))
    regrouping = rows.select_related("source", "target").get(pk=regrouping.pk)
    source, target = _both_locked(regrouping.source, regrouping.target)
    if regrouping.undone_at or target.merged_into_id:
        raise Refused(_("This has been undone already, or merged on since. Reload the page to see how it stands."))
    if regrouping.kind == Regrouping.SPLIT:
        undone = merge_conversations(target, source, by=by)
        Regrouping.objects.filter(pk=undone.pk).update(undone_at=clock.now(), undone_by=by)
    else:
        _part(regrouping, source, target, by)
    regrouping.undone_at, regrouping.undone_by = clock.now(), by
    regrouping.save(update_fields=["undone_at", "undone_by"])
    return regrouping


def _part(regrouping: Regrouping, source: Conversation, target: Conversation, by: Agent) -> None:
    source.merged_into = None
    source.state, source.waiting_on = regrouping.before["state"], regrouping.before["waiting_on"]
    source.outcome = regrouping.before["outcome"]
    source.closed_at = source.closed_at if source.state == Conversation.CLOSED else None
    source.save(update_fields=["merged_into", *_STANDING])
    _carry(regrouping, source)
    record("conversation.parted", source.about, by=by.actor, out_of=target.pk, regrouping=regrouping.pk)
    record("conversation.parted_from", target.about, by=by.actor, into=source.pk)
    for each in (source, target):
        weigh_identity(each, by=by)
        renew_drafts(each)


def _refuse_merge(gone: Conversation, kept: Conversation) -> None:
    if gone.pk == kept.pk:
        raise Refused(_("A conversation cannot be merged with itself. Choose another one."))
    if gone.merged_into_id or kept.merged_into_id:
        raise Refused(_("One of the two has been merged into another already. Choose that one."))
    if gone.person_id and kept.person_id and gone.person_id != kept.person_id:
        raise Refused(
            _("These are two customers' conversations. If they are one, merge the customers or correct one first.")
        )
    if gone.transfers.filter(state=Transfer.OFFERED).exists():
        raise Refused(_("This conversation is on offer to a department. Wait for its answer, or take the offer back."))


def _everything(conversation: Conversation) -> dict[str, list[int]]:
    return {
        "messages": list(conversation.messages.order_by("pk").values_list("pk", flat=True)),
        "matters": list(conversation.matters.order_by("pk").values_list("pk", flat=True)),
        "contacts": list(conversation.contacts.order_by("pk").values_list("pk", flat=True)),
    }


def _chosen(source: Conversation, messages: set[int], matters: set[int]) -> dict[str, list[int]]:
    everything = _everything(source)
    chosen = [pk for pk in everything["messages"] if pk in messages]
    if not chosen or len(chosen) == len(everything["messages"]):
        raise Invalid(_("Choose the messages that go into the new conversation; at least one stays."), field="messages")
    contacts = Message.objects.filter(pk__in=chosen).exclude(contact=None).values_list("contact_id", flat=True)
    return {
        "messages": chosen,
        "matters": [pk for pk in everything["matters"] if pk in matters],
        "contacts": sorted(set(contacts)),
    }


def _opened(source: Conversation, messages: list[int], subject: str, by: Agent) -> Conversation:
    rows = list(Message.objects.filter(pk__in=messages).select_related("person"))
    first = next((row for row in rows if row.direction == Message.IN), rows[0])
    target = open_conversation(
        source.inbox, source.person, subject.strip() or first.subject or source.subject, source.language, by=by,
        identity=source.identity, channel=first.channel, at=first.at,
    )  # fmt: skip
    target.team, target.assignee, target.department = source.team, source.assignee, source.department
    target.last_message_at = max((row.at for row in rows if row.at), default=target.last_message_at)
    target.save(update_fields=["team", "assignee", "department", "last_message_at"])
    return target


def _move(
    kind: str,
    source: Conversation,
    target: Conversation,
    moved: dict[str, list[int]],
    *,
    by: Agent,
    before: dict[str, Any] | None = None,
) -> Regrouping:
    regrouping = Regrouping.objects.create(
        kind=kind, source=source, target=target, before=before or {}, by=by, at=clock.now(), **moved
    )
    _carry(regrouping, target)
    return regrouping


def _carry(regrouping: Regrouping, to: Conversation) -> None:
    """Every row that was named goes to one conversation, from wherever it is."""
    Message.objects.filter(pk__in=regrouping.messages).update(conversation=to)
    Matter.objects.filter(pk__in=regrouping.matters).update(conversation=to)
    Contact.objects.filter(pk__in=regrouping.contacts).update(conversation=to)


def _bring_drafts(gone: Conversation, kept: Conversation) -> None:
    """What agents have written and not sent goes along; two drafts of one agent become one."""
    mine = {draft.agent_id: draft for draft in kept.drafts.all()}
    for draft in gone.drafts.all():
        other = mine.get(draft.agent_id)
        if other is None:
            Draft.objects.filter(pk=draft.pk).update(conversation=kept)
        else:
            other.text = "\n\n".join(text for text in (other.text, draft.text) if text.strip())
            other.save(update_fields=["text"])
            draft.delete()


def _empty(gone: Conversation, kept: Conversation) -> None:
    gone.merged_into = kept
    gone.state, gone.waiting_on, gone.outcome = Conversation.CLOSED, "nobody", "merged"
    gone.closed_at, gone.due_at = gone.closed_at or clock.now(), None
    gone.save(update_fields=["merged_into", "due_at", *_STANDING])
    revoke_page(gone)


def _take_in(kept: Conversation, gone: Conversation, by: Agent) -> None:
    kept.person = kept.person or gone.person
    kept.last_message_at = max(kept.last_message_at, gone.last_message_at)
    kept.save(update_fields=["person", "last_message_at"])
    if gone.identity == Conversation.UNVERIFIED != kept.identity:
        doubt_identity(kept)
    weigh_identity(kept, by=by)


def _standing(conversation: Conversation) -> dict[str, Any]:
    return {"state": conversation.state, "waiting_on": conversation.waiting_on, "outcome": conversation.outcome}


def _both_locked(one: Conversation, other: Conversation) -> tuple[Conversation, Conversation]:
    """Both rows locked, always in the same order, so that two who merge crosswise cannot wait for each other."""
    rows = {pk: locked(Conversation(pk=pk)) for pk in sorted({one.pk, other.pk})}
    return rows[one.pk], rows[other.pk]
