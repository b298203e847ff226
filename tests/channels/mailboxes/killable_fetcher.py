"""A desk that fetches, as a process that a test may kill: `python -m tests.channels.mailboxes.killable_fetcher WHAT`.

`add PORT` makes a mailbox that reads Dovecot there; `fetch` fetches and files until it is killed; `report` prints what
the database holds.
"""

import json
import sys
import time

from tests.channels import killable  # sets Django up

from goodword.channels.intake import forget_leases  # isort: skip
from goodword.channels.mailboxes.actions import add_mailbox  # isort: skip
from goodword.channels.mailboxes.fetching import fetch_once  # isort: skip
from goodword.channels.mailboxes.queries import counts_of  # isort: skip
from goodword.channels.mailboxes.wishes import MailboxWish, ServerWish  # isort: skip
from goodword.channels.models import Mailbox  # isort: skip
from goodword.channels.tasks import take_in_due  # isort: skip
from goodword.desk.models import Message  # isort: skip
from tests.channels.mailboxes.dovecot import PASSWORD, USER  # isort: skip


def add(port: str) -> None:
    killable.prepare()
    server = ServerWish("127.0.0.1", int(port), "plain", user=USER, password=PASSWORD)
    add_mailbox(MailboxWish("brand@nordhvile.example", "Brand", "da", incoming=server), by=None)


def fetch() -> None:
    forget_leases()
    print("fetching", flush=True)
    while True:
        fetch_once(Mailbox.objects.get())
        take_in_due(20)
        time.sleep(0.01)


def report() -> None:
    counted = counts_of(Mailbox.objects.get())
    mail_ids = list(Message.objects.filter(direction=Message.IN).values_list("mail_id", flat=True))
    print(json.dumps({"fetched": counted.fetched, "kept": counted.kept, "filed": counted.filed, "mail_ids": mail_ids}))


if __name__ == "__main__":
    {"add": add, "fetch": fetch, "report": report}[sys.argv[1]](*sys.argv[2:])
