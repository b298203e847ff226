"""What works and what does not, and what to do about it: the same report for `goodword health` and GET /healthz."""

import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from goodword import __version__
from goodword.channels.mailboxes.queries import MailCounts, all_mailboxes, counts_of, lagging, minutes_behind
from goodword.channels.models import Mailbox
from goodword.channels.queries import counts, kept_by_way, waiting_longer_than
from goodword.channels.sending import without_server
from goodword.lib import clock
from goodword.ops.pulse import last_beat
from goodword.policies.queries import current_publication, open_problem

# The sender may sit in one slow delivery, so its turn may be late; ten minutes without mail is what DESK_LESSONS names.
_WORKER_MAY_BE_SILENT = timedelta(minutes=3)
_MAIL_MAY_BE_SILENT = timedelta(minutes=1)
_LEAST_FREE_BYTES = 500 * 1024 * 1024
_LONG_QUEUE = 200
_FILING_MAY_LAG = timedelta(minutes=10)
_ON_THE_PAGE = "on the mail page (/desk/mail/)"
# "attention": the desk works and somebody should look; "failing": part of it does not work.
OK, ATTENTION, FAILING = "ok", "attention", "failing"


@dataclass(frozen=True)
class Trouble:
    """What is wrong and what to do, in two sentences. `grave`: part of the desk does not work."""

    what: str
    do: str
    grave: bool = True


@dataclass
class Report:
    """The parts by name, as they are, and the troubles found in them."""

    parts: dict[str, Any] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def works(self) -> bool:
        """Whether everything the desk needs is there."""
        return not any(trouble.grave for trouble in self.troubles)

    @property
    def status(self) -> str:
        """ok, attention or failing."""
        return (ATTENTION if self.troubles else OK) if self.works else FAILING

    def to_json(self) -> dict[str, Any]:
        """The report as /healthz gives it: no customer's words, addresses or names."""
        problems = [{"what": trouble.what, "do": trouble.do} for trouble in self.troubles]
        return {"status": self.status, "version": __version__, **self.parts, "problems": problems}


def examine() -> Report:
    """Look at every part. Never raises: a part that cannot be looked at is a trouble of its own."""
    report = Report()
    if not _looked(report, "database", _database):
        return report
    for name, look in _PARTS.items():
        _looked(report, name, look)
    return report


def _looked(report: Report, name: str, look: Callable[[Report], Any]) -> bool:
    try:
        report.parts[name] = look(report)
    except Exception as error:  # the page that says what is wrong must not fall with it
        report.parts[name] = {"ok": False}
        what = f"The {name.replace('_', ' ')} does not answer ({type(error).__name__})."
        report.troubles.append(Trouble(what, _WHEN_SILENT.get(name, _LOOK)))
        return False
    return True


_LOOK = "Look at the log of the process."
_WAITING = "Look whether the worker runs, and at its log; each is tried again by itself."
_START = "Start `goodword run`, or `goodword {}` beside the other processes."
_WHEN_SILENT = {
    "database": "Start the database, or mend GOODWORD_DATABASE; for SQLite look at disk and folder rights.",
    "sender": "If the worker runs, the outgoing server hangs: look at it; mails wait. Else start `goodword run`.",
}


def _database(report: Report) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return {"ok": True, "kind": connection.vendor}


def _mail_receiver(report: Report) -> dict[str, Any]:
    port = settings.SMTP_PORT
    silent = _silence(report, "mail", f"The mail receiver on port {port} is not running.", _MAIL_MAY_BE_SILENT)
    return {**silent, "port": port}


def _worker(report: Report) -> dict[str, Any]:
    part = _silence(report, "worker", "The worker has taken no turn: nothing is filed.", _WORKER_MAY_BE_SILENT)
    if part["ok"] and part["problem"]:
        report.troubles.append(Trouble(f"The worker's last turn failed ({part['problem']}).", _LOOK, grave=False))
    return part


def _sender(report: Report) -> dict[str, Any]:
    part = _silence(report, "sender", "The sender has taken no turn: nothing is sent.", _WORKER_MAY_BE_SILENT)
    if part["ok"] and part["problem"]:
        report.troubles.append(Trouble(f"The sender's last turn failed ({part['problem']}).", _LOOK, grave=False))
    return part


def _silence(report: Report, part: str, what: str, may_be: timedelta) -> dict[str, Any]:
    pulse = last_beat(part)
    alive = pulse is not None and clock.now() - pulse.at <= may_be
    answers = alive and not (part == "mail" and pulse and pulse.problem)
    if not answers:
        report.troubles.append(Trouble(what, _WHEN_SILENT.get(part, _START.format(part))))
    return {
        "ok": answers,
        "last_turn": pulse.at.isoformat() if pulse else None,
        "problem": pulse.problem if pulse else "",
    }


