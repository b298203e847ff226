"""Signed tokens: what makes an answer find its conversation when every other trace is lost.

A token is in the Message-ID of each mail we send and in its Reply-To (support+c42-…@…). The number in it is the
conversation's id, the rest proves that we wrote it: nobody can make up a token for somebody else's conversation.
"""

import re
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

_LENGTH = 20
_IN_MAIL_ID = re.compile(r"c(\d{1,18})\.([0-9a-f]{16})\.([0-9a-f]{20})@")
_IN_ADDRESS = re.compile(r"\+c(\d{1,18})-([0-9a-f]{20})@")


def new_mail_id(conversation_id: int, inbox_address: str) -> str:
    """A Message-ID, without brackets, that names its conversation and that only we can have made."""
    chance = secrets.token_hex(8)
    return f"c{conversation_id}.{chance}.{_signature(f'{conversation_id}.{chance}')}@{inbox_address.rpartition('@')[2]}"


def reply_to_address(conversation_id: int, inbox_address: str) -> str:
    """The inbox's address with the conversation's token in it, where answers are asked to go."""
    local, _, domain = inbox_address.rpartition("@")
    return f"{local}+c{conversation_id}-{_signature(str(conversation_id))}@{domain}"


def conversation_in_mail_id(mail_id: str) -> int | None:
    """The conversation's id that a Message-ID of ours names; None for anybody else's."""
    found = _IN_MAIL_ID.match(mail_id.lower())
    if found and constant_time_compare(found[3], _signature(f"{found[1]}.{found[2]}")):
        return int(found[1])
    return None


def conversation_in_address(address: str) -> int | None:
    """The conversation's id that a plus-address of ours names; None for any other address."""
    found = _IN_ADDRESS.search(address.lower())
    if found and constant_time_compare(found[2], _signature(found[1])):
        return int(found[1])
    return None


def without_tag(address: str) -> str:
    """The mailbox itself: "support+c42-…@example.com" is delivered to "support@example.com"."""
    local, at, domain = address.strip().lower().rpartition("@")
    return local.split("+")[0] + at + domain


def _signature(what: str) -> str:
    return salted_hmac("goodword.channels.tokens", what, algorithm="sha256").hexdigest()[:_LENGTH]
