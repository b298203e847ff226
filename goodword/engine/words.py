"""Values and whole sentences in a language's own form: dates, money, numbers (by Babel), choices, say blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from goodword.engine.document import PLACEHOLDER
from goodword.engine.errors import MissingWords, NotFound, near
from goodword.engine.languages import phrases
from goodword.engine.values import CHOICES, NUMERIC, Money, coerce

if TYPE_CHECKING:
    from goodword.engine.book import Book


def say(book: Book, policy: str, name: str, language: str, values: Mapping[str, Any], day: date) -> str:
    """A say block with its placeholders filled: from `values`, else from the parameters in force on `day`.

    Raises NotFound for a block that is not in the policy, MissingWords with every placeholder that has no value.
    """
    text = book.policy(policy).text(language)
    block = text.says.get(name)
    if block is None:
        raise NotFound(f"{text.file} has no say block `{name}`: {near(name, list(text.says))}")
    missing = [
        code
        for code in dict.fromkeys(PLACEHOLDER.findall(block.text))
        if values.get(code) is None and code not in book.parameters
    ]
    if missing:
        raise MissingWords(f"{text.file}:{block.line}: say block `{name}`", missing)
    return fill(block.text, book, language, values, day)


def fill(text: str, book: Book, language: str, values: Mapping[str, Any], day: date) -> str:
    """`text` with every placeholder that has a value filled in; the others stay as they are."""

    def value(found: Any) -> str:
        code = found[1]
        if values.get(code) is not None:
            return format_value(book, code, values[code], language)
        if code in book.parameters:
            currency = _currency_of(values) or book.currency
            amount = book.parameter(code, day, currency)
            return format_kind(book.parameters[code].kind, amount, language, currency=currency)
        return str(found[0])

    return PLACEHOLDER.sub(value, text)


def _currency_of(values: Mapping[str, Any]) -> str | None:
    return next((value.currency for value in values.values() if isinstance(value, Money)), None)


def format_value(book: Book, name: str, value: Any, language: str) -> str:
    """The value of a fact, output or parameter as one reads it: 49900 -> "499,00 kr."; units are the prose's."""
    subject: Any = book.facts.get(name) or book.outputs.get(name) or book.parameters.get(name)
    if value is None:
        return ""
    if subject is None:
        return format_plain(value, language, book.time_zone)
    kind, values = subject.kind, getattr(subject, "values", {})
    if kind == "list" and isinstance(value, list | tuple):
        return join([_choice(book, subject.element, values, item, language) for item in value], language)
    if isinstance(value, list | tuple):  # what a C table has collected
        return join([format_value(book, name, item, language) for item in value], language)
    if kind in CHOICES:
        return _choice(book, kind, values, value, language)
    return format_kind(kind, value, language, currency=book.currency, time_zone=book.time_zone)


def tell(book: Book, name: str, value: Any, language: str, currency: str = "") -> str:
    """A fact or output and its value: the book's own sentence, or its name and value. Without a full stop."""
    subject: Any = book.facts.get(name) or book.outputs[name]
    is_money = subject.kind == "money" and not isinstance(value, list | tuple)
    shown = (
        format_kind("money", value, language, currency=currency or book.currency)
        if is_money
        else format_value(book, name, value, language)
    )
    sentence: str = subject.sentence(value, shown, language) if hasattr(subject, "sentence") else ""
    return sentence or phrases(language).condition.format(label=subject.label(language), value=shown)


def _choice(book: Book, kind: str, values: Mapping[str, Any], value: Any, language: str) -> str:
    if kind in ("role", "department", "action"):
        try:
            return book.label(kind, value, language)
        except NotFound:
            return str(value)
    words: Mapping[str, str] = values.get(value, {}) if isinstance(values, Mapping) else {}
    return words.get(language) or next(iter(words.values()), str(value))


