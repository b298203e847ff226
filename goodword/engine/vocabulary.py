"""`facts.yaml`: the words a table may use (facts and outputs) and the actions that may follow a decision."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import partial
from typing import Any, Final, TypeVar

from goodword.engine.errors import ExpressionError, near
from goodword.engine.feel import Node, names_in, parse_expression
from goodword.engine.feel.functions import FUNCTIONS
from goodword.engine.feel.kinds import fits, in_words, kind_of
from goodword.engine.fields import Fields, Words, in_language, yaml_map
from goodword.engine.findings import Notes
from goodword.engine.settings import Settings
from goodword.engine.values import CHOICES, KINDS, NUMERIC, WHOLE, coerce, round_half_up, to_plain

FILE = "facts.yaml"
RESERVED: Final = frozenset(
    {"yes", "no", "true", "false", "null", "not", "and", "or", "if", "then", "else", "in", "item"}
)
FACT_KEYS = (
    "type",
    "values",
    "label",
    "question",
    "told",
    "source",
    "from",
    "range",
    "whole",
    "verified",
    "protected",
    "may_use",
    "reason",
    "note",
    "of",
)
Lists = Mapping[str, Mapping[str, Words]]
Thing = TypeVar("Thing")
SOURCES: Final = (
    "ask", "today",
    "line.category", "line.price", "line.made_to_measure", "line.sealed", "line.batch", "line.quantity", "line.name",
    "line.sku",
    "order.number", "order.bought_on", "order.delivered_on", "order.dispatched_on", "order.promised_on", "order.state",
    "order.channel", "order.country", "order.total",
    "delivery.window_start", "delivery.window_end", "delivery.carrier", "delivery.warehouse", "delivery.state",
    "delivery.loaded",
    "person.since", "person.purchases_last_year", "person.country", "person.verified", "person.first_name_permitted",
    "message.received_on", "message.channel", "message.language",
    "agent.role", "agent.budget_left", "contact.waited_minutes",
    "correction.direction", "correction.told_on", "correction.days_since_told",
)  # fmt: skip
DEFAULT_RANGES: Final = {"money": (0, None), "percent": (0, None), "time": (time.min, time(23, 59, 59))}
SAFE_PURPOSES: Final = ("routing", "wording")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a rule may ask about. `formula` makes it a derived fact; `low` and `high` are its range."""

    code: str
    kind: str
    labels: Words = field(default_factory=dict)
    questions: Words = field(default_factory=dict)
    values: Mapping[str, Words] = field(default_factory=dict)
    low: Any = None
    high: Any = None
    whole: bool = False
    source: str = "ask"
    formula: Node | None = None
    formula_text: str = ""
    verified: bool = False
    protected: bool = False
    may_use: tuple[str, ...] = ()
    reason: str = ""
    element: str = ""
    told: Mapping[str, Words] = field(default_factory=dict)
    file: str = FILE
    line: int = 0

    def label(self, language: str) -> str:
        """Its name in a language."""
        return in_language(self.labels, language, self.code)

    @property
    def formula_on_a_line(self) -> str:
        """Its formula as messages show it, however many lines it has in the file."""
        return " ".join(self.formula_text.split())

    def sentence(self, value: Any, shown: str, language: str) -> str:
        """What is so, as the book tells it: "The seal has been broken"; empty where it has no words for it."""
        key = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
        words = self.told.get(key if isinstance(key, str) and key in self.told else "", {})
        return words.get(language, "").replace("{value}", shown)

    def question(self, language: str) -> str:
        """The question that a person can answer."""
        return in_language(self.questions, language, self.label(language))

    def value_label(self, value: Any, language: str) -> str:
        """A choice in words."""
        return in_language(self.values.get(value, {}), language, str(value))

    def rules(self) -> list[Any]:
        """What decisions depend on, as plain values (for `rules_hash`)."""
        bounds = [to_plain(self.low), to_plain(self.high), self.whole]
        return [self.kind, list(self.values), *bounds, self.source, self.formula_text, self.verified, self.protected]

    def settle(self, computed: Any) -> Any:
        """A computed value as one of this kind: money is rounded half up. Raises ExpressionError."""
        if self.kind == "money":
            return round_half_up(computed)
        try:
            return coerce(self.kind, computed, self.values or None)
        except ValueError as error:
            raise ExpressionError(f"fact `{self.code}` {error}") from None


@dataclass(frozen=True, slots=True)
class Output:
    """Something a rule may answer. An annotation explains and does not make two rules differ."""

    code: str
    kind: str
    element: str = ""
    values: Mapping[str, Words] = field(default_factory=dict)
    labels: Words = field(default_factory=dict)
    annotation: bool = False
    purpose: str = ""
    file: str = FILE
    line: int = 0

    def label(self, language: str) -> str:
        """Its name in a language."""
        return in_language(self.labels, language, self.code)

    def value_label(self, value: Any, language: str) -> str:
        """A choice in words."""
        return in_language(self.values.get(value, {}), language, str(value))


