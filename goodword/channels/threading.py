"""Which conversation a mail belongs to: by what it answers, by our signed token, and only last by a number.

A number in a subject is no secret, so it counts only for somebody who takes part in that conversation.
"""

import re
from collections.abc import Iterable

from goodword.channels.parsing import ParsedMail
from goodword.channels.tokens import conversation_in_address, conversation_in_mail_id
from goodword.desk.models import Conversation, Message
from goodword.desk.queries.conversations import where_it_went

_NUMBER = re.compile(r"\[#(\d{1,18})\]")


def subject_tag(number: int) -> str:
    """How a conversation's number stands in a subject."""
    return f"[#{number}]"


def find_conversation(mail: ParsedMail, recipients: Iterable[str]) -> Conversation | None:
    """The conversation this mail goes on with; None if it begins one. `recipients`: the envelope's."""
    answered = [*mail.in_reply_to, *reversed(mail.references)]
    addresses = [*recipients, *(box.address for box in [*mail.to, *mail.cc])]
    return _of_messages(answered) or _of_tokens(answered, addresses) or _of_subject(mail)


def without_tags(subject: str) -> str:
    """The subject as the customer wrote it: our number and the "Re:" of many languages taken off its front."""
    bare = _NUMBER.sub("", subject)
    previous = ""
    while bare != previous:
        previous = bare
        bare = re.sub(r"^\s*(?:re|sv|vs|aw|antw|ynt|bls|fw|fwd|vb|ilt|tr|wg)\s*(?:\[\d+\])?:\s*", "", bare, flags=re.I)
    return bare.strip()


def _of_messages(mail_ids: list[str]) -> Conversation | None:
    """In the order given: what is answered directly comes before what is only referred to."""
    if not mail_ids:
        return None
    rows = Message.objects.filter(mail_id__in=mail_ids[:100]).exclude(mail_id="")
    known = dict(rows.values_list("mail_id", "conversation_id"))
    found = next((known[mail_id] for mail_id in mail_ids if mail_id in known), None)
    return _by_id(found)


def _of_tokens(mail_ids: list[str], addresses: list[str]) -> Conversation | None:
    for found in (*map(conversation_in_mail_id, mail_ids), *map(conversation_in_address, addresses)):
        if conversation := _by_id(found):
            return conversation
    return None


def _of_subject(mail: ParsedMail) -> Conversation | None:
    number = _NUMBER.search(mail.subject)
    if number is None or not mail.sender.address:
        return None
    found = Conversation.objects.filter(number=int(number[1])).first()
    conversation = where_it_went(found) if found else None
    return conversation if conversation and _takes_part(mail.sender.address, conversation) else None


def _takes_part(address: str, conversation: Conversation) -> bool:
    person = conversation.person
    if person and person.addresses.filter(value=address).exists():
        return True
    if conversation.messages.filter(direction=Message.IN, from_address=address).exists():
        return True
    told = conversation.messages.filter(direction=Message.OUT).values_list("to_addresses", "cc_addresses")
    return any(address in [*to, *cc] for to, cc in told)


def _by_id(pk: int | None) -> Conversation | None:
    found = Conversation.objects.select_related("inbox", "person").filter(pk=pk).first() if pk else None
    return where_it_went(found) if found else None
