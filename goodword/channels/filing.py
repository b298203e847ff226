"""Where a parsed mail goes: to the message it already is, to its conversation, to a new one, or aside."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext, gettext_noop, override

from goodword.accounts.models import Agent
from goodword.channels.automatic import Nature, nature_of
from goodword.channels.bounces import settle_bounce
from goodword.channels.folding import fold
from goodword.channels.forwarded import Forwarded, forwarded, may_forward
from goodword.channels.inboxes import inbox_for, is_from_our_domain, our_addresses
from goodword.channels.languages import language_of
from goodword.channels.mailboxes.queries import languages_of
from goodword.channels.models import RawMail
from goodword.channels.parsing import ParsedMail, made_id
from goodword.channels.threading import find_conversation, without_tags
from goodword.desk.actions.conversations import add_note, doubt_identity, open_conversation, receive
from goodword.desk.actions.identity import trust_again
from goodword.desk.arriving import KeptFile, Said
from goodword.desk.identity import UNVERIFIED, state_on_arrival
from goodword.desk.models import Conversation, Inbox, Message
from goodword.desk.queries.conversations import takes_mail
from goodword.lib.blobs import keep_blobs
from goodword.lib.errors import Invalid
from goodword.people.actions import find_or_welcome
from goodword.people.models import Person
from goodword.people.queries import person_by_address


@dataclass(frozen=True)
class Prepared:
    """A mail read, its files on disk, its language told: all that can be done before the transaction."""

    mail: ParsedMail
    made_id: str
    inbox: Inbox
    nature: Nature
    said: Said
    known: Person | None = None
    # Of a mail that a colleague has forwarded: how she is called, her account if she has one, what she wrote above it.
    forwarder: str = ""
    colleague: Agent | None = None
    covering: str = ""


# Kept in English, shown in the reader's language.
_WHY_IGNORED = {
    Nature.OURSELVES: gettext_noop("It came from one of our own inboxes."),
    Nature.LOOP: gettext_noop("It has been passed on too often: it goes in circles."),
    Nature.REPORT: gettext_noop("A mail provider's report of abuse; it is about no message of ours."),
    Nature.BOUNCE: gettext_noop("It tells of a mail that did not arrive, which we did not send."),
    Nature.AUTO_REPLY: gettext_noop("A machine answers something that we did not write."),
}
_BY_PEOPLE = {Nature.PERSON, Nature.BULK}
_BY_MACHINE = {Nature.AUTO_REPLY, Nature.GENERATED, Nature.BOUNCE, Nature.REPORT, Nature.OURSELVES, Nature.LOOP}


def prepare(raw: RawMail, content: bytes, mail: ParsedMail) -> Prepared:
    """Everything slow: language, folding, attachments to disk. Writes nothing to the database."""
    known = person_by_address(mail.sender.address) if mail.sender.address else None
    nature = nature_of(mail, raw.envelope_from, our_addresses())
    inbox = inbox_for(mail, raw.envelope_to)
    if nature in _BY_PEOPLE and may_forward(mail) and (letter := _handed_in(mail)):
        return _prepare_forwarded(raw, content, mail, inbox, letter)
    folded = fold(mail.text)
    said = Said(
        text=folded.text,
        quoted_text=folded.quoted,
        html=mail.html,
        at=raw.received_at,
        subject=mail.subject,
        language=_language(mail, folded.text, inbox, known),
        from_address=mail.sender.address,
        from_name=mail.sender.name,
        reply_to=mail.reply_to,
        to_addresses=[box.address for box in mail.to],
        cc_addresses=[box.address for box in mail.cc],
        mail_id=mail.mail_id,
        in_reply_to=next(iter(mail.in_reply_to), ""),
        references=mail.references[:200],
        raw=raw.blob,
        automatic=nature in _BY_MACHINE,
        may_be_acknowledged=nature == Nature.PERSON,
        files=_kept_files(mail),
    )
    return Prepared(mail, made_id(content), inbox, nature, said, known)


def _prepare_forwarded(raw: RawMail, content: bytes, mail: ParsedMail, inbox: Inbox, letter: Forwarded) -> Prepared:
    """A colleague hands in a customer's letter: it is the customer's, and what the colleague wrote above it is a note.

    Nothing proves that the colleague wrote, or that the letter was not changed, so nobody is thanked by a machine and
    nobody counts as known by it.
    """
    known = person_by_address(letter.writer.address)
    inside = letter.attached
    said = Said(
        text=letter.text,
        html=inside.html if inside else "",
        at=raw.received_at,
        subject=letter.subject or without_tags(mail.subject),
        language=_language(mail, letter.text, inbox, known),
        from_address=letter.writer.address,
        from_name=letter.writer.name,
        to_addresses=[box.address for box in mail.to],
        cc_addresses=[box.address for box in mail.cc],
        mail_id=mail.mail_id,
        raw=raw.blob,
        may_be_acknowledged=False,
        files=[*(_kept_files(inside) if inside else []), *_kept_files(mail)],
    )
    return Prepared(
        mail, made_id(content), inbox, Nature.BULK, said, known,
        forwarder=mail.sender.name or mail.sender.address,
        colleague=_agent(mail.sender.address),
        covering=letter.covering,
    )  # fmt: skip


def _handed_in(mail: ParsedMail) -> Forwarded | None:
    """The letter that a colleague forwards: an agent, or somebody of the company's own domain. Not one of our own."""
    address = mail.sender.address
    if not (is_from_our_domain(address) or _agent(address)):
        return None
    letter = forwarded(mail)
    return letter if letter and letter.writer.address not in our_addresses() else None