@dataclass(frozen=True, slots=True)
class Action:
    """Something to be done after a decision: by which department, and due by which parameter."""

    code: str
    labels: Words = field(default_factory=dict)
    department: str = ""
    due: str = ""
    done_say: str = ""
    unit: str = ""
    file: str = FILE
    line: int = 0

    def label(self, language: str) -> str:
        """Its name in a language."""
        return in_language(self.labels, language, self.code)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Facts, outputs and actions by code."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    outputs: Mapping[str, Output] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)

    def kinds(self, parameters: Mapping[str, Any]) -> dict[str, str]:
        """The kind of every name an expression may use."""
        named = {**self.outputs, **self.facts, **parameters}
        return {code: thing.kind for code, thing in named.items()}

    def rules(self) -> dict[str, Any]:
        """What decisions depend on, as plain values (for `rules_hash`)."""
        outputs = {
            code: [out.kind, out.element, list(out.values), out.annotation]
            for code, out in sorted(self.outputs.items())
        }
        actions = {code: [action.department, action.due, action.unit] for code, action in sorted(self.actions.items())}
        return {
            "facts": {code: fact.rules() for code, fact in sorted(self.facts.items())},
            "outputs": outputs,
            "actions": actions,
        }


def read_vocabulary(text: str, settings: Settings, notes: Notes) -> Vocabulary:
    """The vocabulary of a book; what is missing or wrong is noted."""
    top = Fields(yaml_map(text, FILE, notes), FILE, notes, "vocabulary")
    top.only(("facts", "outputs", "actions"))
    actions = _each(top, "actions", "action", settings, _action)
    lists = {"role": settings.roles, "department": settings.departments, "action": {a: {} for a in actions}}
    facts = _each(top, "facts", "fact", settings, partial(_fact, lists))
    outputs = _each(top, "outputs", "output", settings, partial(_output, lists))
    return Vocabulary(facts, outputs, actions)


def _each(
    top: Fields, key: str, what: str, settings: Settings, build: Callable[[str, Fields, Settings], Thing]
) -> dict[str, Thing]:
    group = Fields(top.inner(key), FILE, top.notes, key)
    found = {}
    for code in group.source:
        fields = group.within(code, f"{what} `{code}`")
        if fields:
            fields.source.line = group.line(code)
            found[code] = build(code, fields, settings)
    return found


def _action(code: str, fields: Fields, settings: Settings) -> Action:
    fields.only(("label", "department", "due", "done_say", "unit", "note"))
    department = fields.text("department")
    if department and department not in settings.departments:
        fields.error("department", f"unknown department `{department}`", near(department, list(settings.departments)))
    return Action(
        code,
        fields.words("label", settings.languages[0]),
        department,
        fields.text("due"),
        fields.text("done_say"),
        fields.text("unit"),
        line=fields.source.line,
    )


def _values(fields: Fields, kind: str, settings: Settings, lists: Lists) -> Mapping[str, Words]:
    if kind in lists:
        return lists[kind]
    values = fields.codes("values", settings.languages[0])
    if kind == "choice" and not values:
        fields.error("values", "a choice needs its `values`")
    return values


def _fact(lists: Lists, code: str, fields: Fields, settings: Settings) -> Fact:
    fields.only(FACT_KEYS)
    kind = fields.one_of("type", sorted(KINDS), "text")
    low, high = _range(fields, kind)
    formula_text = fields.text("from")
    return Fact(
        code,
        kind,
        fields.words("label", settings.languages[0]),
        fields.words("question", settings.languages[0]),
        _values(fields, kind, settings, lists),
        low,
        high,
        kind in WHOLE or fields.flag("whole"),
        fields.text("source", "ask"),
        _formula(fields, formula_text),
        formula_text,
        fields.flag("verified"),
        fields.flag("protected"),
        _may_use(fields),
        fields.text("reason"),
        fields.text("of"),
        _told(fields, kind, settings),
        line=fields.source.line,
    )


def _told(fields: Fields, kind: str, settings: Settings) -> dict[str, Words]:
    """The sentences that tell the fact: one for each choice, or one with `{value}` for whatever is measured."""
    if "told" not in fields.source:
        return {}
    if kind in CHOICES or kind == "yes/no":
        return dict(fields.codes("told", settings.languages[0]))
    words = fields.words("told", settings.languages[0])
    for language, text in words.items():
        if "{value}" not in text:
            fields.error("told", f"`told` in `{language}` should hold {{value}}, where the value goes")
    return {"": words}


