"""What stands in a handbook and in which order: numbered chapters and clauses, rules in words, the numbers, the law."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from goodword.engine.book import Book
from goodword.engine.document import PLACEHOLDER
from goodword.engine.errors import NotFound
from goodword.engine.fields import in_language
from goodword.engine.policy import Clause, Policy
from goodword.engine.publish import says_in
from goodword.engine.render.cells import Cells, format_percent
from goodword.engine.render.wording import wording
from goodword.engine.tables import DecisionTable, Row
from goodword.engine.words import fill, format_date, format_kind

Audience = Literal["public", "staff"]
VERSION_LETTERS = 8  # enough of the hash to name a version in a letter


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in words: what must hold, what it gives, and which rules it is an exception to."""

    number: str
    when: list[tuple[str, str]]
    then: list[tuple[str, str]]
    exception_to: list[str]


@dataclass(frozen=True, slots=True)
class Part:
    """A clause as it is printed. `level` is 1 under the chapter, 2 under that, and so on; prose is Markdown."""

    number: str
    anchor: str
    heading: str
    level: int
    prose: str
    staff_only: bool
    rules: list[Rule] = field(default_factory=list)
    says: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A policy as it is printed."""

    number: str
    code: str
    title: str
    summary: str
    intro: str
    since: date | None
    review_by: date | None
    owner: str
    staff_only: bool
    parts: list[Part]

    def standing(self, language: str) -> str:
        """Since when it holds, when it is reviewed and who keeps it, in one line."""
        words = wording(language)
        known = [
            words.chapter_facts.format(since=format_date(self.since, language)) if self.since else "",
            words.review_by.format(day=format_date(self.review_by, language)) if self.review_by else "",
            words.owner.format(owner=self.owner) if self.owner else "",
        ]
        return " · ".join(filter(None, known))


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter: its name, its value on the day, and what it changes to later."""

    label: str
    value: str
    later: list[tuple[date, str]]
    source: str

    def changes(self, language: str) -> list[str]:
        """What it changes to later, each as a sentence's end."""
        words = wording(language)
        return [words.from_then_on.format(day=format_date(day, language), value=value) for day, value in self.later]


@dataclass(frozen=True, slots=True)
class LawPage:
    """A floor's page, in the language it was written in."""

    title: str
    language: str
    source: str
    prose: str


@dataclass(frozen=True, slots=True)
class Handbook:
    """Everything a handbook says, in one language, as of one day, for one audience."""

    name: str
    tagline: str
    mission: str
    language: str
    day: date
    version: str
    audience: Audience
    chapters: list[Chapter]
    figures: list[Figure]
    law: list[LawPage]
    contact: list[str]
    memberships: list[tuple[str, str, str]]

    @property
    def stamp(self) -> str:
        """The day and the version, as they stand on every page."""
        words = wording(self.language)
        day = words.as_of.format(day=format_date(self.day, self.language))
        return f"{day} · {words.version.format(version=self.version)}"

    @property
    def anchors(self) -> frozenset[str]:
        """Every place a link can lead to: `returns` and `returns#hygiene`."""
        parts = {part.anchor for chapter in self.chapters for part in chapter.parts}
        return frozenset(parts | {chapter.code for chapter in self.chapters})


def handbook(book: Book, language: str, day: date, audience: Audience = "public") -> Handbook:
    """The whole book in a language, as of a day. The public reads no staff clauses, drafts, rules or law pages.

    Raises NotFound if the book is not written in this language.
    """
    _check_language(book, language)
    policies = sorted(book.policies.values(), key=lambda policy: (policy.order, policy.code))
    shown = [policy for policy in policies if _is_shown(policy, audience)]
    chapters = [_chapter(policy, str(place), (language, day, audience)) for place, policy in enumerate(shown, start=1)]
    for_staff = audience == "staff"
    return _bound(book, language, day, audience, chapters, for_staff)


def single_policy(book: Book, code: str, language: str, day: date, audience: Audience = "public") -> Handbook:
    """One policy alone, as a leaflet. Raises NotFound for a policy or language the book has not, or does not show."""
    _check_language(book, language)
    policy = book.policy(code)
    if not _is_shown(policy, audience):
        why = "is a draft; publish it first" if policy.status != "published" else "is for staff; print it --for staff"
        raise NotFound(f"the policy `{code}` {why}")
    return _bound(book, language, day, audience, [_chapter(policy, "", (language, day, audience))], for_staff=False)


def _check_language(book: Book, language: str) -> None:
    if language not in book.languages:
        raise NotFound(f"the book is not written in `{language}`; it has {', '.join(book.languages)}")


def _bound(
    book: Book, language: str, day: date, audience: Audience, chapters: list[Chapter], for_staff: bool
) -> Handbook:
    return Handbook(
        book.name,
        in_language(book.tagline, language),
        in_language(book.mission, language),
        language,
        day,
        book.hash[:VERSION_LETTERS],
        audience,
        chapters,
        list(_figures(book, language, day)) if for_staff else [],
        list(_law(book)) if for_staff else [],
        [str(value) for value in book.contact.values() if value],
        [(one.name, in_language(one.text, language), one.url) for one in book.memberships],
    )


def _is_shown(thing: Policy | Clause, audience: Audience) -> bool:
    return thing.status == "published" and (audience == "staff" or thing.audience == "public")


