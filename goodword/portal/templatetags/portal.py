"""Addresses that keep the reader's language, and dates as her language writes them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from babel.core import Locale
from babel.localedata import exists
from django import template
from django.urls import reverse

from goodword import engine
from goodword.portal.moments import moment_for
from goodword.portal.reader import Reader

register = template.Library()


@register.simple_tag(takes_context=True)
def page(context: dict[str, Any], name: str, *parts: str, **asked: Any) -> str:
    """The address of a page of this door; `?language=` goes along if the reader chose one."""
    reader: Reader = context["reader"]
    query = {key: value for key, value in asked.items() if value}
    if reader.chosen:
        query["language"] = reader.chosen
    address = reverse(f"portal:{name}", args=parts)
    return f"{address}?{urlencode(query)}" if query else address


@register.simple_tag(takes_context=True)
def here_in(context: dict[str, Any], language: str) -> str:
    """The address of this very page in another language; everything else it was asked stays."""
    query = {key: value for key, value in context["request"].GET.items() if key != "language"}
    return f"?{urlencode({**query, 'language': language})}"


@register.filter
def language_name(code: str) -> str:
    """A language by its own name: "English", "Dansk"."""
    name = Locale.parse(code).display_name if exists(code) else code
    return (name or code)[:1].upper() + (name or code)[1:]


@register.simple_tag(takes_context=True)
def day(context: dict[str, Any], value: date | None) -> str:
    """A day in full, like "1 December 2026" or "1. december 2026"; nothing for None."""
    return engine.format_date(value, context["reader"].language) if value else ""


@register.simple_tag(takes_context=True)
def moment(context: dict[str, Any], value: datetime | None) -> str:
    """A moment in the company's time with its weekday; nothing for None."""
    return moment_for(context["reader"], value) if value else ""


@register.simple_tag(takes_context=True)
def in_words(context: dict[str, Any], words: Mapping[str, str] | str | None) -> str:
    """A text of book.yaml in the reader's language, or in the first there is; nothing if the book has none."""
    if isinstance(words, Mapping):
        return str(words.get(context["reader"].language) or next(iter(words.values()), ""))
    return str(words or "")
