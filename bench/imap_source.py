"""Letters that wait in a real Dovecot, fetched in the desk's own way: what `bench.mail_in` may take mail from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def imap_source(letters: Sequence[bytes], folder: Path, address: str) -> Iterator[Callable[[], int]]:
    """A Dovecot in `folder` (its parents readable by everybody) holding `letters`, and the desk's inbox `address`
    reading from it. Yields a function that fetches what is new, durably, and says how many mails that were.

    Call it with Django up and the inbox there; the function may be called in a thread of its own.
    """
    from goodword.channels.mailboxes.actions import change_mailbox, plumb
    from goodword.channels.mailboxes.fetching import fetch_once
    from goodword.channels.mailboxes.wishes import MailboxWish, ServerWish
    from goodword.desk.models import Inbox
    from tests.channels.mailboxes.certificates import make_certificate
    from tests.channels.mailboxes.dovecot import PASSWORD, USER, running_dovecot

    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    certificate = make_certificate(folder, "bench", authority=None)
    with running_dovecot(folder / "dovecot", certificate) as server:
        for number, content in enumerate(letters):
            server.put(content, f"{number:07}")
        inbox = Inbox.objects.get(address=address)
        plain = ServerWish("127.0.0.1", server.plain, "plain", user=USER, password=PASSWORD)
        wish = MailboxWish(address=address, name=inbox.name, language=inbox.language, incoming=plain)
        mailbox = change_mailbox(plumb(inbox), wish, by=None)
        yield lambda: fetch_once(mailbox)
