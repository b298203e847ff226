"""A policy: what the reader sees of one document in every language, and what the desk runs on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from goodword.engine.document import Document, Say, Section
from goodword.engine.errors import near
from goodword.engine.fields import Fields
from goodword.engine.findings import Notes
from goodword.engine.yaml_text import Map

if TYPE_CHECKING:
    from goodword.engine.book import Book
    from goodword.engine.tables import DecisionTable

FRONT_KEYS = (
    "policy",
    "title",
    "summary",
    "valid_from",
    "review_by",
    "audience",
    "status",
    "governed_by",
    "owner",
    "recognise",
    "order",
    "then",
    "translates",
    "note",
)
CLAUSE_KEYS = (
    "disclose", "decides", "overrides", "audience", "status", "kind", "may_use", "because", "promise", "note",
)  # fmt: skip
Kind = Literal["statement", "procedure", "rule"]


@dataclass(frozen=True, slots=True)
class PolicyText:
    """One language of a policy."""

    language: str
    file: str
    title: str
    summary: str
    recognise: tuple[str, ...]
    translates: str
    intro: Section
    sections: Mapping[str, Section]
    says: Mapping[str, Say]

    @property
    def hash(self) -> str:
        """Twelve hex digits that change with title, prose or words: what a translation says it `translates`."""
        parts = [self.title, self.summary, self.intro.markdown, *(s.title + s.markdown for s in self.sections.values())]
        parts += [say.text for say in self.says.values()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered part of a policy. `overrides` names clauses (or rows, `hygiene:2`) that its rules beat."""

    id: str
    policy: str
    level: int
    kind: Kind
    audience: str
    status: str
    disclose: tuple[str, ...]
    decides: str
    overrides: tuple[str, ...]
    may_use: tuple[str, ...]
    because: str
    file: str
    line: int
    texts: dict[str, Section] = field(repr=False, compare=False)
    of: Policy = field(repr=False, compare=False)

    @property
    def anchor(self) -> str:
        """How other policies and stored decisions name it: `returns#hygiene`."""
        return f"{self.policy}#{self.id}"

    def section(self, language: str) -> Section:
        """Its text in a language, or in the book's first."""
        return self.texts.get(language) or next(iter(self.texts.values()))

    def heading(self, language: str) -> str:
        """Its heading in a language."""
        return self.section(language).title

    def markdown(self, language: str) -> str:
        """Its prose in a language, without tables and say blocks; placeholders stand as they are."""
        return self.section(language).markdown

    def steps(self, language: str) -> list[str]:
        """The steps of a procedure, as Markdown; empty for other clauses."""
        return list(self.section(language).steps) if self.kind == "procedure" else []

    def html(self, language: str, day: date) -> str:
        """Its prose as HTML with the parameters of a day filled in; see `publish.clause_html`."""
        from goodword.engine.publish import clause_html  # a policy does not need Markdown to be run

        return clause_html(self, language, day)


@dataclass(slots=True)
class Policy:
    """A policy in all its languages. `decisions` are its tables, by the name of what they decide."""

    code: str
    file: str
    texts: dict[str, PolicyText]
    valid_from: date | None = None
    review_by: date | None = None
    audience: str = "public"
    status: str = "published"
    governed_by: str = "contact"
    owner: str = ""
    order: int = 1000
    then: tuple[str, ...] = ()
    clauses: dict[str, Clause] = field(default_factory=dict)
    decisions: dict[str, DecisionTable] = field(default_factory=dict)
    front: Map = field(default_factory=Map, repr=False)
    book: Book | None = field(default=None, repr=False, compare=False)  # set when the book is put together

    def text(self, language: str) -> PolicyText:
        """The policy in a language, or in the book's first."""
        return self.texts.get(language) or next(iter(self.texts.values()))

    def title(self, language: str) -> str:
        """Its title in a language."""
        return self.text(language).title

    def summary(self, language: str) -> str:
        """One sentence on what it promises."""
        return self.text(language).summary

    def recognise(self, language: str) -> tuple[str, ...]:
        """The words by which a message is first guessed to be about it."""
        return self.texts[language].recognise if language in self.texts else ()

    def intro(self, language: str) -> str:
        """What stands before its first clause, as Markdown."""
        return self.text(language).intro.markdown

    @property
    def primary(self) -> str | None:
        """The decision that is meant when only the policy is named."""
        return "outcome" if "outcome" in self.decisions else next(iter(self.decisions), None)

    def html(self, language: str, day: date, *, anchors: bool = True, audience: str = "public") -> str:
        """The whole policy as HTML; see `publish.policy_html`."""
        from goodword.engine.publish import policy_html

        return policy_html(self, language, day, anchors=anchors, audience=audience)


