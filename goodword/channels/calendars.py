"""Calendar parts (RFC 5545, 5546): what somebody is invited to, when and where."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

KIND = "text/calendar"
LONGEST = 200_000
MOST = 5


@dataclass(frozen=True)
class Invitation:
    """One event. `method` is REQUEST, REPLY, CANCEL, … in capitals, "" without one.

    `begins` and `ends` are instants in `zone`, or days where `all_day`; `ends` is then the last day. `zone` is the
    event's own, "" for one without a zone: then the hours are the reader's own (RFC 5545, 3.3.5).
    """

    method: str
    what: str
    begins: datetime | date
    ends: datetime | date | None
    all_day: bool
    zone: str
    where: str
    organizer: str
    repeats: bool
    answer: str


def invitations(content: bytes) -> list[Invitation]:
    """The events in a calendar part, at most a handful; none where it cannot be read."""
    if len(content) > LONGEST:
        return []
    from icalendar import Calendar  # on use only: few mails have one

    try:
        calendar: Any = Calendar.from_ical(content)
        method = str(calendar.get("method", "")).upper()
        return [_invitation(event, method) for event in calendar.walk("VEVENT")[:MOST] if event.get("dtstart")]
    except Exception:  # written for well-formed calendars; none may keep a letter from being shown
        return []


def _invitation(event: Any, method: str) -> Invitation:
    begins = event["dtstart"].dt
    all_day = not isinstance(begins, datetime)
    ends = event["dtend"].dt if event.get("dtend") else None
    if ends is None and event.get("duration"):
        ends = begins + event["duration"].dt
    if all_day and ends is not None:
        ends -= timedelta(days=1)  # DTEND is the day after the last one
    return Invitation(
        method="CANCEL" if str(event.get("status", "")).upper() == "CANCELLED" else method,
        what=str(event.get("summary", "")).strip()[:300],
        begins=begins,
        ends=ends,
        all_day=all_day,
        zone="" if all_day or begins.tzinfo is None else _zone_of(event["dtstart"], begins),
        where=str(event.get("location", "")).strip()[:300],
        organizer=_who(event.get("organizer")),
        repeats=bool(event.get("rrule")),
        answer=_answer(event, method),
    )


def in_zone(moment: datetime | date, zone: str) -> datetime | date:
    """A moment in a zone; days and hours without a zone stay as they are."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(ZoneInfo(zone))
    return moment


def _zone_of(start: Any, begins: datetime) -> str:
    return str(
        start.params.get("TZID", "") or getattr(begins.tzinfo, "key", "") or ("UTC" if begins.tzinfo == UTC else "")
    )


def _who(organizer: Any) -> str:
    if organizer is None:
        return ""
    named = str(getattr(organizer, "params", {}).get("CN", ""))
    return (named or str(organizer).removeprefix("mailto:").removeprefix("MAILTO:"))[:200]


def _answer(event: Any, method: str) -> str:
    """What the sender of a REPLY says: ACCEPTED, DECLINED, TENTATIVE."""
    attendees = event.get("attendee")
    first = attendees[0] if isinstance(attendees, list) and attendees else attendees
    return str(getattr(first, "params", {}).get("PARTSTAT", "")).upper() if method == "REPLY" and first else ""