def join(items: list[str], language: str, style: str = "standard") -> str:
    """ "a, b and c" in the language's own form; style "or" for a choice.

    >>> join(["a", "b", "c"], "da")
    'a, b og c'
    """
    from babel.lists import format_list

    return format_list(items, style=style, locale=language) if items else ""  # type: ignore[arg-type]


def format_kind(kind: str, value: Any, language: str, *, currency: str = "EUR", time_zone: str = "UTC") -> str:
    """A value of a kind as one reads it. Dates and fractions may be given as `to_plain` writes them.

    >>> format_kind("yes/no", True, "da"), format_kind("number", Decimal("1234.5"), "da")
    ('ja', '1.234,5')
    """
    if isinstance(value, str) and kind not in CHOICES | {"text"}:
        value = coerce(kind, value)
    if kind == "yes/no":
        return phrases(language).yes if value else phrases(language).no
    if kind == "money":
        return format_money(value if isinstance(value, Money) else Money(int(value), currency), language)
    return (
        format_plain(value, language, time_zone)
        if kind in NUMERIC | {"date", "datetime", "time", "duration"}
        else str(value)
    )


# In running text Turkish writes the letters after the number: "1.234,50 TL". CLDR has the sign of a price tag.
_MONEY = {"tr": "#,##0.00\xa0¤"}
# Nobody in Indonesia writes the hundredths that ISO 4217 gives the rupiah.
_WITHOUT_CENTS = ("IDR",)


def format_money(money: Money, language: str) -> str:
    """An amount with its currency.

    >>> format_money(Money(49900, "DKK"), "da").replace("\\xa0", " ")
    '499,00 kr.'
    """
    from babel.core import Locale
    from babel.numbers import format_currency, get_currency_precision

    amount = Decimal(money.cents).scaleb(-get_currency_precision(money.currency))
    pattern = _MONEY.get(language) or Locale.parse(language).currency_formats["standard"].pattern
    whole = money.currency in _WITHOUT_CENTS and amount == amount.to_integral_value()
    pattern = pattern.replace(".00", "") if whole else pattern
    words = format_currency(amount, money.currency, pattern, locale=language, currency_digits=not whole)
    # CLDR sets a space between a currency's letters and the digits; Babel's English pattern has none.
    words = re.sub(r"(?<=[A-Za-z])(?=\d)", "\xa0", words)
    return words.replace("₺", "TL") if language == "tr" else words


def format_date(day: date, language: str) -> str:
    """A day as one writes it in a letter.

    >>> format_date(date(2026, 12, 24), "da"), format_date(date(2026, 12, 24), "en")
    ('24. december 2026', '24 December 2026')
    """
    from babel import dates

    return dates.format_date(day, "long", locale=_locale(language))


def _locale(language: str) -> str:
    """English dates are written the way most of the world reads them: day, month, year."""
    return "en_GB" if language == "en" else language


def format_plain(value: Any, language: str, time_zone: str = "UTC") -> str:
    """A value by what it is in Python, where no kind is known."""
    if isinstance(value, bool):
        return phrases(language).yes if value else phrases(language).no
    if isinstance(value, Money):
        return format_money(value, language)
    if isinstance(value, datetime):
        from babel import dates

        local = value.astimezone(ZoneInfo(time_zone)) if value.tzinfo else value
        clock = dates.format_time(local, "short", locale=_locale(language))
        return f"{format_date(local.date(), language)}, {clock}"
    if isinstance(value, date):
        return format_date(value, language)
    if isinstance(value, time):
        from babel import dates

        return dates.format_time(value, "short", locale=_locale(language))
    if isinstance(value, timedelta):
        from babel import dates

        return dates.format_timedelta(value, locale=language, threshold=1.5)
    if isinstance(value, int | Decimal):
        from babel.numbers import format_decimal

        return format_decimal(value, locale=language)
    return (
        join([format_plain(item, language) for item in value], language)
        if isinstance(value, list | tuple)
        else str(value)
    )