def _agent(address: str) -> Agent | None:
    return Agent.objects.filter(email=address, is_active=True).first() if address else None


def file_mail(raw: RawMail, prepared: Prepared, *, anyway: bool = False, just_read: bool = False) -> RawMail:
    """File a locked, stored mail within the caller's transaction. `anyway`: as if a person had written it.

    `just_read`: whoever was unknown when it was read surely still is, or the transaction may fail.
    """
    if raw.state != RawMail.STORED:
        return raw
    mail, nature = prepared.mail, Nature.BULK if anyway else prepared.nature
    same_ids = _messages_with_its_ids(prepared)
    if known := _already_filed(prepared, same_ids):
        return _done(raw, RawMail.FILED, message=known)
    if nature == Nature.BOUNCE and (returned := settle_bounce(mail, raw.envelope_to)):
        return _done(raw, RawMail.FILED, message=returned)
    conversation = find_conversation(mail, raw.envelope_to)
    # An answering machine is heard only in a conversation it takes part in; a bounce of nothing of ours is noise.
    is_noise = nature in _WHY_IGNORED and (conversation is None or nature != Nature.AUTO_REPLY)
    if is_noise:
        return _done(raw, RawMail.IGNORED, problem=_WHY_IGNORED[nature])
    said = replace(prepared.said, automatic=nature in _BY_MACHINE, mail_id=_own_id(prepared, same_ids))
    return _done(raw, RawMail.FILED, message=_filed(prepared, said, conversation, just_read=just_read))


def _filed(prepared: Prepared, said: Said, conversation: Conversation | None, *, just_read: bool) -> Message:
    # Somebody unknown a moment ago may have been welcomed meanwhile, with another mail; somebody known stays known.
    look_again = prepared.known is None and said.from_address and not just_read
    known = person_by_address(said.from_address) if look_again else prepared.known
    identity = state_on_arrival(known, said.from_address, said.reply_to) if not prepared.forwarder else UNVERIFIED
    person = known or _welcome(said)
    late = conversation if conversation and not said.automatic and not takes_mail(conversation, said.at) else None
    if conversation is None or late:
        conversation = open_conversation(
            prepared.inbox, person, without_tags(said.subject), said.language, by=None,
            identity=identity, channel="mail", at=said.at, follows=late,
        )  # fmt: skip
        return _with_note(prepared, receive(conversation, person, said, just_opened=True))
    if not said.automatic:
        from_elsewhere = identity == UNVERIFIED or person != conversation.person
        conversation = doubt_identity(conversation) if from_elsewhere else trust_again(conversation)
    return _with_note(prepared, receive(conversation, person, said))


def _with_note(prepared: Prepared, message: Message) -> Message:
    """Say who forwarded the letter, and what she wrote above it."""
    if prepared.forwarder:
        with override(prepared.colleague.language if prepared.colleague else prepared.inbox.language):
            if prepared.colleague:
                told = gettext("I have forwarded this letter from my own mailbox.")
            else:
                told = gettext("%(who)s has forwarded this letter.") % {"who": prepared.forwarder}
        note = f"{prepared.covering}\n\n{told}" if prepared.covering.strip() else told
        add_note(message.conversation, note, by=prepared.colleague)
    return message


def _messages_with_its_ids(prepared: Prepared) -> dict[str, Message]:
    ids = {prepared.mail.mail_id, prepared.made_id}
    known = Message.objects.filter(mail_id__in=ids)
    # Hardly ever is there one, and to read whole rows that are not there costs more than to ask twice.
    return {message.mail_id: message for message in known} if known.exists() else {}


def _already_filed(prepared: Prepared, known: dict[str, Message]) -> Message | None:
    """The message this mail already is: by its id and sender, or by its bytes."""
    same_id = known.get(prepared.mail.mail_id)
    if same_id and (same_id.direction == Message.OUT or same_id.from_address == prepared.said.from_address):
        return same_id
    return known.get(prepared.made_id)


def _own_id(prepared: Prepared, known: dict[str, Message]) -> str:
    """The Message-ID; one made of the bytes where another sender has used the same."""
    return prepared.made_id if prepared.mail.mail_id in known else prepared.mail.mail_id


def _welcome(said: Said) -> Person | None:
    if said.automatic or not said.from_address:
        return None
    try:
        return find_or_welcome(said.from_address, said.from_name, said.language, by=None, is_unknown=True)
    except Invalid:  # whatever stands in From, the mail is kept; it just has no customer yet
        return None


def _language(mail: ParsedMail, text: str, inbox: Inbox, person: Person | None) -> str:
    words = text if text.strip() else mail.subject
    known = person.language if person else ""
    return language_of(words, languages_of(inbox), person=known, inbox=inbox.language)


def _kept_files(mail: ParsedMail) -> list[KeptFile]:
    blobs = keep_blobs([file.content for file in mail.files])
    return [
        KeptFile(file.name[:255], file.content_type, blob, len(file.content), file.content_id, file.inline)
        for file, blob in zip(mail.files, blobs, strict=True)
    ]


def _done(raw: RawMail, state: str, *, message: Message | None = None, problem: str = "") -> RawMail:
    raw.state, raw.message, raw.problem, raw.lease_until = state, message, problem, None
    raw.save(update_fields=["state", "message", "problem", "lease_until"])
    return raw
