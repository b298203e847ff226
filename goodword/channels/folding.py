"""What a customer has just written, apart from what her mail program repeats below it.

Nothing is cut: `text + quoted` is the whole, letter by letter. Only what stands at the end is folded; an answer
written between or below quoted lines stays in sight together with them, because there the quotation is part of what
she says. mail-parser-reply knows how mail programs of many languages introduce a quotation; it is asked about a few
lines at a time, because its patterns take quadratic time on long ones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from mailparser_reply import EmailMessage
from mailparser_reply.constants import MAIL_LANGUAGES

LONGEST_LINE = 200
LONGEST_INTRODUCTION = 300
MOST_GUESSES = 100
INTRODUCTION_LINES = 4
HEADING_LINES = 6

_QUOTE = re.compile(r"\s*(?:>(?!:)|\|\s)")
# "-----Original Message-----", "Begin forwarded message:", in whatever language: dashes around words.
_RULE = re.compile(r"\s*[>*\s]*(?:-{2,}\s?[^-\n]{4,50}\s?-{2,}|_{8,})\s*\Z")
_HEADING = re.compile(r"[>*\s]*\w[\w .'-]{0,24}?\s?:[*\s]*\S.*|[>*\s]*\w[\w .'-]{0,24}?\s?:[*\s]*\Z")
_DATE = re.compile(r"\d{1,2}[:.]\d{2}|\b\d{4}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\. ?\w{3}")
_ADDRESSED = re.compile(r"<[^<>\s]+@[^<>\s]+>\s*:\s*\Z")
_ADDRESS_OR_DATE = re.compile(rf"@|{_DATE.pattern}")
# Rules that need no heading below them: Zoho's, which holds the introduction itself, and the plain words.
_RULE_ALONE = re.compile(
    r"[>*\s]*-{3,}\s?(?:On .{5,180} wrote|(?:Original Message|Oprindelig (?:meddelelse|besked)|"
    r"Ursprüngliche Nachricht|"
    r"Message d'origine|Mensaje original|Orijinal (?:Mesaj|İleti)|Pesan asli|Mesej asal))\s?-{3,}[*\s]*\Z",
    re.IGNORECASE,
)
# "2013/7/20 sam <info@x.example>": some programs introduce with a date and an address, and no colon.
_DATED_ADDRESS = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\b.{0,120}<[^<>\s]+@[^<>\s]+>\s*\Z")
_LINE = re.compile(r"\s*[-_*]{3,}\s*\Z")
# The library knows no mail program that speaks these: Turkish, Indonesian, Malay, Norwegian, Finnish.
_MORE_HEADINGS = re.compile(
    r"[>*\s]*(?:Kimden|Gönderen|Gönderildi|Kime|Konu|Tarih|Dari|Daripada|Dikirim|Dihantar|Kepada|Ke|Perihal|Subjek|"
    r"Tanggal|Tarikh|Fra|Sendt|Til|Emne|Dato|Lähettäjä|Lähetetty|Vastaanottaja|Aihe|От|Отправлено|Кому|Дата|"
    r"Тема|Від)\s?:",
    re.IGNORECASE,
)
_MORE_INTRODUCTIONS = re.compile(
    r"(?:şunu yazdı|yazdı|menulis|написал\(?а?\)?|пишет|schreef|skrev|wrote|écrit|kirjoitti|napisał\(?a?\)?|"
    r"escribió|escreveu|scritto|schrieb|пользователь.*|写道|написав)\s*[:：]\s*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Folded:
    """What was written, and what was repeated below it. Put together they are the whole."""

    text: str
    quoted: str


@dataclass(frozen=True)
class Segment:
    """A run of lines: written by the sender, or quoted by her."""

    text: str
    is_quoted: bool


def fold(text: str) -> Folded:
    """Part `text` where the quotation at its end begins. A text that is all quotation is not folded at all."""
    lines = _lines(text)
    for start in _beginnings(lines):
        if not "".join(lines[:start]).strip():
            return Folded(text, "")
        if _is_quoted_to_the_end(lines, start):
            return Folded("".join(lines[:start]), "".join(lines[start:]))
    return Folded(text, "")


def segments(text: str) -> list[Segment]:
    """The runs of written and of ">"-quoted lines, in their order, for a page that folds each quotation."""
    found: list[Segment] = []
    for line in _lines(text):
        is_quoted = bool(_QUOTE.match(line)) or (not line.strip() and bool(found) and found[-1].is_quoted)
        if found and found[-1].is_quoted == is_quoted:
            found[-1] = Segment(found[-1].text + line, is_quoted)
        else:
            found.append(Segment(line, is_quoted))
    return found


def _lines(text: str) -> list[str]:
    """The lines with their ends. Only a line feed ends a line here; `splitlines` knows ten other ends."""
    *whole, last = text.split("\n")
    return [line + "\n" for line in whole] + ([last] if last else [])


def _beginnings(lines: list[str]) -> Iterator[int]:
    """Where a quotation may begin, from the top: at its introduction, its heading, its rule, or its first line."""
    # Some mail programs write marks of direction around each word of a heading.
    short = [line.replace("\u200e", "").strip()[:LONGEST_LINE] for line in lines]
    guesses = 0
    for number, line in enumerate(short):
        if _QUOTE.match(line) and not (number and _QUOTE.match(short[number - 1])):
            yield _with_introduction(short, number)
        elif guesses < MOST_GUESSES and _may_begin(line):
            guesses += 1
            start = _introduced_at(short, number)
            if start is not None:
                yield start


def _may_begin(line: str) -> bool:
    patterns = (_HEADING, _RULE, _RULE_ALONE)
    return line.endswith((":", "：")) or any(pattern.match(line) for pattern in patterns)


def _introduced_at(short: list[str], number: int) -> int | None:
    """The line at which a quotation begins, if the line `number` ends an introduction or starts a heading."""
    if _RULE_ALONE.match(short[number]):
        return number
    if _is_heading(short, number):
        return _with_rule(short, number)
    if _RULE.match(short[number]) and any(_is_heading(short, below) for below in _next_lines(short, number)):
        return number
    for above in range(INTRODUCTION_LINES):
        start = number - above
        if start < 0 or (above and not short[start]):
            return None
        if _is_introduction(" ".join(short[start : number + 1])):
            return _with_date(short, start, number)
    return None


def _is_introduction(words: str) -> bool:
    """Whether these joined lines are like "On Monday, 2 March 2026 at 10:04, Anna wrote:"."""
    if not _ADDRESS_OR_DATE.search(words):
        return False
    if _ADDRESSED.search(words):
        return bool(_DATE.search(words))
    return bool(_MORE_INTRODUCTIONS.search(words) and len(words) < 300) or _library_knows(words)


def _is_heading(short: list[str], number: int) -> bool:
    """Whether "From: … Sent: … To: …" begins here: at least two such lines among the next few."""
    if not _HEADING.match(short[number]):
        return False
    here = [line for line in short[number : number + HEADING_LINES] if line]
    known = [line for line in here if _MORE_HEADINGS.match(line) or _heading_words().match(line)]
    return len(known) >= 2 and known[0] == here[0] and bool(_ADDRESS_OR_DATE.search(" ".join(known)))


def _with_introduction(short: list[str], number: int) -> int:
    """The first line of whatever introduces the quoted line `number`, in any language: it ends in a colon."""
    above = number - 1
    while above >= 0 and not short[above]:
        above -= 1
    if above >= 0 and _DATED_ADDRESS.match(short[above]):
        return above
    if above < 0 or not short[above].endswith((":", "：")):
        return number
    start = _with_date(short, above, above)
    return start if _ADDRESS_OR_DATE.search(" ".join(short[start : above + 1])) else number


def _with_date(short: list[str], start: int, end: int) -> int:
    """An introduction is often wrapped before the address: go up, within its paragraph, to the line with the date."""
    for first in range(start, max(-1, end - INTRODUCTION_LINES), -1):
        if not short[first]:
            break
        if _DATE.search(short[first]):
            # The date itself may be wrapped: then the address stands in the line above it.
            wrapped = "@" not in "".join(short[first : end + 1]) and first > 0 and "@" in short[first - 1]
            return first - 1 if wrapped else first
    return start


def _with_rule(short: list[str], number: int) -> int:
    above = number - 1
    while above >= 0 and not short[above]:
        above -= 1
    is_rule = above >= 0 and (_RULE.match(short[above]) or _LINE.match(short[above]))
    return above if is_rule else number


def _next_lines(short: list[str], number: int) -> list[int]:
    return [below for below in range(number + 1, min(number + 4, len(short))) if short[below]][:1]


def _is_quoted_to_the_end(lines: list[str], start: int) -> bool:
    """False where somebody has written between or below the quoted lines."""
    body = start
    while body < len(lines) and not _QUOTE.match(lines[body]):
        body += 1
    if body == len(lines) or body - start > HEADING_LINES + 2:
        return True  # quoted without marks: all that follows the introduction is the earlier mail
    below = [line for line in lines[body:] if line.strip() and not _QUOTE.match(line)]
    return not below or below[0].rstrip("\r\n") in {"-- ", "--"}


def _library_knows(words: str) -> bool:
    return bool(_library().search(words[:LONGEST_INTRODUCTION]))


@cache
def _library() -> re.Pattern[str]:
    pattern: re.Pattern[str] = EmailMessage(text="", languages=sorted(MAIL_LANGUAGES)).HEADER_REGEX
    return pattern


@cache
def _heading_words() -> re.Pattern[str]:
    """The words before the colons of a quoted heading, in every language that the library knows."""
    words = {
        word.strip()
        for language in MAIL_LANGUAGES.values()
        for group in re.findall(r"\(\?:([^():]*\|[^():]*)\):", str(language.get("from_header", "")))
        for word in group.split("|")
    }
    return re.compile(r"[>*\s]*(?:" + "|".join(sorted(filter(None, words))) + r")\s?:", re.IGNORECASE)