def _formula(fields: Fields, text: str) -> Node | None:
    if not text:
        return None
    try:
        return parse_expression(text)
    except ExpressionError as error:
        fields.error("from", f"{error}")
        return None


def _range(fields: Fields, kind: str) -> tuple[Any, Any]:
    raw = fields.source.get("range")
    if raw is None:
        return DEFAULT_RANGES.get(kind, (None, None))
    if not isinstance(raw, list) or len(raw) != 2 or kind not in NUMERIC | {"date", "datetime", "time", "duration"}:
        fields.error("range", "`range` is [lowest, highest] of a number, date, time or duration")
        return None, None
    try:
        low, high = (None if end is None else coerce(kind, end) for end in raw)
    except ValueError as error:
        fields.error("range", f"`range` {error}")
        return None, None
    if low is not None and high is not None and low > high:
        fields.error("range", f"`range` begins after it ends: {low} to {high}")
    return low, high


def _may_use(fields: Fields) -> tuple[str, ...]:
    raw = fields.source.get("may_use")
    purposes = tuple(map(str, raw.values())) if isinstance(raw, dict) else fields.texts("may_use")
    for purpose in purposes:
        if purpose not in SAFE_PURPOSES:
            fields.error("may_use", f"`{purpose}` is no purpose a protected fact may serve", "routing or wording")
    if purposes and not fields.text("reason"):
        fields.error("may_use", "a protected fact that may be used needs a `reason`")
    return purposes


def _output(lists: Lists, code: str, fields: Fields, settings: Settings) -> Output:
    fields.only(("type", "values", "label", "of", "annotation", "purpose", "note"))
    kind = fields.one_of("type", sorted(KINDS), "text")
    element = {"actions": "action", "roles": "role", "departments": "department"}.get(
        fields.text("of"), fields.text("of")
    )
    if kind == "list" and element not in KINDS - {"list"}:
        fields.error("of", f"a list is `of: actions` or of a type, not of `{element}`")
        element = "text"
    return Output(
        code,
        kind,
        element,
        _values(fields, element or kind, settings, lists) if kind in CHOICES | {"list"} else {},
        fields.words("label", settings.languages[0]),
        fields.flag("annotation"),
        fields.text("purpose"),
        line=fields.source.line,
    )


def check_names(vocabulary: Vocabulary, parameters: Mapping[str, Any], notes: Notes) -> None:
    """One name means one thing; derived facts use known names, fit their kind, and do not go in circles."""
    seen: dict[str, str] = {}
    groups = (("parameter", parameters), ("fact", vocabulary.facts), ("output", vocabulary.outputs))
    for what, group in groups:
        for code, thing in group.items():
            if code in RESERVED or code in FUNCTIONS or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", code):
                notes.error(
                    "name",
                    thing.file,
                    thing.line,
                    f"{what} `{code}`: not a name that expressions can use",
                    "letters, digits and _ only, and not a word of the expression language",
                )
            if code in seen:
                notes.error(
                    "name", thing.file, thing.line, f"{what} `{code}`: there is already a {seen[code]} of this name"
                )
            seen[code] = what
    kinds = vocabulary.kinds(parameters)
    for fact in vocabulary.facts.values():
        _check_formula(fact, kinds, vocabulary, notes)


def _check_formula(fact: Fact, kinds: Mapping[str, str], vocabulary: Vocabulary, notes: Notes) -> None:
    if fact.formula is None:
        return
    try:
        kind = kind_of(fact.formula, kinds)
    except ExpressionError as error:
        notes.error("formula", fact.file, fact.line, f"fact `{fact.code}`: {error} (in `{fact.formula_on_a_line}`)")
        return
    if not fits(fact.kind, kind):
        message = f"fact `{fact.code}` is {in_words(fact.kind)}, but `{fact.formula_on_a_line}` gives {in_words(kind)}"
        notes.error("formula", fact.file, fact.line, message)
    if fact.code in reads(fact.code, vocabulary):
        notes.error("circle", fact.file, fact.line, f"fact `{fact.code}` is derived from itself")


def reads(code: str, vocabulary: Vocabulary) -> set[str]:
    """Every name that a derived fact depends on, directly or through others; itself only in a circle."""
    return set(reads_in_order(code, vocabulary))


def reads_in_order(code: str, vocabulary: Vocabulary) -> list[str]:
    """What `reads` gives, in the order in which the formulas name it."""
    found: dict[str, None] = {}
    waiting = [code]
    while waiting:
        fact = vocabulary.facts.get(waiting.pop())
        if fact is None or fact.formula is None:
            continue
        inner = [name.name for name in names_in(fact.formula) if name.name not in found]
        found.update(dict.fromkeys(inner))
        waiting += reversed(list(dict.fromkeys(inner)))
    return list(found)
