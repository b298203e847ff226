"""What follows from what, on one page. `register` is called once, when the desk starts.

Each reaction runs in the transaction of its event: it writes rows or queues work, and never calls out.
"""

from collections.abc import Callable

from goodword.accounts.answering_once import forget_answers
from goodword.accounts.models import Agent
from goodword.accounts.queries import agents_who_may
from goodword.channels.acknowledging import acknowledge as acknowledge_message
from goodword.channels.erasing import erase_from_channels
from goodword.channels.mailboxes import actions as mailboxes_actions
from goodword.channels.mailboxes import queries as mailboxes
from goodword.channels.models import Mailbox
from goodword.channels.sending import queue_mail
from goodword.desk.actions.conversations import reopen
from goodword.desk.actions.erasing import erase_from_desk
from goodword.desk.actions.identity import weigh_identity
from goodword.desk.models import Approval, Contact, Conversation, Decision, FrozenRecord, Gap, Matter, Message
from goodword.imports.erasing import erase_from_imports
from goodword.imports.models import ImportedPerson
from goodword.journal.actions import react
from goodword.journal.models import Event
from goodword.notifications.actions import tell
from goodword.orders.models import Purchase
from goodword.people.erasing import erase_with
from goodword.people.merging import move_with
from goodword.policies.keepers import keepers
from goodword.policies.queries import current_book
from goodword.promises import actions as promises
from goodword.promises import following
from goodword.promises.standing import refresh_standing
from goodword.search.actions import erase_from_search

Reaction = Callable[[Event], None]


def register() -> None:
    """Tell the journal and the eraser of people what follows; doing it twice changes nothing."""
    for kinds, reactions in REACTIONS.items():
        for kind in kinds.split():
            for reaction in reactions:
                react(kind, reaction)
    # Channels first: it must still see which messages were hers.
    for eraser in (erase_from_search, erase_from_channels, erase_from_imports, erase_from_desk, forget_answers):
        erase_with(eraser)
    for table in (Purchase, Conversation, Message, Contact, FrozenRecord, ImportedPerson):
        move_with(table, "person")


def promise_a_reply(event: Event) -> None:
    """A customer wrote: promise an answer by the time the book says; in a mailbox's rehearsal nothing is promised."""
    message = _message(event)
    at = mailboxes.counts_from(message.conversation, message.at)
    if not message.automatic and at is not None:
        promises.promise_a_reply(message.conversation, at=at, channel=message.channel, owes_nothing=message.is_first)


def promise_whoever_waits(event: Event) -> None:
    """A mailbox's rehearsal is over: who wrote meanwhile and still waits is owed an answer, counted from now."""
    mailbox = Mailbox.objects.select_related("inbox").get(pk=event.about.removeprefix("mailbox:"))
    for conversation in mailboxes.waiting_since_the_rehearsal(mailbox):
        promises.promise_a_reply(conversation, at=event.at, channel="mail")
        refresh_standing(conversation)


def give_to_the_inboxes_team(event: Event) -> None:
    """An inbox may belong to a team: what comes to it is theirs from the beginning."""
    mailboxes_actions.give_to_team(_conversation(event))


def acknowledge(event: Event) -> None:
    """Tell her at once, where the book says so, that her message is here and by when a person answers."""
    acknowledge_message(_message(event))


def send(event: Event) -> None:
    """Queue what was written; the worker sends it."""
    answered = next((row for row in event.at_hand if isinstance(row, Message) and row.direction == Message.IN), None)
    queue_mail(_message(event), answered)


def keep_the_reply_promise(event: Event) -> None:
    """A person's answer has left: what was promised is kept, or was late."""
    message = _message(event)
    if message.direction == Message.OUT and not message.automatic:
        promises.keep_reply_promise(message.conversation, at=event.at, by=event.actor)


def release_promises(event: Event) -> None:
    """The conversation is closed: nothing is owed in it any more."""
    promises.release_all(_conversation(event), by=event.actor)


def put_in_its_place(event: Event) -> None:
    """Whom the conversation waits for and what is due in it may have changed; by a thank-you that we send never."""
    if event.kind in {"message.queued", "message.sent"} and event.payload.get("automatic"):
        return
    conversation = _conversation(event)
    just_opened = any(isinstance(row, Message) and row.is_first for row in event.at_hand)
    refresh_standing(conversation, is_fresh=conversation in event.at_hand, just_opened=just_opened)


