"""A policy book, read from a folder or from text: everything the engine runs on, never changed afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from goodword.engine.compiled import CompiledTable
from goodword.engine.document import Document, read_document
from goodword.engine.errors import BookError, NotFound, near
from goodword.engine.feel import Scope, names_in
from goodword.engine.fields import Words, in_language
from goodword.engine.findings import Notes
from goodword.engine.floors import Floor, read_floors
from goodword.engine.parameters import Parameter, epoch_of, epochs, parameter_rules, read_parameters
from goodword.engine.policy import Policy, add_translation, read_policy
from goodword.engine.settings import Membership, Settings, read_settings
from goodword.engine.tables import DecisionTable, Names, build_decisions
from goodword.engine.vocabulary import Action, Fact, Output, Vocabulary, check_names, read_vocabulary, reads

if TYPE_CHECKING:
    from goodword.engine.decider import Decider, Plan

Thing = TypeVar("Thing")
FOLDERS = ("cases", "law")
CIRCUMSTANCES = ("agent.role", "today", "order.bought_on", "message.received_on")
SHARED_FILES = frozenset({"book.yaml", "facts.yaml", "parameters.yaml"})
MAX_FILE = 2_000_000


class Book:
    """A whole policy book. It is its own shelf: the same version for every day."""

    def __init__(
        self, files: Mapping[str, str], settings: Settings, vocabulary: Vocabulary, parameters: Mapping[str, Parameter]
    ) -> None:
        self.files = dict(files)
        self.settings, self.vocabulary, self.parameters = settings, vocabulary, parameters
        self.policies: dict[str, Policy] = {}
        self.floors: list[Floor] = []
        self._changes = epochs(parameters)
        self._compiled: dict[tuple[str, str, int, str], CompiledTable] = {}
        self._base: dict[str, tuple[str, ...]] = {}
        self.plans: dict[Any, Plan] = {}  # what `deciding` has made ready
        self.unproved_floors: dict[Any, Any] = {}  # by table and span of days; see `lifting`
        self.derivations: dict[Any, list[dict[str, Any]]] = {}  # what is derived from each value; see `joint`
        self.deciders: dict[Any, Decider] = {}  # by policy, days, role and the books that govern

    @property
    def name(self) -> str:
        """The company's name."""
        return self.settings.name

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages, the first one first."""
        return self.settings.languages

    @property
    def currency(self) -> str:
        """The currency that amounts are in when nothing else is said."""
        return self.settings.currency

    @property
    def time_zone(self) -> str:
        """The zone in which a day begins and ends."""
        return self.settings.time_zone

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles in rank order, lowest first."""
        return tuple(self.settings.roles)

    @property
    def departments(self) -> Mapping[str, Words]:
        """The departments with their names."""
        return self.settings.departments

    @property
    def hours(self) -> Mapping[str, Any]:
        """Working hours by channel, as written; see `hours.WorkingHours.from_book`."""
        return self.settings.hours

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """The associations the company belongs to."""
        return self.settings.memberships

    @property
    def mission(self) -> Words:
        """The company's mission per language."""
        return self.settings.mission

    @property
    def tagline(self) -> Words:
        """One line under the name, per language."""
        return self.settings.tagline

    @property
    def contact(self) -> Mapping[str, Any]:
        """How to reach the company."""
        return self.settings.contact

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts that tables may ask about."""
        return self.vocabulary.facts

    @property
    def outputs(self) -> Mapping[str, Output]:
        """The outputs that tables may give."""
        return self.vocabulary.outputs

    @property
    def actions(self) -> Mapping[str, Action]:
        """The actions that may follow a decision."""
        return self.vocabulary.actions

    def book_on(self, policy: str, day: date) -> Book:
        """The version in force on a day: a single book is in force always."""
        return self

    def policy(self, code: str) -> Policy:
        """The policy of this code. Raises NotFound."""
        return _find(self.policies, code, "policy")

    def document(self, code: str) -> Policy:
        """The policy of this code, or the page of law whose floor lifted a decision. Raises NotFound."""
        pages = {floor.page.code: floor.page for floor in self.floors}
        return _find({**pages, **self.policies}, code, "policy")

    def fact(self, code: str) -> Fact:
        """The fact of this code. Raises NotFound."""
        return _find(self.facts, code, "fact")

    def parameter(self, name: str, day: date, currency: str | None = None) -> Any:
        """A parameter's value on a day; money in `currency`, else in the book's. Raises NotFound."""
        return _find(self.parameters, name, "parameter").value(day, currency or self.currency)

    def question(self, code: str, language: str) -> str:
        """The question that asks for a fact, or for an output of an earlier decision. Raises NotFound."""
        named: dict[str, Fact | Output] = {**self.outputs, **self.facts}
        subject = _find(named, code, "fact or output")
        return subject.question(language) if isinstance(subject, Fact) else subject.label(language)

    def label(self, what: str, code: str, language: str) -> str:
        """The name of a fact, output, action, parameter, policy, role or department in a language. Raises NotFound.

        A choice is named by `value` and `fact.choice`: `book.label("value", "outcome.refuse", "da")`.
        """
        if what == "value":
            name, _, choice = code.partition(".")
            named: dict[str, Fact | Output] = {**self.outputs, **self.facts}
            subject = _find(named, name, "fact or output")
            return subject.value_label(choice, language)
        if what in ("role", "department"):
            words = self.settings.roles if what == "role" else self.settings.departments
            return in_language(_find(words, code, what), language, code)
        if what == "policy":
            return self.policy(code).title(language)
        groups: dict[str, Mapping[str, Any]] = {
            "fact": self.facts,
            "output": self.outputs,
            "action": self.actions,
            "parameter": self.parameters,
        }
        return str(_find(groups[what], code, what).label(language))

    def compiled(self, policy: str, decision: str, day: date, currency: str) -> CompiledTable:
        """A decision's table with the parameters of a day, compiled once per span of days. Raises NotFound."""
        key = (policy, decision, epoch_of(self._changes, day), currency)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = self.compile_table(self.table(policy, decision), day, currency)
        return found

    def compile_table(self, table: DecisionTable, day: date, currency: str) -> CompiledTable:
        """A table with the parameters of a day, compiled anew."""
        derived = self._derived(table)
        scope = self.scope(day, currency, self._parameters_of(table, derived))
        return CompiledTable(table, derived, scope, self.settings.precedence)

    def epoch(self, day: date) -> int:
        """The number of the span of days, between two changes of parameters or laws, in which a day lies."""
        return epoch_of(self._changes, day)

    @property
    def change_days(self) -> tuple[date, ...]:
        """The days on which parameters change or a law comes into force, in order."""
        return tuple(self._changes)

    def count_days(self) -> None:
        """Finds the days on which parameters change or a law comes into force."""
        self._changes = sorted({*epochs(self.parameters), *(floor.since for floor in self.floors if floor.since)})

    def inputs_of(self, fact: Fact) -> tuple[str, ...]:
        """What a derived fact reads directly, parameters apart."""
        names = {name.name for name in names_in(fact.formula)} if fact.formula else set()
        return tuple(sorted(names - set(self.parameters)))

    def table(self, policy: str, decision: str) -> DecisionTable:
        """The table of a decision. Raises NotFound."""
        return _find(self.policy(policy).decisions, decision, f"decision in the policy `{policy}`")

    def scope(self, day: date, currency: str, names: set[str] | None = None) -> Scope:
        """What names mean on a day, for expressions. `names` limits it to these parameters. Raises NotFound."""
        wanted = self.parameters if names is None else {name: self.parameters[name] for name in names}
        constants = {code: parameter.value(day, currency) for code, parameter in wanted.items()}
        return Scope(constants, {role: rank for rank, role in enumerate(self.roles)})

    def _parameters_of(self, table: DecisionTable, derived: list[Fact]) -> set[str]:
        formulas = {name.name for fact in derived if fact.formula for name in names_in(fact.formula)}
        return (table.names_used() | formulas) & set(self.parameters)

    def _derived(self, table: DecisionTable) -> list[Fact]:
        """The derived facts a table needs, each after those it is derived from."""
        needed = {name for column in table.columns for name in {column, *reads(column, self.vocabulary)}}
        derived = [self.facts[name] for name in needed if name in self.facts and self.facts[name].formula]
        return sorted(derived, key=lambda fact: (len(reads(fact.code, self.vocabulary)), fact.code))

    def base_facts(self, table: DecisionTable) -> tuple[str, ...]:
        """Every fact that the columns of a table are derived from."""
        found = self._base.get(table.code)
        if found is None:
            names = {name for column in table.columns for name in reads(column, self.vocabulary)}
            found = self._base[table.code] = tuple(sorted(names & set(self.facts)))
        return found

    @cached_property
    def circumstances(self) -> tuple[Fact, ...]:
        """The facts that the call itself may tell, or that may tell a governing day."""
        return tuple(fact for fact in self.facts.values() if fact.source in CIRCUMSTANCES)

    @cached_property
    def rules_hash(self) -> str:
        """SHA-256 over what decisions depend on: tables, parameters, vocabulary, settings; not over prose."""
        tables = [
            [policy.code, policy.governed_by, list(policy.then), [table.rules() for table in policy.decisions.values()]]
            for policy in sorted(self.policies.values(), key=lambda policy: policy.code)
        ]
        rules = [self.settings.rules(), self.vocabulary.rules(), parameter_rules(self.parameters), tables]
        rules += [floor.rules() for floor in self.floors]
        return _sha(json.dumps(rules, sort_keys=True, ensure_ascii=False, default=str))

    @cached_property
    def text_hash(self) -> str:
        """SHA-256 over the documents as written, in all languages."""
        documents = sorted((name, text) for name, text in self.files.items() if name.endswith(".md"))
        return _sha(json.dumps(documents, ensure_ascii=False))

    @cached_property
    def hash(self) -> str:
        """SHA-256 over rules and text: the name of this version."""
        return _sha(self.rules_hash + self.text_hash + json.dumps(sorted(self.files.items()), ensure_ascii=False))


