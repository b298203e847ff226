"""The signed link to the customer's own page of a conversation: in each of our mails, for as long as the book says.

A link names its conversation and carries that conversation's page word: when the word is changed (the conversation is
merged or given to another customer, or she is erased), no link made before opens anything. The signature is
Django's, with the desk's secret key, and compared in constant time.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare

from goodword.desk.actions.conversations import tell
from goodword.desk.models import Conversation, Message
from goodword.desk.queries.conversations import where_it_went
from goodword.desk.wording import say, spoken_language
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Refused
from goodword.policies.queries import current_book

PATH = "/c/"
_POLICY, _DAYS = "contact", "own_page_days"
_signer = signing.TimestampSigner(salt="goodword.channels.own_page", sep=".")


def token_for(conversation: Conversation) -> str:
    """A link's token, good from now on for the days that the book gives."""
    return _signer.sign(f"{conversation.pk}-{conversation.page_word}")


def address_of(conversation: Conversation) -> str:
    """The whole address of her page."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{PATH}{token_for(conversation)}/"


def link_days() -> int:
    """For how many days a link works; 0 where the book gives no such page."""
    book = current_book()
    return int(book.parameter(_DAYS, clock.today(book.time_zone))) if _DAYS in book.parameters else 0


def conversation_by_token(token: str) -> Conversation | None:
    """The conversation that a link opens now; None for one that is too old, revoked or not ours."""
    try:
        named = _signer.unsign(token, max_age=timedelta(days=link_days()))
    except signing.BadSignature:
        return None
    conversation, word = _named(named)
    if conversation is None or conversation.merged_into_id or not constant_time_compare(word, conversation.page_word):
        return None
    return conversation


def conversation_once_named(token: str) -> Conversation | None:
    """The conversation that a link of ours was made for, whether or not it still opens it; where it went if merged.

    Only for mailing a fresh link to her own address: whoever holds an old one sees nothing by it.
    """
    try:
        named = signing.Signer(salt=_signer.salt, sep=".").unsign(token).rpartition(".")[0]
    except signing.BadSignature:
        return None
    conversation, _word = _named(named)
    return where_it_went(conversation) if conversation else None


def words_with_link(message: Message) -> str:
    """What stands below one of our letters: that she can follow it on her own page, and where. Empty without one."""
    if message.direction != Message.OUT or not link_days():
        return ""
    conversation = message.conversation
    words = say(_POLICY, "own-page", spoken_language(conversation), {})
    return f"\n{words}\n{address_of(conversation)}\n" if words else ""


@transaction.atomic
def mail_fresh_link(conversation: Conversation) -> Message | None:
    """Send a fresh link to the address her answers go to; None where none is known or the inbox sends nothing.

    The link itself stands below the mail, as below every one of ours.
    """
    days = link_days()
    words = say(_POLICY, "own-page-link", spoken_language(conversation), {"own_page_days": days}) if days else ""
    if not words:
        return None
    try:
        message = tell(conversation, words)
    except Refused:
        return None
    record("page.link_mailed", conversation.about, by="system", message=message.pk)
    return message


def _named(text: str) -> tuple[Conversation | None, str]:
    pk, _dash, word = text.partition("-")
    if not pk.isdecimal():
        return None, ""
    rows = Conversation.objects.select_related("inbox", "person", "assignee")
    return rows.filter(pk=int(pk)).first(), word
