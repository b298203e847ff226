"""A mail's letters arrive as they were written, whatever its charset, encoding or shape."""

import base64
from email.message import EmailMessage

import pytest

from goodword.channels.decoding import decode
from goodword.channels.parsing import parse

WORDS = "Smørrebrød på Ærø, İstanbul'da çay, 😀 <ord>\n"


def mail(head: str, body: bytes) -> bytes:
    return f"From: a@x.example\nMIME-Version: 1.0\n{head}\n\n".encode() + body


PLAIN = "Content-Type: text/plain; charset="


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (f"{PLAIN}utf-8\nContent-Transfer-Encoding: 8bit", WORDS.encode(), WORDS),
        (f"{PLAIN}utf-8\nContent-Transfer-Encoding: base64", base64.b64encode(WORDS.encode()), WORDS),
        (f"{PLAIN}iso-8859-1", "æ ø å <ord> \xa7\n".encode("latin-1"), "æ ø å <ord> \xa7\n"),
        (f"{PLAIN}ISO-8859-1\nContent-Transfer-Encoding: quoted-printable", b"=E6 =F8 =\n=E5\n", "æ ø å\n"),
        (f"{PLAIN}iso-8859-9", "ğış\n".encode("iso-8859-9"), "ğış\n"),
        (f"{PLAIN}iso-2022-jp", "こんにちは\n".encode("iso-2022-jp"), "こんにちは\n"),
        (f"{PLAIN}utf-16", "æøå\n".encode("utf-16"), "æøå\n"),
        (f"{PLAIN}us-ascii", "æøå uden charset\n".encode(), "æøå uden charset\n"),
        (f"{PLAIN}no-such-thing", "æøå\n".encode("cp1252"), "æøå\n"),
        (f"{PLAIN}rot13", b"plain\n", "plain\n"),
        (f"{PLAIN}utf-8", "mest æøå ".encode() + b"\xe6 og \x93citat\x94\n", "mest æøå æ og “citat”\n"),
        (f"{PLAIN}utf-8", b"CRLF\r\nbecomes LF\r\n", "CRLF\nbecomes LF\n"),
        ("Content-Type: nonsense", b"no type at all\n", "no type at all\n"),
    ],
)
def test_text_is_read_to_the_letter(head: str, body: bytes, text: str) -> None:
    assert parse(mail(head, body)).text == text


def test_any_bytes_at_all_become_text_that_can_be_stored() -> None:
    for charset in ("", "utf-8", "ascii", "utf-7", "iso-2022-jp", "utf-16", "big5", "idna", "unicode_escape"):
        decode(bytes(range(256)), charset).encode()


def test_words_in_headers_are_read() -> None:
    parsed = parse(
        b"From: =?iso-8859-1?Q?J=F8rgen_=C5?= =?utf-8?B?csO4?= <J@X.example>\n"
        b"Subject: =?utf-8?B?w6Y=?= =?utf-8?B?w7g=?= and =?utf-8?Q?a_space?= \xe6\n"
        b'Reply-To: <j@x.example>\nTo: "Doe, John" <john@x.example>, undisclosed-recipients:;\n\nx'
    )
    assert (parsed.sender.name, parsed.sender.address, parsed.reply_to) == ("Jørgen Årø", "j@x.example", "")
    assert parsed.subject == "æø and a space æ"
    assert [(box.name, box.address) for box in parsed.to] == [("Doe, John", "john@x.example")]


def test_a_letter_split_across_encoded_words_is_whole() -> None:
    assert parse(b"Subject: =?utf-8?Q?sm=C3?= =?utf-8?Q?=B8r?=\n\n").subject == "smør"


@pytest.mark.parametrize(
    "name",
    [
        "filename*=utf-8''sm%C3%B8r.txt",
        "filename*0*=utf-8''sm%C3; filename*1*=%B8r.txt",
        'filename="=?utf-8?Q?sm=C3=B8r.txt?="',
        'filename="smør.txt"',
        'filename="C:\\\\smør.txt"',
    ],
)
def test_file_names_are_read_in_every_spelling(name: str) -> None:
    head = 'Content-Type: multipart/mixed; boundary="b"'
    body = f"--b\nContent-Type: text/plain\nContent-Disposition: attachment; {name}\n\nx\n--b--\n".encode()
    assert parse(mail(head, body)).files[0].name.endswith("smør.txt")


