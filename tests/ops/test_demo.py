"""The demo as a real process: from an empty folder to a desk that answers."""

import smtplib
import sqlite3
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from goodword.ops.demo.waiting import A_NO_WITH_SOMETHING_BETTER, A_PLAIN_YES, A_YES_THAT_NEEDS_APPROVAL
from tests.ops.process import Desk, wait_until

pytestmark = pytest.mark.slow


def rows(desk: Desk, query: str) -> list[tuple[object, ...]]:
    """What the database of a running desk holds."""
    with sqlite3.connect(f"file:{desk.data}/goodword.sqlite3?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


def test_demo_json_says_how_to_get_in(demo: Desk) -> None:
    card = demo.card()
    assert card["url"] == demo.url
    assert card["smtp_port"] == demo.smtp_port
    assert card["inbox"] == "hello@nordhvile.example"
    assert {agent["role"] for agent in card["agents"]} == {"agent", "team-lead", "manager", "owner"}
    assert all(set(agent) == {"email", "password", "role", "name"} for agent in card["agents"])
    assert (demo.data / "demo.json").stat().st_mode & 0o077 == 0


def test_everything_works_as_soon_as_it_answers(demo: Desk) -> None:
    health = demo.health()
    assert (health["status"], health["problems"]) == ("ok", [])
    assert health["database"] == {"ok": True, "kind": "sqlite"}
    assert [health[part]["ok"] for part in ("mail_receiver", "worker", "sender", "book")] == [True] * 4


def test_the_three_letters_stand_first_in_the_queue(demo: Desk) -> None:
    first = rows(
        demo,
        "SELECT subject FROM desk_conversation WHERE state = 'open' AND waiting_on = 'us' ORDER BY due_at, id LIMIT 3",
    )
    three = (A_PLAIN_YES, A_NO_WITH_SOMETHING_BETTER, A_YES_THAT_NEEDS_APPROVAL)
    assert [subject for (subject,) in first] == [waiting.subject for waiting in three]


def test_nothing_is_overdue(demo: Desk) -> None:
    now = datetime.now(UTC)
    moment, day = now.strftime("%Y-%m-%d %H:%M:%S"), (now - timedelta(days=1)).date().isoformat()
    assert rows(demo, f"SELECT id FROM promises_promise WHERE state = 'open' AND by_at < '{moment}'") == []
    assert rows(demo, f"SELECT id, kind FROM desk_action WHERE state = 'open' AND due_on < '{day}'") == []
    assert rows(demo, f"SELECT id FROM desk_conversation WHERE state != 'closed' AND due_at < '{moment}'") == []


def test_there_are_weeks_of_history_that_went_through_the_desk(demo: Desk) -> None:
    ((closed,),) = rows(demo, "SELECT count(*) FROM desk_conversation WHERE state = 'closed'")
    ((kept,),) = rows(demo, "SELECT count(*) FROM promises_promise WHERE state = 'kept'")
    ((broken,),) = rows(demo, "SELECT count(*) FROM promises_promise WHERE state = 'broken'")
    decided = dict(rows(demo, "SELECT outcome, count(*) FROM desk_decision WHERE state = 'final' GROUP BY outcome"))
    assert closed >= 40
    assert (kept >= 50, broken) == (True, 0)
    assert set(decided) >= {"allow", "refuse"}
    assert rows(demo, "SELECT count(*) FROM desk_decision WHERE kind = 'departure'") == [(2,)]
    assert rows(demo, "SELECT count(*) FROM desk_approval WHERE state = 'approved'") != [(0,)]
    assert rows(demo, "SELECT count(*) FROM channels_outgoingmail WHERE state != 'sent'") == [(0,)]


def test_each_of_the_three_is_settled_by_the_policy_without_another_question(demo: Desk) -> None:
    listed = {row["subject"]: row["number"] for row in conversations(demo)}
    found = {}
    for waiting in (A_PLAIN_YES, A_NO_WITH_SOMETHING_BETTER, A_YES_THAT_NEEDS_APPROVAL):
        (matter,) = demo.api(f"conversations/{listed[waiting.subject]}")["matters"]
        advice = matter["advice"]
        found[waiting.number] = (advice["status"], advice["outcome"], advice["authority"], advice["alternative"])
    assert found == {
        "10452": ("decided", "allow", "agent", ""),
        "10460": ("decided", "refuse", "agent", "discount-voucher"),
        "10471": ("decided", "allow", "manager", ""),
    }


def test_a_mail_by_smtp_becomes_a_conversation(demo: Desk) -> None:
    mail = EmailMessage()
    mail["From"] = "Birgit Thorsen <birgit@thorsen.example>"
    mail["To"] = demo.card()["inbox"]
    mail["Subject"] = "Har I åbent på lørdag?"
    mail["Message-ID"] = "<a-real-mail@thorsen.example>"
    mail.set_content("Hej. Har I åbent i butikken på lørdag?\n\nBirgit\n")
    with smtplib.SMTP("127.0.0.1", demo.smtp_port) as server:
        server.send_message(mail)
    wait_until(lambda: any(row["subject"] == mail["Subject"] for row in conversations(demo)), seconds=60)


def conversations(desk: Desk) -> list[dict[str, object]]:
    """What the API lists."""
    return list(desk.api("conversations?limit=100")["conversations"])
