"""Opening, receiving, answering, noting, handing over and closing: the writers of conversations and messages."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.desk.actions.decisions import attach_reply
from goodword.desk.actions.matters import open_matters
from goodword.desk.actions.numbering import free_number
from goodword.desk.arriving import NewFile, Said, attach, keep_files
from goodword.desk.closing import check_ending, refuse_undecided
from goodword.desk.errors import DiffersFromDecision, StaleReply
from goodword.desk.models import Action, Approval, Contact, Conversation, Draft, Inbox, Message, Transfer
from goodword.desk.queries.conversations import message_arrived_since, message_in, reply_address
from goodword.desk.sending_check import differences
from goodword.journal.actions import record
from goodword.journal.models import Event
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.people.models import Person


@transaction.atomic
def open_conversation(
    inbox: Inbox,
    person: Person | None,
    subject: str,
    language: str,
    *,
    by: Agent | None,
    identity: str = Conversation.UNVERIFIED,
    channel: str = "mail",
    at: datetime | None = None,
    follows: Conversation | None = None,
) -> Conversation:
    """Open a conversation with the next number, at `at` (default: now). `follows`: the closed one it goes on from."""
    at = at or clock.now()
    conversation = Conversation.objects.create(
        number=free_number(),
        inbox=inbox,
        person=person,
        subject=subject[:500],
        language=language,
        identity=identity,
        opened_at=at,
        last_message_at=at,
        follows=follows,
    )
    record(
        "conversation.opened", conversation.about, by=actor_of(by), at_hand=(conversation,),
        channel=channel, inbox=inbox.pk,
    )  # fmt: skip
    return conversation


@transaction.atomic
def receive(conversation: Conversation, person: Person | None, said: Said, *, just_opened: bool = False) -> Message:
    """Store what a customer said as a message and a contact; reopen the conversation; guess what it is about.

    What a machine wrote (`said.automatic`) is stored too, and neither reopens anything nor waits for an answer.
    `just_opened`: the caller's transaction has opened the conversation, so nobody else can have changed it.
    """
    conversation = conversation if just_opened else _locked(conversation)
    message = _store_said(conversation, person, said)
    message.is_first = just_opened
    attach(message, said.files)
    conversation.last_message_at = max(conversation.last_message_at, said.at)
    if not said.automatic:
        _reopen(conversation, by="system" if person is None else f"person:{person.pk}")
        open_matters(message)
    if not just_opened or conversation.last_message_at != conversation.opened_at:
        conversation.save(update_fields=["last_message_at", "state", "waiting_on", "closed_at", "outcome", "identity"])
    # The reactions work on these two rows themselves, so they need not be read again afterwards.
    record(
        "message.received", conversation.about, by=f"person:{person.pk}" if person else "system",
        at_hand=(message, conversation), message=message.pk, channel=said.channel, automatic=said.automatic,
    )  # fmt: skip
    return message


def reply(
    conversation: Conversation,
    text: str,
    *,
    by: Agent,
    attachments: Iterable[NewFile] = (),
    seen_message: Message | int | None = None,
    expect_differences_confirmed: bool = False,
) -> Message:
    """Answer the customer: store and queue the mail, link the decisions it tells, and wait for her.

    The same words sent again by the same agent, who has seen nothing newer, are one form posted twice: quiet. Raises
    StaleReply if she or a colleague wrote after `seen_message`, DiffersFromDecision unless that is confirmed, Refused
    if the inbox sends nothing yet or no address is known, Invalid for an empty text.
    """
    if not text.strip():
        raise Invalid(_("The answer is empty."), field="text")
    files = keep_files(attachments)
    with transaction.atomic():
        conversation = _locked(conversation)
        seen = seen_message if isinstance(seen_message, Message) else message_in(conversation, seen_message)
        if sent_already := _same_answer(conversation, text, by, seen):
            return sent_already
        _refuse_stale(conversation, by, seen)
        found = [] if expect_differences_confirmed else differences(text, conversation, conversation.language)
        if found:
            raise DiffersFromDecision(found)
        message = _write(conversation, text, by=by)
        attach(message, files)
        draft = Draft.objects.filter(conversation=conversation, agent=by).first()
        attach_reply(conversation, message, text, offered=draft.offered if draft else "")
        conversation.drafts.filter(agent=by).delete()
        conversation.assignee = conversation.assignee or by
        _settle_in_team(conversation, conversation.assignee)
        _wait_for_customer(conversation, message)
        record("message.queued", conversation.about, by=by.actor, message=message.pk, automatic=False)
        _read_reactions(message)
    return message


@transaction.atomic
def tell(
    conversation: Conversation, text: str, *, by: Agent | None = None, to: str = "", answering: Message | None = None
) -> Message:
    """Tell the customer something the book says she is told (it arrived, it is done): plainly automatic.

    It neither waits for her nor keeps a promise. `to`: her address, where the caller knows it already. `answering`:
    her first message, still in the transaction that stored it and holds the conversation. Raises Refused if the inbox
    sends nothing or no address is known.
    """
    conversation = conversation if answering else _locked(conversation)
    message = _write(conversation, text, by=None, to=to)
    conversation.last_message_at = max(conversation.last_message_at, message.at)
    conversation.save(update_fields=["last_message_at"])
    record(
        "message.queued", conversation.about, by=actor_of(by), message=message.pk, automatic=True,
        at_hand=(message, conversation, *([answering] if answering else [])),
    )  # fmt: skip
    return message


@transaction.atomic
def add_note(conversation: Conversation, text: str, *, by: Agent | None) -> Message:
    """Keep a note among ourselves; `by` is None for one of a colleague who has no account. Raises Invalid if empty."""
    if not text.strip():
        raise Invalid(_("The note is empty."), field="text")
    note = Message.objects.create(
        conversation=conversation, direction=Message.NOTE, channel="note", author=by, text=text, at=clock.now()
    )
    record("note.added", conversation.about, by=actor_of(by), message=note.pk)
    return note


@transaction.atomic
def assign(conversation: Conversation, agent: Agent | None, *, by: Agent | None) -> Conversation:
    """Give the conversation to an agent, or with None to nobody. Refused for somebody who no longer works here."""
    conversation = _locked(conversation)
    if agent and not agent.is_active:
        raise Refused(_("This agent no longer works here. Choose somebody else."))
    if conversation.assignee_id != (agent.pk if agent else None):
        conversation.assignee = agent
        _settle_in_team(conversation, agent)
        conversation.save(update_fields=["assignee", "team"])
        record("conversation.assigned", conversation.about, by=actor_of(by), agent=agent.pk if agent else None)
    return conversation


def _settle_in_team(conversation: Conversation, agent: Agent | None) -> None:
    """The first who answers brings it to her team: from then on the book's `access: team` keeps it there."""
    if conversation.team_id is None and agent is not None:
        conversation.team = agent.teams.order_by("pk").first()


