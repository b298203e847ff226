"""A new mailbox rehearses: it reads and advises, and nothing leaves; what came before it began is not thanked for."""

from datetime import timedelta

import pytest

from goodword.channels.mailboxes.actions import add_mailbox, pause, plumb, rehearse, resume, turn_on
from goodword.channels.models import Mailbox, OutgoingMail, RawMail
from goodword.channels.sending import claim_queued
from goodword.channels.tasks import take_in_due
from goodword.desk.actions.conversations import reply
from goodword.desk.models import Conversation, Inbox, Matter, Message
from goodword.journal.models import Event
from goodword.lib import clock
from goodword.lib.blobs import keep_blob
from goodword.lib.errors import Invalid, Refused
from goodword.promises.models import Promise
from tests.channels.mailboxes.conftest import BRAND, wish
from tests.channels.post import letter
from tests.world import NOW, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def mailbox(world: World) -> Mailbox:
    return add_mailbox(wish(), by=world.mette)


def came(mailbox: Mailbox, text: str = "Hej, hvor er ordre 10490?\n", *, age: timedelta = timedelta(0)) -> Message:
    """A mail that the mailbox's server took so long ago, taken in now."""
    mail = letter(text, to=BRAND, mail_id=f"{RawMail.objects.count()}@post.example").as_bytes()
    raw = RawMail.objects.create(
        blob=keep_blob(mail), size=len(mail), envelope_to=[BRAND], received_at=clock.now() - age,
        due_at=clock.now() - DAY, mailbox=mailbox,
    )  # fmt: skip
    take_in_due()
    raw.refresh_from_db()
    assert raw.message is not None, raw.problem
    return raw.message


def test_in_rehearsal_mail_is_filed_and_advised_on_and_nothing_leaves(mailbox: Mailbox, world: World) -> None:
    message = came(mailbox)
    assert (message.conversation.inbox.address, message.conversation.person) == (BRAND, world.freja)
    assert Matter.objects.filter(conversation=message.conversation).count() == 1
    with pytest.raises(Refused, match="rehearsal"):
        reply(message.conversation, "Kære Freja", by=world.ida)
    assert not OutgoingMail.objects.exists()
    assert Message.objects.filter(direction=Message.OUT).count() == 0


def test_in_rehearsal_nothing_is_promised(mailbox: Mailbox) -> None:
    message = came(mailbox)
    message.conversation.refresh_from_db()
    assert (Promise.objects.count(), message.conversation.due_at) == (0, None)


def test_turned_on_whoever_wrote_meanwhile_is_promised_an_answer_counted_from_now(
    mailbox: Mailbox, world: World
) -> None:
    message = came(mailbox)
    old = came(mailbox, "Et gammelt brev.\n", age=30 * DAY)
    Conversation.objects.filter(pk=old.conversation_id).update(last_message_at=NOW - 30 * DAY)
    with clock.stopped_at(NOW + HOUR):
        turn_on(mailbox, by=world.mette)
    promise = Promise.objects.get()
    assert (promise.conversation_id, promise.made_at) == (message.conversation_id, NOW + HOUR)
    message.conversation.refresh_from_db()
    assert message.conversation.due_at is not None
    assert not OutgoingMail.objects.exists()


def test_turned_on_a_new_mail_is_thanked_for_and_promised_as_ever(mailbox: Mailbox, world: World) -> None:
    turn_on(mailbox, by=world.mette)
    with clock.stopped_at(NOW + HOUR):
        message = came(mailbox)
    assert Promise.objects.get().made_at == NOW + HOUR
    left = OutgoingMail.objects.filter(message__conversation=message.conversation)
    assert [mail.message.automatic for mail in left] == [True]


def test_mail_older_than_the_start_is_never_thanked_for_nor_promised(mailbox: Mailbox, world: World) -> None:
    turn_on(mailbox, by=world.mette)
    with clock.stopped_at(NOW + HOUR):
        came(mailbox, age=2 * HOUR)
    assert (OutgoingMail.objects.count(), Promise.objects.count()) == (0, 0)


def test_mail_from_the_rehearsal_that_is_read_late_counts_from_its_end_and_is_not_thanked_for(
    mailbox: Mailbox, world: World
) -> None:
    with clock.stopped_at(NOW + 3 * HOUR):
        turn_on(mailbox, by=world.mette)
        came(mailbox, age=2 * HOUR)
    assert (OutgoingMail.objects.count(), Promise.objects.get().made_at) == (0, NOW + 3 * HOUR)


def test_back_in_rehearsal_what_is_queued_waits(mailbox: Mailbox, world: World) -> None:
    turn_on(mailbox, by=world.mette)
    with clock.stopped_at(NOW + HOUR):
        message = came(mailbox)
        reply(message.conversation, "Kære Freja", by=world.ida)
        rehearse(mailbox, by=world.mette)
        assert claim_queued() is None
        turn_on(mailbox, by=world.mette)
        assert claim_queued() is not None


def test_a_paused_mailbox_sends_nothing_until_it_goes_on(mailbox: Mailbox, world: World) -> None:
    turn_on(mailbox, by=world.mette)
    pause(mailbox, by=world.mette)
    with clock.stopped_at(NOW + HOUR):
        came(mailbox)
        assert (OutgoingMail.objects.count(), claim_queued()) == (1, None)
        resume(mailbox, by=world.mette)
        assert claim_queued() is not None


def test_every_change_is_in_the_journal_once(mailbox: Mailbox, world: World) -> None:
    for change in (turn_on, turn_on, rehearse, rehearse, pause, pause, resume, resume):
        change(mailbox, by=world.mette)
    kinds = list(Event.objects.filter(about=f"mailbox:{mailbox.pk}").order_by("id").values_list("kind", "actor"))
    expected = ["added", "turned_on", "rehearsing", "paused", "resumed"]
    assert kinds == [(f"mailbox.{kind}", world.mette.actor) for kind in expected]


def test_an_inbox_from_before_mailboxes_goes_on_as_it_was(world: World) -> None:
    mailbox = plumb(world.inbox)
    assert (mailbox.inbox.sends, mailbox.sends_since, mailbox.receives) == (True, None, "smtp")
    assert plumb(world.inbox).pk == mailbox.pk


def test_an_address_that_is_taken_or_none_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="already"):
        add_mailbox(wish(address=world.inbox.address), by=world.mette)
    with pytest.raises(Invalid, match="no mail address"):
        add_mailbox(wish(address="hello"), by=world.mette)
    with pytest.raises(Invalid, match="does not speak tlh"):
        add_mailbox(wish(language="tlh"), by=world.mette)
    assert Inbox.objects.count() == 1


def test_what_comes_to_a_teams_inbox_is_the_teams(world: World) -> None:
    team = world.ida.teams.get()
    message = came(add_mailbox(wish(team=team), by=world.mette))
    message.conversation.refresh_from_db()
    assert message.conversation.team == team


def test_a_signature_and_a_plain_answer_address_are_the_inboxes_own(world: World) -> None:
    mailbox = add_mailbox(wish(signature="Nordhvile Brand, Havnegade 1", uses_plus_addresses=False), by=world.mette)
    turn_on(mailbox, by=world.mette)
    message = came(mailbox)
    answer = reply(message.conversation, "Kære Freja", by=world.ida)
    from goodword.lib.blobs import read_blob

    content = read_blob(answer.raw)
    assert b"Nordhvile Brand, Havnegade 1" in content
    assert b"Reply-To: Nordhvile Brand <brand@nordhvile.example>" in content
