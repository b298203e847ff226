"""Deciding: facts in, through the chain of tables, to one answer, one question, or an honest gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Protocol

from goodword.engine.book import Book, chain_link
from goodword.engine.boundary import Boundary, find_boundary
from goodword.engine.columns import Column
from goodword.engine.compiled import Answer, CompiledTable
from goodword.engine.decision import ASK, DECIDED, GAP, Decision, TableUse
from goodword.engine.errors import ExpressionError, FactError, NotFound
from goodword.engine.facts import one_currency
from goodword.engine.feel import Scope, missing_names
from goodword.engine.sweep import Budget, OverBudget, can_matter, left_open, reachable
from goodword.engine.tables import RuleRef
from goodword.engine.values import UNKNOWN

STEPS = 200_000
DAY_SOURCES = {"purchase": "order.bought_on", "contact": "message.received_on", "today": "today"}
ROLE_SOURCE = "agent.role"


class Shelf(Protocol):
    """Books by day: which version of the book was in force for a policy on a day."""

    def book_on(self, policy: str, day: date) -> Book:
        """The book in force. Raises NotFound if there was none."""
        ...


Days = Mapping[str, date] | date


@dataclass(slots=True)
class _Case:
    """One decision in the making."""

    shelf: Shelf
    policy: str
    known: dict[str, Any]
    days: dict[str, date]
    currency: str
    role: str | None
    given: Mapping[str, Any]
    produced: set[str] = field(default_factory=set)  # outputs that tables before this one may give
    outputs: dict[str, Any] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)
    fired: list[RuleRef] = field(default_factory=list)
    overridden: list[RuleRef] = field(default_factory=list)
    tables: list[TableUse] = field(default_factory=list)
    decisive: tuple[CompiledTable, dict[str, Any], str, str] | None = None  # the table that set the outcome

    def finish(self, status: str, question: str | None = None, still_open: tuple[str, ...] = ()) -> Decision:
        return Decision(
            self.policy,
            status,
            self.outputs,
            question,
            still_open,
            tuple(self.fired),
            tuple(self.overridden),
            self.used,
            tuple(self.tables),
            self.days,
            self.currency,
            self.role,
            self.given,
            partial(find_boundary, *self.decisive) if self.decisive and status == DECIDED else None,
        )


def decide(shelf: Shelf, policy: str, facts: Mapping[str, Any], days: Days, *, role: str | None = None) -> Decision:
    """Decides a situation by a policy and the decisions that follow it (`then:`).

    `policy` may name one decision, `refunds/authority`. `days` are the days by what governs ("purchase", "contact",
    "today"), or one for all. A day that is not given is taken from the fact with that source. Raises NotFound for a
    policy or decision that is not there, FactError for impossible facts, NotUnique where two rules clash.
    """
    code, _, decision = policy.partition("/")
    given = {"today": days, "contact": days, "purchase": days} if isinstance(days, date) else dict(days)
    book = shelf.book_on(code, given.get("today") or max(given.values(), default=date.min))
    known, currency = one_currency(facts, book.currency)
    _add_circumstances(book, known, given, role)
    case = _Case(shelf, code, known, given, currency, role, facts)
    found = book.policy(code)
    first = decision or found.primary
    if first is None:
        raise NotFound(f"the policy `{code}` has no decision table")
    links = [(code, first)] if decision else [(code, first), *(chain_link(code, link) for link in found.then)]
    for link in links:
        stopped = _take(case, *link)
        if stopped:
            return stopped
    return case.finish(DECIDED)


def ask(shelf: Shelf, policy: str, facts: Mapping[str, Any], days: Days, *, role: str | None = None) -> str | None:
    """The one fact that settles most; None when everything is decided, or the book has no rule for it."""
    return decide(shelf, policy, facts, days, role=role).question


def nearest_boundary(shelf: Shelf, policy: str, facts: Mapping[str, Any], days: Days) -> Boundary | None:
    """The value of a fact nearest to this situation at which the outcome would be another one."""
    return decide(shelf, policy, facts, days).boundary


def _add_circumstances(book: Book, known: dict[str, Any], days: dict[str, date], role: str | None) -> None:
    """Facts that the call itself tells (today, the agent's role), and days that a fact tells."""
    for fact in book.facts.values():
        if fact.source == ROLE_SOURCE and role and fact.code not in known:
            known[fact.code] = role
        elif fact.source == "today" and "today" in days and fact.code not in known:
            known[fact.code] = days["today"]
        elif fact.kind == "date" and isinstance(known.get(fact.code), date):
            for name, source in DAY_SOURCES.items():
                if fact.source == source:
                    days.setdefault(name, known[fact.code])


def _take(case: _Case, policy: str, decision: str) -> Decision | None:
    """Reads one table of the chain; returns the decision if it ends here."""
    day = _governing_day(case, policy)
    if isinstance(day, str):
        return case.finish(ASK, day, (day,))
    book = case.shelf.book_on(policy, day)
    compiled = book.compiled(policy, decision, day, case.currency)
    case.tables.append(TableUse(decision, policy, day, book.rules_hash))
    derive(compiled, case.known)
    mask, unknown = _mask(case, book, compiled)
    _note_used(case, book, compiled)
    answer = compiled.answer(mask) if not unknown else _only_answer(compiled, mask, unknown)
    if answer is None:
        return _ask(case, book, compiled, mask, unknown)
    if answer.clash:
        raise compiled.clash(answer)
    if answer.outputs is None:
        return case.finish(GAP)
    _merge(case, book, compiled, answer)
    return None


def _governing_day(case: _Case, policy: str) -> date | str:
    """The day whose book decides, or the fact to ask for when nobody knows it."""
    latest = case.days.get("today") or max(case.days.values(), default=date.min)
    book = case.shelf.book_on(policy, latest)
    governed_by = book.policy(policy).governed_by
    if governed_by in case.days:
        return case.days[governed_by]
    for fact in book.facts.values():
        if fact.source == DAY_SOURCES[governed_by]:
            return fact.code
    return case.days.get("contact") or latest


def derive(compiled: CompiledTable, known: dict[str, Any]) -> None:
    """Adds the derived facts that can be computed; one that was given stays as given. Raises FactError."""
    for fact, compute in compiled.derived:
        if fact.code in known:
            continue
        try:
            value = compute(known)
            if value is not UNKNOWN and value is not None:
                known[fact.code] = fact.settle(value)
        except ExpressionError as error:
            raise FactError(f"{fact.file}:{fact.line}: fact `{fact.code}`, `{fact.formula_text}`: {error}") from None


def _mask(case: _Case, book: Book, compiled: CompiledTable) -> tuple[int, list[Column]]:
    """The rows that the known facts leave standing, and the columns nothing is known about."""
    mask, known, unknown = compiled.full, case.known, []
    for column in compiled.columns:
        value = known.get(column.name, UNKNOWN)
        if value is not UNKNOWN:
            mask &= column.look_up(value)
        elif _never_said(case, book, column.name):
            mask &= column.dash
        else:
            unknown.append(column)
    return mask, unknown


def _never_said(case: _Case, book: Book, name: str) -> bool:
    """Whether a column is about an output that the chain has left empty, or a fact derived from nothing else."""
    if not case.produced:
        return False
    missing = asked_for(book, name, case.known, Scope())
    return bool(missing) and set(missing) <= case.produced


def asked_for(book: Book, name: str, known: Mapping[str, Any], scope: Scope) -> list[str]:
    """The facts to ask for in order to know `name`: itself, or what a derived fact lacks."""
    fact = book.facts.get(name)
    if name in known:
        return []
    if fact is None or fact.formula is None:
        return [name]
    constants = {**dict.fromkeys(book.parameters, 0), **scope.constants}
    missing = missing_names(fact.formula, known, Scope(constants, scope.ranks))
    return list(dict.fromkeys(inner for code in missing for inner in asked_for(book, code, known, scope)))


def _only_answer(compiled: CompiledTable, mask: int, unknown: list[Column]) -> Answer | None:
    """The answer if the unknown columns cannot change it."""
    try:
        ends = reachable(mask, unknown, Budget(STEPS))
    except OverBudget:
        return None
    answers = {answer.key(): answer for answer in (compiled.answer(end) for end in sorted(ends))}
    return next(iter(answers.values())) if len(answers) == 1 else None


def _ask(case: _Case, book: Book, compiled: CompiledTable, mask: int, unknown: list[Column]) -> Decision:
    """The decision that consists of a question."""
    ranked = []
    for place, column in enumerate(unknown):
        others = [other for other in unknown if other is not column]
        try:
            if can_matter(compiled, mask, column, others, Budget(STEPS)):
                ranked.append((left_open(compiled, mask, column, others, Budget(STEPS)), place, column))
        except OverBudget:
            ranked.append((float("inf"), place, column))
    scope = book.scope(case.tables[-1].day, case.currency)
    still_open: dict[str, None] = {}
    for _, _, column in sorted(ranked, key=lambda item: item[:2]):
        still_open.update(dict.fromkeys(asked_for(book, column.name, case.known, scope)))
    facts = tuple(code for code in still_open if code not in case.produced)
    return case.finish(ASK, facts[0], facts) if facts else case.finish(GAP)


def _note_used(case: _Case, book: Book, compiled: CompiledTable) -> None:
    """The facts this table reads, with what they are derived from."""
    for column in compiled.columns:
        if column.name in case.known and column.name not in case.outputs:
            case.used[column.name] = case.known[column.name]
    for name in book.base_facts(compiled.table):
        if name in case.known and name not in case.outputs:
            case.used[name] = case.known[name]


def _merge(case: _Case, book: Book, compiled: CompiledTable, answer: Answer) -> None:
    """Adds a table's outputs.

    Of two outcomes the stricter one stands, with its reason; lists grow; other outputs are replaced by the later one.
    """
    outputs = dict(answer.outputs or {})
    precedence = book.settings.precedence
    before, now = case.outputs.get("outcome"), outputs.get("outcome")
    if before in precedence and now in precedence and precedence.index(before) <= precedence.index(now):
        outputs.pop("outcome")
        if before != now:
            outputs.pop("reason", None)
    if "reason" in outputs and "reason" in case.outputs and "outcome" not in outputs:
        outputs.pop("reason")
    for name, value in outputs.items():
        earlier = case.outputs.get(name)
        if isinstance(value, tuple) and isinstance(earlier, tuple):
            value = tuple(dict.fromkeys(earlier + value))
        case.outputs[name] = case.known[name] = value
    case.produced |= set(compiled.table.outputs)
    case.fired += answer.fired
    case.overridden += answer.overridden
    if "outcome" in outputs:
        values = {column.name: case.known[column.name] for column in compiled.columns if column.name in case.known}
        case.decisive = (compiled, values, outputs["outcome"], case.currency)
