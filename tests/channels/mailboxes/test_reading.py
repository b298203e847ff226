"""Reading a real Dovecot: every mail once, whatever happens between two looks; nothing on the server is changed."""

import shutil
from datetime import timedelta

import pytest
from django.test import override_settings

from goodword.channels.mailboxes import reading as reading_module
from goodword.channels.mailboxes.connecting import reading
from goodword.channels.mailboxes.fetching import fetch_once
from goodword.channels.mailboxes.queries import MailCounts, counts_of
from goodword.channels.models import FetchedMail, Mailbox, MailFolder, RawMail
from goodword.channels.tasks import take_in_due
from goodword.desk.models import Message
from goodword.lib import clock
from goodword.lib.blobs import read_blob
from tests.channels.mailboxes.conftest import BRAND, reading_from, wish
from tests.channels.mailboxes.dovecot import Dovecot
from tests.channels.post import letter
from tests.world import NOW, World


def mail(number: int, **headers: str) -> bytes:
    """A letter as it lies in a Maildir: lines end with LF there."""
    return letter(f"Brev nummer {number}.\n", mail_id=f"{number}@post.example", to=BRAND, **headers).as_bytes()


def on_the_wire(content: bytes) -> bytes:
    return content.replace(b"\n", b"\r\n")


def kept() -> list[bytes]:
    return [read_blob(raw.blob) for raw in RawMail.objects.order_by("id")]


def test_every_mail_is_kept_byte_by_byte_and_our_place_is_noted(mailbox: Mailbox, dovecot: Dovecot) -> None:
    for number in range(3):
        dovecot.put(mail(number), str(number))
    assert fetch_once(mailbox) == 3
    assert sorted(kept()) == sorted(on_the_wire(mail(number)) for number in range(3))
    folder = mailbox.folders.get()
    assert (folder.name, folder.last_uid, folder.uid_validity is not None) == ("INBOX", 3, True)
    assert fetch_once(mailbox) == 0
    assert RawMail.objects.count() == 3


def test_neither_the_unread_flag_nor_anything_else_is_changed(mailbox: Mailbox, dovecot: Dovecot) -> None:
    dovecot.put(mail(1), "1")
    dovecot.put(mail(2), "2", unread=False)
    fetch_once(mailbox)
    with reading(mailbox) as connection:
        connection.folder.set("INBOX", readonly=True)
        assert connection.uids("UNSEEN") == ["1"]
        assert connection.uids("SEEN") == ["2"]
    assert RawMail.objects.count() == 2


def test_a_mail_read_by_somebody_else_is_fetched_all_the_same(mailbox: Mailbox, dovecot: Dovecot) -> None:
    dovecot.put(mail(1), "1", unread=False)
    assert fetch_once(mailbox) == 1


def test_mail_of_this_mailbox_lands_in_its_inbox_whatever_stands_in_to(
    mailbox: Mailbox, dovecot: Dovecot, world: World
) -> None:
    dovecot.put(letter(to="undisclosed-recipients:;", mail_id="a@post.example").as_bytes(), "1")
    dovecot.put(letter(to=world.inbox.address, mail_id="b@post.example").as_bytes(), "2")
    fetch_once(mailbox)
    while take_in_due():
        pass
    inboxes = {message.conversation.inbox.address for message in Message.objects.filter(direction=Message.IN)}
    assert inboxes == {BRAND}


def test_numbered_anew_a_folder_is_read_from_the_beginning_and_nothing_is_doubled(
    mailbox: Mailbox, dovecot: Dovecot
) -> None:
    for number in range(3):
        dovecot.put(mail(number), str(number))
    fetch_once(mailbox)
    before = mailbox.folders.get().uid_validity
    (dovecot.maildir / "dovecot-uidlist").write_text("3 V77 N1\n")
    for index in dovecot.maildir.glob("dovecot.index*"):
        index.unlink()
    dovecot.put(mail(3), "3")
    assert fetch_once(mailbox) == 4
    folder = mailbox.folders.get()
    assert (before != 77, folder.uid_validity, folder.last_uid) == (True, 77, 4)
    while take_in_due():
        pass
    assert RawMail.objects.count() == 4
    assert Message.objects.filter(direction=Message.IN).count() == 4
    assert counts_of(mailbox) == MailCounts(
        fetched=4, kept=4, filed=4, set_aside=0, waiting=0, again=3, withheld=0, cut=0
    )


def test_a_folder_moved_to_another_server_that_changes_headers_doubles_no_message(
    mailbox: Mailbox, dovecot: Dovecot
) -> None:
    dovecot.put(mail(1), "1")
    fetch_once(mailbox)
    take_in_due()
    shutil.rmtree(dovecot.maildir / "new")
    dovecot.put(b"X-Moved: yes\n" + mail(1), "moved")
    MailFolder.objects.update(uid_validity=1)
    fetch_once(mailbox)
    take_in_due()
    assert RawMail.objects.filter(state=RawMail.FILED).count() == 2
    assert Message.objects.filter(direction=Message.IN).count() == 1