def take(conversation: Conversation, *, by: Agent) -> Conversation:
    """Make it one's own."""
    return assign(conversation, by, by=by)


@transaction.atomic
def doubt_identity(conversation: Conversation) -> Conversation:
    """Somebody writes in it from elsewhere: until the identity step is met again, or the person herself writes again
    (`identity.trust_again`), nothing personal is shown.

    Its own kind of event: unlike the doubt over an order number ("identity.doubted"), correcting the matter does not
    put it right.
    """
    earlier = Event.objects.filter(about=conversation.about, kind__startswith="identity.").order_by("-id").first()
    if conversation.identity == Conversation.UNVERIFIED and (earlier is None or earlier.kind == "identity.lost"):
        return conversation
    conversation.identity = Conversation.UNVERIFIED
    conversation.save(update_fields=["identity"])
    record("identity.lost", conversation.about, by="system")
    return conversation


@transaction.atomic
def close_conversation(conversation: Conversation, outcome: str, *, by: Agent | None, why: str = "") -> Conversation:
    """Close it with how it ended, one of the book's endings. `why` is kept as a note where something is undecided.

    Raises Invalid for an ending that the book does not list; Refused over an open action, a waiting approval, an offer
    to a department, and over something undecided unless `why` says why.
    """
    conversation = _locked(conversation)
    _refuse_unfinished(conversation)
    if conversation.state == Conversation.CLOSED:
        return conversation
    ending = check_ending(outcome)
    undecided = refuse_undecided(conversation, why) if by else []
    if by and undecided:
        add_note(conversation, why, by=by)
    conversation.state, conversation.waiting_on = Conversation.CLOSED, "nobody"
    conversation.closed_at, conversation.outcome, conversation.due_at = clock.now(), ending, None
    conversation.save()
    record(
        "conversation.closed", conversation.about, by=actor_of(by), outcome=conversation.outcome,
        undecided=[matter.pk for matter in undecided],
    )  # fmt: skip
    return conversation


@transaction.atomic
def reopen(conversation: Conversation, *, by: Agent | None) -> Conversation:
    """Take a closed or waiting conversation up again; it waits for us. Refused for one that was merged away."""
    conversation = _locked(conversation)
    if conversation.merged_into_id:
        raise Refused(_("This conversation has been merged into another. Go on there."))
    _reopen(conversation, by=actor_of(by))
    conversation.save()
    return conversation


@transaction.atomic
def save_draft(conversation: Conversation, agent: Agent, text: str, offered: str | None = None) -> Draft:
    """Keep what she has written so far. `offered` (the policy's words before she edited them) stays if not given."""
    last = conversation.messages.order_by("pk").last()
    kept = {"text": text, "changed_at": clock.now(), "seen_message": last}
    if offered is not None:
        kept["offered"] = offered
    draft, _created = Draft.objects.update_or_create(conversation=conversation, agent=agent, defaults=kept)
    return draft