def test_a_text_file_is_a_file_and_not_the_text() -> None:
    letter = EmailMessage()
    letter.set_content("The letter.\n")
    letter.add_attachment("The file.\n", filename="note.txt")
    parsed = parse(letter.as_bytes())
    assert (parsed.text, parsed.html) == ("The letter.\n", "")
    assert [(file.name, file.content) for file in parsed.files] == [("note.txt", b"The file.\n")]


def test_text_and_html_alternatives_are_both_kept() -> None:
    letter = EmailMessage()
    letter.set_content("Hej <Anna>\n")
    letter.add_alternative("<p>Hej &lt;Anna&gt; <b>!</b></p>", subtype="html")
    parsed = parse(letter.as_bytes())
    assert parsed.text == "Hej <Anna>\n"
    assert parsed.html == "<p>Hej &lt;Anna&gt; <b>!</b></p>\n"


def test_html_alone_is_read_as_text() -> None:
    letter = EmailMessage()
    letter.set_content(
        "<html><head><style>p{}</style><title>t</title></head><body><p>Kære jer,</p><div>min <b>lampe</b> &lt;Måne&gt; "
        "virker <word> ikke.<br>Skriv til <anna@x.example></div><ul><li>en</li><li>to</li></ul></body></html>",
        subtype="html",
    )
    assert parse(letter.as_bytes()).text == (
        "Kære jer,\n\nmin lampe <Måne> virker <word> ikke.\nSkriv til <anna@x.example>\n\n- en\n- to\n"
    )


def test_an_inline_image_keeps_its_content_id() -> None:
    letter = EmailMessage()
    letter.set_content('<img src="cid:moon@x">', subtype="html")
    letter.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<moon@x>", filename="moon.png")
    parsed = parse(letter.as_bytes())
    assert [(file.content_id, file.inline, file.content) for file in parsed.files] == [("moon@x", True, b"\x89PNG")]
    assert '<img src="cid:moon@x">' in parsed.html


def test_an_attached_mail_is_kept_to_the_byte() -> None:
    inner = b"Subject: =?utf-8?Q?inner?=  \nX-Odd:   spaces\n\nbody \xe6\n"
    body = b"--b\nContent-Type: text/plain\n\nsee below\n--b\nContent-Type: message/rfc822\n\n" + inner + b"\n--b--\n"
    parsed = parse(mail('Content-Type: multipart/mixed; boundary="b"', body))
    assert [(file.name, file.content_type, file.content) for file in parsed.files] == [
        ("inner.eml", "message/rfc822", inner)
    ]


def test_winmail_and_calendars_are_kept_as_files() -> None:
    letter = EmailMessage()
    letter.set_content("See you.\n")
    letter.add_attachment(b"\x78\x9f", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    letter.add_attachment("BEGIN:VCALENDAR\n", subtype="calendar")
    parsed = parse(letter.as_bytes())
    assert [file.name for file in parsed.files] == ["winmail.dat", "attachment-2.ics"]


def test_base64_with_rubbish_in_it_is_undone_as_far_as_it_goes() -> None:
    head = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: Base64 (really)"
    assert parse(mail(head, b"SGVq\n!!\nIMOm\n*")).text == "Hej æ"


def test_a_multipart_that_never_ends_or_has_no_parts_is_still_read() -> None:
    assert (
        parse(mail('Content-Type: multipart/mixed; boundary="b"', b"--b\n\nfirst\n--b\n\nsecond")).text
        == "first\nsecond"
    )
    assert parse(mail("Content-Type: multipart/mixed", b"only words\n")).text == "only words\n"
    assert parse(mail('Content-Type: multipart/mixed; boundary="b"', b"before it\n")).text == "before it\n"


def test_parts_inside_parts_without_end_do_not_end_the_reader() -> None:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(400))
    parse(head.encode() + b"\nwords\n")


def test_what_is_no_mail_at_all_is_a_text() -> None:
    assert parse(b"just words, no header\n").text == "just words, no header\n"
    assert parse(b"").mail_id.endswith("@no-message-id.invalid")
    parse(bytes(range(256)) * 50)


