"""Erasing a person from the channels: raw mail in and out, attachments' bytes, forms, and the demo's copies."""

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Concat

from goodword.channels.models import DeliveredMail, FormEntry, OutgoingMail, RawMail
from goodword.desk.actions.erasing import messages_of
from goodword.desk.models import Attachment, Message
from goodword.lib.blobs import erase_blob
from goodword.people.models import Person


def erase_from_channels(person: Person) -> None:
    """Delete the bytes of her mails and files, and blank what their rows say of her.

    Must run before the desk's own eraser, which forgets where the bytes are. A blob that somebody else's row still
    names is kept: the same price list may have gone to many.
    """
    messages = messages_of(person)
    addresses = list(person.addresses.values_list("value", flat=True))
    raw = RawMail.objects.filter(Q(message__in=messages) | Q(envelope_from__in=addresses))
    outgoing = OutgoingMail.objects.filter(message__in=messages)
    delivered = DeliveredMail.objects.filter(recipient__in=addresses)
    files = Attachment.objects.filter(message__in=messages)
    blobs = {blob for rows in (raw, outgoing, delivered, files) for blob in rows.values_list("blob", flat=True)}
    files.update(blob="", name="")
    delivered.delete()
    nobody = Concat(Value("erased-"), F("pk"), output_field=CharField())
    outgoing.update(blob="", words="", recipient=nobody, problem="")
    raw.update(blob="", envelope_from="", envelope_to=[], problem="")
    Message.objects.filter(pk__in=messages.values("pk")).update(raw="")
    FormEntry.objects.filter(conversation__person=person).update(conversation=None)
    for blob in filter(None, blobs):
        if not _is_named(blob):
            erase_blob(blob)


def _is_named(blob: str) -> bool:
    return (
        RawMail.objects.filter(blob=blob).exists()
        or OutgoingMail.objects.filter(blob=blob).exists()
        or Attachment.objects.filter(blob=blob).exists()
        or DeliveredMail.objects.filter(blob=blob).exists()
    )
