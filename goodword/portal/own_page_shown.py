"""What a customer sees of her own conversation: what was said to and by her, what is promised, what is being done.

Never a note among ourselves, never what was written to somebody else, and of our people the first name only.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from goodword.desk.identity import may_show
from goodword.desk.models import Action, Attachment, Conversation, Decision, Message
from goodword.desk.queries.conversations import takes_mail
from goodword.engine import Money, NotFound
from goodword.engine.words import format_money
from goodword.lib import clock
from goodword.portal.moments import deadline_for, moment_for
from goodword.portal.reader import Reader
from goodword.promises.queries import REPLY, unsettled_promises


@dataclass(frozen=True)
class ShownMessage:
    """One message as she reads it. `side` is in (hers) or out (ours)."""

    pk: int
    side: str
    author: str
    at: datetime | None
    language: str
    text: str
    attachments: list[Attachment]


@dataclass(frozen=True)
class ShownStep:
    """Something that is done for her: what, how much, and by or since which day. `state` is open or done."""

    label: str
    amount: str
    state: str
    day: date | None


def shown_messages(conversation: Conversation) -> QuerySet[Message]:
    """What she may read: her own letters and ours to her, the oldest first.

    A machine's mail and notes are left out, what did not leave the house too, and whatever was said when the
    conversation was taken for somebody else's.
    """
    said = conversation.messages.filter(person=conversation.person_id).exclude(direction=Message.NOTE)
    said = said.exclude(direction=Message.IN, automatic=True).exclude(direction=Message.OUT, delivery="failed")
    attachments = Prefetch("attachments", Attachment.objects.filter(inline=False).order_by("id"))
    return said.select_related("author").prefetch_related(attachments)


@dataclass
class OwnPage:
    """Her conversation for its reader."""

    conversation: Conversation
    reader: Reader

    @property
    def subject(self) -> str:
        """What she called it."""
        return self.conversation.subject or _("Your message to us")

    @cached_property
    def messages(self) -> list[ShownMessage]:
        """The thread, the oldest first."""
        return [self._message(each) for each in shown_messages(self.conversation)]

    @cached_property
    def promises(self) -> list[str]:
        """What we owe her and by when, in whole sentences; late ones say that they are."""
        now = clock.now()
        return [
            self._promise(each.kind, deadline_for(self.reader, each.by_at), late=each.by_at < now)
            for each in unsettled_promises(self.conversation)
        ]

    @cached_property
    def steps(self) -> list[ShownStep]:
        """What is being done because of decisions that she has been told; of an order not shown to be hers, nothing."""
        told = Action.objects.filter(matter__conversation=self.conversation, decision__state=Decision.FINAL)
        rows = told.exclude(decision__message=None).exclude(state=Action.CANCELLED)
        rows = rows.select_related("matter__conversation", "matter__purchase")
        return [self._step(each) for each in rows if may_show(each.matter)]

    @property
    def is_closed(self) -> bool:
        """We think that all is done."""
        return self.conversation.state == Conversation.CLOSED

    @property
    def awaits_her(self) -> bool:
        """Nothing is owed her or under way: we asked or offered something, and she has not answered yet."""
        return self.conversation.waiting_on == "customer" and not self.promises and not self.steps

    @property
    def begins_anew(self) -> bool:
        """What she writes now begins a new conversation."""
        return not takes_mail(self.conversation, clock.now())

    def _message(self, message: Message) -> ShownMessage:
        return ShownMessage(
            pk=message.pk,
            side=message.direction,
            author=self._author(message),
            at=message.at if message.at_is_known else None,
            language=message.language or self.conversation.language,
            text=message.text,
            attachments=list(message.attachments.all()),
        )

    def _author(self, message: Message) -> str:
        if message.direction == Message.IN:
            return _("You")
        first_name = message.author.name.split()[0] if message.author and message.author.name.strip() else ""
        return f"{first_name}, {self.reader.book.name}" if first_name else str(self.reader.book.name)

    def _promise(self, kind: str, by_at: datetime, *, late: bool) -> str:
        when = {"when": moment_for(self.reader, by_at)}
        if late:
            return _("We promised to have answered you by %(when)s. We are late, and we are sorry.") % when
        if kind == REPLY:
            return _("A person answers you by %(when)s at the latest.") % when
        return _("What we promised you is done by %(when)s at the latest.") % when

    def _step(self, action: Action) -> ShownStep:
        amount = Money(action.amount_cents, action.currency) if action.amount_cents else None
        done = action.done_at.astimezone(ZoneInfo(self.reader.book.time_zone)).date() if action.done_at else None
        return ShownStep(
            label=self._label(action.kind),
            amount=format_money(amount, self.reader.language) if amount else "",
            state=action.state,
            day=done if action.state == Action.DONE else action.due_on,
        )

    def _label(self, kind: str) -> str:
        try:
            return str(self.reader.book.label("action", kind, self.reader.language))
        except NotFound:  # stored under an older book
            return kind.replace("-", " ").capitalize()
