"""Amounts of money as prose writes them: `150 kr.`, `DKK 1,500`, `Rp 50.000`, `€ 20,50`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

# What prose writes for a currency, besides its three letters; several currencies may share a mark.
MARKS: Mapping[str, frozenset[str]] = {
    "kr": frozenset({"DKK", "SEK", "NOK", "ISK"}),
    "kroner": frozenset({"DKK", "NOK"}),
    "€": frozenset({"EUR"}),
    "euro": frozenset({"EUR"}),
    "euros": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "$": frozenset({"USD", "AUD", "CAD", "NZD", "SGD"}),
    "Rp": frozenset({"IDR"}),
    "rupiah": frozenset({"IDR"}),
    "RM": frozenset({"MYR"}),
    "ringgit": frozenset({"MYR"}),
    "₺": frozenset({"TRY"}),
    "TL": frozenset({"TRY"}),
    "lira": frozenset({"TRY"}),
}
_DIGITS = r"\d+(?:[.,'\u00a0\u202f]\d{3})*(?:[.,]\d{1,2}(?!\d))?"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as it stands in a line, its number, and the currencies that may be meant."""

    text: str
    number: Decimal
    currencies: frozenset[str]


def amounts_in(row: str, currencies: Iterable[str]) -> Iterator[Amount]:
    """The amounts of a line that are in one of the `currencies`."""
    known = frozenset(currencies)
    if not known:
        return
    for found in _pattern(known).finditer(row):
        mark = (found["before"] or found["after"]).rstrip(".")
        meant = next((MARKS[name] for name in MARKS if name.lower() == mark.lower()), frozenset({mark})) & known
        if meant:
            yield Amount(found[0].strip(), _number(found["first"] or found["second"]), meant)


@lru_cache(maxsize=8)
def _pattern(currencies: frozenset[str]) -> re.Pattern[str]:
    names = [mark for mark, meant in MARKS.items() if meant & currencies] + sorted(currencies)
    words = "|".join(re.escape(name) + (r"(?![^\W\d])\.?" if name[-1].isalpha() else "") for name in names)
    return re.compile(
        rf"(?<![\w.,])(?P<before>{words})\s?(?P<first>{_DIGITS})(?![\w])"
        rf"|(?<![\w.,])(?P<second>{_DIGITS})(?:,-)?\s?(?P<after>{words})",
        re.IGNORECASE,
    )


def _number(text: str) -> Decimal:
    """A number with marks between thousands and before the fraction, whichever of the two forms it has.

    >>> _number("50.000"), _number("1.500,50"), _number("1,500.5"), _number("20")
    (Decimal('50000'), Decimal('1500.50'), Decimal('1500.5'), Decimal('20'))
    """
    whole, fraction = text, ""
    if (parted := re.search(r"[.,](\d{1,2})$", text)) is not None:
        whole, fraction = text[: parted.start()], parted[1]
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{fraction or 0}").quantize(Decimal(1).scaleb(-len(fraction)))


def smallest_units(number: Decimal, currency: str) -> int | Decimal:
    """An amount in the smallest unit of its currency, as parameters keep it."""
    from babel.numbers import get_currency_precision  # only a book with amounts in its prose needs it

    return number.scaleb(get_currency_precision(currency))
