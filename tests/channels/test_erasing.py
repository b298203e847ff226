"""Erasing a person leaves no byte of her mails, and no byte of anybody else's is touched."""

from hashlib import sha256

import pytest

from goodword.channels.models import DeliveredMail, OutgoingMail, RawMail
from goodword.desk.actions.conversations import reply
from goodword.lib.blobs import read_blob
from goodword.lib.errors import NotFound
from goodword.people.actions import erase_person
from goodword.policies.queries import current_book
from tests.channels.post import FREJA, filed, letter
from tests.world import NOW, World


def test_her_mails_files_and_copies_are_gone(world: World) -> None:
    mail = letter("Mine hemmelige ord.")
    mail.add_attachment(b"my photo", maintype="image", subtype="png", filename="freja.png")
    message = filed(mail)
    answer = reply(message.conversation, "Kære Freja", by=world.ida)
    blobs = {message.raw, answer.raw, *message.attachments.values_list("blob", flat=True)}
    DeliveredMail.objects.create(blob=answer.raw, recipient=FREJA, received_at=NOW)
    erase_person(world.freja, book=current_book(), by=world.mette)
    for blob in blobs:
        with pytest.raises(NotFound):
            read_blob(blob)
    assert not DeliveredMail.objects.exists()
    told = str(list(RawMail.objects.values())) + str(list(OutgoingMail.objects.values()))
    assert "holm" not in told.lower()
    assert RawMail.objects.get().state == RawMail.FILED


def test_bytes_that_others_have_too_are_kept(world: World) -> None:
    for sender in (FREJA, "karen@dahl.example"):
        mail = letter("Se her", sender=sender, mail_id=sender)
        mail.add_attachment(b"the same leaflet", maintype="image", subtype="png", filename="leaflet.png")
        filed(mail, envelope_from=sender)
    erase_person(world.freja, book=current_book(), by=world.mette)
    assert read_blob(sha256(b"the same leaflet").hexdigest()) == b"the same leaflet"


def test_a_mail_to_several_is_erased_for_each(world: World) -> None:
    answer = reply(filed(letter()).conversation, "Hej", by=world.ida)
    OutgoingMail.objects.create(message=answer, recipient="other@holm.example", blob=answer.raw, due_at=NOW)
    erase_person(world.freja, book=current_book(), by=world.mette)
    assert answer.outgoing.filter(recipient__contains="@").count() == 0
