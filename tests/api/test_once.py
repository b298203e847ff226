"""Sent twice, done once: idempotency keys, also while the first is still running, after a crash, and with one lost."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from goodword.accounts import answering_once
from goodword.accounts.answering_once import Answer, StillRunning, answer_once, forget_answers
from goodword.accounts.api_keys import SCOPES, make_api_key
from goodword.accounts.models import Agent, ApiKey, StoredAnswer
from goodword.desk.models import Matter, Message
from goodword.journal.models import Event
from goodword.lib import clock
from goodword.people.models import Person
from tests.api.conftest import Program
from tests.world import World


def notes(matter: Matter) -> str:
    return f"/conversations/{matter.conversation.number}/notes"


def test_the_same_request_is_done_once_and_answered_alike(world: World, program: Program, lamp: Matter) -> None:
    first = program.post(notes(lamp), {"text": "Call her."}, Idempotency_Key="a-1")
    again = program.post(notes(lamp), {"text": "Call her."}, Idempotency_Key="a-1")
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert again["ETag"] == first["ETag"]
    assert Message.objects.filter(direction="note").count() == 1


def test_another_key_or_none_does_it_again(world: World, program: Program, lamp: Matter) -> None:
    for headers in ({"Idempotency_Key": "a"}, {"Idempotency_Key": "b"}, {}, {}):
        assert program.post(notes(lamp), {"text": "Call her."}, **headers).status_code == 201
    assert Message.objects.filter(direction="note").count() == 4


def test_two_programs_may_use_the_same_word(world: World, program: Program, lamp: Matter) -> None:
    _, secret = make_api_key("another", world.theo, SCOPES, None)
    for each in (program, Program(secret)):
        assert each.post(notes(lamp), {"text": "Call her."}, Idempotency_Key="a").status_code == 201
    assert Message.objects.filter(direction="note").count() == 2


@pytest.mark.parametrize(("path", "body"), [(None, {"text": "Something else."}), ("/people", {"email": "a@b.example"})])
def test_the_same_key_for_another_request_is_refused(
    world: World, program: Program, lamp: Matter, path: str | None, body: dict[str, Any]
) -> None:
    program.post(notes(lamp), {"text": "Call her."}, Idempotency_Key="a")
    answer = program.post(path or notes(lamp), body, Idempotency_Key="a")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:goodword:problem:idempotency-key-reused")
    assert answer.json()["errors"][0]["field"] == "header.Idempotency-Key"
    assert Message.objects.filter(direction="note").count() == 1


@pytest.mark.parametrize("token", ["", "two words", "ø", "x" * 256])
def test_a_key_that_is_none_is_refused(world: World, program: Program, lamp: Matter, token: str) -> None:
    answer = program.post(notes(lamp), {"text": "Call her."}, Idempotency_Key=token)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "header.Idempotency-Key")


def test_a_refusal_is_not_kept_since_nothing_was_done(world: World, program: Program, lamp: Matter) -> None:
    path = f"/conversations/{lamp.conversation.number}/matters/{lamp.pk}"
    lamp.facts.all().delete()
    assert program.post(f"{path}/decisions", Idempotency_Key="a").status_code == 409
    assert not StoredAnswer.objects.exists()
    program.post(f"{path}/facts", {"fact": "faulty", "value": False})
    assert program.post(f"{path}/decisions", Idempotency_Key="a").status_code == 201


def test_while_the_first_is_running_the_second_hears_so(world: World, program: Program, lamp: Matter) -> None:
    program.post(notes(lamp), {"text": "Call her."}, Idempotency_Key="a")
    StoredAnswer.objects.update(state="running", lease_until=clock.now() + timedelta(seconds=30))
    answer = program.post(notes(lamp), {"text": "Call her."}, Idempotency_Key="a")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:goodword:problem:in-progress")
    assert answer["Retry-After"] == "30"


class Killed(BaseException):
    """The process is gone."""


def test_a_process_that_dies_before_the_commit_has_done_nothing_and_the_next_try_does_it(world: World) -> None:
    key, _ = make_api_key("shop", world.ida, SCOPES, None)
    StoredAnswer.objects.create(
        key=key, token="a", digest="d", lease_until=clock.now() + timedelta(seconds=60), made_at=clock.now()
    )
    with pytest.raises(StillRunning):
        answer_once(key, "a", "d", lambda: Answer(201))
    with clock.stopped_at(clock.now() + timedelta(seconds=61)):
        assert answer_once(key, "a", "d", lambda: Answer(201, {}, "done")) == (Answer(201, {}, "done"), False)
        assert answer_once(key, "a", "d", lambda: Answer(500))[0].body == "done"


def test_what_was_done_and_its_answer_are_stored_together_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _ = make_api_key("shop", world.ida, SCOPES, None)

    def work() -> Answer:
        Person.objects.create(name="Half", made_at=clock.now())
        return Answer(201)

    def die(*_given: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(answering_once, "_finish", die)
        with pytest.raises(Killed):
            answer_once(key, "a", "d", work)
    assert not Person.objects.filter(name="Half").exists()
    answer_once(key, "a", "d", work)
    assert Person.objects.filter(name="Half").count() == 1


def test_one_that_took_too_long_is_rolled_back_when_another_has_taken_over(world: World) -> None:
    key, _ = make_api_key("shop", world.ida, SCOPES, None)

    def slow() -> Answer:
        Person.objects.create(name="Slow", made_at=clock.now())
        StoredAnswer.objects.update(lease_until=clock.now() + timedelta(hours=1))  # somebody else has it now
        return Answer(201)

    with pytest.raises(StillRunning):
        answer_once(key, "a", "d", slow)
    assert not Person.objects.filter(name="Slow").exists()


def test_a_bug_stores_nothing_and_lets_it_be_tried_again(
    world: World, program: Program, lamp: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any, **_named: Any) -> None:
        Message.objects.update(text="half done")
        raise RuntimeError("Freja Holm's secret")

    with monkeypatch.context() as patch:
        patch.setattr("goodword.api.messages.add_note", broken)
        answer = program.post(notes(lamp), {"text": "Call her."}, Idempotency_Key="a")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "secret" not in answer.content.decode()
    assert not Message.objects.filter(text="half done").exists()
    assert program.post(notes(lamp), {"text": "Call her."}, Idempotency_Key="a").status_code == 201


def test_after_a_day_the_answer_is_forgotten(world: World, program: Program, lamp: Matter) -> None:
    program.post(notes(lamp), {"text": "Call her."}, Idempotency_Key="a")
    with clock.stopped_at(clock.now() + timedelta(hours=24, seconds=1)):
        program.post(notes(lamp), {"text": "Call her."}, Idempotency_Key="b")
    assert list(StoredAnswer.objects.values_list("token", flat=True)) == ["b"]


def test_when_a_customer_is_erased_no_stored_answer_names_her_and_nothing_is_done_twice(
    world: World, program: Program, lamp: Matter
) -> None:
    program.post("/people", {"email": "nora@ny.example", "name": "Nora Ny"}, Idempotency_Key="a")
    forget_answers(world.freja)
    assert "Nora" not in str(list(StoredAnswer.objects.values()))
    answer = program.post("/people", {"email": "nora@ny.example", "name": "Nora Ny"}, Idempotency_Key="a")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:goodword:problem:answer-erased")


@pytest.mark.django_db(transaction=True)
def test_twelve_at_the_same_moment_are_one() -> None:
    """On both databases: one does it, the others hear that it is being done, or get its answer."""
    agent = Agent.objects.create_user("ida@nordhvile.example", name="Ida Lund", role="agent")
    key = ApiKey.objects.create(name="shop", digest="d", agent=agent, made_at=clock.now())
    heard: list[str] = []
    begin = threading.Barrier(12)

    def work() -> Answer:
        Event.objects.create(at=clock.now(), kind="test.done", about="thing:1", actor="system", payload={})
        return Answer(201, {}, "done")

    def ask() -> None:
        begin.wait()
        try:
            heard.append(answer_once(key, "a", "d", work)[0].body)
        except StillRunning:
            heard.append("running")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Event.objects.filter(kind="test.done").count() == 1
    assert (len(heard), set(heard) <= {"done", "running"}, "done" in heard) == (12, True, True)
    assert connection.is_usable()
