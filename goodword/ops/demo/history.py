"""Some weeks of history, played through the real desk: so journal, decisions, promises and thread are real."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from goodword.accounts.models import Agent
from goodword.desk.actions.approvals import approve, ask_approval
from goodword.desk.actions.conversations import close_conversation, reply, take
from goodword.desk.actions.decisions import decide, depart
from goodword.desk.actions.matters import correct_matter, state_fact
from goodword.desk.actions.work import finish_action, take_alternative
from goodword.desk.drafting import draft_reply
from goodword.desk.models import Action, Conversation, Decision, FactValue, Matter, Message
from goodword.journal.actions import leaving_out
from goodword.lib import clock
from goodword.ops.demo.calendar import DemoCalendar
from goodword.ops.demo.letters import Story
from goodword.ops.demo.post import arrive, deliver
from goodword.orders.models import PurchaseLine
from goodword.promises.standing import refresh_standing
from goodword.reactions import put_in_its_place

# Working days after the decision on which each kind of action was done; always inside what the book promises.
_DONE_AFTER_DAYS = {
    "collection": 3, "goods-received": 5, "repair": 9, "replacement": 4, "complaint-answer": 2,
}  # fmt: skip
_OTHERWISE_DONE_AFTER = 0


@dataclass(frozen=True)
class Crew:
    """Who answers in the demo, by name; `inbox` is the address customers write to."""

    agents: Mapping[str, Agent]
    calendar: DemoCalendar
    inbox: str

    def answers(self, story: Story, place: int) -> Agent:
        """Who answers a letter: those of customer service in turn, Danish letters to those who speak it."""
        keys = ("ida", "jonas") if story.customer.language == "da" else ("ida", "grace", "jonas")
        return self.agents[keys[place % len(keys)]]


def play(story: Story, agent: Agent, crew: Crew) -> None:
    """The letter arrives and is answered; what follows is done as far as its time has come.

    One that nobody could have answered yet, as over Easter, was never written: the three stay first in the queue.
    """
    written = crew.calendar.days_ago(story.days_ago, story.hour, story.minute)
    answered = crew.calendar.worked(written + timedelta(minutes=5), minutes=20 + story.minute * 3)
    if answered >= crew.calendar.now:
        return
    conversation = _receive(story, written, crew)
    with leaving_out(put_in_its_place):
        matter = _settle(conversation, story, agent, answered, crew)
        _send(conversation, agent, answered, story.words(story.letter.answer) if story.letter.answer else "")
        if story.letter.takes_alternative:
            _take_the_alternative(conversation, matter, story, agent, answered, crew)
        _carry_out(conversation, agent, crew)
    refresh_standing(conversation)


def _receive(story: Story, moment: datetime, crew: Crew, *, answering: Message | None = None) -> Conversation:
    letter, customer = story.letter, story.customer
    subject = story.words(letter.subject)
    with clock.stopped_at(moment):
        conversation = arrive(
            story.words(letter.back if answering else letter.text), subject=f"Re: {subject}" if answering else subject,
            name=customer.name, address=customer.key, inbox=crew.inbox, answering=answering,
        )  # fmt: skip
    deliver(moment + timedelta(seconds=4))
    return conversation


def _settle(conversation: Conversation, story: Story, agent: Agent, moment: datetime, crew: Crew) -> Matter:
    """She opens it, finds out what the policy asks, and decides, or asks somebody who may."""
    with clock.stopped_at(moment - timedelta(minutes=12)):
        take(conversation, by=agent)
        matter = _put_right(conversation.matters.order_by("id")[0], story, agent)
        if story.letter.policy:
            for fact, value in story.letter.facts.items():
                state_fact(matter, fact, value, FactValue.STATED, by=agent)
            _decide(matter, story, agent, crew)
    return matter


def _put_right(matter: Matter, story: Story, agent: Agent) -> Matter:
    if matter.policy == story.letter.policy and matter.line is not None:
        return matter
    line = PurchaseLine.objects.get(purchase__number=str(story.sale.number))
    return correct_matter(matter, by=agent, policy=story.letter.policy, line=line)


def _decide(matter: Matter, story: Story, agent: Agent, crew: Crew) -> Decision:
    if story.letter.departs:
        outputs = {"refund_percent": 100, "money_for": "goods-back", "do": ["return-label", "goods-received", "refund"]}
        reason = "Two days late, and she was in hospital. A rule that punishes that is not our word."
        return depart(matter, "allow", outputs, reason, by=crew.agents["theo"])
    decision = decide(matter, by=agent)
    if decision.state == Decision.PROPOSED:
        approval = ask_approval(
            decision, "More than I may grant. Delivered in time, as new, nothing unclear.", by=agent
        )
        approver = crew.agents["mette" if approval.role == "manager" else "theo"]
        approve(approval, "Yes, of course. Thank you for asking.", by=approver)
    return decision


def _send(conversation: Conversation, agent: Agent, moment: datetime, words: str) -> Message:
    with clock.stopped_at(moment):
        conversation.refresh_from_db()
        message = reply(conversation, _letter(conversation, agent, words), by=agent, expect_differences_confirmed=True)
    deliver(moment + timedelta(seconds=6))
    return message


def _letter(conversation: Conversation, agent: Agent, words: str) -> str:
    """The drafted letter; where the book had nothing to say, with the agent's own words in its middle."""
    draft = draft_reply(conversation, agent)
    if not words:
        return draft
    parts = draft.split("\n\n")
    return "\n\n".join([parts[0], words.strip(), *parts[-2:]])


