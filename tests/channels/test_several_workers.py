"""Several processes take mail in at once: each mail is filed exactly once, each customer is one."""

import threading

import pytest
from django.db import connection, transaction

from goodword.channels.models import RawMail
from goodword.channels.tasks import take_in_due
from goodword.desk.actions.conversations import open_conversation
from goodword.desk.models import Conversation, Message
from goodword.people.models import Address
from tests.channels.post import keep, letter
from tests.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, MAILS, CUSTOMERS = 4, 24, 6


@pytest.fixture
def world(transactional_db: None, stopped_clock: None) -> World:
    return build_world()


def test_mail_taken_in_by_several_at_once_is_filed_exactly_once(world: World) -> None:
    before = Conversation.objects.count()
    for number in range(MAILS):
        sender = f"new{number % CUSTOMERS}@post.example"
        keep(letter(f"Letter {number}", sender=sender, mail_id=f"{number}@post.example"), envelope_from=sender)

    def work() -> None:
        start.wait()
        while take_in_due(2):
            pass
        connection.close()

    start = threading.Barrier(WORKERS)
    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(RawMail.objects.values_list("state", "problem")) == {("filed", "")}
    ids = sorted(Message.objects.filter(direction=Message.IN).values_list("mail_id", flat=True))
    assert ids == sorted(f"{number}@post.example" for number in range(MAILS))
    assert Address.objects.filter(value__startswith="new").count() == CUSTOMERS
    numbers = sorted(Conversation.objects.values_list("number", flat=True))[before:]
    assert len(set(numbers)) == MAILS
    if connection.vendor == "sqlite":  # on PostgreSQL a handful that was undone leaves its numbers as a gap
        assert numbers == list(range(numbers[0], numbers[0] + MAILS))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_nobody_waits_for_anothers_number(world: World) -> None:
    numbers: list[int] = []

    def open_another() -> None:
        numbers.append(open_conversation(world.inbox, None, "", "en", by=None).number)
        connection.close()

    with transaction.atomic():
        mine = open_conversation(world.inbox, None, "", "en", by=None).number
        other = threading.Thread(target=open_another)
        other.start()
        other.join(timeout=30)
        assert numbers == [mine + 1]
    assert open_conversation(world.inbox, None, "", "en", by=None).number == mine + 2
