"""Moments as people say them: how long until, how late, which day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

SOON = timedelta(hours=2)


@dataclass(frozen=True)
class Due:
    """A deadline in words. `state` is late, soon or later."""

    state: str
    words: str
    at: datetime


def due(at: datetime, now: datetime) -> Due:
    """Say `at` as seen from `now`; both aware."""
    if at < now:
        return Due("late", _("Late by %(span)s") % {"span": timesince(at, now, depth=1)}, at)
    words = _("Due in %(span)s") % {"span": timeuntil(at, now, depth=1)}
    return Due("soon" if at - now < SOON else "later", words, at)