def _locked(conversation: Conversation) -> Conversation:
    rows = Conversation.objects.select_for_update(of=("self",))
    return rows.select_related("inbox", "person", "assignee").get(pk=conversation.pk)


def _store_said(conversation: Conversation, person: Person | None, said: Said) -> Message:
    contact = Contact.objects.create(
        conversation=conversation, channel=said.channel, direction="in", started_at=said.at, ended_at=said.at,
        person=person,
    )  # fmt: skip
    return Message.objects.create(
        conversation=conversation,
        contact=contact,
        direction=Message.IN,
        channel=said.channel,
        automatic=said.automatic,
        may_be_acknowledged=said.may_be_acknowledged and not said.automatic,
        person=person,
        from_address=said.from_address[:254],
        from_name=said.from_name[:200],
        reply_to=said.reply_to[:254],
        to_addresses=said.to_addresses,
        cc_addresses=said.cc_addresses,
        subject=said.subject[:1000],
        text=said.text,
        quoted_text=said.quoted_text,
        html=said.html,
        language=said.language,
        mail_id=said.mail_id[:500],
        in_reply_to=said.in_reply_to[:500],
        references=said.references,
        raw=said.raw,
        at=said.at,
    )


def _reopen(conversation: Conversation, *, by: str) -> None:
    was_closed = conversation.state == Conversation.CLOSED
    conversation.state, conversation.waiting_on = Conversation.OPEN, "us"
    conversation.closed_at, conversation.outcome = None, ""
    if was_closed:
        record("conversation.reopened", conversation.about, by=by)


def _same_answer(conversation: Conversation, text: str, by: Agent, seen: Message | None) -> Message | None:
    """The answer that this form has sent before; two answers alike with a message between them are two."""
    if seen is None:
        return None
    later = conversation.messages.filter(direction=Message.OUT, author=by, pk__gt=seen.pk)
    return later.filter(text=text).order_by("pk").last()


def _refuse_stale(conversation: Conversation, by: Agent, seen: Message | None) -> None:
    unseen = message_arrived_since(conversation, seen, besides=by)
    if unseen:
        raise StaleReply(unseen)


def _write(conversation: Conversation, text: str, *, by: Agent | None, to: str = "") -> Message:
    """Store an outgoing mail, automatic if nobody is its author. A reaction to `message.queued` makes its bytes."""
    if not conversation.inbox.sends:
        raise Refused(_("This inbox is in rehearsal: it reads and advises, and sends nothing until a manager lets it."))
    recipient = to or reply_address(conversation)
    if not recipient:
        raise Refused(_("No mail address of this customer is known. Add one to her record first."))
    now = clock.now()
    contact = Contact.objects.create(
        conversation=conversation, channel="mail", direction="out", started_at=now, ended_at=now,
        person=conversation.person, agent=by,
    )  # fmt: skip
    return Message.objects.create(
        conversation=conversation,
        contact=contact,
        direction=Message.OUT,
        channel="mail",
        automatic=by is None,
        author=by,
        person=conversation.person,
        from_address=conversation.inbox.address,
        from_name=conversation.inbox.name[:200],
        to_addresses=[recipient],
        subject=conversation.subject,
        text=text,
        language=conversation.language,
        at=now,
        delivery="queued",
    )


def _read_reactions(message: Message) -> None:
    """Reactions wrote through rows of their own: what we hand out must not be older, or saving it would undo them."""
    message.conversation.refresh_from_db()
    message.refresh_from_db(fields=["mail_id", "raw", "delivery", "delivery_note"])


def _wait_for_customer(conversation: Conversation, message: Message) -> None:
    approval = Approval.objects.filter(decision__matter__conversation=conversation, state=Approval.WAITING)
    conversation.state = Conversation.WAITING
    conversation.waiting_on = "approval" if approval.exists() else "customer"
    conversation.closed_at, conversation.outcome = None, ""
    conversation.last_message_at = max(conversation.last_message_at, message.at)
    conversation.save()


def _refuse_unfinished(conversation: Conversation) -> None:
    if conversation.transfers.filter(state=Transfer.OFFERED).exists():
        raise Refused(_("This conversation is on offer to a department. Wait for its answer, or take the offer back."))
    if Action.objects.filter(matter__conversation=conversation, state=Action.OPEN).exists():
        raise Refused(_("Something promised here is not done yet. Finish or cancel its actions, then close it."))
    if Approval.objects.filter(decision__matter__conversation=conversation, state=Approval.WAITING).exists():
        raise Refused(_("Somebody has been asked to approve something here. Wait for the answer, or withdraw it."))
