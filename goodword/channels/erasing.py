"""Erasing a person's raw mail: the rows at once, the bytes when that is committed."""

from django.db import transaction
from django.db.models import Q

from goodword.channels.models import DeliveredMail, OutgoingMail, RawMail
from goodword.desk.actions.erasing import messages_of
from goodword.desk.models import Attachment, Message
from goodword.lib.blobs import erase_blob
from goodword.people.models import Person


def erase_from_channels(person: Person) -> None:
    """Forget every mail from and to her, filed or not. Must run before the desk forgets which messages were hers."""
    messages = messages_of(person)
    addresses = list(person.addresses.filter(kind="mail").values_list("value", flat=True))
    raw = RawMail.objects.filter(Q(message__in=messages) | Q(envelope_from__in=addresses))
    outgoing = OutgoingMail.objects.filter(Q(message__in=messages) | Q(recipient__in=addresses))
    delivered = DeliveredMail.objects.filter(recipient__in=addresses)
    blobs = {
        *messages.values_list("raw", flat=True),
        *Attachment.objects.filter(message__in=messages).values_list("blob", flat=True),
        *raw.values_list("blob", flat=True),
        *outgoing.values_list("blob", flat=True),
        *delivered.values_list("blob", flat=True),
    } - {""}
    # The row stays, so that "fetched = stored = filed" still adds up.
    raw.update(blob="", envelope_from="", envelope_to=[], problem="")
    outgoing.delete()
    delivered.delete()
    transaction.on_commit(lambda: _erase_unused(blobs))


def _erase_unused(blobs: set[str]) -> None:
    # The same bytes may stand in somebody else's mail: a newsletter, a logo.
    for blob in blobs:
        if not _is_used(blob):
            erase_blob(blob)


def _is_used(blob: str) -> bool:
    rows = (RawMail, OutgoingMail, DeliveredMail, Attachment)
    return Message.objects.filter(raw=blob).exists() or any(
        model._default_manager.filter(blob=blob).exists() for model in rows
    )
