"""What arrives from a customer, before it is a message: values, and files that are already on disk."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from goodword.desk.models import Attachment, Message
from goodword.lib.blobs import keep_blob

NewFile = tuple[str, str, bytes]
"""A file's name, its content type and its bytes."""


@dataclass(frozen=True)
class KeptFile:
    """A file whose bytes are kept as a blob. `size` is in bytes."""

    name: str
    content_type: str
    blob: str
    size: int
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True)
class Said:
    """One message from a customer, on whatever channel. `automatic`: a machine wrote it."""

    text: str
    at: datetime
    channel: str = "mail"
    subject: str = ""
    quoted_text: str = ""
    html: str = ""
    language: str = ""
    from_address: str = ""
    from_name: str = ""
    reply_to: str = ""
    to_addresses: list[str] = field(default_factory=list)
    cc_addresses: list[str] = field(default_factory=list)
    mail_id: str = ""
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)
    raw: str = ""
    automatic: bool = False
    may_be_acknowledged: bool = True
    files: list[KeptFile] = field(default_factory=list)


def keep_files(files: Iterable[NewFile]) -> list[KeptFile]:
    """Write files durably. Done before a transaction begins: it waits for the disk, and the write lock must not."""
    return [
        KeptFile(name[:255] or "file", content_type[:200], keep_blob(content), len(content))
        for name, content_type, content in files
    ]


def attach(message: Message, files: Iterable[KeptFile]) -> None:
    """Note which files came or go with a message."""
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            blob=file.blob,
            content_id=file.content_id,
            inline=file.inline,
        )
        for file in files
    )
