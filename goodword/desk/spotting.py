"""Spotting what can be checked in a letter: amounts, dates, percentages, periods, and words that grant or refuse.

It reads loosely, all languages alike, and errs towards finding: a mark costs a glance, a wrong promise more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from babel.core import Locale

from goodword.desk.outcome_words import CONDITIONAL, DENYING, GRANTING, REFUSING

AMOUNT, DATE, PERCENT, PERIOD, OUTCOME = "amount", "date", "percent", "period", "outcome"
GRANTS, REFUSES = "grants", "refuses"

_NUMBER = r"\d{1,3}(?:[.\u00a0\u202f ,]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?"
_CURRENCY = (
    r"(?:kr\b\.?|kroner\b|DKK\b|SEK\b|NOK\b|EUR\b|USD\b|GBP\b|euros?\b|€|\$|£"
    r"|Rp(?![a-z])\.?|RM(?![a-z])|rupiah\b|ringgit\b|IDR\b|MYR\b|₺|TL\b|TRY\b|lira\w{0,4}\b)"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?:{_CURRENCY}\s?(?P<after>{_NUMBER})|(?P<before>{_NUMBER})(?:,-)?\s?{_CURRENCY})", re.IGNORECASE
)
# In Turkish the word or the sign stands before the number: "yüzde 20", "%20".
_PERCENT = re.compile(
    rf"(?<![\w.,])(?P<number>{_NUMBER})\s?(?:%|per\s?cent\b|pct\b\.?|procent\b|persen\b|peratus\b)"
    rf"|(?<![\w.,%])(?:%|yüzde\s)\s?(?P<number2>{_NUMBER})(?!\w)",
    re.IGNORECASE,
)
_UNITS = {
    "working day": r"(?:working|business)\s+days?|hverdage?|arbejdsdage?|hari\s+(?:be)?kerja|iş\s+gün\w{0,6}",
    "day": r"days?|dage?|hari|gün\w{0,6}",
    "hour": r"hours?|timer?|jam|saat\w{0,4}",
    "week": r"weeks?|uger?|minggu|hafta\w{0,4}",
    "month": r"months?|måneder?|måned|bulan|ay(?:da|dan|ı|lık)?",
    "year": r"years?|år|tahun|yıl\w{0,4}",
}
# Turkish "bir" and "on" are left out: "bir gün" is some day, and "on" is English, too.
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "en": 1, "et": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10,
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "lapan": 8,
    "sembilan": 9, "sepuluh": 10, "iki": 2, "üç": 3, "dört": 4, "beş": 5, "alti": 6, "yedi": 7, "sekiz": 8, "dokuz": 9,
}  # fmt: skip
_PERIOD = re.compile(
    # "seminggu", a week, is one word.
    rf"(?<![\w.,])(?:(?P<number>\d{{1,4}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})\s+|se)(?:"
    + "|".join(f"(?P<{name.replace(' ', '_')}>{pattern})" for name, pattern in _UNITS.items())
    + r")\b(?!-)",
    re.IGNORECASE,
)
_NUMERIC_DATE = re.compile(
    r"(?<![\w./-])(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<day2>\d{1,2})(?:[./](?P<month2>\d{1,2})[./-](?P<year2>\d{4}|\d{2})|/(?P<month3>\d{1,2})))(?![\w/-])"
)
_SENTENCE_END = re.compile(r"[.!?…](?=\s+[A-ZÆØÅÇĞİÖŞÜ\"“»])|\n\s*\n|$")


@dataclass(frozen=True)
class Spot:
    """Something found at `start` to `end` of a text. `value` compares: cents, (year or None, month, day), a number,
    (count, unit), or GRANTS / REFUSES."""

    kind: str
    value: Any
    start: int
    end: int


def spots_in(text: str) -> list[Spot]:
    """Everything that can be checked, in the order of the text. Quoted lines (`> …`) are not looked at."""
    plain = _without_quotes(text)
    found = [*_amounts(plain), *_dates(plain), *_percentages(plain), *_periods(plain), *_outcomes(plain)]
    return sorted(found, key=lambda spot: (spot.start, spot.kind))


def sentences_of(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        if text[start:end].strip():
            lead = len(text[start:end]) - len(text[start:end].lstrip())
            yield start + lead, end
        start = end


def _without_quotes(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(" " * len(line) if line.lstrip().startswith(">") else line for line in lines)


def _amounts(text: str) -> Iterator[Spot]:
    for match in _AMOUNT.finditer(text):
        yield Spot(AMOUNT, round(_as_number(match["before"] or match["after"]) * 100), *match.span())


def _percentages(text: str) -> Iterator[Spot]:
    for match in _PERCENT.finditer(text):
        yield Spot(PERCENT, _as_number(_one_of(match, "number")), *match.span())


def _periods(text: str) -> Iterator[Spot]:
    for match in _PERIOD.finditer(text):
        unit = next(name for name in _UNITS if match[name.replace(" ", "_")])
        number = match["number"] or "one"
        count = _COUNTS.get(_plain(number)) or int(number)
        yield Spot(PERIOD, (count, unit), *match.span())


def _as_number(written: str) -> float:
    """A number as people write it: the last mark counts as a decimal one if one or two digits follow it.

    >>> _as_number("1.499,00"), _as_number("1,499"), _as_number("12.5")
    (1499.0, 1499.0, 12.5)
    """
    whole, decimals = written, ""
    if tail := re.search(r"[.,](\d{1,2})$", written):
        whole, decimals = written[: tail.start()], tail[1]
    return float(re.sub(r"\D", "", whole) + (f".{decimals}" if decimals else ""))


def _dates(text: str) -> Iterator[Spot]:
    for match in _NUMERIC_DATE.finditer(text):
        year, month, day = (_one_of(match, name) for name in ("year", "month", "day"))
        yield from _date_spot(_full_year(year), int(month), int(day), match)
    for match in _worded_date().finditer(text):
        named = _months()[_plain(_one_of(match, "month"))]
        yield from _date_spot(_full_year(match["year"] or ""), named, int(_one_of(match, "day")), match)


def _one_of(match: re.Match[str], name: str) -> str:
    """The group `name`, or `name2` or `name3` where the pattern has more ways to write it; empty if none is there."""
    groups = match.groupdict()
    return next((groups[each] for each in (name, f"{name}2", f"{name}3") if groups.get(each)), "")


def _full_year(written: str) -> int | None:
    if not written:
        return None
    return int(written) + 2000 if len(written) == 2 else int(written)


def _date_spot(year: int | None, month: int, day: int, match: re.Match[str]) -> Iterator[Spot]:
    try:
        date(year or 2024, month, day)  # a leap year, so that 29 February without a year counts
    except ValueError:
        return
    yield Spot(DATE, (year, month, day), *match.span())


@cache
def _months() -> dict[str, int]:
    """Month names, long and short, in the languages the desk reads."""
    names: dict[str, int] = {}
    for language in ("en", "da", "id", "ms", "tr"):
        for width in ("wide", "abbreviated"):
            for number, name in Locale.parse(language).months["format"][width].items():
                names[_plain(name)] = number
    return names


def _plain(word: str) -> str:
    """A word in small letters. The Turkish ı counts as i: the same letter without its dot is often typed for it."""
    return word.lower().rstrip(".").replace("i\u0307", "i").replace("ı", "i")


@cache
def _worded_date() -> re.Pattern[str]:
    months = "|".join(sorted(_months(), key=len, reverse=True))
    day = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th|\.)?"
    return re.compile(
        rf"(?<![\w.])(?:{day.format('day')}\s+(?:of\s+)?(?P<month>{months})\b(?:\.(?=,?\s+\d{{4}}))?"
        rf"|(?P<month2>{months})\b\.?\s+{day.format('day2')}(?!\d))(?:,?\s+(?P<year>\d{{4}}))?",
        re.IGNORECASE,
    )


def _outcomes(text: str) -> Iterator[Spot]:
    for start, end in sentences_of(text):
        sentence = text[start:end]
        granted, negated = GRANTING.search(sentence), DENYING.search(sentence)
        refused = REFUSING.search(sentence)
        if CONDITIONAL.search(sentence):
            continue
        if refused:
            yield Spot(OUTCOME, REFUSES, start + refused.start(), start + refused.end())
        elif granted:
            kind = REFUSES if negated else GRANTS
            yield Spot(OUTCOME, kind, start + granted.start(), start + granted.end())