def take_up_again(event: Event) -> None:
    """What was asked inside is answered: now the customer has to hear it, in the time of any answer."""
    _take_up(_conversation(event), event)


def take_up_what_failed(event: Event) -> None:
    """A person's answer did not arrive, so she is still without one: it is owed again."""
    message = _message(event)
    if message.direction == Message.OUT and not message.automatic:
        _take_up(message.conversation, event)


def _take_up(conversation: Conversation, event: Event) -> None:
    if conversation.state == Conversation.WAITING:
        reopen(conversation, by=None)
    last = conversation.messages.filter(direction=Message.IN).last()
    promises.promise_a_reply(conversation, at=event.at, channel=last.channel if last else "mail")


def owe_the_correction(event: Event) -> None:
    """An answer that she has been given was wrong: she has to hear it, in the time of any answer."""
    conversation = _conversation(event)
    if Decision.objects.filter(pk=event.payload["decision"]).exclude(message=None).exists():
        reopen(conversation, by=None)
        promises.promise_a_reply(conversation, at=event.at, channel="mail")


def owe_nothing_for_it(event: Event) -> None:
    """The answer was right after all: what was owed for correcting it falls away."""
    following.owe_what_is_unanswered(_conversation(event))


def bring_promises(event: Event) -> None:
    """Merged: what was promised in the one is promised in the other."""
    conversation = _conversation(event)
    following.bring_promises(_other(event, "out_of"), conversation, by=event.actor)
    following.owe_what_is_unanswered(conversation)


def take_promises_back(event: Event) -> None:
    """Parted again: each keeps what was promised in it, and what is unanswered in it is owed."""
    source, target = _conversation(event), _other(event, "out_of")
    following.take_promises_back(source, target)
    for conversation in (source, target):
        following.owe_what_is_unanswered(conversation)
        refresh_standing(conversation)


def share_what_is_owed(event: Event) -> None:
    """Split: an answer is owed where a letter of hers waits for one, and no longer where none does."""
    for conversation in (_conversation(event), _other(event, "into")):
        following.owe_what_is_unanswered(conversation)
        refresh_standing(conversation)


def promise_an_answer_to_the_complaint(event: Event) -> None:
    """Marked as a complaint: the book's time for complaints runs from now."""
    following.promise_an_answer_to_the_complaint(_conversation(event), at=event.at)


def keep_the_complaint_promise(event: Event) -> None:
    """The matter that the complaint is has been seen through."""
    matter = Matter.objects.select_related("conversation").get(pk=event.payload["matter"])
    if matter.complaints.filter(unmarked_at=None).exists():
        following.keep_the_complaint(matter.conversation, at=event.at, by=event.actor)


def release_the_complaint(event: Event) -> None:
    """It is no complaint after all."""
    following.release_the_complaint(_conversation(event))


def tell_the_department(event: Event) -> None:
    """A conversation is offered to a department: everybody who works there should know."""
    _tell(list(Agent.objects.filter(teams=event.payload["team"])), event, _conversation(event))


def tell_whoever_offered(event: Event) -> None:
    """The other department has answered: whoever handed it over should know."""
    _tell(list(Agent.objects.filter(pk=event.payload["offered_by"])), event, _conversation(event))


def weigh_anew(event: Event) -> None:
    """Two records became one, or one two again: whose order is whose is judged anew in each conversation."""
    people = [int(event.about.removeprefix("person:")), event.payload["gone"]]
    for conversation in Conversation.objects.filter(person__in=people, merged_into=None):
        weigh_identity(conversation, by=None)


def tell_the_assignee(event: Event) -> None:
    """Whoever answers in this conversation should know."""
    conversation = _conversation(event)
    _tell([conversation.assignee] if conversation.assignee else [], event, conversation)


def tell_the_author(event: Event) -> None:
    """An answer did not leave: whoever wrote it should know, and whoever answers in this conversation."""
    message = _message(event)
    _tell([message.author, message.conversation.assignee], event, message.conversation)


def tell_those_who_may(event: Event) -> None:
    """Approval was asked: everybody with the authority should know."""
    _tell(agents_who_may(event.payload["role"], current_book()), event, _conversation(event))


