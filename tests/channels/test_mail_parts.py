"""winmail.dat, invitations, pictures by name, letters forwarded by colleagues: what is inside is taken out."""

import struct
from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest

from goodword.channels.calendars import invitations
from goodword.channels.forwarded import forwarded_in
from goodword.channels.parsing import parse
from goodword.desk.models import Inbox, Message
from goodword.desk.queries.conversations import reply_address
from tests.channels.post import FREJA, filed, letter
from tests.world import World


def attribute(level: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) % 65536)


def packet() -> bytes:
    """A winmail.dat with a letter and one file, built by MS-OXTNEF."""
    head = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    head += attribute(1, 0x00069007, struct.pack("<II", 1252, 0)) + attribute(1, 0x0002800C, b"The lamp is broken.\0")
    file = attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00018010, b"photo.png\0")
    return head + file + attribute(2, 0x0006800F, b"\x89PNG\0\1\2")


@pytest.mark.parametrize(("kind", "name"), [("application/ms-tnef", "winmail.dat"), ("application/octet-stream", "")])
def test_a_winmail_dat_is_unpacked_and_kept(kind: str, name: str) -> None:
    mail = EmailMessage()
    mail["From"] = FREJA
    mail.set_content("")
    main, _, sub = kind.partition("/")
    mail.add_attachment(packet(), maintype=main, subtype=sub, filename=name or None)
    read = parse(mail.as_bytes())
    assert read.text == "The lamp is broken."
    assert [file.content for file in read.files] == [packet(), b"\x89PNG\0\1\2"]
    assert (read.files[1].name, read.files[1].content_type) == ("photo.png", "image/png")


def test_a_broken_winmail_dat_is_kept_as_it_is() -> None:
    mail = EmailMessage()
    mail.set_content("Hello")
    mail.add_attachment(packet()[:60], maintype="application", subtype="ms-tnef", filename="winmail.dat")
    read = parse(mail.as_bytes())
    assert (read.text, [file.content for file in read.files]) == ("Hello\n", [packet()[:60]])


EVENT = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//x//y//EN\r
METHOD:%s\r
BEGIN:VEVENT\r
UID:1@x.example\r
DTSTAMP:20261101T000000Z\r
%s\r
SUMMARY:Delivery of the bed\r
LOCATION:Holmvej 3\\, Silkeborg\r
ORGANIZER;CN=Freja Holm:mailto:freja@holm.example\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_an_invitation_says_what_when_and_where() -> None:
    [event] = invitations(EVENT % (b"REQUEST", b"DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z"))
    assert (event.method, event.what, event.where) == ("REQUEST", "Delivery of the bed", "Holmvej 3, Silkeborg")
    assert (event.begins, event.zone) == (datetime(2026, 11, 24, 9, tzinfo=UTC), "UTC")
    assert event.organizer == "Freja Holm"


def test_a_day_ends_on_its_last_day_and_nonsense_is_no_invitation() -> None:
    days = b"DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261126"
    [event] = invitations(EVENT % (b"CANCEL", days))
    assert (event.method, event.all_day, event.ends) == ("CANCEL", True, date(2026, 11, 25))
    assert invitations(b"BEGIN:VCALENDAR\nnonsense") == invitations(b"") == []


def test_a_picture_that_the_page_names_by_its_file_or_location_is_shown_in_it() -> None:
    read = parse(
        b'Content-Type: multipart/related; boundary="o"\n\n--o\nContent-Type: text/html\n\n'
        b'<p>Look</p><img src="image001.png"><img src="lamp.jpg">\n--o\n'
        b'Content-Type: image/png; name="image001.png"\n\nx\n'
        b"--o\nContent-Type: image/jpeg\nContent-Location: lamp.jpg\n\ny\n--o--\n"
    )
    assert [file.inline for file in read.files] == [True, True]
    assert all(f'src="cid:{file.content_id}"' in read.html for file in read.files)


