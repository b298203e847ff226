"""What /healthz says, and what it says to do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from goodword.channels.models import OutgoingMail, RawMail
from goodword.engine import Finding
from goodword.lib import clock
from goodword.ops import health, pulse
from goodword.policies.actions import report_problem
from tests.channels.post import filed, keep, letter
from tests.world import NOW, World


@pytest.fixture
def alive(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The company, with a mail receiver, a worker and a sender that have just taken their turn."""
    monkeypatch.setattr(pulse, "_last_written", {})
    pulse.beat("mail")
    pulse.beat("worker")
    pulse.beat("sender")
    return world


def troubles() -> list[str]:
    """What is wrong, in words."""
    return [trouble.what for trouble in health.examine().troubles]


def test_a_desk_whose_parts_are_alive_is_well(alive: World, client: Client) -> None:
    answer = client.get("/healthz")
    report = answer.json()
    assert (answer.status_code, report["status"], report["problems"]) == (200, "ok", [])
    assert (report["mails"]["unreadable"], report["queue"]["unknown"], report["book"]["ok"]) == (0, 0, True)


def test_a_silent_worker_makes_it_fail_and_says_how_to_start_it(alive: World, client: Client) -> None:
    with clock.stopped_at(NOW + timedelta(minutes=4)):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    worker = [problem for problem in answer.json()["problems"] if "The worker" in problem["what"]]
    assert worker == [
        {
            "what": "The worker has taken no turn: nothing is filed.",
            "do": "Start `goodword run`, or `goodword worker` beside the other processes.",
        }
    ]


def test_a_sender_held_up_by_its_server_is_told_while_the_worker_goes_on(alive: World) -> None:
    with clock.stopped_at(NOW + timedelta(minutes=4)):
        pulse.beat("worker", problem="x")
        pulse.beat("mail", problem="")
        silent = [each for each in health.examine().troubles if "sender" in each.what]
    assert [each.what for each in silent] == ["The sender has taken no turn: nothing is sent."]
    assert "the outgoing server hangs" in silent[0].do


def test_a_receiver_that_does_not_answer_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "_last_written", {})
    pulse.beat("worker")
    pulse.beat("sender")
    pulse.beat("mail", problem="no answer")
    assert troubles() == ["The mail receiver on port 2525 is not running."]


def test_a_mistake_in_the_changed_book_asks_for_attention_and_nothing_stops(alive: World, client: Client) -> None:
    report_problem([Finding("error", "bad-value", "parameters.yaml", 13, "this is no number of days")])
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "attention")
    assert answer.json()["problems"][0]["what"] == (
        "The changed book was not published: parameters.yaml:13: this is no number of days."
    )


def test_an_unreadable_mail_is_counted_and_asked_about(alive: World) -> None:
    RawMail.objects.create(blob="0" * 64, size=1, received_at=NOW, due_at=NOW, state=RawMail.UNREADABLE)
    report = health.examine()
    assert (report.parts["mails"]["unreadable"], report.status) == (1, "attention")


def test_a_mail_that_could_not_be_sent_is_told_with_the_page_to_look_at(alive: World) -> None:
    message = alive.write(alive.freja, "Hello")
    OutgoingMail.objects.create(message=message, recipient="a@b.example", due_at=NOW, state=OutgoingMail.FAILED)
    report = health.examine()
    assert [trouble.what for trouble in report.troubles] == ["1 mail(s) could not be sent."]
    assert "/desk/mail/" in report.troubles[0].do
    assert report.status == "attention"


def test_little_room_on_the_disk_is_told_before_mail_is_refused(alive: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_LEAST_FREE_BYTES", 10**18)
    assert ["MB are free" in what for what in troubles()] == [True]


def test_a_database_that_is_away_is_reported_and_not_raised(alive: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OSError("no such server")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        report = health.examine()
    assert (report.works, report.parts) == (False, {"database": {"ok": False}})
    assert report.troubles[0].what == "The database does not answer (OSError)."


def test_it_says_nothing_of_any_customer(alive: World, client: Client) -> None:
    alive.write(alive.freja, "Hej")
    assert b"holm" not in client.get("/healthz").content


def test_every_mail_is_counted_by_the_way_it_came_and_none_waits_unseen(alive: World) -> None:
    filed(letter("Hello"))
    raw = keep(letter("Hello again"))
    assert health.examine().parts["mails"] | {"filed": 0} == {
        "stored": 1, "filed": 0, "ignored": 0, "unreadable": 0, "kept": {"smtp": 2, "imap": 0}, "waiting_too_long": 0
    }  # fmt: skip
    RawMail.objects.filter(pk=raw.pk).update(due_at=NOW - timedelta(minutes=11))
    assert "1 mail(s) have been waiting to be filed for more than ten minutes." in troubles()
