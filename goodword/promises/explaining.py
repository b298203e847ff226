"""Answers "Why this deadline?": shows the spans of working time that were counted, and the days that were not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from django.utils import translation
from django.utils.translation import gettext

from goodword.promises.models import Promise


@dataclass(frozen=True)
class WhyThisDeadline:
    """Whole sentences in one language: what the book promises, each span and rest in order of time, and the sum."""

    rule: str
    steps: tuple[str, ...]
    result: str
    aim: str


def explain_deadline(promise: Promise, language: str) -> WhyThisDeadline:
    """Why the promise is due when it is due, in `language`, in the time zone of the book that was in force."""
    why: Mapping[str, Any] = promise.why
    zone = ZoneInfo(why.get("zone", "UTC"))
    counted: Mapping[str, Any] = why.get("promise", {})
    with translation.override(language):
        rule = gettext("The policy book promises an answer within %(time)s of working time on this channel.")
        aim = gettext("We aim for %(moment)s.")
        return WhyThisDeadline(
            rule=rule % {"time": _length(counted.get("minutes", 0))},
            steps=tuple(text for _, text in sorted(_steps(counted, language, zone))),
            result=_result(promise, counted, language, zone),
            aim=aim % {"moment": _moment(promise.aim_at, language, zone)} if promise.aim_at else "",
        )


def _steps(counted: Mapping[str, Any], language: str, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Each step with what it is sorted by: its day, and its moment within the day."""
    for span in counted.get("spans", ()):
        begin, end = datetime.fromisoformat(span["from"]), datetime.fromisoformat(span["to"])
        text = gettext("%(day)s, %(begin)s to %(end)s: %(time)s") % {
            "day": _day(begin.astimezone(zone).date(), language),
            "begin": _wall(begin, language, zone),
            "end": _wall(end, language, zone),
            "time": _length(round((end - begin).total_seconds() / 60)),
        }
        yield begin.astimezone(zone).isoformat(), text
    for rest in counted.get("rests", ()):
        day = date.fromisoformat(rest["on"])
        name = rest["name"].get(language) or next(iter(rest["name"].values()), "")
        closed = gettext("%(day)s: not counted, closed") % {"day": _day(day, language)}
        holiday = gettext("%(day)s: not counted, public holiday") % {"day": _day(day, language)}
        yield rest["on"], (f"{holiday} ({name})" if name else holiday) if rest["why"] == "holiday" else closed


def _result(promise: Promise, counted: Mapping[str, Any], language: str, zone: ZoneInfo) -> str:
    until = datetime.fromisoformat(counted["counted_until"]) if counted else promise.by_at
    moments = {"until": _moment(until, language, zone), "by": _moment(promise.by_at, language, zone)}
    if until == promise.by_at:
        return gettext("That makes %(by)s.") % moments
    text = gettext("That makes %(until)s. We said %(by)s, the last full hour before at which somebody is here.")
    return text % moments


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not rest:
        return gettext("%(hours)d h") % {"hours": hours}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def _day(day: date, language: str) -> str:
    # English as most of the world writes it: the day before the month.
    locale = "en_GB" if language == "en" else language
    return f"{format_date(day, 'EEEE', locale=locale)} {format_skeleton('MMMMd', day, locale=locale)}"


def _wall(moment: datetime, language: str, zone: ZoneInfo) -> str:
    return format_time(moment, "short", tzinfo=zone, locale="en_GB" if language == "en" else language)


def _moment(moment: datetime, language: str, zone: ZoneInfo) -> str:
    return f"{_day(moment.astimezone(zone).date(), language)} {_wall(moment, language, zone)}"