def test_a_mail_without_an_id_is_one_message_however_often_it_is_read(mailbox: Mailbox, dovecot: Dovecot) -> None:
    dovecot.put(b"From: freja@holm.example\nSubject: no id\n\nHej\n", "1")
    fetch_once(mailbox)
    MailFolder.objects.update(uid_validity=1)
    fetch_once(mailbox)
    take_in_due()
    assert (RawMail.objects.count(), Message.objects.filter(direction=Message.IN).count()) == (1, 1)


def test_mails_deleted_in_between_leave_a_gap_and_no_trouble(mailbox: Mailbox, dovecot: Dovecot) -> None:
    files = [dovecot.put(mail(number), str(number)) for number in range(4)]
    fetch_once(mailbox)
    for file in dovecot.maildir.glob("*/[12]*"):
        file.unlink()
    assert not files[1].exists()
    dovecot.put(mail(9), "9")
    assert fetch_once(mailbox) == 1
    assert mailbox.folders.get().last_uid == 5
    assert counts_of(mailbox).add_up


def test_a_mail_deleted_between_its_size_and_its_bytes_is_passed_over(
    mailbox: Mailbox, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        dovecot.put(mail(number), str(number))
    sizes = reading_module._sizes

    def delete_meanwhile(connection: object, uids: list[int]) -> dict[int, int]:
        found = sizes(connection, uids)  # type: ignore[arg-type]
        if len(uids) == 3:
            with reading(mailbox) as other:
                other.folder.set("INBOX")
                other.delete(["2"])
        return found

    monkeypatch.setattr(reading_module, "_sizes", delete_meanwhile)
    assert fetch_once(mailbox) == 2
    assert mailbox.folders.get().last_uid == 3


def test_the_place_is_not_moved_when_the_mails_cannot_be_stored(
    mailbox: Mailbox, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.put(mail(1), "1")

    def full(contents: object) -> list[str]:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(reading_module, "keep_blobs", full)
        with pytest.raises(OSError, match="disk full"):
            fetch_once(mailbox)
    assert (mailbox.folders.get().last_uid, RawMail.objects.count()) == (0, 0)
    assert fetch_once(mailbox) == 1


def test_bytes_rows_and_place_are_one_transaction(
    mailbox: Mailbox, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.put(mail(1), "1")

    def die(folder: MailFolder, uid: int) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(reading_module, "_move_to", die)
        with pytest.raises(RuntimeError, match="killed"):
            fetch_once(mailbox)
    assert (RawMail.objects.count(), FetchedMail.objects.count()) == (0, 0)
    assert fetch_once(mailbox) == 1


def test_two_processes_that_read_the_same_folder_keep_each_mail_once(mailbox: Mailbox, dovecot: Dovecot) -> None:
    fetch_once(mailbox)
    dovecot.put(mail(1), "1")
    stale = MailFolder.objects.select_related("mailbox__inbox").get(mailbox=mailbox)
    fetch_once(mailbox)
    with reading(mailbox) as connection, pytest.raises(reading_module.MailboxProblem, match="hung_up"):
        list(reading_module.read_on(connection, stale))
    assert RawMail.objects.count() == 1


def test_a_very_large_mail_is_kept_whole(mailbox: Mailbox, dovecot: Dovecot) -> None:
    content = b"From: freja@holm.example\nSubject: big\n\n" + (b"x" * 99 + b"\n") * 300_000
    dovecot.put(content, "1")
    assert fetch_once(mailbox) == 1
    assert RawMail.objects.get().size == len(on_the_wire(content)) > 30_000_000


def test_a_mail_over_the_limit_is_kept_from_its_beginning_and_counted(mailbox: Mailbox, dovecot: Dovecot) -> None:
    content = b"From: freja@holm.example\nSubject: big\n\nHej, her er billedet.\n" + b"x" * 200_000 + b"\n"
    dovecot.put(content, "1")
    dovecot.put(mail(2), "2")
    with override_settings(MAIL_LIMIT_BYTES=100_000):
        assert fetch_once(mailbox) == 2
    cut = FetchedMail.objects.get(is_cut=True)
    assert (cut.size, cut.raw and cut.raw.size) == (len(on_the_wire(content)), 100_000)
    take_in_due()
    assert Message.objects.filter(text__startswith="Hej, her er billedet.").count() == 1
    assert (counts_of(mailbox).cut, counts_of(mailbox).add_up) == (1, True)


def test_many_mails_are_read_batch_by_batch_in_order(mailbox: Mailbox, dovecot: Dovecot) -> None:
    for number in range(120):
        dovecot.put(mail(number), f"{number:04}")
    assert fetch_once(mailbox) == 120
    assert mailbox.folders.get().last_uid == 120
    assert RawMail.objects.count() == 120


def test_several_folders_each_have_a_place_and_a_mail_in_two_is_kept_once(world: World, dovecot: Dovecot) -> None:
    from goodword.channels.mailboxes.actions import add_mailbox

    dovecot.put(mail(1), "1")
    dovecot.put(mail(1), "1", folder="Sager")
    dovecot.put(mail(2), "2", folder="Sager")
    dovecot.put(mail(3), "3", folder="Spam")
    mailbox = add_mailbox(wish(incoming=reading_from(dovecot), folders=("INBOX", "Sager")), by=world.mette)
    assert fetch_once(mailbox) == 3
    assert RawMail.objects.count() == 2
    assert dict(mailbox.folders.values_list("name", "last_uid")) == {"INBOX": 1, "Sager": 2}


def test_a_folder_with_letters_beyond_ascii_is_read(world: World, dovecot: Dovecot) -> None:
    from goodword.channels.mailboxes.actions import add_mailbox

    mailbox = add_mailbox(wish(incoming=reading_from(dovecot), folders=("Spørgsmål & svar",)), by=world.mette)
    with reading(mailbox) as connection:
        connection.folder.create("Spørgsmål & svar")
        connection.append(mail(1), "Spørgsmål & svar")
    assert fetch_once(mailbox) == 1


def test_a_folder_that_is_gone_is_said_and_holds_up_no_other(world: World, dovecot: Dovecot) -> None:
    from goodword.channels.mailboxes.actions import add_mailbox

    dovecot.put(mail(1), "1")
    mailbox = add_mailbox(wish(incoming=reading_from(dovecot), folders=("Renamed", "INBOX")), by=world.mette)
    assert fetch_once(mailbox) == 1
    mailbox.refresh_from_db()
    assert (mailbox.problem, mailbox.problem_detail, mailbox.looked_at) == ("folder_missing", "Renamed", None)
    assert dict(mailbox.folders.values_list("name", "problem")) == {"Renamed": "folder_missing", "INBOX": ""}


def test_older_mail_than_wished_is_left_until_more_is_wished(mailbox: Mailbox, dovecot: Dovecot, world: World) -> None:
    import os
    from datetime import UTC, datetime

    from goodword.channels.mailboxes.actions import change_mailbox

    old, new = dovecot.put(mail(1), "1"), dovecot.put(mail(2), "2")
    for file, day in ((old, 1), (new, 20)):
        at = datetime(2026, 3, day, 12, tzinfo=UTC).timestamp()
        os.utime(file, (at, at))
    since = wish(incoming=reading_from(dovecot), reads_from=datetime(2026, 3, 10).date())
    fetched = fetch_once(change_mailbox(mailbox, since, by=world.mette))
    assert (fetched, RawMail.objects.get().received_at.date().isoformat()) == (1, "2026-03-20")
    assert fetch_once(change_mailbox(mailbox, wish(incoming=reading_from(dovecot)), by=world.mette)) == 2
    assert RawMail.objects.count() == 2


def test_the_delivering_servers_envelope_is_believed(mailbox: Mailbox, dovecot: Dovecot) -> None:
    tagged = f"brand+c7-{'0' * 20}@nordhvile.example"
    dovecot.put(f"Return-Path: <>\nDelivered-To: {tagged}\n".encode() + mail(1), "1")
    dovecot.put(b"Return-Path: <freja@holm.example>\nDelivered-To: other@nordhvile.example\n" + mail(2), "2")
    fetch_once(mailbox)
    rows = RawMail.objects.order_by("id").values_list("envelope_from", "envelope_to")
    assert list(rows) == [("<>", [BRAND, tagged]), ("freja@holm.example", [BRAND])]


def test_the_same_bytes_erased_here_do_not_come_back(mailbox: Mailbox, dovecot: Dovecot) -> None:
    dovecot.put(mail(1), "1")
    fetch_once(mailbox)
    RawMail.objects.all().delete()
    MailFolder.objects.update(uid_validity=1)
    fetch_once(mailbox)
    assert RawMail.objects.count() == 0


def test_what_was_named_and_not_given_is_asked_for_again(mailbox: Mailbox, dovecot: Dovecot) -> None:
    dovecot.put(mail(1), "1")
    fetch_once(mailbox)
    folder = mailbox.folders.get()
    RawMail.objects.all().delete()
    FetchedMail.objects.update(digest="", raw=None, is_new=False)
    FetchedMail.objects.create(
        mailbox=mailbox, folder="INBOX", uid_validity=folder.uid_validity, uid=99, size=1, fetched_at=NOW, is_new=False
    )
    assert counts_of(mailbox).withheld == 2
    assert fetch_once(mailbox) == 1
    assert (counts_of(mailbox).withheld, RawMail.objects.count()) == (0, 1)


def test_a_mail_from_the_future_came_now(mailbox: Mailbox, dovecot: Dovecot) -> None:
    import os

    file = dovecot.put(mail(1), "1")
    later = (clock.now() + timedelta(days=3000)).timestamp()
    os.utime(file, (later, later))
    fetch_once(mailbox)
    assert RawMail.objects.get().received_at == NOW
