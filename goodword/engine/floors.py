"""Floors: what a law makes the least that a customer must get (`law/*.md`). A book may give more, never less.

Every rule of a floor that holds makes its demand; all demands count together. No page of law here is legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from goodword.engine.compiled import CompiledTable, bits
from goodword.engine.document import read_document
from goodword.engine.errors import near
from goodword.engine.feel.syntax import Compare, ListOf, Literal, Tests
from goodword.engine.fields import Fields
from goodword.engine.findings import Notes
from goodword.engine.policy import Policy, add_clause, read_text
from goodword.engine.tables import DecisionTable, Names, RuleRef, build_decisions

if TYPE_CHECKING:
    from goodword.engine.book import Book

FOLDER = "law/"
FRONT_KEYS = (
    "law", "title", "summary", "source", "source_date", "looked_up_on", "floor_for", "countries", "country",
    "in_force_from", "at_most", "note",
)  # fmt: skip
COUNTRY_SOURCES = ("order.country", "person.country")


@dataclass(frozen=True, slots=True)
class Floor:
    """One table of a law page: the least that `policy/decision` must give, in some countries, from a day on."""

    page: Policy
    table: DecisionTable
    policy: str
    decision: str
    source: str
    source_date: str
    countries: tuple[str, ...]
    since: date | None
    at_most: frozenset[str] = field(default_factory=frozenset)

    def holds_on(self, day: date) -> bool:
        """Whether the law was in force on a day."""
        return self.since is None or self.since <= day

    def compiled(self, book: Book, day: date, currency: str) -> CompiledTable:
        """Its table with the parameters of a day."""
        return book.compile_table(self.table, day, currency)

    def demands(self, compiled: CompiledTable, mask: int) -> list[tuple[RuleRef, Mapping[str, Any]]]:
        """What the rules of `mask` demand, exceptions taken into account."""
        return [(self.table.rows[place].ref, compiled.outputs[place]) for place in bits(compiled.winners(mask))]

    def fallen_short(
        self, outputs: Mapping[str, Any], demand: Mapping[str, Any], precedence: Sequence[str]
    ) -> list[str]:
        """The outputs that give a customer less than a demand."""
        return [
            name
            for name, least in demand.items()
            if not self.table.outputs[name].annotation and not self._enough(name, outputs.get(name), least, precedence)
        ]

    def _enough(self, name: str, given: Any, least: Any, precedence: Sequence[str]) -> bool:
        if given is None:
            return least in (0, ())
        if name == "outcome" and least in precedence and given in precedence:
            return precedence.index(given) >= precedence.index(least)
        if isinstance(least, tuple):
            return set(least) <= set(given)
        if isinstance(least, str | bool):
            return bool(given == least)
        return bool(given <= least if name in self.at_most else given >= least)

    def rules(self) -> list[Any]:
        """What decisions depend on, as plain values."""
        return [
            self.policy, self.decision, self.table.rules(), list(self.countries), str(self.since), sorted(self.at_most)
        ]  # fmt: skip


def read_floors(book: Book, names: Names, notes: Notes) -> list[Floor]:
    """The floors of a book: every table in `law/*.md`."""
    found = []
    for name in sorted(book.files):
        if name.startswith(FOLDER) and name.endswith(".md") and not name.endswith("README.md"):
            found += _page(book, name, names, notes)
    return found


def _page(book: Book, name: str, names: Names, notes: Notes) -> list[Floor]:
    own = Notes()
    document = read_document(book.files[name], name, own)
    if not any(section.tables for section in document.sections):
        return []  # a page to read, in whatever form
    notes.findings += own.findings
    front = Fields(document.front, name, notes, "the front matter")
    front.only(FRONT_KEYS)
    language = book.languages[0]
    code = name.removeprefix(FOLDER).removesuffix(".md").split(".")[0]
    page = Policy(code, name, {language: read_text(document, front, language)}, front=document.front)
    for section in document.sections:
        add_clause(page, section, language, notes)
    policy = _target(book, front, notes)
    for key in ("source", "source_date", "looked_up_on"):
        if not document.front.get(key):
            front.error(key, f"a floor needs its `{key}`", "name the article and the day, so that anybody can check it")
    if policy is None:
        return []
    page.decisions = build_decisions(page, names, notes)
    countries = front.texts("countries")
    floors = []
    for decision, table in page.decisions.items():
        wanted = policy.primary if decision == "outcome" and "outcome" not in policy.decisions else decision
        if wanted not in policy.decisions:
            front.error("floor_for", f"`{policy.code}` decides no `{decision}`", near(decision, list(policy.decisions)))
            continue
        _outputs_known(table, policy.decisions[wanted], notes)
        if _in_countries(book, table, countries, front.text("country")):
            since = front.day("in_force_from")
            at_most = frozenset(front.texts("at_most"))
            source, dated = front.text("source"), str(document.front.get("source_date", ""))
            floors.append(Floor(page, table, policy.code, wanted, source, dated, countries, since, at_most))
    return floors


def _target(book: Book, front: Fields, notes: Notes) -> Policy | None:
    code = front.text("floor_for")
    if code in book.policies:
        return book.policies[code]
    front.error("floor_for", f"`floor_for` names no policy of this book: `{code}`", near(code, list(book.policies)))
    return None


def _outputs_known(floor: DecisionTable, table: DecisionTable, notes: Notes) -> None:
    for name in floor.outputs:
        if name not in table.outputs and not floor.outputs[name].annotation:
            message = f"the floor demands `{name}`, which `{table.code}` never gives"
            notes.error("floor", floor.file, floor.line, message, near(name, list(table.outputs)))


def _in_countries(book: Book, table: DecisionTable, countries: tuple[str, ...], named: str) -> bool:
    """Limits a floor to its countries, by the fact that tells the country; whether it can hold for this book at all.

    A book without such a fact sells in its own country only.
    """
    if not countries:
        return True
    found = [fact for source in COUNTRY_SOURCES for fact in book.facts.values() if fact.source == source]
    subject = book.facts.get(named) or next(iter(found), None)
    if subject is None:
        return book.settings.country in countries
    held = [code for code in countries if not subject.values or code in subject.values]
    if not held:
        return False
    items = tuple(Literal(code, "choice" if subject.values else "text") for code in held)
    text = ", ".join(f'"{code}"' for code in held)
    test = Tests((Compare("=", ListOf(items)),))
    for place, row in enumerate(table.rows):
        if subject.code not in row.tests:
            table.rows[place] = replace(
                row,
                tests={subject.code: test, **row.tests},
                test_texts={subject.code: text, **row.test_texts},
            )
            table.columns = {subject.code: subject, **table.columns}
    return True


__all__ = ["Floor", "read_floors"]
