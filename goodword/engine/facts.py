"""Facts as they come from outside: JSON, cases, the desk. Every value is checked once, here."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from goodword.engine.errors import FactError, near
from goodword.engine.values import Money, coerce

if TYPE_CHECKING:
    from goodword.engine.book import Book


def facts_from_json(book: Book, data: Mapping[str, Any]) -> dict[str, Any]:
    """Facts (and outputs of earlier decisions) by name, as values of their kinds; null means unknown and is left out.

    Raises FactError that names the fact, what it should be, and what was probably meant.
    """
    if not isinstance(data, Mapping):
        raise FactError('facts are `name: value` pairs, like {"opened": true}')
    facts = {}
    for code, raw in data.items():
        subject = book.facts.get(code) or book.outputs.get(code)
        if subject is None:
            raise FactError(f"unknown fact `{code}`: {near(code, [*book.facts, *book.outputs])}")
        if raw is None:
            continue
        try:
            facts[code] = _value(subject.kind, raw, subject.values or None)
        except ValueError as error:
            raise FactError(f"fact `{code}` {error}") from None
    return facts


def _value(kind: str, raw: Any, values: Mapping[str, Any] | None) -> Any:
    if kind == "money":
        return _money(raw)
    if kind in ("list", "record"):
        return coerce(kind, _exact(raw))
    return coerce(kind, raw, values)


def _exact(raw: Any) -> Any:
    """What stands inside lists and records, with exact fractions and lists that cannot change."""
    if isinstance(raw, float):
        return Decimal(str(raw))
    if isinstance(raw, Mapping):
        return {name: _exact(item) for name, item in raw.items()}
    return tuple(_exact(item) for item in raw) if isinstance(raw, list | tuple) else raw


def _money(raw: Any) -> int | Money:
    if isinstance(raw, Mapping):
        amount, currency = raw.get("amount"), raw.get("currency")
        if not isinstance(amount, int) or not isinstance(currency, str):
            raise ValueError('should be {"amount": 49900, "currency": "DKK"}, in the smallest unit')
        return Money(amount, currency)
    if isinstance(raw, Money):
        return raw
    amount = coerce("money", raw)
    assert isinstance(amount, int)
    return amount


def one_currency(facts: Mapping[str, Any], default: str) -> tuple[dict[str, Any], str]:
    """The known facts, amounts as plain integers, and the currency of all. Raises FactError when they differ."""
    plain = {code: value for code, value in facts.items() if value is not None}
    currency: str | None = None
    for code, value in facts.items():
        if isinstance(value, Money):
            if currency not in (None, value.currency):
                raise FactError(
                    f"fact `{code}` is in {value.currency}, another amount in {currency}: nothing is converted"
                )
            currency = value.currency
            plain[code] = value.cents
    return plain, currency or default