def read_policy(document: Document, language: str, notes: Notes) -> Policy:
    """The policy in its first language, as far as it can be read without the vocabulary."""
    front = Fields(document.front, document.file, notes, "the front matter")
    front.only(FRONT_KEYS)
    stem = document.file.rsplit("/", 1)[-1].split(".")[0]
    code = front.text("policy", stem)
    if code != stem:
        front.error("policy", f"the policy is called `{code}`, its file `{stem}`", "give both the same name")
        code = stem
    policy = Policy(
        code,
        document.file,
        {language: read_text(document, front, language)},
        front.day("valid_from"),
        front.day("review_by"),
        front.one_of("audience", ("public", "staff"), "public"),
        front.one_of("status", ("published", "draft"), "published"),
        front.one_of("governed_by", ("purchase", "contact", "today"), "contact"),
        front.text("owner"),
        _order(front),
        front.texts("then"),
        front=document.front,
    )
    front.required("title")
    if policy.valid_from is None and "valid_from" not in document.front:
        front.error("valid_from", "`valid_from` is missing", "the day from which the policy holds, like 2026-12-01")
    for section in document.sections:
        add_clause(policy, section, language, notes)
    return policy


def add_translation(policy: Policy, document: Document, language: str, notes: Notes) -> None:
    """Joins a translated document to its policy: only prose and say blocks, under the same clause ids."""
    front = Fields(document.front, document.file, notes, "the front matter")
    front.only(FRONT_KEYS)
    front.required("title")
    policy.texts[language] = read_text(document, front, language)
    for section in document.sections:
        if not section.id:
            notes.error(
                "clause", section.file, section.line, f"`{section.title}` has no id", "write <!-- #its-id --> under it"
            )
        elif section.id not in policy.clauses:
            message = f"clause `{section.id}` is not in {policy.file}"
            notes.error("translation", section.file, section.line, message, near(section.id, list(policy.clauses)))
        else:
            policy.clauses[section.id].texts[language] = section
        if section.tables:
            line = section.tables[0].line
            notes.error(
                "translation",
                section.file,
                line,
                "a translation has no decision tables",
                f"they stand in {policy.file}",
            )


def _order(front: Fields) -> int:
    value = front.source.get("order", 1000)
    if isinstance(value, int):
        return value
    front.error("order", "`order` should be a whole number: the place in the handbook")
    return 1000


def read_text(document: Document, front: Fields, language: str) -> PolicyText:
    """One language of a document."""
    return PolicyText(
        language,
        document.file,
        front.text("title"),
        front.text("summary"),
        front.texts("recognise"),
        front.text("translates")
        if not isinstance(front.source.get("translates"), date)
        else str(front.source["translates"]),
        document.intro,
        {section.id: section for section in document.sections if section.id},
        document.says,
    )


def add_clause(policy: Policy, section: Section, language: str, notes: Notes) -> None:
    """Adds what stands under a heading to its policy."""
    if not section.id:
        hint = "write <!-- #its-id --> directly under the heading"
        notes.error("clause", section.file, section.line, f"the clause `{section.title}` has no id", hint)
        if not section.tables:
            return
        section.id = re.sub(r"\W+", "-", section.title.lower()).strip("-") or "clause"
    if section.id in policy.clauses:
        notes.error("clause", section.file, section.line, f"there is already a clause `{section.id}` in this policy")
        return
    fields = Fields(section.keys, section.file, notes, f"clause `{section.id}`")
    fields.only(CLAUSE_KEYS)
    derived = "rule" if section.tables else "procedure" if section.steps else "statement"
    kind = fields.one_of("kind", ("statement", "procedure", "rule"), derived)
    raw = section.keys.get("may_use")
    may_use = tuple(map(str, raw)) if isinstance(raw, dict) else fields.texts("may_use")
    policy.clauses[section.id] = Clause(
        section.id,
        policy.code,
        section.level,
        kind,  # type: ignore[arg-type]  # one_of keeps to the three words
        fields.one_of("audience", ("public", "staff"), policy.audience),
        fields.one_of("status", ("published", "draft"), policy.status),
        fields.texts("disclose"),
        fields.text("decides", "outcome"),
        fields.texts("overrides"),
        may_use,
        fields.text("because"),
        section.file,
        section.line,
        {language: section},
        policy,
    )
