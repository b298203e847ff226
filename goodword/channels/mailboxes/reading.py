"""Reading a folder on: what is new by UID, kept byte for byte, and only then is our place in the folder moved.

Neither the unread flag nor anything else on the server is looked at or changed: the folder is opened with EXAMINE and
read with BODY.PEEK. Bytes are on the disk before the transaction that stores their rows together with our new place.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from imaplib import Internaldate2tuple
from time import mktime

import structlog
from django.conf import settings
from django.db import transaction
from imap_tools import BaseMailBox

from goodword.channels.decoding import storable
from goodword.channels.mailboxes.problems import MailboxProblem
from goodword.channels.models import FetchedMail, Mailbox, MailFolder, RawMail
from goodword.channels.tokens import without_tag
from goodword.journal.wake import wake_readers
from goodword.lib import clock
from goodword.lib.blobs import keep_blobs

log = structlog.get_logger("goodword.channels")

# So many UIDs are asked for at once: the answer is one line, and lines have an end.
_WINDOW = 50_000
_MOST_AT_ONCE = 50
_MOST_BYTES_AT_ONCE = 16 * 1024 * 1024
_SIZE = re.compile(rb"UID (\d+)(?: [^()]*?)? ?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+)(?: [^()]*?)? ?UID (\d+)")
_DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To")
_UID = re.compile(rb"\bUID (\d+)")


@dataclass(frozen=True)
class Copy:
    """A mail as the server gave it out. `size` is what the server says it has; `content` may be its beginning."""

    uid: int
    size: int
    at: datetime
    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


def read_on(connection: BaseMailBox, folder: MailFolder) -> Iterator[int]:
    """Keep what is new in `folder`, batch by batch; after each, how many mails it had. Raises what imap-tools raises.

    A UIDVALIDITY we do not know means that the server has numbered the folder anew: it is read from the beginning, and
    what was fetched before is known by its bytes (later, when it is filed, by its Message-ID).
    """
    validity, next_uid = _open(connection, folder)
    if folder.uid_validity != validity:
        _begin_anew(folder, validity)
    yield from _once_more(connection, folder)
    for uids in _new_uids(connection, folder, next_uid):
        for batch in _batches(_sizes(connection, uids)):
            yield _keep(folder, _copies(connection, batch), batch)
        _move_to(folder, uids[-1])


def _open(connection: BaseMailBox, folder: MailFolder) -> tuple[int, int | None]:
    """UIDVALIDITY and UIDNEXT of the folder, opened for reading only."""
    connection.folder.set(folder.name, readonly=True)
    return _told(connection, "UIDVALIDITY") or 0, _told(connection, "UIDNEXT")


def _told(connection: BaseMailBox, what: str) -> int | None:
    _, values = connection.client.response(what)
    last = values[-1] if values else None
    return int(last) if last and bytes(last).isdigit() else None


@transaction.atomic
def _begin_anew(folder: MailFolder, validity: int) -> None:
    if folder.uid_validity is not None:
        log.info("mailbox.numbered_anew", mailbox=folder.mailbox_id, folder=folder.pk)
    folder.uid_validity, folder.last_uid = validity, 0
    folder.save(update_fields=["uid_validity", "last_uid"])


def _new_uids(connection: BaseMailBox, folder: MailFolder, next_uid: int | None) -> Iterator[list[int]]:
    """The UIDs after our place, in order, a window at a time."""
    start = folder.last_uid + 1
    since = f" SINCE {_imap_day(folder.mailbox)}" if folder.mailbox.reads_from else ""
    while next_uid is None or start < next_uid:
        end = "*" if next_uid is None else str(min(start + _WINDOW, next_uid) - 1)
        found = sorted(int(uid) for uid in connection.uids(f"UID {start}:{end}{since}", charset=None))
        # "5:*" names the last mail even if its UID is smaller (RFC 3501, 6.4.8).
        if found := [uid for uid in found if uid >= start]:
            yield found
        elif next_uid is not None:
            _move_to(folder, int(end))
        if next_uid is None:
            return
        start += _WINDOW


def _imap_day(mailbox: Mailbox) -> str:
    day = mailbox.reads_from
    assert day is not None
    # Not by the machine's locale: IMAP's months are English.
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[3 * day.month - 3 : 3 * day.month]
    return f"{day.day}-{month}-{day.year}"


def _sizes(connection: BaseMailBox, uids: Sequence[int]) -> dict[int, int]:
    """Bytes of each mail that is still there."""
    sizes = {}
    for start in range(0, len(uids), 1000):
        chosen = uids[start : start + 1000]
        for line in _fetched(connection, _set_of(chosen), "(UID RFC822.SIZE)"):
            if found := _SIZE.search(line if isinstance(line, bytes) else line[0]):
                uid, size = (found[1], found[2]) if found[1] else (found[4], found[3])
                sizes[int(uid)] = int(size)
    return {uid: sizes[uid] for uid in uids if uid in sizes}


def _set_of(uids: Sequence[int]) -> str:
    """UIDs as IMAP writes them: neighbours as a range, because a line that is too long is refused."""
    parts: list[list[int]] = []
    for uid in uids:
        if parts and parts[-1][1] == uid - 1:
            parts[-1][1] = uid
        else:
            parts.append([uid, uid])
    return ",".join(f"{first}:{last}" if last > first else str(first) for first, last in parts)


def _batches(sizes: dict[int, int]) -> Iterator[dict[int, int]]:
    """A few mails at a time, and few bytes: a very large one goes alone."""
    most_bytes = min(_MOST_BYTES_AT_ONCE, settings.MAIL_LIMIT_BYTES)
    batch: dict[int, int] = {}
    for uid, size in sizes.items():
        if batch and (len(batch) >= _MOST_AT_ONCE or sum(batch.values()) + size > most_bytes):
            yield batch
            batch = {}
        batch[uid] = size
    if batch:
        yield batch


def _copies(connection: BaseMailBox, batch: dict[int, int]) -> list[Copy]:
    """The mails of a batch. One that the server cannot give out does not hold up the others: it is left out."""
    try:
        return _parsed(_fetched(connection, _set_of(list(batch)), f"(UID INTERNALDATE {_part(batch)})"), batch)
    except MailboxProblem:
        if len(batch) == 1:
            return []
    return [copy for uid, size in batch.items() for copy in _copies(connection, {uid: size})]


def _part(batch: dict[int, int]) -> str:
    """What of a mail is asked for. One over the limit goes alone, and of it the beginning, where the words are."""
    limit: int = settings.MAIL_LIMIT_BYTES
    return f"BODY.PEEK[]<0.{limit}>" if max(batch.values()) > limit else "BODY.PEEK[]"


def _fetched(connection: BaseMailBox, uids: str, what: str) -> list[bytes | tuple[bytes, bytes]]:
    status, lines = connection.client.uid("FETCH", uids, what)
    if status != "OK":
        raise MailboxProblem("imap_refused", " ".join(str(line) for line in lines)[:300])
    return [line for line in lines if line is not None]


def _parsed(lines: Sequence[bytes | tuple[bytes, bytes]], batch: dict[int, int]) -> list[Copy]:
    """imaplib gives a pair for what has a literal, then the rest of the line: UID and date may be in either."""
    copies = []
    for place, line in enumerate(lines):
        if not isinstance(line, tuple):
            continue
        after = lines[place + 1] if place + 1 < len(lines) else b""
        head = line[0] + b" " + (after if isinstance(after, bytes) else b"")
        found = _UID.search(head)
        if found and int(found[1]) in batch:
            uid = int(found[1])
            copies.append(Copy(uid, batch[uid], _arrived_at(head), line[1]))
    return copies


def _arrived_at(head: bytes) -> datetime:
    """When the server took it (INTERNALDATE), never later than now."""
    parts = Internaldate2tuple(head)
    now = clock.now()
    return min(datetime.fromtimestamp(mktime(parts), UTC), now) if parts else now


def _keep(folder: MailFolder, copies: Sequence[Copy], asked: dict[int, int]) -> int:
    """Make a batch durable: bytes, then rows and our place in one transaction. What was expunged meanwhile is past."""
    keep_blobs([copy.content for copy in copies])
    with transaction.atomic():
        locked = MailFolder.objects.select_for_update().get(pk=folder.pk)
        if (locked.uid_validity, locked.last_uid) != (folder.uid_validity, folder.last_uid):
            raise MailboxProblem("hung_up", "another process reads this folder")
        _store(folder, copies)
        _store_withheld(folder, asked.keys() - {copy.uid for copy in copies}, asked)
        _move_to(folder, max(asked))
    wake_readers()
    return len(copies)


def _store(folder: MailFolder, copies: Sequence[Copy]) -> None:
    """The rows of a batch. The same bytes, in another folder or under a new number, are noted and not kept again."""
    digests = [copy.digest for copy in copies]
    known = set(FetchedMail.objects.filter(mailbox=folder.mailbox, digest__in=digests).values_list("digest", flat=True))
    new: dict[str, RawMail] = {}
    for copy, digest in zip(copies, digests, strict=True):
        if digest not in known and digest not in new:
            new[digest] = _raw_row(folder, copy, digest)
    RawMail.objects.bulk_create(new.values())
    rows = [
        _fetched_row(folder, copy.uid, copy.size, digest, new.pop(digest, None))
        for copy, digest in zip(copies, digests, strict=True)
    ]
    FetchedMail.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["mailbox", "folder", "uid_validity", "uid"],
        update_fields=["digest", "size", "is_cut", "is_new", "fetched_at", "raw"],
    )


def _fetched_row(folder: MailFolder, uid: int, size: int, digest: str, raw: RawMail | None) -> FetchedMail:
    return FetchedMail(
        mailbox=folder.mailbox,
        folder=folder.name,
        uid_validity=folder.uid_validity or 0,
        uid=uid,
        digest=digest,
        size=size,
        is_cut=bool(digest) and size > settings.MAIL_LIMIT_BYTES,
        is_new=raw is not None,
        fetched_at=clock.now(),
        raw=raw,
    )


def _raw_row(folder: MailFolder, copy: Copy, digest: str) -> RawMail:
    sender, recipients = _envelope(copy.content, folder.mailbox.inbox.address)
    return RawMail(
        blob=digest,
        size=len(copy.content),
        envelope_from=sender,
        envelope_to=recipients,
        received_at=copy.at,
        due_at=clock.now(),
        mailbox=folder.mailbox,
    )


def _store_withheld(folder: MailFolder, uids: set[int], asked: dict[int, int]) -> None:
    """The server named these mails and then did not give them: deleted meanwhile, or its own fault. Asked for again."""
    withheld = [_fetched_row(folder, uid, asked[uid], "", None) for uid in sorted(uids)]
    FetchedMail.objects.bulk_create(withheld, ignore_conflicts=True)


def _once_more(connection: BaseMailBox, folder: MailFolder) -> Iterator[int]:
    """Ask again for what was named and not given; what the folder no longer holds was deleted, and is forgotten."""
    rows = FetchedMail.objects.filter(
        mailbox=folder.mailbox, folder=folder.name, uid_validity=folder.uid_validity or 0, digest=""
    )
    wanted = list(rows.order_by("uid").values_list("uid", flat=True)[:1000])
    if not wanted:
        return
    there = _sizes(connection, wanted)
    rows.filter(uid__in=set(wanted) - there.keys()).delete()
    for batch in _batches(there):
        copies = _copies(connection, batch)
        keep_blobs([copy.content for copy in copies])
        with transaction.atomic():
            _store(folder, copies)
        yield len(copies)


def _move_to(folder: MailFolder, uid: int) -> None:
    if uid > folder.last_uid:
        folder.last_uid = uid
        folder.save(update_fields=["last_uid"])


def _envelope(content: bytes, inbox_address: str) -> tuple[str, list[str]]:
    """What the delivering server wrote of the envelope: Return-Path, and our own address with its token.

    Whatever stands in To, a mail in this mailbox is for this inbox; of the other headers only addresses of ours count.
    """
    try:
        head = BytesHeaderParser().parsebytes(content[: 256 * 1024])
        path = str(head.get("Return-Path", "")).strip()
        named = [str(value) for name in _DELIVERED_TO for value in head.get_all(name, [])]
    except Exception:  # what cannot be read is kept all the same; intake says why
        path, named = "", []
    sender = "<>" if path == "<>" else path.strip("<>")
    boxes = dict.fromkeys(value.strip(" <>\t\r\n").lower() for value in named)
    tagged = [storable(box)[:320] for box in boxes if "+" in box and without_tag(box) == inbox_address.lower()]
    return storable(sender)[:320], [inbox_address, *tagged]
