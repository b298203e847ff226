"""`parameters.yaml`: named values with dates and sources, so that text and rule cannot disagree."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from goodword.engine.errors import NotFound
from goodword.engine.fields import Fields, Words, in_language, yaml_map
from goodword.engine.findings import Notes
from goodword.engine.settings import Settings
from goodword.engine.values import KINDS, coerce, to_plain
from goodword.engine.yaml_text import Map

FILE = "parameters.yaml"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value from a day on (None: since always). Money has one value per currency: {"EUR": 5000}."""

    since: date | None
    value: Any
    source: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named value, its values in order of their days. `is_promise`: a time that may bind the company."""

    code: str
    kind: str
    labels: Words
    values: tuple[DatedValue, ...]
    is_promise: bool = True
    file: str = FILE
    line: int = 0

    def label(self, language: str) -> str:
        """Its name in a language."""
        return in_language(self.labels, language, self.code)

    def on(self, day: date) -> DatedValue:
        """What is in force on a day. Raises NotFound before the first."""
        for dated in reversed(self.values):
            if dated.since is None or dated.since <= day:
                return dated
        raise NotFound(
            f"parameter `{self.code}` has no value on {day.isoformat()}; its first is from {self.values[0].since}. "
            f"Leave out `from:` in {self.file}:{self.values[0].line} if it has always held"
        )

    def value(self, day: date, currency: str) -> Any:
        """The value on a day; of money the one in `currency`. Raises NotFound."""
        value = self.on(day).value
        if not isinstance(value, Mapping):
            return value
        if currency not in value:
            raise NotFound(f"parameter `{self.code}` has no value in {currency} on {day.isoformat()}")
        return value[currency]


def epochs(parameters: Mapping[str, Parameter]) -> list[date]:
    """The days on which any parameter changes, in order: between two of them everything stays the same."""
    days = {dated.since for parameter in parameters.values() for dated in parameter.values if dated.since}
    return sorted(days)


def epoch_of(changes: list[date], day: date) -> int:
    """The number of the span between changes in which a day lies."""
    return bisect_right(changes, day)


def read_parameters(text: str, settings: Settings, notes: Notes) -> dict[str, Parameter]:
    """The parameters of a book; what is missing or wrong is noted."""
    top = Fields(yaml_map(text, FILE, notes), FILE, notes, "parameters")
    found = {}
    for code in top.source:
        fields = top.within(code, f"parameter `{code}`")
        if fields:
            fields.source.line = top.line(code)
            found[code] = _parameter(code, fields, settings)
    return found


def _parameter(code: str, fields: Fields, settings: Settings) -> Parameter:
    fields.only(("type", "label", "values", "value", "source", "note", "aim", "promise"))
    kind = fields.one_of("type", sorted(KINDS - {"list", "record", "choice", "action"}), "number")
    raw_values = fields.source.get("values")
    if "value" in fields.source:  # one undated value may stand without a list
        raw_values = [fields.source]
    if not isinstance(raw_values, list) or not raw_values:
        fields.error("values", "`values` should be a list of {from, value, source}")
        raw_values = []
    values = [dated for raw in raw_values if (dated := _dated(raw, kind, fields, settings))]
    values.sort(key=lambda dated: dated.since or date.min)
    for earlier, later in pairwise(values):
        if earlier.since == later.since:
            fields.error("values", f"two values from the same day {later.since}")
    is_promise = fields.flag("promise") or "promise" not in fields.source
    labels = fields.words("label", settings.languages[0])
    return Parameter(code, kind, labels, tuple(values), is_promise, line=fields.source.line)


def _dated(raw: Any, kind: str, fields: Fields, settings: Settings) -> DatedValue | None:
    if not isinstance(raw, Map) or "value" not in raw:
        fields.error("values", "each value is {from: 2026-01-01, value: 30, source: …}")
        return None
    inner = Fields(raw, fields.file, fields.notes, fields.what)
    try:
        value = _value(raw["value"], kind, settings)
    except ValueError as error:
        inner.error("value", f"the value {error}")
        return None
    return DatedValue(inner.day("from"), value, inner.text("source"), inner.line("value"))


def _value(raw: Any, kind: str, settings: Settings) -> Any:
    if kind == "money":
        amounts = raw if isinstance(raw, Map) else {settings.currency: raw}
        return {currency: coerce("money", amount) for currency, amount in amounts.items()}
    choices = {"role": settings.roles, "department": settings.departments}.get(kind)
    return coerce(kind, raw, choices)


def parameter_rules(parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """The parameters as plain values, for `rules_hash`."""
    return {
        code: [parameter.kind, [[to_plain(dated.since), to_plain(dated.value)] for dated in parameter.values]]
        for code, parameter in sorted(parameters.items())
    }
