"""`book.yaml`: what holds for the whole book (languages, currency, roles, departments, working hours)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from goodword.engine.fields import Fields, Words, yaml_map
from goodword.engine.findings import Notes
from goodword.engine.hours import read_week
from goodword.engine.values import to_plain
from goodword.engine.yaml_text import Map

FILE = "book.yaml"
KNOWN = (
    "name",
    "tagline",
    "mission",
    "languages",
    "currency",
    "time_zone",
    "country",
    "holidays",
    "hours",
    "roles",
    "departments",
    "memberships",
    "precedence",
    "contact",
    "access",
)
ACCESS = ("all", "team")


@dataclass(frozen=True, slots=True)
class Membership:
    """An association or scheme the company belongs to, shown on public pages and in mail footers."""

    name: str
    url: str = ""
    text: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """What `book.yaml` says. `roles` are in rank order, lowest first; `precedence` strictest outcome first."""

    name: str = ""
    tagline: Words = field(default_factory=dict)
    mission: Words = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)
    currency: str = "EUR"
    time_zone: str = "UTC"
    country: str = ""
    roles: Mapping[str, Words] = field(default_factory=dict)
    departments: Mapping[str, Words] = field(default_factory=dict)
    memberships: tuple[Membership, ...] = ()
    precedence: tuple[str, ...] = ("refuse", "approve", "allow")
    contact: Mapping[str, Any] = field(default_factory=dict)
    access: str = "all"
    hours: Mapping[str, Any] = field(default_factory=dict)
    holidays: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def rules(self) -> dict[str, Any]:
        """The part that decisions and deadlines depend on, as plain values (for `rules_hash`)."""
        return {
            "currency": self.currency,
            "time_zone": self.time_zone,
            "country": self.country,
            "roles": list(self.roles),
            "departments": list(self.departments),
            "precedence": list(self.precedence),
            "hours": to_plain(self.hours),
            "holidays": to_plain(self.holidays),
        }


def read_settings(text: str, notes: Notes) -> Settings:
    """The settings of a book; what is missing or wrong is noted."""
    fields = Fields(yaml_map(text, FILE, notes), FILE, notes, "the book")
    fields.only(KNOWN)
    languages = fields.texts("languages") or ("en",)
    first = languages[0]
    return Settings(
        name=fields.required("name"),
        tagline=fields.words("tagline", first),
        mission=fields.words("mission", first),
        languages=languages,
        currency=_currency(fields),
        time_zone=_time_zone(fields),
        country=fields.text("country") or fields.inner("holidays").get("country") or "",
        roles=fields.codes("roles", first),
        departments=fields.codes("departments", first),
        memberships=_memberships(fields, first),
        precedence=fields.texts("precedence") or ("refuse", "approve", "allow"),
        contact=dict(fields.inner("contact")),
        access=_access(fields),
        hours=_hours(fields),
        holidays=_holidays(fields),
        lines=dict(fields.source.lines),
    )


def _access(fields: Fields) -> str:
    """Who sees a customer's history: every agent, or the team that answers her."""
    access = fields.text("access", "all")
    if access not in ACCESS:
        fields.error("access", f"`{access}` is no kind of access", "one of: " + ", ".join(ACCESS))
        return "all"
    return access


def _currency(fields: Fields) -> str:
    code = fields.text("currency", "EUR")
    if not (len(code) == 3 and code.isupper()):
        fields.error("currency", f"`{code}` is no currency code", "three capital letters, like EUR or DKK")
    return code


def _time_zone(fields: Fields) -> str:
    zone = fields.text("time_zone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fields.error("time_zone", f"`{zone}` is no time zone", "like Europe/Copenhagen")
        return "UTC"
    return zone


def _hours(fields: Fields) -> Mapping[str, Any]:
    hours = fields.inner("hours")
    for channel, week in hours.items():
        try:
            read_week(week if isinstance(week, Mapping) else {})
        except ValueError as error:
            fields.notes.error("hours", fields.file, hours.line_of(channel), f"hours of `{channel}`: {error}")
            return {}
    return hours


def _holidays(fields: Fields) -> Mapping[str, Any]:
    holidays = fields.inner("holidays")
    extra = holidays.get("extra") or []
    if not isinstance(extra, list) or not all(
        isinstance(item, Map) and isinstance(item.get("on"), date) for item in extra
    ):
        message = "the book: each extra holiday is {on: 2026-12-24, name: …}"
        fields.notes.error("hours", fields.file, holidays.line_of("extra"), message)
        return {"country": holidays.get("country")}
    return holidays


def _memberships(fields: Fields, first: str) -> tuple[Membership, ...]:
    found = []
    for item in fields.source.get("memberships") or ():
        if not isinstance(item, dict):
            fields.error("memberships", "each membership is `{name: …, url: …}`")
            continue
        inner = Fields(item, fields.file, fields.notes, "membership")  # type: ignore[arg-type]  # YAML maps are Map
        found.append(Membership(inner.required("name"), inner.text("url"), inner.words("text", first)))
    return tuple(found)
