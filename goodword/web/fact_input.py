"""What an agent types or clicks for a fact, read as the value the desk keeps."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from goodword.engine.vocabulary import Fact
from goodword.lib.errors import Invalid

NUMBERS = {"number", "days", "percent", "hours", "minutes"}


def read_fact(fact: Fact, text: str) -> Any:
    """The plain value of `text` for `fact`: money in smallest units, a day as ISO text. Raises Invalid."""
    text = text.strip()
    if fact.kind == "yes/no":
        return _yes_or_no(text)
    if fact.kind == "choice" and text not in fact.values:
        raise Invalid(_("That is not one of the answers offered."), field="value")
    if fact.kind == "money":
        return read_cents(text)
    if fact.kind in NUMBERS:
        return _number(text)
    if not text:
        raise Invalid(_("The answer is empty."), field="value")
    return text


def read_cents(text: str) -> int:
    """An amount typed with a comma or a point, in the currency's smallest unit. Raises Invalid."""
    return int((_decimal(text) * 100).to_integral_value())


def read_percent(text: str) -> Any:
    """A percentage as a number, with or without its sign. Raises Invalid."""
    return _number(text.replace("%", ""))


def _yes_or_no(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise Invalid(_("The answer must be yes or no."), field="value")
    return text == "yes"


def _number(text: str) -> Any:
    number = _decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)


def _decimal(text: str) -> Decimal:
    plain = text.replace(" ", "").replace(" ", "")
    if "," in plain:  # 1.899,00 as Danes write it, or 1,899.00 as the English do: the last sign is the decimal one
        thousands, point = (",", ".") if plain.rfind(".") > plain.rfind(",") else (".", ",")
        plain = plain.replace(thousands, "").replace(point, ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise Invalid(_("“%(text)s” is not a number.") % {"text": text}, field="value") from None
    if not number.is_finite():
        raise Invalid(_("“%(text)s” is not a number.") % {"text": text}, field="value")
    return number
