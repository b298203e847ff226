"""The automatic thank-you: only where the book says so, plainly automatic, never to a machine, never in a loop."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from goodword.channels.mailboxes.queries import is_acknowledged
from goodword.desk.actions.conversations import tell
from goodword.desk.models import Message
from goodword.desk.queries.conversations import reply_address
from goodword.desk.wording import letter_values, say, spoken_language
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import GoodwordError
from goodword.policies.queries import advise, current_book

POLICY, WORDS = "contact", "acknowledgement"
# A safety, not a promise: two machines that thank each other stop here even if both break RFC 3834.
MOST_PER_DAY = 5
_IN_THE_BOOK = {"mail": "email"}


def acknowledge(message: Message, by_at: datetime | None = None) -> Message | None:
    """Thank for a customer's first message and name the time by which a person answers; None where that is not due.

    In the transaction that stored the message and holds its conversation.

    `by_at` is the promised moment (default: when the conversation is due). A form's sender gets a copy of her words.
    """
    conversation = message.conversation
    by_at = by_at or conversation.due_at
    if by_at is None or not _is_first(message) or not _book_says_so(message):
        return None
    address = reply_address(conversation, message)
    if not address or (not _is_new(message, address) and _told_today(address) >= MOST_PER_DAY):
        return None
    language = spoken_language(conversation)
    moment = by_at.astimezone(ZoneInfo(current_book().time_zone))
    values = {**letter_values(conversation, None, language), "reply_by": moment}
    text = say(POLICY, WORDS, language, values)
    if not text:
        return None
    told = tell(conversation, text + _copy(message), to=address, answering=message if message.is_first else None)
    record("message.acknowledged", conversation.about, by="system", message=told.pk)
    return told


def _is_first(message: Message) -> bool:
    """Whether a person writes for the first time in the conversation, to an inbox that sent when it came."""
    if message.automatic or not message.may_be_acknowledged or not is_acknowledged(message.conversation, message.at):
        return False
    if message.is_first:
        return True
    said = message.conversation.messages.filter(direction__in=[Message.IN, Message.OUT])
    return not said.exclude(pk=message.pk).exists()


def _is_new(message: Message, address: str) -> bool:
    """Whether nobody at this address has written to us before this message."""
    return message.person is not None and message.person.just_welcomed and address == message.from_address


def _told_today(address: str) -> int:
    recent = Message.objects.filter(direction=Message.OUT, automatic=True, at__gte=clock.now() - timedelta(days=1))
    return recent.filter(outgoing__recipient=address).count()


def _book_says_so(message: Message) -> bool:
    if POLICY not in current_book().policies:
        return False
    day = message.at.astimezone(ZoneInfo(current_book().time_zone)).date()
    channel = _IN_THE_BOOK.get(message.channel, message.channel)
    try:
        return advise(POLICY, {"channel": channel}, day).outputs.get("acknowledge") is True
    except GoodwordError:  # a book that knows no such channel says nothing of it
        return False


def _copy(message: Message) -> str:
    if message.channel != "form":
        return ""
    return "\n\n" + "\n".join(f"> {line}".rstrip() for line in message.text.strip().split("\n"))