def _find(group: Mapping[str, Thing], code: str, what: str) -> Thing:
    if code not in group:
        raise NotFound(f"no {what} `{code}`: {near(code, list(group))}")
    return group[code]


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read_files(path: str | Path) -> dict[str, str]:
    """The texts of a book folder by their path inside it. Raises BookError if there is none."""
    folder, notes = Path(path), Notes()
    if not (folder / "book.yaml").is_file():
        notes.error("folder", str(folder), 1, "this is no book: there is no book.yaml", "name the folder that holds it")
        raise BookError(notes.findings)
    files = {}
    for place in [folder, *(folder / name for name in FOLDERS)]:
        for file in sorted(place.glob("*")):
            if file.suffix in (".md", ".yaml") and file.is_file() and file.name != "README.md":
                files[file.relative_to(folder).as_posix()] = _read(file, folder, notes)
    if notes.findings:
        raise BookError(notes.findings)
    return files


def _read(file: Path, folder: Path, notes: Notes) -> str:
    name = file.relative_to(folder).as_posix()
    if file.stat().st_size > MAX_FILE:
        notes.error("file", name, 1, f"larger than {MAX_FILE // 1_000_000} MB")
        return ""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        notes.error("file", name, 1, "this is not UTF-8 text")
        return ""


def read_book(path: str | Path) -> Book:
    """The book in a folder. Raises BookError with findings if it cannot be run."""
    return parse_book(read_files(path))