def _mails(report: Report) -> dict[str, Any]:
    """All mail, by SMTP and by IMAP: kept = filed + set aside + waiting; none waits long; each has its bytes."""
    found = counts()
    mails: dict[str, Any] = {state: found.get(state, 0) for state in ("stored", "filed", "ignored", "unreadable")}
    mails |= {"kept": kept_by_way(), "waiting_too_long": waiting_longer_than(_FILING_MAY_LAG)}
    missing = sum(mails["kept"].values()) - sum(found[state] for state in ("stored", "filed", "ignored", "unreadable"))
    if missing:
        what = f"{missing} mail(s) are kept that are neither filed, nor set aside, nor waiting."
        report.troubles.append(Trouble(what, _LOOK))
    if mails["waiting_too_long"]:
        what = f"{mails['waiting_too_long']} mail(s) have been waiting to be filed for more than ten minutes."
        report.troubles.append(Trouble(what, _WAITING))
    if mails["unreadable"]:
        what = f"{mails['unreadable']} mail(s) could not be read. They are kept."
        report.troubles.append(Trouble(what, f"Look at them {_ON_THE_PAGE} and run them again.", grave=False))
    return mails


def _queue(report: Report) -> dict[str, Any]:
    found = counts()
    queue = {state: found.get(state, 0) for state in ("queued", "sending", "unknown", "failed")}
    if without_server():
        do = "Enter one at Settings, Mailboxes, or set GOODWORD_SMTP_OUT."
        report.troubles.append(Trouble("There is no server to send mail through.", do))
    elif queue["queued"] > _LONG_QUEUE:
        report.troubles.append(Trouble(f"{queue['queued']} mails wait to be sent.", "Look at the outgoing server."))
    if queue["unknown"]:
        what = f"Of {queue['unknown']} mail(s) nobody knows whether they went."
        do = f"Look at them {_ON_THE_PAGE}, or in their conversations, and send them again if need be."
        report.troubles.append(Trouble(what, do, grave=False))
    if queue["failed"]:
        what = f"{queue['failed']} mail(s) could not be sent."
        do = f"Look {_ON_THE_PAGE} why, and send them again or tell the customer in another way."
        report.troubles.append(Trouble(what, do, grave=False))
    return queue


def _mailboxes(report: Report) -> list[dict[str, Any]]:
    """Each mailbox: how far behind, and whether fetched = kept = filed + set aside + waiting."""
    late = set(lagging(clock.now()).values_list("pk", flat=True))
    parts = []
    for mailbox in all_mailboxes():
        counted = counts_of(mailbox)
        if mailbox.pk in late:
            report.troubles.append(_not_fetched(mailbox))
        report.troubles += _unaccounted(mailbox.inbox.address, counted)
        parts.append(
            {
                "mailbox": mailbox.inbox.address,
                "receives": mailbox.receives,
                "paused": mailbox.paused_at is not None,
                "rehearsing": not mailbox.inbox.sends,
                "problem": mailbox.problem,
                "minutes_behind": minutes_behind(mailbox),
                **asdict(counted),
            }
        )
    return parts


def _not_fetched(mailbox: Mailbox) -> Trouble:
    address, why = mailbox.inbox.address, f" ({mailbox.problem})" if mailbox.problem else ""
    do = f"Press Test at Settings, Mailboxes, or run `goodword mailbox test {address}`."
    return Trouble(f"The mail of {address} has not been fetched for ten minutes{why}.", do)


def _unaccounted(address: str, counted: MailCounts) -> list[Trouble]:
    found = []
    if not counted.add_up:
        what = f"Of {address} {counted.fetched} mails were fetched, and {counted.kept} are kept."
        found.append(Trouble(what, _LOOK, grave=False))
    if counted.withheld:
        what = f"The server of {address} names {counted.withheld} mail(s) and does not give them out."
        do = "They are asked for at every look; look at them in the mailbox itself."
        found.append(Trouble(what, do, grave=False))
    return found


def _disk(report: Report) -> dict[str, Any]:
    free = shutil.disk_usage(settings.DATA_ROOT).free
    if free < _LEAST_FREE_BYTES:
        what = f"Only {free // (1024 * 1024)} MB are free in {settings.DATA_ROOT}."
        report.troubles.append(Trouble(what, "Make room before mail is refused."))
    return {"ok": free >= _LEAST_FREE_BYTES, "free_bytes": free}


def _book(report: Report) -> dict[str, Any]:
    publication, problem = current_publication(), open_problem()
    findings = [finding for finding in problem.findings if finding["level"] == "error"] if problem else []
    if findings:
        first = findings[0]
        what = f"The changed book was not published: {first['file']}:{first['line']}: {first['message']}."
        do = f"Mend the line and save; until then book {publication.hash[:12]} stays in force."
        report.troubles.append(Trouble(what, do, grave=False))
    return {"ok": not findings, "hash": publication.hash, "findings": findings}


_PARTS: dict[str, Callable[[Report], Any]] = {
    "mail_receiver": _mail_receiver,
    "worker": _worker,
    "sender": _sender,
    "mails": _mails,
    "mailboxes": _mailboxes,
    "queue": _queue,
    "disk": _disk,
    "book": _book,
}