def _chapter(policy: Policy, number: str, when: tuple[str, date, Audience]) -> Chapter:
    language, day, audience = when
    clauses = [clause for clause in policy.clauses.values() if _is_shown(clause, audience)]
    parts = [_part(clause, place, when) for clause, place in zip(clauses, _places(clauses, number), strict=True)]
    return Chapter(
        number,
        policy.code,
        policy.title(language),
        policy.summary(language),
        _filled(_book(policy), policy.intro(language), language, day),
        policy.valid_from,
        policy.review_by,
        policy.owner if audience == "staff" else "",
        policy.audience == "staff",
        parts,
    )


def _places(clauses: list[Clause], number: str) -> Iterator[str]:
    """The numbers of clauses: 3.1, 3.2, 3.2.1 by the levels of their headings."""
    counts: list[int] = []
    for clause in clauses:
        depth = max(clause.level - 1, 1)
        counts = [*counts[:depth], *([0] * (depth - len(counts)))]
        counts[depth - 1] += 1
        yield ".".join([number, *map(str, counts)] if number else map(str, counts))


def _part(clause: Clause, number: str, when: tuple[str, date, Audience]) -> Part:
    language, day, audience = when
    book = _book(clause.of)
    rules, says = [], []
    if audience == "staff":
        rules = _rules(clause, Cells(book, day, language))
        words = clause.of.text(language).says
        for name in says_in(clause, language):
            text = _named(_filled(book, words[name].text, language, day), book, language)
            says.append((_occasion(book, name, language), text))
    return Part(
        number,
        clause.anchor,
        clause.heading(language),
        max(clause.level - 1, 1),
        _filled(book, clause.markdown(language), language, day),
        clause.audience == "staff",
        rules,
        says,
    )


def _rules(clause: Clause, cells: Cells) -> list[Rule]:
    tables = [table for table in clause.of.decisions.values() if table.name == clause.decides]
    return [
        Rule(row.ref.row, cells.when(row), cells.then(row), _beaten(row, table, clause, cells.language))
        for table in tables
        for row in table.rows
        if row.ref.clause == clause.id
    ]


def _beaten(row: Row, table: DecisionTable, clause: Clause, language: str) -> list[str]:
    """The rules that a rule is an exception to: by number in its own clause, by the clause's heading elsewhere."""
    names: dict[str, None] = {}
    for place in row.beats:
        ref = table.rows[place].ref
        other = clause.of.clauses.get(ref.clause)
        names[ref.row if other is None or other.id == clause.id else f"“{other.heading(language)}”"] = None
    return list(names)


def _occasion(book: Book, name: str, language: str) -> str:
    """When a say block is said: its reason, its action when done, the question it asks; else its own name."""
    reasons, action, fact = book.outputs.get("reason"), name.removesuffix("-done"), name.removeprefix("ask-")
    if reasons and name in reasons.values:
        return reasons.value_label(name, language)
    if action != name and action in book.actions:
        return wording(language).done.format(action=book.label("action", action, language))
    if fact.replace("-", "_") in book.facts and fact != name:
        return book.question(fact.replace("-", "_"), language)
    return name.replace("-", " ")


def _filled(book: Book, markdown: str, language: str, day: date) -> str:
    try:
        return fill(markdown, book, language, {}, day)
    except NotFound:
        return markdown  # a day before a parameter's first value: better its name than no page


def _named(text: str, book: Book, language: str) -> str:
    """Placeholders that only a real case fills, by the name of what will stand there."""

    def name(found: re.Match[str]) -> str:
        code = found[1]
        for what, group in (("fact", book.facts), ("output", book.outputs)):
            if code in group:
                return f"*‹{book.label(what, code, language)}›*"
        return f"*‹{wording(language).desk.get(code, code.replace('_', ' '))}›*"

    return PLACEHOLDER.sub(name, text)


def _figures(book: Book, language: str, day: date) -> Iterator[Figure]:
    for parameter in book.parameters.values():
        later = [
            (dated.since, _amounts(parameter.kind, dated.value, book, language))
            for dated in parameter.values
            if dated.since and dated.since > day
        ]
        try:
            now = parameter.on(day)
        except NotFound:
            yield Figure(parameter.label(language), "–", later, "")
        else:
            value = _amounts(parameter.kind, now.value, book, language)
            yield Figure(parameter.label(language), value, later, now.source)


def _amounts(kind: str, value: Any, book: Book, language: str) -> str:
    """A parameter's value in words; money in each currency it has one in."""
    if kind == "percent":
        return format_percent(value, language)
    if kind in ("role", "department"):
        return book.label(kind, value, language)
    amounts = value if isinstance(value, Mapping) else {book.currency: value}
    return " · ".join(format_kind(kind, amount, language, currency=code) for code, amount in amounts.items())


def _law(book: Book) -> Iterator[LawPage]:
    seen: dict[str, None] = {}
    for floor in book.floors:
        if floor.page.code in seen:
            continue
        seen[floor.page.code] = None
        language = next(iter(floor.page.texts))
        clauses = floor.page.clauses.values()
        said = [f"**{clause.heading(language)}.** {clause.markdown(language)}" for clause in clauses]
        prose = "\n\n".join([floor.page.intro(language), *said])
        yield LawPage(floor.page.title(language), language, f"{floor.source}, {floor.source_date}", prose)


def _book(policy: Policy) -> Book:
    if policy.book is None:
        raise NotFound(f"the policy `{policy.code}` does not belong to a book")
    return policy.book
