"""A desk's mail parts as a process that a test may kill: `python -m tests.channels.killable WHAT`.

`prepare` makes the tables and the world; `receive` takes mail and files it; `send` sends; `answer N` queues N answers;
`report` prints what the database holds as JSON. Everything else comes from GOODWORD_DATA and GOODWORD_DATABASE.
"""

import json
import os
import sys
import time
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodword.settings")
django.setup()

from django.conf import settings  # noqa: E402 - the settings are read only now
from django.core.management import call_command  # noqa: E402

from goodword.channels.intake import forget_leases  # noqa: E402
from goodword.channels.models import OutgoingMail, RawMail  # noqa: E402
from goodword.channels.queries import counts  # noqa: E402
from goodword.channels.receiving import start_receiver  # noqa: E402
from goodword.channels.sending import give_up_lapsed  # noqa: E402
from goodword.channels.tasks import send_due, take_in_due  # noqa: E402
from goodword.desk.actions.conversations import reply  # noqa: E402
from goodword.desk.models import Conversation, Message  # noqa: E402
from tests.channels.post import filed, letter  # noqa: E402
from tests.world import build_world  # noqa: E402


def prepare() -> None:
    call_command("migrate", verbosity=0)
    build_world()


def receive() -> None:
    forget_leases()
    print(start_receiver().port, flush=True)
    while True:
        take_in_due(20)
        time.sleep(0.01)


def answer(number: str) -> None:
    ida = build_agent()
    for each in range(int(number)):
        message = filed(letter(f"Brev {each}", mail_id=f"{each}@x.example", sender=f"p{each}@x.example"))
        OutgoingMail.objects.update(state=OutgoingMail.SENT)
        reply(message.conversation, f"Svar {each}", by=ida)
    OutgoingMail.objects.filter(message__automatic=False).update(state=OutgoingMail.QUEUED)
    OutgoingMail.objects.filter(message__automatic=True).delete()


def send(port: str) -> None:
    settings.SMTP_OUT = f"smtp://127.0.0.1:{port}"
    give_up_lapsed(everything=True)
    print("sending", flush=True)
    while True:
        send_due()
        time.sleep(0.01)


def report() -> None:
    incoming = Message.objects.filter(direction=Message.IN)
    times = Counter(incoming.values_list("mail_id", flat=True))
    sent = {mail.message.mail_id: mail.state for mail in OutgoingMail.objects.select_related("message")}
    numbers = list(Conversation.objects.order_by("number").values_list("number", flat=True))
    filed_without = RawMail.objects.filter(state=RawMail.FILED, message=None).count()
    told = {"counts": counts(), "times": times, "sent": sent, "numbers": numbers, "filed_without": filed_without}
    print(json.dumps(told), flush=True)


def build_agent():  # type: ignore[no-untyped-def]  # a test's own
    from goodword.accounts.models import Agent

    return Agent.objects.order_by("id")[0]


if __name__ == "__main__":
    {"prepare": prepare, "receive": receive, "answer": answer, "send": send, "report": report}[sys.argv[1]](
        *sys.argv[2:]
    )