def _take_the_alternative(
    conversation: Conversation, matter: Matter, story: Story, agent: Agent, answered: datetime, crew: Crew
) -> None:
    """She takes what was offered instead, and the agent confirms it."""
    back = crew.calendar.worked(answered, days=1, minutes=story.minute)
    confirmed = crew.calendar.worked(back, minutes=45)
    if confirmed >= crew.calendar.now:
        return
    answer = conversation.messages.filter(direction=Message.OUT, automatic=False).latest("id")
    _receive(story, back, crew, answering=answer)
    with clock.stopped_at(confirmed):
        decision = matter.decisions.filter(state=Decision.FINAL).latest("id")
        take_alternative(decision, by=agent)


def _carry_out(conversation: Conversation, agent: Agent, crew: Crew) -> None:
    """Do each action when its time has come; a conversation with nothing left to do is closed."""
    before = None
    for action in Action.objects.filter(matter__conversation=conversation, state=Action.OPEN).order_by("id"):
        done = _when_done(action, before, crew)
        if done >= crew.calendar.now:
            return
        with clock.stopped_at(done):
            finish_action(action, by=_owner(action, agent, crew))
        deliver(done + timedelta(seconds=6))
        before = done
    _close(conversation, agent, crew)


def _when_done(action: Action, before: datetime | None, crew: Crew) -> datetime:
    """Money goes a day after whatever came before it; everything else so many days after the decision."""
    if action.kind == "refund":
        return crew.calendar.worked(before or action.made_at, days=1)
    days = _DONE_AFTER_DAYS.get(action.kind, _OTHERWISE_DONE_AFTER)
    return crew.calendar.worked(action.made_at, days=days, minutes=90)


def _owner(action: Action, agent: Agent, crew: Crew) -> Agent:
    by_department = {"finance": "sofie", "warehouse": "palle", "delivery": "nina", "workshop": "arne"}
    key = by_department.get(action.department)
    return crew.agents[key] if key else agent


def _close(conversation: Conversation, agent: Agent, crew: Crew) -> None:
    conversation.refresh_from_db()
    if conversation.state == Conversation.CLOSED:
        return
    closed = crew.calendar.worked(conversation.last_message_at, minutes=60)
    if closed < crew.calendar.now:
        with clock.stopped_at(closed):
            close_conversation(conversation, "answered", by=agent)
