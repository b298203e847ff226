"""Real mails made by others: every one is taken in, none is lost, none stops the desk."""

from pathlib import Path

import pytest

from goodword.channels.models import RawMail
from goodword.channels.parsing import parse
from goodword.channels.queries import counts
from goodword.channels.tasks import take_in_due
from goodword.lib.blobs import keep_blobs
from tests.channels.post import INBOX, SHARED_MAIL
from tests.world import NOW, World

pytestmark = pytest.mark.skipif(not SHARED_MAIL.exists(), reason="../shared/data/mail is not here")


def mails() -> list[Path]:
    return sorted(path for path in SHARED_MAIL.rglob("*") if path.suffix in {".eml", ".txt"} and path.name != "MIT.txt")


def test_every_mail_is_read_as_it_came_and_with_the_line_ends_of_the_wire() -> None:
    for path in mails():
        content = path.read_bytes()
        on_the_wire = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        read, received = parse(content), parse(on_the_wire)
        assert (read.subject, read.sender, read.to) == (received.subject, received.sender, received.to), path
        assert read.mail_id == received.mail_id, path
        assert read.text.replace("\r", "") == received.text.replace("\r", ""), path


def test_every_mail_is_taken_in(world: World) -> None:
    contents = [path.read_bytes() for path in mails()]
    RawMail.objects.bulk_create(
        RawMail(blob=blob, size=len(content), envelope_to=[INBOX], received_at=NOW, due_at=NOW)
        for content, blob in zip(contents, keep_blobs(contents), strict=True)
    )
    while take_in_due():
        pass
    found = counts()
    assert found["filed"] + found["ignored"] == len(contents)
    assert (found["stored"], found["unreadable"]) == (0, 0)
    assert RawMail.objects.filter(state=RawMail.FILED, message=None).count() == 0
