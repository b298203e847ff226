"""Reports of mail that came back, made by others: seen for what they are, with status and reason."""

import json
from typing import Any

import pytest

from goodword.channels.automatic import Nature, nature_of
from goodword.channels.bounces import Bounce, read_bounces
from goodword.channels.causes import cause_of
from goodword.channels.parsing import ParsedMail, parse
from tests.channels.post import SHARED_MAIL

FOLDER = SHARED_MAIL / "sisimai"
needs_the_reports = pytest.mark.skipif(not FOLDER.exists(), reason="../shared/data/mail is not here")

NOT_REPORTS = {
    "lhost-amazonses-10": "a bounce as JSON in a notification by Amazon, from a no-reply sender: for programs",
    "lhost-amazonses-12": "the same, and the mail was delivered",
    "lhost-fml-02": "a mailing list says that the writer is no member: no mail came back",
    "lhost-verizon-02": "an ordinary answer by its headers; only its words say that nobody is there",
}


def reports() -> list[tuple[str, list[dict[str, Any]], ParsedMail, Nature]]:
    listed = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    mails = [(one, parse((FOLDER / one["file"]).read_bytes())) for one in listed]
    return [(one["file"][4:-4], one["expected"] or [], mail, nature_of(mail, "", set())) for one, mail in mails]


@needs_the_reports
def test_reports_are_seen_as_what_they_are_with_status_and_reason() -> None:
    found = reports()
    assert len(found) == 295
    # Three of them answer for somebody on holiday, one was sent by a mail program to unsubscribe.
    machines = {name for name, _, _, nature in found if nature == Nature.AUTO_REPLY}
    assert machines == {"rfc3834-01", "rfc3834-03", "rfc3834-05", "arf-26"}
    seen = [one for one in found if one[3] in {Nature.BOUNCE, Nature.REPORT}]
    assert {name for name, *_ in found} - {name for name, *_ in seen} - machines == set(NOT_REPORTS)
    bounces = [(expected, read_bounces(mail)) for _, expected, mail, nature in seen if nature == Nature.BOUNCE]
    assert len(bounces) == 279
    # 64 of the expected statuses are not the servers' but made up by that library for its own reasons ("5.0.911").
    same = [sorted(e["status"] for e in expected) == sorted(b.status for b in ours) for expected, ours in bounces]
    assert sum(same) >= 201
    same = [sorted(e["reason"] for e in expected) == sorted(b.cause for b in ours) for expected, ours in bounces]
    assert sum(same) >= 199


def report(text: str) -> list[Bounce]:
    head = "From: MAILER-DAEMON@x.example\nTo: hello@nordhvile.example\nSubject: Undelivered Mail\n\n"
    return read_bounces(parse((head + text).encode()))


def test_a_report_in_words_tells_of_each_recipient_what_is_said_of_him_and_of_nobody_else() -> None:
    found = report(
        "We could not reach:\n\n<freja@holm.example>:\nRemote host said: 552 5.2.2 Mailbox full\n\n"
        "<bo@holm.example>:\nRemote host said: 550 5.1.1 User unknown\n\n"
        "--- Below this line is a copy of the message.\n\n"
        "Return-Path: <hello@nordhvile.example>\nTo: somebody@else.example\n"
    )
    assert [(each.recipient, each.status, each.cause, each.is_permanent) for each in found] == [
        ("freja@holm.example", "5.2.2", "mailboxfull", False),
        ("bo@holm.example", "5.1.1", "userunknown", True),
    ]


@pytest.mark.parametrize(
    ("status", "words", "cause"),
    [
        ("5.1.1", "550 5.1.1 <a@x.example>: Recipient address rejected: User unknown", "userunknown"),
        ("5.7.1", "554 5.7.1 rejected due to the domain's DMARC policy", "authfailure"),
        ("5.7.25", "550 5.7.25 does not have a PTR record", "requireptr"),
        ("4.4.7", "", "expired"),
        ("", "Host or domain name not found", "hostunknown"),
        ("", "", "undefined"),
    ],
)
def test_the_servers_words_say_why(status: str, words: str, cause: str) -> None:
    assert cause_of(status, words) == cause