def test_a_made_id_does_not_depend_on_the_road() -> None:
    bare = b"From: a@x.example\nSubject: x\n\nwords\n"
    travelled = b"Return-Path: <a@x.example>\r\nReceived: by mx\r\n\tfor you\r\n" + bare.replace(b"\n", b"\r\n")
    assert parse(bare).mail_id == parse(travelled).mail_id
    assert parse(bare).mail_id != parse(bare + b"more").mail_id


def test_several_ids_and_endless_ids_fit() -> None:
    parsed = parse(b"Message-ID: <" + b"x" * 900 + b"@x>\nIn-Reply-To: <a@x> <b@x>\nReferences: <c@x>\n <a@x>\n\n")
    assert len(parsed.mail_id) < 100
    assert (parsed.in_reply_to, parsed.references) == (["a@x", "b@x"], ["c@x", "a@x"])


@pytest.mark.parametrize("date", ["", "nonsense", "Mon, 99 Foo 2026 99:99:99 +9999", "Thu, 1 Jan 1970 00:00:00 -0000"])
def test_no_date_can_stop_a_mail(date: str) -> None:
    parse(f"Date: {date}\n\nx".encode())


def test_a_page_with_its_pictures_beside_the_plain_text_is_not_read_a_second_time() -> None:
    inner = b"--i\nContent-Type: text/html\n\n<p>Hej</p>\n--i\nContent-Type: image/png\n\nx\n--i--\n"
    read = parse(
        b'Content-Type: multipart/alternative; boundary="o"\n\n--o\nContent-Type: text/plain\n\nHej\n--o\n'
        b'Content-Type: multipart/related; boundary="i"\n\n' + inner + b"--o--\n"
    )
    assert (read.text, "<p>Hej</p>" in read.html, len(read.files)) == ("Hej", True, 1)


@pytest.mark.parametrize("named", ["", "; boundary=another"])
def test_parts_under_another_boundary_than_the_header_names_are_found(named: str) -> None:
    read = parse(
        f"Content-Type: multipart/mixed{named}\n\n--xyz\nContent-Type: text/plain\n\nHej\n"
        "--xyz\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
        "AAEC\n--xyz--\n".encode()
    )
    assert (read.text, [(file.name, file.content) for file in read.files]) == ("Hej", [("a.pdf", b"\0\1\2")])


def test_a_footer_below_base64_and_what_only_says_it_is_base64_are_read_as_they_stand() -> None:
    head = "Content-Transfer-Encoding: base64"
    assert parse(mail(head, b"SGVq\n\n_____\nour list\n")).text == "Hej_____\nour list\n"
    assert parse(mail(head, b"Hello, this is not base64.\n")).text == "Hello, this is not base64.\n"


def test_over_the_wire_a_footer_below_base64_is_read_as_it_stands_too() -> None:
    head = "Content-Transfer-Encoding: base64"
    wire = mail(head, b"SGVq\n  SGVq\n\n-- \nour virus scanner\n").replace(b"\n", b"\r\n")
    assert parse(wire).text == "HejHej-- \nour virus scanner\n"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ('<meta charset="windows-1254"><p>ğış</p>'.encode("cp1254"), "ğış\n"),
        (b"<meta http-equiv=Content-Type content='text/html; charset=iso-8859-2'><p>\xb3\xf3d\xbc</p>", "łódź\n"),
        (b"<meta charset=utf-16><p>plain</p>", "plain\n"),
        ('<meta charset="iso-8859-1"><p>æøå</p>'.encode(), "æøå\n"),
    ],
)
def test_a_page_whose_mail_names_no_charset_is_read_by_its_own_word(page: bytes, text: str) -> None:
    assert parse(mail("Content-Type: text/html", page)).text == text
    assert parse(mail("Content-Type: text/html; charset=utf-8", "<meta charset=cp1251><p>æ</p>".encode())).text == "æ\n"


@pytest.mark.parametrize("depth", [60, 1000])
def test_parts_in_parts_in_parts_lose_nothing(depth: int) -> None:
    heads = [f"Content-Type: multipart/mixed; boundary=b{each}\n\n--b{each}\n" for each in range(depth)]
    read = parse(f"{''.join(heads)}Content-Type: text/plain\n\ninnermost\n".encode())
    assert "innermost" in read.text + "".join(file.content.decode() for file in read.files)