GMAIL = """Kan du tage den her?

---------- Forwarded message ---------
From: Freja Holm <freja@holm.example>
Date: Mon, 16 Nov 2026 at 10:00
Subject: My lamp
To: <mette@nordhvile.example>


It is broken.
"""
OUTLOOK_DA = """
Fra: Freja Holm <freja@holm.example>
Sendt: 16. november 2026 10:00
Til: Mette <mette@nordhvile.example>
Emne: My lamp

It is broken.
"""
OUTLOOK_OLD = """
-----Ursprüngliche Nachricht-----
Von: Freja Holm [mailto:freja@holm.example]
Gesendet: Montag, 16. November 2026 10:00
An: Mette
Betreff: My lamp

It is broken.
"""
APPLE_TR = """
Yönlendirilen ileti başlangıcı:

> Kimden: Freja Holm <freja@holm.example>
> Tarih: 16 Kasım 2026 10:00
> Konu: My lamp
> Kime: mette@nordhvile.example
>
> It is broken.
"""
GMAIL_FR = """
---------- Forwarded message ---------
De : *Freja Holm* <freja@holm.example>
Date: lun. 16 nov. 2026
Subject: My lamp
To: <mette@nordhvile.example>

It is broken.
"""
INDONESIAN = """
---------- Pesan terusan ---------
Dari: Freja Holm <freja@holm.example>
Tanggal: Sen, 16 Nov 2026
Perihal: My lamp
Kepada: <mette@nordhvile.example>

It is broken.
"""
MALAY = """
---------- Mesej dimajukan ---------
Daripada: Freja Holm <freja@holm.example>
Tarikh: Isn, 16 Nov 2026
Subjek: My lamp
Kepada: <mette@nordhvile.example>

It is broken.
"""
SPANISH = """
Inicio del mensaje reenviado:

De: Freja Holm <freja@holm.example>
Asunto: My lamp
Fecha: 16 de noviembre de 2026
Para: mette@nordhvile.example

It is broken.
"""
FORMS = (GMAIL, OUTLOOK_DA, OUTLOOK_OLD, APPLE_TR, GMAIL_FR, INDONESIAN, MALAY, SPANISH)


@pytest.mark.parametrize("text", FORMS)
def test_a_forwarded_letter_is_found_with_its_writer_in_every_form(text: str) -> None:
    found = forwarded_in(text, says_so=True)
    assert found is not None
    assert (found.writer.name, found.writer.address) == ("Freja Holm", FREJA)
    assert (found.subject, found.text) == ("My lamp", "It is broken.\n")


def test_an_answer_with_its_quotation_is_no_forwarded_letter() -> None:
    assert forwarded_in("Yes, please.\n\nOn Monday, Mette <m@x.example> wrote:\n> Shall we?\n", says_so=False) is None


def test_a_letter_that_a_colleague_forwards_is_the_customers_and_the_answer_goes_to_her(world: World) -> None:
    sender = f"Ida Lund <{world.ida.email}>"
    message = filed(letter(GMAIL, sender=sender, subject="Fwd: My lamp"), envelope_from=world.ida.email)
    assert (message.person, message.from_address, message.text) == (world.freja, FREJA, "It is broken.\n")
    assert reply_address(message.conversation) == FREJA
    assert message.conversation.subject == "My lamp"
    note = message.conversation.messages.get(direction=Message.NOTE)
    assert note.author == world.ida
    assert note.text.startswith("Kan du tage den her?")
    # Anybody can write a colleague's name on a letter: nothing is proved by it, and no machine answers it.
    assert message.conversation.identity == "unverified"
    assert not message.conversation.messages.filter(direction=Message.OUT).exists()


def test_a_letter_forwarded_as_a_file_is_read_with_its_files(world: World) -> None:
    inside = letter("It is broken.\n", subject="My lamp")
    inside.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="lamp.png")
    outside = letter("See below.\n", sender=world.ida.email, subject="Fwd: My lamp")
    outside.add_attachment(inside)
    message = filed(outside, envelope_from=world.ida.email)
    assert (message.from_address, message.text) == (FREJA, "It is broken.\n")
    assert "lamp.png" in [file.name for file in message.attachments.all()]


def test_a_letter_forwarded_from_the_companys_own_domain_is_the_customers(world: World) -> None:
    sender = "Karin Holt <karin@nordhvile.example>"
    message = filed(letter(GMAIL, sender=sender, subject="Fwd: My lamp"), envelope_from="karin@nordhvile.example")
    assert (message.person, message.from_address, message.text) == (world.freja, FREJA, "It is broken.\n")
    note = message.conversation.messages.get(direction=Message.NOTE)
    assert (note.author, note.text.startswith("Kan du tage den her?")) == (None, True)
    assert "Karin Holt" in note.text
    assert message.conversation.identity == "unverified"
    assert not message.conversation.messages.filter(direction=Message.OUT).exists()


def test_to_share_a_public_providers_domain_with_an_inbox_makes_nobody_a_colleague(world: World) -> None:
    Inbox.objects.create(address="nordhvile@gmail.com", name="Nordhvile", language="en")
    message = filed(letter(GMAIL, sender="Bo <bo@gmail.com>", subject="Fwd: My lamp"), envelope_from="bo@gmail.com")
    assert message.from_address == "bo@gmail.com"


def test_what_we_wrote_ourselves_is_no_customers_letter_when_a_colleague_forwards_it(world: World) -> None:
    ours = GMAIL.replace(FREJA, world.inbox.address)
    assert ours != GMAIL
    message = filed(letter(ours, sender=world.ida.email, subject="Fwd: My lamp"), envelope_from=world.ida.email)
    assert message.from_address == world.ida.email


def test_what_somebody_else_forwards_stays_hers(world: World) -> None:
    message = filed(letter(GMAIL, sender="Bo <bo@elsewhere.example>", subject="Fwd: My lamp"))
    assert message.from_address == "bo@elsewhere.example"
    assert not message.conversation.messages.filter(direction=Message.NOTE).exists()
