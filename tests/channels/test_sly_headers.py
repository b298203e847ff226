"""Headers that try to be more than a line of text."""

from goodword.channels.parsing import parse

SLY = (
    b"From: =?utf-8?q?Eve=0D=0ABcc=3A_victim=40x.example?= <eve@evil.example>\r\n"
    b"Subject: =?utf-8?q?Hello=0D=0ABcc=3A_victim=40x.example?=\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nHi\r\n"
    b"--b\r\nContent-Type: application/pdf\r\n"
    b"Content-Disposition: attachment; filename*=utf-8''a%E2%80%AEfdp.exe%0D%0AX\r\n\r\nx\r\n--b--\r\n"
)


def test_a_line_break_inside_an_encoded_word_becomes_a_space() -> None:
    mail = parse(SLY)
    assert mail.subject == "Hello Bcc: victim@x.example"
    assert mail.sender.name == "Eve Bcc: victim@x.example"


def test_a_files_name_reads_in_the_direction_it_is_written_and_on_one_line() -> None:
    assert [file.name for file in parse(SLY).files] == ["afdp.exe X"]
