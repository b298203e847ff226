"""The contact form as a channel: the same page posted twice is one conversation."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from goodword.channels.inboxes import default_inbox
from goodword.channels.models import FormEntry
from goodword.desk.actions.conversations import open_conversation, receive
from goodword.desk.actions.matters import correct_matter
from goodword.desk.arriving import KeptFile, NewFile, Said, keep_files
from goodword.desk.models import Conversation, Inbox, Matter
from goodword.desk.queries.conversations import reply_address, takes_mail, where_it_went
from goodword.lib import clock
from goodword.lib.errors import Invalid
from goodword.people.actions import find_or_welcome
from goodword.policies.queries import current_book


@dataclass(frozen=True)
class _Posted:
    name: str
    email: str
    subject: str
    text: str
    language: str
    situation: str
    order: str
    files: list[KeptFile]


def post_form(
    *,
    token: str,
    name: str,
    email: str,
    text: str,
    subject: str = "",
    language: str = "",
    situation: str = "",
    order: str = "",
    attachments: Iterable[NewFile] = (),
    privacy_notice: str = "",
    inbox: Inbox | None = None,
) -> Conversation:
    """Make a conversation of a posted form. `token` was in the page; posted again, the first conversation is returned.

    `situation` is a policy's code, `order` the number she typed: neither proves anything. A typed address is no proof
    either, so the conversation begins unverified. Raises Invalid for an address that is none, or an empty text.
    """
    if entry := entry_by_token(token):
        return _conversation_of(entry)
    if not text.strip():
        raise Invalid(_("The message is empty."), field="text")
    posted = _Posted(name, email, subject, text, language, situation, order.strip(), keep_files(attachments))
    try:
        with transaction.atomic():
            entry = FormEntry.objects.create(token=token, privacy_notice=privacy_notice, posted_at=clock.now())
            entry.conversation = _open(posted, inbox or default_inbox())
            entry.save(update_fields=["conversation"])
    except IntegrityError:  # the same page was posted at the same moment: the other one won
        found = entry_by_token(token)
        if found is None:
            raise
        entry = found
    return _conversation_of(entry)


def post_answer(
    conversation: Conversation, *, token: str, text: str, attachments: Iterable[NewFile] = ()
) -> Conversation:
    """Take in what a customer writes on her own page, as durably as a form; the conversation it now stands in.

    Posted again with the same `token`, it is still one. Where the conversation has been closed for longer than the
    book takes it up again, a new one begins. Raises Invalid for an answer with neither words nor files.
    """
    if entry := entry_by_token(token):
        return _conversation_of(entry)
    files = keep_files(attachments)
    if not text.strip() and not files:
        raise Invalid(_("The message is empty."), field="text")
    try:
        with transaction.atomic():
            entry = FormEntry.objects.create(token=token, privacy_notice="", posted_at=clock.now())
            entry.conversation = _answered(conversation, text, files)
            entry.save(update_fields=["conversation"])
    except IntegrityError:  # the same page was posted at the same moment: the other one won
        found = entry_by_token(token)
        if found is None:
            raise
        entry = found
    return _conversation_of(entry)


def entry_by_token(token: str) -> FormEntry | None:
    """The form posted with this token, if it has been."""
    return FormEntry.objects.select_related("conversation__inbox", "conversation__person").filter(token=token).first()


def _open(posted: _Posted, inbox: Inbox) -> Conversation:
    languages = current_book().languages
    language = posted.language if posted.language in languages else inbox.language
    person = find_or_welcome(posted.email, posted.name, language, by=None)
    conversation = open_conversation(
        inbox, person, posted.subject, language, by=None, identity=Conversation.UNVERIFIED, channel="form"
    )
    said = Said(
        text=_with_order(posted),
        at=clock.now(),
        channel="form",
        subject=posted.subject,
        language=language,
        from_address=posted.email.strip().lower(),
        from_name=posted.name,
        files=posted.files,
    )
    receive(conversation, person, said)
    _choose_situation(conversation, posted)
    return conversation


def _answered(conversation: Conversation, text: str, files: list[KeptFile]) -> Conversation:
    person, now = conversation.person, clock.now()
    said = Said(
        text=text, at=now, channel="form", subject=conversation.subject, language=conversation.language,
        from_address=reply_address(conversation), from_name=person.name if person else "", files=files,
    )  # fmt: skip
    target = conversation
    if not takes_mail(conversation, now):
        target = open_conversation(
            conversation.inbox, person, conversation.subject, conversation.language, by=None,
            identity=conversation.identity, channel="form", follows=conversation,
        )  # fmt: skip
    receive(target, person, said)
    return target


def _with_order(posted: _Posted) -> str:
    """An order number typed in its own field belongs to what she said, or the thread would not show it."""
    if not posted.order or posted.order.lower() in posted.text.lower():
        return posted.text
    return f"{posted.text.rstrip()}\n\n{posted.order}\n"


def _choose_situation(conversation: Conversation, posted: _Posted) -> None:
    """What she chose herself comes before our guess."""
    matter = conversation.matters.filter(state=Matter.OPEN).order_by("id").first()
    if matter is None or posted.situation not in current_book().policies or matter.policy == posted.situation:
        return
    correct_matter(matter, by=None, policy=posted.situation)


def _conversation_of(entry: FormEntry) -> Conversation:
    if entry.conversation is None:
        raise Invalid(_("This form was posted already, and what it said has been erased since."), field="token")
    return where_it_went(entry.conversation)
