"""Reactions run in the same transaction; readers wake after the commit."""

import threading

import pytest
from django.db import transaction

from goodword.journal import actions, wake
from goodword.journal.models import Event


@pytest.fixture
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_reactions", actions.defaultdict(list))


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_registry")
def test_a_reaction_that_fails_undoes_the_event() -> None:
    def fail(event: Event) -> None:
        raise ZeroDivisionError

    actions.react("test.happened", fail)
    with pytest.raises(ZeroDivisionError):
        actions.record("test.happened", "thing:1", by="system")
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_registry")
def test_a_reaction_registered_twice_runs_once() -> None:
    seen: list[str] = []

    def note(event: Event) -> None:
        seen.append(event.about)

    actions.react("test.happened", note)
    actions.react("test.happened", note)
    actions.record("test.happened", "thing:1", by="system")
    actions.record("test.other", "thing:2", by="system")
    assert seen == ["thing:1"]


@pytest.mark.django_db(transaction=True)
def test_readers_wake_when_the_event_is_committed_and_not_before() -> None:
    counts: list[int] = []
    before = wake.wait_for_event(-1, seconds=0)
    with transaction.atomic():
        actions.record("test.happened", "thing:1", by="system")
        counts.append(wake.wait_for_event(before, seconds=0.01))
    counts.append(wake.wait_for_event(before, seconds=5))
    assert counts == [before, before + 1]


def test_a_waiter_is_woken_from_another_thread() -> None:
    before = wake.wait_for_event(-1, seconds=0)
    threading.Timer(0.05, wake.wake_readers).start()
    assert wake.wait_for_event(before, seconds=5) == before + 1
