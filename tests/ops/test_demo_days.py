"""The demo is in order whatever day and hour it is started on."""

from datetime import UTC, datetime, timedelta

import pytest

from goodword.accounts.models import Agent
from goodword.desk.models import Action, Conversation, Decision
from goodword.desk.queries.conversations import queue_for
from goodword.lib import clock
from goodword.ops.demo import seed
from goodword.ops.demo.letters import stories
from goodword.ops.demo.waiting import NO_HURRY, THE_THREE
from goodword.promises.models import Promise
from goodword.promises.tasks import tick

MOMENTS = {
    "a Friday evening": datetime(2027, 2, 5, 20, 45, tzinfo=UTC),
    "Christmas Day": datetime(2026, 12, 25, 11, 0, tzinfo=UTC),
    "the day after the clocks change": datetime(2027, 3, 29, 0, 30, tzinfo=UTC),
}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=list(MOMENTS))
def test_three_letters_wait_and_nothing_is_overdue(moment: datetime) -> None:
    with clock.stopped_at(moment):
        seed.fill(lambda _: None, moment)
        tick()
        ida = Agent.objects.get(email="ida@nordhvile.example")
        waiting = [conversation.subject for conversation in queue_for(ida, "queue")[: len(THE_THREE)]]
    assert waiting == [letter.subject for letter in THE_THREE]
    assert not Promise.objects.filter(state=Promise.BROKEN).exists()
    assert not Promise.objects.filter(state=Promise.OPEN, by_at__lt=moment).exists()
    assert not Action.objects.filter(state=Action.OPEN, due_on__lt=moment.date()).exists()
    assert not Decision.objects.filter(made_at__gt=moment).exists()
    assert not Conversation.objects.filter(last_message_at__gt=moment).exists()
    unanswered = Conversation.objects.filter(state=Conversation.OPEN, opened_at__lt=moment - timedelta(hours=12))
    assert unanswered.count() <= 3


def test_the_history_is_the_same_at_every_start() -> None:
    assert stories(10200) == stories(10200)


def test_there_is_a_letter_in_danish_among_the_three_and_each_is_about_another_outcome() -> None:
    assert [letter.number for letter in THE_THREE] == ["10452", "10460", "10471"]
    assert "Hej" in THE_THREE[0].text
    assert len(NO_HURRY) == 5