def parse_book(files: Mapping[str, str]) -> Book:
    """The book made of texts by file name. Raises BookError with findings if it cannot be run."""
    notes = Notes()
    book = assemble(files, notes)
    if notes.errors:
        raise BookError(notes.sorted())
    return book


def assemble(files: Mapping[str, str], notes: Notes) -> Book:
    """As much of a book as can be read; everything wrong with it is noted. Only free of errors may it be run."""
    for name in ("book.yaml", "facts.yaml"):
        if name not in files:
            notes.error("file", name, 1, "this file is missing")
    settings = read_settings(files.get("book.yaml", ""), notes)
    parameters = read_parameters(files.get("parameters.yaml", ""), settings, notes)
    vocabulary = read_vocabulary(files.get("facts.yaml", ""), settings, notes)
    check_names(vocabulary, parameters, notes)
    book = Book(files, settings, vocabulary, parameters)
    _add_policies(book, notes)
    for policy in book.policies.values():
        policy.book = book
    if any(finding.code in ("yaml", "file") and finding.file in SHARED_FILES for finding in notes.errors):
        return book  # without its vocabulary every cell would look wrong
    names = Names(vocabulary, parameters)
    for policy in book.policies.values():
        policy.decisions = build_decisions(policy, names, notes)
    for policy in book.policies.values():
        _check_chain(policy, book, notes)
    book.floors = read_floors(book, names, notes)
    book.count_days()
    return book


def _add_policies(book: Book, notes: Notes) -> None:
    originals: list[Document] = []
    translations: list[tuple[str, str, Document]] = []
    for name in sorted(book.files):
        if "/" in name or not name.endswith(".md") or name == "README.md":
            continue
        document = read_document(book.files[name], name, notes)
        code, *language = name.removesuffix(".md").split(".")
        if not language:
            originals.append(document)
        elif len(language) == 1 and language[0] in book.languages[1:]:
            translations.append((code, language[0], document))
        else:
            hint = f"the book's languages are {', '.join(book.languages)}"
            notes.error("translation", name, 1, f"`{'.'.join(language)}` is no further language of the book", hint)
    for document in originals:
        policy = read_policy(document, book.languages[0], notes)
        book.policies[policy.code] = policy
    book.policies = dict(sorted(book.policies.items(), key=lambda item: (item[1].order, item[0])))
    for code, language_code, document in translations:
        if code in book.policies:
            add_translation(book.policies[code], document, language_code, notes)
        else:
            notes.error("translation", document.file, 1, f"there is no {code}.md that this could translate")


def chain_link(policy: str, link: str) -> tuple[str, str]:
    """A name in `then:` as (policy, decision): `refunds/authority`, or `authority` within the same policy."""
    other, slash, decision = link.partition("/")
    return (other, decision) if slash else (policy, link)


def _check_chain(policy: Policy, book: Book, notes: Notes) -> None:
    line = policy.front.line_of("then")
    for link in policy.then:
        code, decision = chain_link(policy.code, link)
        if code not in book.policies:
            notes.error(
                "then", policy.file, line, f"`then: {link}`: no policy `{code}`", near(code, list(book.policies))
            )
        elif decision not in book.policies[code].decisions:
            known = list(book.policies[code].decisions)
            notes.error(
                "then", policy.file, line, f"`then: {link}`: `{code}` decides no `{decision}`", near(decision, known)
            )