def tell_the_asker(event: Event) -> None:
    """Her request was answered: she is told at once."""
    approval = Approval.objects.select_related("asked_by").get(pk=event.payload["approval"])
    _tell([approval.asked_by], event, _conversation(event))


def tell_of_a_broken_promise(event: Event) -> None:
    """Whoever answers in this conversation, or, where nobody does yet, everybody above the lowest rank."""
    conversation = _conversation(event)
    roles = list(current_book().roles)
    above = agents_who_may(roles[1], current_book()) if len(roles) > 1 else []
    _tell([conversation.assignee] if conversation.assignee else above, event, conversation)


def tell_the_owner_of_the_gap(event: Event) -> None:
    """The book had no answer: its keepers should know; a policy may name a role as its owner."""
    owner = Gap.objects.values_list("owner", flat=True).get(pk=event.payload["gap"])
    named = agents_who_may(owner, current_book())
    _tell(named or keepers(), event, _conversation(event))


def tell_the_keepers_of_the_book(event: Event) -> None:
    """The changed book folder holds a mistake."""
    _tell(keepers(), event, None)


REACTIONS: dict[str, tuple[Reaction, ...]] = {
    # The order in a line is the order of running: the acknowledgement names the promise made just before.
    "conversation.opened": (give_to_the_inboxes_team,),
    "mailbox.turned_on": (promise_whoever_waits,),
    "message.received": (promise_a_reply, put_in_its_place, acknowledge, tell_the_assignee),
    "message.queued": (send, put_in_its_place),
    "message.sent": (keep_the_reply_promise, put_in_its_place),
    "message.send_failed": (take_up_what_failed, put_in_its_place, tell_the_author),
    "message.send_unknown": (tell_the_author,),
    "conversation.assigned": (tell_the_assignee,),
    "conversation.closed": (release_promises, put_in_its_place),
    "conversation.merged": (bring_promises, put_in_its_place),
    "conversation.parted": (take_promises_back,),
    "conversation.split": (share_what_is_owed,),
    "conversation.person_corrected conversation.language_corrected": (put_in_its_place,),
    "matter.moved matter.arrived": (put_in_its_place,),
    "matter.done": (keep_the_complaint_promise,),
    "correction.begun": (owe_the_correction, put_in_its_place),
    "correction.left": (owe_nothing_for_it, put_in_its_place),
    "decision.final": (put_in_its_place,),
    "complaint.marked": (promise_an_answer_to_the_complaint, put_in_its_place),
    "complaint.unmarked": (release_the_complaint, put_in_its_place),
    "transfer.offered": (tell_the_department,),
    "transfer.accepted transfer.sent_back": (tell_whoever_offered,),
    "person.merged person.parted": (weigh_anew,),
    "approval.asked": (put_in_its_place, tell_those_who_may),
    "approval.approved approval.declined": (take_up_again, put_in_its_place, tell_the_asker),
    "approval.withdrawn": (put_in_its_place,),
    "action.opened action.done action.cancelled": (put_in_its_place,),
    "promise.kept promise.released": (put_in_its_place,),
    "promise.broken": (put_in_its_place, tell_of_a_broken_promise),
    "policy.gap_reported": (tell_the_owner_of_the_gap,),
    "book.problem": (tell_the_keepers_of_the_book,),
}


def _tell(agents: list[Agent | None] | list[Agent], event: Event, conversation: Conversation | None) -> None:
    # Never about one's own acts, and each once.
    others = {agent.pk: agent for agent in agents if agent and agent.is_active and agent.actor != event.actor}
    for agent in others.values():
        tell(agent, event.kind, conversation, **event.payload)


def _other(event: Event, which: str) -> Conversation:
    return Conversation.objects.select_related("assignee").get(pk=event.payload[which])


def _conversation(event: Event) -> Conversation:
    held = next((row for row in event.at_hand if isinstance(row, Conversation) and row.about == event.about), None)
    if held:
        return held
    return Conversation.objects.select_related("assignee").get(pk=event.about.removeprefix("conversation:"))


def _message(event: Event) -> Message:
    held = next((row for row in event.at_hand if isinstance(row, Message) and row.pk == event.payload["message"]), None)
    if held:
        return held
    messages = Message.objects.select_related(
        "conversation__assignee", "conversation__inbox", "conversation__person", "author"
    )
    return messages.get(pk=event.payload["message"])
