"""Whatever charset, encoding and shape: text and files are read to the letter and to the byte."""

from hypothesis import HealthCheck, given, settings

from goodword.channels.parsing import parse
from tests.channels.any_mail import Built, mails, text_parts

FEW = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@FEW
@given(mails())
def test_text_and_files_of_any_mail_are_read_to_the_byte(built: Built) -> None:
    read = parse(built.content)
    assert read.text == built.text
    assert [(file.name, file.content) for file in read.files] == built.files


@FEW
@given(text_parts("html"))
def test_a_mail_in_html_alone_says_the_same_words(part: tuple[bytes, str]) -> None:
    content, text = part
    read = parse(b"From: a@x.example\nMIME-Version: 1.0\n" + content)
    assert read.text.split() == text.replace("\xa0", " ").split()
