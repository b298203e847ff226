"""Moments as a letter names them: weekday, day and time, in the company's time zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.localedata import exists

from goodword.portal.reader import Reader

# English here is written as in Europe, with a 24-hour clock.
_LOCALES = {"en": "en_GB"}
_PATTERNS = {
    "en": "EEEE d MMMM 'at' HH:mm",
    "da": "EEEE 'den' d. MMMM 'kl.' HH.mm",
    "id": "EEEE, d MMMM, 'pukul' HH.mm",
    "ms": "EEEE, d MMMM, 'pukul' h.mm a",
    "tr": "d MMMM EEEE, 'saat' HH:mm",
}
_PLAIN_PATTERN = "EEEE d MMMM, HH:mm"


def deadline_for(reader: Reader, by_at: datetime) -> datetime:
    """A deadline in the company's zone. Midnight is told as 23:59, since hardly anybody knows which day 00:00 ends."""
    local = by_at.astimezone(ZoneInfo(reader.book.time_zone))
    return local if local.time() != time() else local - timedelta(minutes=1)


def moment_for(reader: Reader, moment: datetime) -> str:
    """Like "Tuesday 24 November at 10:30" or "tirsdag den 24. november kl. 10.30"."""
    language = reader.language
    locale = _LOCALES.get(language, language if exists(language) else "en_GB")
    local = moment.astimezone(ZoneInfo(reader.book.time_zone))
    return format_datetime(local, _PATTERNS.get(language, _PLAIN_PATTERN), locale=locale)
