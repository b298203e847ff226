"""What a mail has besides its words: others who got it, an invitation, pictures, a seal, a letter forwarded inside."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goodword.channels.calendars import KIND, Invitation, in_zone, invitations
from goodword.channels.queries import writer_inside
from goodword.desk.models import Attachment, Message
from goodword.lib.blobs import read_blob
from goodword.lib.errors import NotFound
from goodword.policies.queries import time_zone
from goodword.web.shown.words import full_day_words, hour_words

_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_PGP = "application/pgp-encrypted"
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_HARMLESS_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_MOST_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class ShownInvitation:
    """An event as a card: what it is, when in the desk's zone, when in its own if that is another, and where."""

    heading: str
    what: str
    when: str
    when_there: str
    where: str
    organizer: str
    repeats: bool


@dataclass(frozen=True)
class ShownMail:
    """The parts of a mail beside its text. `seal`: why it cannot be read, or that it is signed; "" for neither."""

    others: str
    invitations: list[ShownInvitation]
    pictures: str
    seal: str
    is_locked: bool
    forwarded_from: str


def is_listed(file: Attachment) -> bool:
    """Whether a file stands in the list: not what the layout shows, and not a signature, which says nothing to read."""
    return not file.inline and file.content_type not in _SIGNATURES and file.content_type != _PGP


def shown_mail(message: Message) -> ShownMail:
    """The parts of a message that came or went as a mail; its attachments must be prefetched."""
    files = list(message.attachments.all())
    kinds = {file.content_type for file in files}
    pictures = sum(file.inline and file.content_type in _HARMLESS_PICTURES for file in files)
    seal, is_locked = _seal(kinds, message)
    return ShownMail(
        others=_others(message),
        invitations=[_shown(each) for file in files if file.content_type == KIND for each in _events(file)],
        pictures=ngettext("%(number)s picture in it", "%(number)s pictures in it", pictures) % {"number": pictures}
        if pictures
        else "",
        seal=seal,
        is_locked=is_locked,
        forwarded_from=_forwarded_from(message),
    )


def picture_addresses(message: Message) -> dict[str, str]:
    """The pictures that a message's own layout shows, by content id, as addresses that hold the picture itself."""
    from base64 import b64encode

    found, left = {}, _MOST_BYTES
    for file in message.attachments.all():
        left -= file.size if file.content_id and file.content_type in _HARMLESS_PICTURES else 0
        if file.content_id and file.content_type in _HARMLESS_PICTURES and left >= 0:
            found[file.content_id] = f"data:{file.content_type};base64,{b64encode(read_blob(file.blob)).decode()}"
    return found


def _seal(kinds: set[str], message: Message) -> tuple[str, bool]:
    if _PGP in kinds:
        told = _("This mail is encrypted with PGP. The desk has no key and cannot read it: ask her to write it openly.")
        return told, True
    if kinds & _SMIME and not message.text.strip():
        told = _("This mail is sealed with S/MIME. The desk has no key and cannot read it: ask her to write it openly.")
        return told, True
    return (_("Signed; the signature was not checked.") if kinds & _SIGNATURES else ""), False


def _others(message: Message) -> str:
    """Who got the mail besides us and her: kept, so that an agent knows who reads along."""
    if message.direction == Message.NOTE or message.channel != "mail":
        return ""
    ours = {message.conversation.inbox.address.lower(), message.from_address}
    ours |= set(message.to_addresses) if message.direction == Message.OUT else set()
    others = [address for address in [*message.to_addresses, *message.cc_addresses] if not _is_ours(address, ours)]
    return ", ".join(dict.fromkeys(others))


def _is_ours(address: str, ours: set[str]) -> bool:
    local, _at, domain = address.lower().rpartition("@")
    return f"{local.split('+')[0]}@{domain}" in ours or address in ours


def _events(file: Attachment) -> list[Invitation]:
    try:
        return invitations(read_blob(file.blob))
    except NotFound:  # erased
        return []


def _shown(event: Invitation) -> ShownInvitation:
    headings = {
        "CANCEL": _("Cancelled"),
        "REPLY": {
            "ACCEPTED": _("She has accepted"),
            "DECLINED": _("She has declined"),
            "TENTATIVE": _("She may come"),
        }.get(event.answer, _("Her answer")),
        "COUNTER": _("She proposes another time"),
    }
    here = time_zone()
    own = event.zone and event.zone != here
    return ShownInvitation(
        heading=headings.get(event.method, _("Invitation")),
        what=event.what or _("An event without a name"),
        when=_when(event, here),
        when_there=_when(event, "", named=event.zone) if own else "",
        where=event.where,
        organizer=event.organizer,
        repeats=event.repeats,
    )


def _when(event: Invitation, zone: str, named: str = "") -> str:
    begins = in_zone(event.begins, zone) if zone else event.begins
    ends = (in_zone(event.ends, zone) if zone else event.ends) if event.ends else None
    first = full_day_words(begins.date() if isinstance(begins, datetime) else begins)
    if event.all_day:
        last = full_day_words(ends) if ends and ends != begins else ""
        return f"{first} – {last}" if last else first
    hours = hour_words(begins) if isinstance(begins, datetime) else ""
    if isinstance(ends, datetime) and isinstance(begins, datetime):
        same_day = ends.date() == begins.date()
        hours += f" – {'' if same_day else full_day_words(ends.date()) + ' '}{hour_words(ends)}"
    return f"{first}, {hours} ({named or (zone if event.zone else _('hours without a zone'))})"


def _forwarded_from(message: Message) -> str:
    inside = writer_inside(message)
    return f"{inside.name} <{inside.address}>".strip() if inside else ""
