"""What the thread shows of a mail beside its words."""

from email.message import EmailMessage

from django.test import Client

from goodword.desk.models import Message
from goodword.desk.queries.conversations import reply_address
from goodword.people.queries import person_by_address
from tests.channels.post import filed, letter
from tests.channels.test_mail_parts import EVENT
from tests.world import World

PICTURE = b"\x89PNG\r\n\x1a\n"


def page_of(client: Client, message: Message) -> str:
    return client.get(f"/desk/c/{message.conversation.number}/").content.decode()


def test_an_invitation_is_a_card_in_the_desks_own_time(world: World, ida: Client) -> None:
    mail = letter("Shall we?")
    event = EVENT % (b"REQUEST", b"DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z")
    mail.add_attachment(event, maintype="text", subtype="calendar", filename="invite.ics")
    page = page_of(ida, filed(mail))
    for words in ("Invitation", "Delivery of the bed", "24 Nov 2026", "10:00", "11:00", "(Europe/Copenhagen)", "(UTC)"):
        assert words in page


def test_who_else_got_the_mail_is_said(world: World, ida: Client) -> None:
    page = page_of(ida, filed(letter("Hello", cc="bo@elsewhere.example, hello+c1-x@nordhvile.example")))
    assert "Also to: bo@elsewhere.example<" in page


def test_a_pasted_picture_is_shown_in_the_layout_and_counted_in_the_thread(world: World, ida: Client) -> None:
    mail = letter("See")
    mail.add_alternative('<p>See</p><img src="cid:one">', subtype="html")
    page = list(mail.iter_parts())[1]
    assert isinstance(page, EmailMessage)
    page.add_related(PICTURE, maintype="image", subtype="png", cid="<one>")
    message = filed(mail)
    assert "(1 picture in it)" in page_of(ida, message)
    shown = ida.get(f"/desk/c/{message.conversation.number}/message/{message.pk}/page/")
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in shown.content.decode()
    assert "img-src data:" in shown["Content-Security-Policy"]


def test_a_signature_is_no_file_to_open_and_what_is_sealed_is_said_to_be(world: World, ida: Client) -> None:
    signed = letter("Signed words")
    signed.add_attachment(b"-----", maintype="application", subtype="pgp-signature", filename="signature.asc")
    page = page_of(ida, filed(signed))
    assert "signature.asc" not in page
    assert "Signed; the signature was not checked." in page
    sealed = (
        b"From: freja@holm.example\nTo: hello@nordhvile.example\nSubject: x\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/encrypted; boundary="o"; protocol="application/pgp-encrypted"\n\n--o\n'
        b"Content-Type: application/pgp-encrypted\n\nVersion: 1\n--o\n"
        b"Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\n--o--\n"
    )
    page = page_of(ida, filed(sealed))
    assert "This mail is encrypted with PGP." in page
    assert "encrypted.asc" in page


def test_a_stranger_who_forwards_is_not_believed_but_the_writer_is_named(world: World, ida: Client) -> None:
    text = "---------- Forwarded message ---------\nFrom: Freja Holm <freja@holm.example>\nSubject: Lamp\n\nBroken.\n"
    page = page_of(ida, filed(letter(text, sender="bo@elsewhere.example", subject="Fwd: Lamp")))
    assert "This looks like a letter by <strong>Freja Holm &lt;freja@holm.example&gt;</strong>, forwarded." in page
    assert "Answer the customer inside" in page


def test_the_customer_inside_is_answered_by_one_click(world: World, ida: Client) -> None:
    text = "---------- Forwarded message ---------\nFrom: Freja Holm <freja@holm.example>\nSubject: Lamp\n\nBroken.\n"
    message = filed(letter(text, sender="bo@elsewhere.example", subject="Fwd: Lamp"))
    address = f"/desk/c/{message.conversation.number}/customer/"
    ida.post(address, {"inside": str(message.pk)})
    message.conversation.refresh_from_db()
    conversation = message.conversation
    assert (conversation.person, conversation.identity) == (world.freja, "unverified")
    assert reply_address(conversation) == "freja@holm.example"
    assert "Answer the customer inside" not in page_of(ida, message)
    again = ida.post(address, {"inside": str(message.pk)}, headers={"HX-Request": "true"})
    assert again.status_code == 404


def test_a_writer_inside_who_is_nobodys_customer_yet_becomes_one(world: World, ida: Client) -> None:
    text = "---------- Forwarded message ---------\nFrom: Nora New <nora@new.example>\nSubject: Lamp\n\nBroken.\n"
    message = filed(letter(text, sender="bo@elsewhere.example", subject="Fwd: Lamp"))
    ida.post(f"/desk/c/{message.conversation.number}/customer/", {"inside": str(message.pk)})
    message.conversation.refresh_from_db()
    nora = person_by_address("nora@new.example")
    assert nora is not None
    assert (message.conversation.person, nora.name) == (nora, "Nora New")
    assert reply_address(message.conversation) == "nora@new.example"


def test_of_a_mail_that_forwards_nothing_nobody_is_taken(world: World, ida: Client) -> None:
    message = filed(letter("Hello", sender="bo@elsewhere.example"))
    before = message.conversation.person
    answer = ida.post(f"/desk/c/{message.conversation.number}/customer/", {"inside": str(message.pk)})
    message.conversation.refresh_from_db()
    assert (answer.status_code, message.conversation.person) == (404, before)


def test_a_layout_nested_too_deeply_is_shown_as_words_and_said_to_be(world: World, ida: Client) -> None:
    mail = letter("See")
    mail.add_alternative("<div>" * 2_000 + "See the words", subtype="html")
    message = filed(mail)
    shown = ida.get(f"/desk/c/{message.conversation.number}/message/{message.pk}/page/").content.decode()
    assert "nested too deeply to be shown" in shown
    assert "See the words" in shown
